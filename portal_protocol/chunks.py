"""Chunks: sealed files travel in pieces that are named by their content."""

import hashlib
import re

CHUNK_SIZE = 262_144
"""Bytes of every chunk of a file but the last."""
_NAME = re.compile(r"[0-9a-f]{64}")


def chunk_name(data: bytes) -> str:
    """Return the name of a chunk: the hex SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()


def is_chunk_name(text: str) -> bool:
    """Tell whether a text can be the name of a chunk."""
    return _NAME.fullmatch(text) is not None
