/** What the build puts into the scripts: which portal this is and whom it trusts. */

import { parseVerifyKey, type VerifyKey } from "./protocol/notes.js"
import type { PinnedScript } from "./protocol/slow-hash.js"

declare const PORTAL_DEPLOYMENT: string
declare const PORTAL_ROOTS: readonly string[]
declare const PORTAL_MINIMUM_KEY_SERIAL: number
declare const PORTAL_ARGON2: PinnedScript
declare const PORTAL_FILES: PinnedScript

/** Name of this deployment; must be the one in the key list. */
export const DEPLOYMENT = PORTAL_DEPLOYMENT

/** The oldest key list that is still accepted. */
export const MINIMUM_KEY_SERIAL = PORTAL_MINIMUM_KEY_SERIAL

/** The script with Argon2id. */
export const ARGON2 = PORTAL_ARGON2

/** The script for photos, other files and voice messages. A function: few pages are told of it. */
export const filesScript = (): PinnedScript => PORTAL_FILES

/** Read the roots' keys. A function, because a key that does not parse must be caught by someone. */
export function rootKeys(): VerifyKey[] {
  return PORTAL_ROOTS.map(parseVerifyKey)
}
