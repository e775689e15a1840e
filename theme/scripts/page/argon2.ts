/** Argon2id, loaded once and only when somebody needs a code. */

import { ARGON2 } from "../built-in.js"
import type { SlowHash } from "../protocol/derivation.js"
import { loadSlowHash } from "../protocol/slow-hash.js"
import { Unreachable } from "./requests.js"

let loading: Promise<SlowHash> | null = null

/**
 * Load Argon2id, or return what is loaded already.
 *
 * @throws {Unreachable} If it did not arrive; the next call tries again.
 */
export function slowHash(): Promise<SlowHash> {
  loading ??= loadSlowHash(ARGON2).catch((error: unknown) => {
    loading = null
    throw new Unreachable(String(error))
  })
  return loading
}
