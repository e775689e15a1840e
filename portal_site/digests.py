"""Hashes of files that something is made from."""

import hashlib
from pathlib import Path


def digest_of(folder: Path, *patterns: str) -> str:
    """Return a hash over the files of a folder that match, with their paths."""
    total = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                total.update(path.relative_to(folder).as_posix().encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
