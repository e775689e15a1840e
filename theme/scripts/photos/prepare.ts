/** Files before they are sealed: what happens to hidden data, and what becomes of it. */

import type { FileToSeal, Processing } from "../protocol/files.js"
import { PhotoUnreadable } from "./errors.js"
import { reencode } from "./reencode.js"
import { strip } from "./strip.js"

const LONGEST_NAME = 120
const PHOTO_NAME = /\.(avif|bmp|gif|heic|heif|jpe?g|png|tiff?|webp)$/i

/** What a person can wish for photos. */
export type Wish = "reencode" | "strip" | "none"

/** A file with what was done to it. */
export interface Prepared {
  readonly file: FileToSeal
  /** True for a photo that this browser cannot read: it stays as it is, whatever was wished. */
  readonly unread: boolean
}

/** Tell whether a file is a photo; some phones do not name the kind of what they took. */
export function isPhoto({ name, type }: File): boolean {
  return type.startsWith("image/") || (type === "" && PHOTO_NAME.test(name))
}

/**
 * Do with a file what the person wishes.
 *
 * A photo that cannot be stripped without loss is drawn anew. What this browser cannot read is
 * never left out: it goes as it is, and the result says so.
 *
 * @param file - As chosen.
 * @param wish - What to do with it; only photos can be changed.
 *
 * @throws {DOMException} If the file was moved or deleted after it was chosen.
 */
export async function prepare(file: File, wish: Wish): Promise<Prepared> {
  const whole = await readable(file)
  if (wish === "none" || !isPhoto(file)) return { file: describe(file, file), unread: false }
  try {
    return { file: await changed(file, whole, wish), unread: false }
  } catch (error) {
    if (!(error instanceof PhotoUnreadable)) throw error
    return { file: describe(file, file), unread: true }
  }
}

async function changed(photo: File, whole: () => Promise<Uint8Array>, wish: Wish) {
  const stripped = wish === "strip" ? strip(await whole()) : null
  if (stripped) {
    const content = new Blob([stripped.bytes as BlobPart], { type: stripped.mime })
    return describe(photo, content, "strip")
  }
  return describe(photo, await reencode(photo), "reencode")
}

/** Find out now, not while it is sent, whether the file is still where it was. */
async function readable(file: File): Promise<() => Promise<Uint8Array>> {
  await file.slice(0, 1).arrayBuffer()
  return async () => new Uint8Array(await file.arrayBuffer())
}

function describe(file: File, content: Blob, processing: Processing = "none"): FileToSeal {
  const name = processing === "reencode" ? file.name.replace(/(\.[^.]*)?$/, ".jpg") : file.name
  const mime = content.type.split(";")[0] || "application/octet-stream"
  return { name: Array.from(name).slice(-LONGEST_NAME).join(""), mime, processing, content }
}
