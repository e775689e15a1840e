"""Decodes one photo from standard input and writes its pixels as a new JPEG to standard output.

Runs as a process of its own (see previews.py) and imports nothing of ours. Before it looks at a
single byte it gives up what it does not need: after that it can open no file and no connection,
start no process, and use only so much memory and time.
"""

import io
import os
import resource
import sys

from PIL import (
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_SIDE = 1600
LARGEST_PHOTO = 64_000_000
"""Pixels that are decoded; a JPEG is read at a smaller scale where it can be."""
LARGEST_FILE = 30_000_000
MEMORY = 1024**3
SECONDS = 15
STANDARD_FILES = 3
NOBODY = 65_534

LOADED = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
"""Decoders, and readers of EXIF and of several photos in one file (many phones write that).

They must be loaded before files can no longer be opened."""


def give_up_everything_else() -> None:
    """Limit this process to what decoding needs; none of it can be taken back."""
    if os.geteuid() == 0:
        # Not all of the limits below hold for root.
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    limits = (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        # Nothing can be opened any more: no file, no connection.
        (resource.RLIMIT_NOFILE, STANDARD_FILES),
    )
    for limit, value in limits:
        resource.setrlimit(limit, (value, value))


def reencode(photo: bytes) -> bytes:
    """Return the pixels of a photo, upright and not too large, as a JPEG without anything else."""
    # Sizes are checked below, after a JPEG has been asked for a smaller scale.
    Image.MAX_IMAGE_PIXELS = None
    image = Image.open(io.BytesIO(photo), formats=FORMATS)
    image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
    if image.width * image.height > LARGEST_PHOTO:
        raise ValueError("too many pixels")
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    # A new image: metadata of the old one has no way into it.
    clean = Image.new("RGB", upright.size, "white")
    pixels = upright.convert("RGBA")
    clean.paste(pixels, mask=pixels.getchannel("A"))
    made = io.BytesIO()
    clean.save(made, "JPEG", quality=85)
    return made.getvalue()


def main() -> None:
    """Read, decode, write."""
    # Pillow would load what belongs to these when it first opens or writes a photo.
    Image.preinit()
    give_up_everything_else()
    photo = sys.stdin.buffer.read(LARGEST_FILE + 1)
    if len(photo) > LARGEST_FILE:
        raise ValueError("too large")
    sys.stdout.buffer.write(reencode(photo))


if __name__ == "__main__":
    main()
