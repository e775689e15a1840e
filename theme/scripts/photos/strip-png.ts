/** Hidden data out of a PNG file, without touching its pixels. */

import { concatBytes } from "@noble/hashes/utils.js"

import { PhotoUnreadable } from "./errors.js"

const SIGNATURE_BYTES = 8
const FRAME_BYTES = 12

/** Chunks that make the picture; texts, times, EXIF and what programs add are not among them. */
const PICTURE = new Set(
  "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split(" "),
)

/**
 * Remove everything from a PNG that is not the picture.
 *
 * @param file - The whole file.
 *
 * @throws {PhotoUnreadable} If the file is cut off.
 */
export function stripPng(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const kept = [file.subarray(0, SIGNATURE_BYTES)]
  let type = ""
  for (let at = SIGNATURE_BYTES; type !== "IEND"; ) {
    if (at + FRAME_BYTES > file.length) throw new PhotoUnreadable("the PNG is cut off")
    const end = at + FRAME_BYTES + view.getUint32(at)
    if (end > file.length) throw new PhotoUnreadable("the PNG is cut off")
    type = String.fromCharCode(...file.subarray(at + 4, at + 8))
    if (PICTURE.has(type)) kept.push(file.subarray(at, end))
    at = end
  }
  return concatBytes(...kept)
}
