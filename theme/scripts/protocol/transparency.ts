/** The public log of submission ids: an RFC 6962 tree under a signed checkpoint. */

import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js"
import { base64 } from "@scure/base"

import { CheckpointInvalid } from "./errors.js"
import { openNote, type VerifyKey } from "./notes.js"

/** The state of the log at one moment. */
export interface Checkpoint {
  readonly size: number
  readonly root: Uint8Array
}

/** Hash an entry as a leaf of the tree. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(0), entry))
}

/** Hash two branches as one. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(1), left, right))
}

/**
 * Compute the root of a log.
 *
 * @param entries - All entries in order.
 */
export function rootHash(entries: readonly Uint8Array[]): Uint8Array {
  const [first] = entries
  if (first === undefined) return sha256(new Uint8Array(0))
  if (entries.length === 1) return leafHash(first)
  const split = 2 ** (31 - Math.clz32(entries.length - 1))
  return nodeHash(rootHash(entries.slice(0, split)), rootHash(entries.slice(split)))
}

/**
 * Check that an entry is in a log, without the rest of the log (RFC 9162, 2.1.3.2).
 *
 * @param entry - The entry.
 * @param index - Its place, from 0.
 * @param proof - The hashes beside the path from the leaf to the root.
 * @param log - Size and root of the log.
 */
export function verifyInclusion(
  entry: Uint8Array,
  index: number,
  proof: readonly Uint8Array[],
  log: { readonly size: number; readonly root: Uint8Array },
): boolean {
  if (index < 0 || index >= log.size) return false
  let place = index
  let last = log.size - 1
  let hash = leafHash(entry)
  for (const sibling of proof) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash)
      while (place % 2 === 0 && place !== 0) [place, last] = [place >>> 1, last >>> 1]
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[place, last] = [place >>> 1, last >>> 1]
  }
  return last === 0 && bytesToHex(hash) === bytesToHex(log.root)
}

/**
 * Check a checkpoint (C2SP tlog-checkpoint).
 *
 * @param note - The signed note.
 * @param key - The log's key, from the key list.
 * @param origin - Name of the log.
 *
 * @throws {ProtocolError} If it is not signed by that key or is not a checkpoint of this log.
 */
export function openCheckpoint(note: string, key: VerifyKey, origin: string): Checkpoint {
  const [name, size = "", root = ""] = openNote(note, [key]).split("\n")
  if (name !== origin || !/^(0|[1-9][0-9]{0,14})$/.test(size)) {
    throw new CheckpointInvalid("not a checkpoint of this log")
  }
  try {
    const hash = base64.decode(root)
    if (hash.length === 32) return { size: Number(size), root: hash }
  } catch {
    // Falls through: a wrong length and broken base64 are the same to the caller.
  }
  throw new CheckpointInvalid("no root")
}
