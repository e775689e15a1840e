"""Files that are whole or not there, also after a power cut, and that only their owner reads."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from portal_content.replaced_files import sync_folder

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def put_whole(path: Path, content: bytes) -> None:
    """Write a file so that it survives a power cut; one of this name is replaced.

    What a crash leaves half written lies beside it under a name that begins with a dot.
    """
    _put(path, content, lambda temporary: temporary.replace(path))


def put_new(path: Path, content: bytes) -> bool:
    """Write a file unless there is one of this name, also if two do so at once.

    Returns:
        False if there was one.
    """

    def give_name(temporary: Path) -> None:
        path.hardlink_to(temporary)
        temporary.unlink()

    try:
        _put(path, content, give_name)
    except FileExistsError:
        return False
    return True


def read_whole(path: str) -> bytes:
    """Read a file that nobody writes to any more, with as few requests to the system as there are.

    Raises:
        FileNotFoundError: If there is none.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        size = os.fstat(handle).st_size
        content = os.read(handle, size)
        while len(content) < size and (more := os.read(handle, size - len(content))):
            content += more
        return content
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder with all above it, unless it is there."""
    if folder.is_dir():
        return
    # One by one: `parents=True` would give the mode to the last one only.
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True, mode=FOLDER_MODE)
    sync_folder(folder.parent)


def _put(path: Path, content: bytes, finish: Callable[[Path], object]) -> None:
    make_folder(path.parent)
    temporary = path.parent / f".{secrets.token_hex(8)}"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        finish(temporary)
    except BaseException:
        # On a full disk each attempt would leave half a file behind and fill it more.
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
