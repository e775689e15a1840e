/** The one thing in EXIF data that a picture needs: which way up it is. */

const ORIENTATION = 0x0112
const TIFF_START = 6
const ENTRY_BYTES = 12

/**
 * Read the orientation.
 *
 * @param data - Content of a JPEG's APP1 segment.
 *
 * @returns 1 to 8, or null if there is none.
 */
export function exifOrientation(data: Uint8Array): number | null {
  if (String.fromCharCode(...data.subarray(0, 4)) !== "Exif") return null
  const tiff = new DataView(data.buffer, data.byteOffset, data.byteLength)
  try {
    const little = tiff.getUint16(TIFF_START) === 0x4949
    const directory = TIFF_START + tiff.getUint32(TIFF_START + 4, little)
    const entries = tiff.getUint16(directory, little)
    for (let number = 0; number < entries; number += 1) {
      const entry = directory + 2 + number * ENTRY_BYTES
      if (tiff.getUint16(entry, little) === ORIENTATION)
        return valid(tiff.getUint16(entry + 8, little))
    }
  } catch {
    // Broken EXIF data is dropped like all other.
  }
  return null
}

/**
 * Write a JPEG segment that says only which way up the picture is.
 *
 * @param orientation - 1 to 8.
 */
export function orientationSegment(orientation: number): Uint8Array {
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0]
  const tiff = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8]
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
  const content = [...exif, ...tiff, 0, 1, ...entry, 0, 0, 0, 0]
  return Uint8Array.of(0xff, 0xe1, 0, content.length + 2, ...content)
}

function valid(orientation: number): number | null {
  return orientation >= 1 && orientation <= 8 ? orientation : null
}
