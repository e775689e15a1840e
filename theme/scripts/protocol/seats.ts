/** Seats at briefings: a token that proves "this seat is mine" and says nothing about who.
 *
 * Twin of portal_protocol/seats.py.
 */

import { hkdf } from "@noble/hashes/hkdf.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js"

import { PREFIX } from "./lines.js"

/**
 * Tell what is shown to take a seat, to ask for it or to give it back.
 *
 * @param proof - The thread's proof, in hex: only the family and the Institution know it.
 * @param briefing - Id of the briefing; at another one the same person has another token.
 */
export function seatToken(proof: string, briefing: string): Uint8Array {
  const info = utf8ToBytes(`${PREFIX}seat-token\0${briefing}`)
  return hkdf(sha256, hexToBytes(proof), undefined, info, 32)
}

/** Tell the hex id under which the server keeps the seat of a token. */
export function seatId(token: Uint8Array): string {
  return bytesToHex(sha256(concatBytes(utf8ToBytes(`${PREFIX}seat-id\0`), token)))
}
