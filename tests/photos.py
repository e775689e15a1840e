"""Photos to test with: real JPEG files with hidden data in them."""

import io
import random

from PIL import Image

MEGABYTE = 1_000_000


def photo_with_hidden_data(*, marker: str, width: int = 2010, height: int = 1500) -> bytes:
    """Make a JPEG of about 3 MB whose EXIF names a place, a device and a marker.

    Noise does not compress, so size follows from the pixels; the seed keeps it the same.
    """
    noise = random.Random(7).randbytes(width * height * 3)
    image = Image.frombytes("RGB", (width, height), noise)
    exif = Image.Exif()
    exif[0x010E] = marker  # ImageDescription
    exif[0x010F] = f"Maker {marker}"  # Make
    place = exif.get_ifd(0x8825)  # GPS
    place[1], place[2] = "N", (36.0, 38.0, 1.0)
    place[3], place[4] = "E", (36.0, 59.0, 2.0)
    place[29] = "2013:03:21"  # GPSDateStamp
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92, exif=exif, comment=marker.encode())
    return file.getvalue()


def hidden_data(photo: bytes) -> dict[str, object]:
    """Return the EXIF tags of a photo, the place by itself."""
    exif = Image.open(io.BytesIO(photo)).getexif()
    return {"exif": dict(exif), "place": dict(exif.get_ifd(0x8825))}
