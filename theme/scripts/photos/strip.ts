/** Hidden data out of a photo, by what kind of file it really is. */

import { stripJpeg } from "./strip-jpeg.js"
import { stripPng } from "./strip-png.js"
import { stripWebp } from "./strip-webp.js"

/** A photo without hidden data. */
export interface Stripped {
  readonly mime: string
  readonly bytes: Uint8Array
}

/**
 * Remove hidden data from a photo without loss.
 *
 * @param file - The whole file; its name and declared type are not believed.
 *
 * @returns The stripped file, or null for a kind we cannot strip.
 *
 * @throws {PhotoUnreadable} If the file is not whole.
 */
export function strip(file: Uint8Array): Stripped | null {
  const head = String.fromCharCode(...file.subarray(0, 12))
  if (head.startsWith("\xff\xd8\xff")) return { mime: "image/jpeg", bytes: stripJpeg(file) }
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return { mime: "image/png", bytes: stripPng(file) }
  if (/^RIFF....WEBP$/s.test(head)) return { mime: "image/webp", bytes: stripWebp(file) }
  return null
}
