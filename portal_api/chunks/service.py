"""Keeping pieces of sealed files until their submission names them."""

import json
from datetime import date

from portal_api.chunks.storage import ChunkStore
from portal_api.errors import ChunkMismatch, SubmissionMalformed
from portal_protocol.chunks import chunk_name, is_chunk_name

NAMES_AT_ONCE = 4_096


def missing(chunks: ChunkStore, body: bytes) -> list[str]:
    """Return which pieces are not stored.

    Args:
        chunks: Where pieces are.
        body: JSON list of names.

    Raises:
        SubmissionMalformed: If body is not a list of at most 4,096 names.
    """
    try:
        names = json.loads(body)
    except (ValueError, RecursionError):
        raise SubmissionMalformed from None
    if not isinstance(names, list) or len(names) > NAMES_AT_ONCE:
        raise SubmissionMalformed
    if not all(isinstance(name, str) and is_chunk_name(name) for name in names):
        raise SubmissionMalformed
    stored = chunks.sizes(names)
    return [name for name in names if name not in stored]


def put(chunks: ChunkStore, name: str, data: bytes, *, today: date) -> None:
    """Store a piece.

    Raises:
        ChunkMismatch: If the name is not the hash of the bytes, or there are none.
    """
    if not data or chunk_name(data) != name:
        raise ChunkMismatch
    chunks.put(name, data, today=today)
