/** Argon2id as a script of its own, fetched only by those who need a return code. */

import type { SlowHash } from "./derivation.js"

/** Name of the event with which the script hands its function over. */
export const READY = "slowhash"

/** Where the script is and what it must hash to. */
export interface PinnedScript {
  readonly url: string
  readonly integrity: string
}

/**
 * Load Argon2id.
 *
 * A classic script with its hash baked in: integrity of module imports is not checked by old
 * browsers. It hands its function over by an event, so that nothing becomes global.
 *
 * @param script - Address and integrity.
 *
 * @throws {Error} If it cannot be fetched or is not the script we built.
 */
export function loadSlowHash({ url, integrity }: PinnedScript): Promise<SlowHash> {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script")
    element.addEventListener(READY, (event) => resolve((event as CustomEvent<SlowHash>).detail))
    element.addEventListener("error", () => {
      element.remove()
      reject(new Error("the script for return codes did not load"))
    })
    element.integrity = integrity
    element.crossOrigin = "anonymous"
    element.src = url
    document.head.append(element)
  })
}
