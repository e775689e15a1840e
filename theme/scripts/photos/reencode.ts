/** A photo drawn anew: smaller, and with nothing in it but the picture. */

import { PhotoUnreadable } from "./errors.js"

const LONGEST_SIDE = 2_048
const QUALITY = 0.85

/**
 * Draw a photo anew as a JPEG of at most 2,048 pixels a side.
 *
 * @param photo - Any picture that this browser can show.
 *
 * @throws {PhotoUnreadable} If it cannot show it.
 */
export async function reencode(photo: Blob): Promise<Blob> {
  const picture = await decode(photo)
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const context = canvas.getContext("2d")
  if (!context) throw new PhotoUnreadable("no canvas")
  context.fillStyle = "white" // JPEG has no transparency.
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const drawn = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", QUALITY),
  )
  if (!drawn) throw new PhotoUnreadable("not drawn")
  return drawn
}

async function decode(photo: Blob): Promise<ImageBitmap> {
  const upright: ImageBitmapOptions = { imageOrientation: "from-image" }
  try {
    // Chrome before 112 does not know the option, and turns pictures upright without it.
    return await createImageBitmap(photo, upright).catch(() => createImageBitmap(photo))
  } catch (error) {
    throw new PhotoUnreadable(String(error))
  }
}
