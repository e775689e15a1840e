/** The script for files, loaded once and only where a form asks for files. */

import { filesScript } from "../built-in.js"
import { type FileTools, READY } from "../files/tools.js"
import { loadHandedOver } from "../protocol/slow-hash.js"
import { Unreachable } from "./requests.js"

let loading: Promise<FileTools> | null = null

/**
 * Load the tools, or return what is loaded already.
 *
 * @throws {Unreachable} If they did not arrive; the next call tries again.
 */
export function fileTools(): Promise<FileTools> {
  loading ??= loadHandedOver<FileTools>(filesScript(), READY).catch((error: unknown) => {
    loading = null
    throw new Unreachable(String(error))
  })
  return loading
}

/**
 * Use tools that came with the page, where nothing can be loaded later.
 *
 * @param tools - The same as the script would hand over.
 */
export function bringFileTools(tools: FileTools): void {
  loading = Promise.resolve(tools)
}
