/** Fetching the key list: everything that is sealed or checked starts here. */

import { DEPLOYMENT, MINIMUM_KEY_SERIAL, rootKeys } from "../built-in.js"
import { KeyListExpired } from "../protocol/errors.js"
import { daysExpired, type KeyList, openKeyList } from "../protocol/key-list.js"
import { ask, Unreachable } from "./requests.js"

/** Phones' clocks are often wrong by a day or two; a list older than this is not used. */
export const GRACE_DAYS = 3

/**
 * Fetch and check the key list.
 *
 * @param api - Address of the portal's API.
 * @param minimumSerial - Oldest list allowed, if one was seen already.
 *
 * @throws {ProtocolError} If it is forged, old, or for another portal. Nothing may be sealed then.
 */
export async function fetchKeyList(api: string, minimumSerial = 0): Promise<KeyList> {
  const list = openKeyList(await latestNote(api, minimumSerial), rootKeys(), {
    deployment: DEPLOYMENT,
    minimumSerial: Math.max(minimumSerial, MINIMUM_KEY_SERIAL),
  })
  if (daysExpired(list, today()) > GRACE_DAYS) throw new KeyListExpired(list.expires)
  return list
}

let latest: string | undefined

/** Ask for the list; without network the one from a moment ago serves, unless a newer is needed. */
async function latestNote(api: string, minimumSerial: number): Promise<string> {
  try {
    latest = await ask(`${api}/v1/keys`)
  } catch (error) {
    if (!(error instanceof Unreachable) || !latest || minimumSerial > 0) throw error
  }
  return latest
}

/** Today as a UTC day, by the phone's clock. */
export function today(): string {
  return new Date().toISOString().slice(0, 10)
}
