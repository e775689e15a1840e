"""Disks that are full.

Where the system lets an ordinary user have one, each zone lies on a disk of its own in memory
that is made as small as what lies on it: the system says "no space left on device". Elsewhere
the limit for files of a process stands in for it: a write beyond it fails, or is done in part, as
on a full disk, but the system calls that "file too large".
"""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_REMOUNT, MS_REC, MS_PRIVATE = 0x20, 0x4000, 0x40000
LARGE = 1 << 30
"""Bytes of a disk that has room."""
ATTEMPTS = 20


def have_own_disks(folders: Sequence[Path]) -> bool:
    """Give each folder a disk of its own that only this process and its children see.

    Returns:
        False if the system does not allow that; nothing has changed then.
    """
    trying = os.fork()
    if trying == 0:
        # What is only half allowed would leave whoever tried without a name.
        os._exit(0 if _take_disks(folders) else 1)
    _, status = os.waitpid(trying, 0)
    return status == 0 and _take_disks(folders)


def _take_disks(folders: Sequence[Path]) -> bool:
    system = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if system.unshare(CLONE_NEWUSER | CLONE_NEWNS):
        return False
    try:
        for name, content in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            Path("/proc/self", name).write_text(content, encoding="ascii")
    except OSError:
        return False
    if system.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None):
        return False
    return all(_mount(folder, LARGE, 0) for folder in folders)


def leave_room(folder: Path, room: int) -> bool:
    """Make the disk of a folder so small that only so many bytes are free.

    Returns:
        False if that could not be done while others were writing.
    """
    for _ in range(ATTEMPTS):
        found = os.statvfs(folder)
        used = (found.f_blocks - found.f_bfree) * found.f_frsize
        if _mount(folder, used + room, MS_REMOUNT):
            return True
    return False


def make_room(folder: Path) -> None:
    """Let the disk of a folder have room again."""
    if not _mount(folder, LARGE, MS_REMOUNT):
        raise OSError(ctypes.get_errno(), "a disk stays full")


def _mount(folder: Path, size: int, how: int) -> bool:
    system = ctypes.CDLL(None, use_errno=True)
    options = f"size={size},mode=0700".encode()
    done = system.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", how, options)
    return bool(done == 0)
