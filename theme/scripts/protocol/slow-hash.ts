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
 * @param script - Address and integrity.
 *
 * @throws {Error} If it cannot be fetched or is not the script we built.
 */
export function loadSlowHash(script: PinnedScript): Promise<SlowHash> {
  return loadHandedOver(script, READY)
}

/**
 * Load a script that hands something over.
 *
 * A classic script with its hash baked in: integrity of module imports is not checked by old
 * browsers. It hands its work over by an event, so that nothing becomes global.
 *
 * @param script - Address and integrity.
 * @param event - Name of the event; its detail is what the script has to give.
 *
 * @throws {Error} If it cannot be fetched or is not the script we built.
 */
export function loadHandedOver<Given>(
  { url, integrity }: PinnedScript,
  event: string,
): Promise<Given> {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script")
    element.addEventListener(event, (given) => resolve((given as CustomEvent<Given>).detail))
    element.addEventListener("error", () => {
      element.remove()
      reject(new Error(`the script for ${event} did not load`))
    })
    element.integrity = integrity
    element.crossOrigin = "anonymous"
    element.src = url
    document.head.append(element)
  })
}
