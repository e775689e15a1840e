/** Hidden data out of a WebP file, without touching its pixels. */

import { concatBytes } from "@noble/hashes/utils.js"

import { PhotoUnreadable } from "./errors.js"

const HEADER_BYTES = 12
const EXIF_AND_XMP_FLAGS = 0x0c

/** Chunks that make the picture. */
const PICTURE = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"])

/**
 * Remove everything from a WebP that is not the picture.
 *
 * @param file - The whole file.
 *
 * @throws {PhotoUnreadable} If the file is cut off.
 */
export function stripWebp(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const total = Math.min(file.length, 8 + view.getUint32(4, true))
  const kept = [file.slice(0, HEADER_BYTES)]
  for (let at = HEADER_BYTES; at + 8 <= total; ) {
    const size = view.getUint32(at + 4, true)
    const end = at + 8 + size + (size % 2)
    if (end > file.length) throw new PhotoUnreadable("the WebP is cut off")
    const type = String.fromCharCode(...file.subarray(at, at + 4))
    if (PICTURE.has(type)) kept.push(withoutFlags(type, file.slice(at, end)))
    at = end
  }
  const stripped = concatBytes(...kept)
  new DataView(stripped.buffer).setUint32(4, stripped.length - 8, true)
  return stripped
}

/** The extended header says whether EXIF and XMP follow; now they do not. */
function withoutFlags(type: string, chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (type === "VP8X") chunk[8] = (chunk[8] ?? 0) & ~EXIF_AND_XMP_FLAGS
  return chunk
}
