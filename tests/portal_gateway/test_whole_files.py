"""Files that are whole or not there: a disk that fails leaves what was there before."""

import errno
import os
import stat
from pathlib import Path

import pytest

from portal_gateway.whole_files import put_new, put_whole


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one" / "two" / "file"
    put_whole(path, b"before")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        put_whole(path, b"after")

    assert path.read_bytes() == b"before"
    assert list(path.parent.iterdir()) == [path]
    modes = {one: stat.S_IMODE(one.stat().st_mode) for one in (path, *path.parents[:2])}
    assert set(modes.values()) == {0o600, 0o700}
    assert modes[path] == 0o600


def test_a_new_file_never_replaces_one_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "key"

    assert put_new(path, b"first")
    assert not put_new(path, b"second")

    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]
