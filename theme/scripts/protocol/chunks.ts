/** Chunks: sealed files travel in pieces of one size, each named by its own hash. */

import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"

/** Length of every piece but the last, in bytes. */
export const CHUNK_SIZE = 262_144

/** A piece of a sealed file. The data may wait on disk: it is ciphertext. */
export interface Chunk {
  readonly name: string
  readonly data: Blob
}

/**
 * Tell the name of a piece.
 *
 * @param data - Its bytes.
 *
 * @returns The hex SHA-256.
 */
export function chunkName(data: Uint8Array): string {
  return bytesToHex(sha256(data))
}

/**
 * Cut a stream into pieces of {@link CHUNK_SIZE}.
 *
 * @param stream - Bytes in portions of any size.
 * @param take - Receives each piece in order.
 */
export async function cutIntoChunks(
  stream: ReadableStream<Uint8Array>,
  take: (piece: Uint8Array) => void,
): Promise<void> {
  const reader = stream.getReader()
  let piece = new Uint8Array(CHUNK_SIZE)
  let filled = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    let rest = part.value
    while (rest.length > 0) {
      const portion = rest.subarray(0, CHUNK_SIZE - filled)
      piece.set(portion, filled)
      filled += portion.length
      rest = rest.subarray(portion.length)
      if (filled < CHUNK_SIZE) continue
      take(piece)
      piece = new Uint8Array(CHUNK_SIZE)
      filled = 0
    }
  }
  if (filled > 0) take(piece.subarray(0, filled))
}
