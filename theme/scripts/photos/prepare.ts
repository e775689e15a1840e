/** Photos before they are sealed: the limits, and what the person wants done with hidden data. */

import type { FileToSeal, Processing } from "../protocol/files.js"
import { PhotoUnreadable } from "./errors.js"
import { reencode } from "./reencode.js"
import { strip } from "./strip.js"

/** Photos in one submission. */
export const MOST_PHOTOS = 10

/** Bytes of one photo. */
export const LARGEST_PHOTO = 25 * 2 ** 20

/** Bytes of all photos together. */
export const LARGEST_TOTAL = 64 * 2 ** 20

const LONGEST_NAME = 120

/** A limit that the chosen photos break. */
export interface LimitBroken {
  /** Key below `photos` in translations/script. */
  readonly code: "too_many" | "one_too_large" | "all_too_large"
  readonly name: string
}

/**
 * Compare photos with the limits.
 *
 * @returns The first limit that is broken, or null.
 */
export function brokenLimit(photos: readonly File[]): LimitBroken | null {
  if (photos.length > MOST_PHOTOS) return { code: "too_many", name: "" }
  const large = photos.find(({ size }) => size > LARGEST_PHOTO)
  if (large) return { code: "one_too_large", name: large.name }
  const total = photos.reduce((sum, { size }) => sum + size, 0)
  return total > LARGEST_TOTAL ? { code: "all_too_large", name: "" } : null
}

/**
 * Do with a photo what the person chose.
 *
 * @param photo - As chosen.
 * @param wish - What to do with it. A photo that cannot be stripped without loss is drawn anew; the
 * result says so.
 *
 * @throws {PhotoUnreadable} If this browser cannot read the photo.
 */
export async function prepare(photo: File, wish: Processing): Promise<FileToSeal> {
  if (wish === "none") return describe(photo, photo, wish)
  if (wish === "strip") {
    const stripped = strip(await readWhole(photo))
    if (stripped) {
      const content = new Blob([stripped.bytes as BlobPart], { type: stripped.mime })
      return describe(photo, content, "strip")
    }
  }
  return describe(photo, await reencode(photo), "reencode")
}

async function readWhole(photo: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await photo.arrayBuffer())
  } catch (error) {
    throw new PhotoUnreadable(String(error)) // It was moved or deleted after it was chosen.
  }
}

function describe(photo: File, content: Blob, processing: Processing): FileToSeal {
  const name = processing === "reencode" ? photo.name.replace(/(\.[^.]*)?$/, ".jpg") : photo.name
  const mime = content.type || "application/octet-stream"
  return { name: Array.from(name).slice(-LONGEST_NAME).join(""), mime, processing, content }
}
