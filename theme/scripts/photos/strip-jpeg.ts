/** Hidden data out of a JPEG file, without touching its pixels. */

import { concatBytes } from "@noble/hashes/utils.js"

import { PhotoUnreadable } from "./errors.js"
import { exifOrientation, orientationSegment } from "./exif.js"

const START = 0xd8
const END = 0xd9
const SCAN = 0xda
const APP0 = 0xe0
const APP1 = 0xe1
const APP15 = 0xef
const COMMENT = 0xfe

/** What applications wrote that the picture needs: size, colours, colour transform. */
const NEEDED = ["JFIF\0", "ICC_PROFILE\0", "Adobe"]

interface Segment {
  readonly marker: number
  /** From the marker on, with it. */
  readonly bytes: Uint8Array
}

/**
 * Remove everything from a JPEG that is not the picture: place, time, device, thumbnails, comments.
 *
 * @param file - The whole file.
 *
 * @returns A file with the same pixels; which way up it is stays known.
 *
 * @throws {PhotoUnreadable} If the file is not a whole JPEG.
 */
export function stripJpeg(file: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = []
  let orientation = 1
  for (const { marker, bytes } of segmentsOf(file)) {
    if (marker === APP1) orientation = exifOrientation(bytes.subarray(4)) ?? orientation
    if (isPicture(marker, bytes)) kept.push(bytes)
  }
  const start = Uint8Array.of(0xff, START)
  const upright = orientation === 1 ? [] : [orientationSegment(orientation)]
  return concatBytes(start, ...upright, ...kept, Uint8Array.of(0xff, END))
}

function isPicture(marker: number, bytes: Uint8Array): boolean {
  if (marker === COMMENT) return false
  if (marker < APP0 || marker > APP15) return true
  const head = String.fromCharCode(...bytes.subarray(4, 16))
  return NEEDED.some((name) => head.startsWith(name))
}

function* segmentsOf(file: Uint8Array): Generator<Segment> {
  if (file[0] !== 0xff || file[1] !== START) throw new PhotoUnreadable("not a JPEG")
  let at = 2
  for (;;) {
    if (file[at] !== 0xff) throw new PhotoUnreadable("the JPEG is cut off")
    const marker = file[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1 // Fill bytes before a marker are allowed.
      continue
    }
    if (marker === END) return
    const length = ((file[at + 2] ?? 0) << 8) | (file[at + 3] ?? 0)
    const header = at + 2 + length
    if (length < 2 || header > file.length) throw new PhotoUnreadable("the JPEG is cut off")
    const end = marker === SCAN ? endOfScan(file, header) : header
    yield { marker, bytes: file.subarray(at, end) }
    at = end
  }
}

/** Find the marker after compressed data; in it, 0xFF is followed by 0x00 or a restart marker. */
function endOfScan(file: Uint8Array, from: number): number {
  for (let at = from; at + 1 < file.length; at += 1) {
    const next = file[at + 1] ?? 0
    if (file[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  throw new PhotoUnreadable("the JPEG is cut off")
}
