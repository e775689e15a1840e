"""Safe copies of photos: made by another process that can do nothing else.

A photo comes from anybody. It may carry a place and a time, and it may be built to break the
program that reads it. So nothing of it reaches a browser: a process of its own, without network,
files and much memory, decodes it and writes the pixels anew.
"""

import subprocess
import sys
import threading
from pathlib import Path

SECONDS = 20
LARGEST_PREVIEW = 4_000_000
AT_A_TIME = 2
"""Processes side by side; each may take the memory that the other process allows itself."""

_PROGRAM = Path(__file__).parent / "preview_process.py"
_FREE = threading.BoundedSemaphore(AT_A_TIME)


class NoPreview(Exception):
    """A file that cannot be shown: no photo, damaged, too large, or built to do harm."""


def preview(photo: bytes) -> bytes:
    """Return a JPEG with the pixels of a photo and nothing else of it.

    Raises:
        NoPreview: If there is none.
    """
    # Isolated: neither the environment nor the folder it starts in can add code to it.
    command = [sys.executable, "-I", str(_PROGRAM)]
    with _FREE:
        try:
            made = subprocess.run(  # noqa: S603 (a fixed command; the photo is on its input)
                command,
                input=photo,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                timeout=SECONDS,
                check=True,
            ).stdout
        except (subprocess.SubprocessError, OSError) as error:
            raise NoPreview from error
    if not made.startswith(b"\xff\xd8\xff") or len(made) > LARGEST_PREVIEW:
        raise NoPreview
    return made
