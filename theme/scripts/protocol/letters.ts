/** Letters: a signed QR code on paper that can be checked without the network. */

import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js"

import { LetterInvalid } from "./errors.js"
import { PREFIX } from "./lines.js"
import { isSignedBy, type VerifyKey } from "./notes.js"

const FIXED = 27
const SIGNATURE = 64
const MOST_TEXT = 120
const DAY = 86_400_000
const FIRST_DAY = Date.UTC(2020, 0, 1)

/** A letter whose signature was checked. */
export interface Letter {
  /** 1 appointment, 2 sample request, 3 information. */
  readonly type: number
  readonly issued: string
  readonly expires: string
  readonly reference: bigint
  /** Eight bytes in hex; zeros when the letter names nobody. */
  readonly addressee: string
  readonly text: string
}

/**
 * Check a letter.
 *
 * @param data - The decoded fragment of the letter's address.
 * @param key - The Institution's key for letters, from the key list.
 *
 * @throws {LetterInvalid} If it is not a letter, or not signed by that key.
 */
export function openLetter(data: Uint8Array, key: VerifyKey): Letter {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const length = data[26] ?? 0
  if (data.length !== FIXED + length + SIGNATURE || length > MOST_TEXT || data[0] !== 1) {
    throw new LetterInvalid("not a letter")
  }
  const signed = concatBytes(utf8ToBytes(`${PREFIX}letter\0`), data.subarray(0, FIXED + length))
  const byKey = bytesToHex(data.subarray(1, 5)) === key.id
  if (!byKey || !isSignedBy(key.public, data.subarray(FIXED + length), signed)) {
    throw new LetterInvalid("not signed by the Institution")
  }
  return {
    type: view.getUint8(5),
    issued: dayText(view.getUint16(6)),
    expires: dayText(view.getUint16(8)),
    reference: view.getBigUint64(10),
    addressee: bytesToHex(data.subarray(18, 26)),
    text: readText(data.subarray(FIXED, FIXED + length)),
  }
}

function dayText(days: number): string {
  return new Date(FIRST_DAY + days * DAY).toISOString().slice(0, 10)
}

function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    throw new LetterInvalid("not UTF-8")
  }
}
