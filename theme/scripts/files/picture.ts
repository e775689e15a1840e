/** Small pictures of what was chosen: drawn here, from the file, and never stored. */

const SIDE = 96

/**
 * Draw a photo into a small square.
 *
 * @param photo - Any picture.
 * @param canvas - Where to; it stays empty if this browser cannot show the picture.
 */
export async function drawSmall(photo: Blob, canvas: HTMLCanvasElement): Promise<void> {
  const picture = await decode(photo).catch(() => null)
  const context = canvas.getContext("2d")
  if (!picture || !context) return
  const { width, height } = picture
  const part = Math.min(width, height)
  const [left, top] = [(width - part) / 2, (height - part) / 2]
  canvas.width = SIDE
  canvas.height = SIDE
  context.drawImage(picture, left, top, part, part, 0, 0, SIDE, SIDE)
  picture.close()
  canvas.hidden = false
}

function decode(photo: Blob): Promise<ImageBitmap> {
  const upright: ImageBitmapOptions = { imageOrientation: "from-image" }
  // Chrome before 112 does not know the option, and turns pictures upright without it.
  return createImageBitmap(photo, upright).catch(() => createImageBitmap(photo))
}
