"""Voice messages: which files an officer's browser may play, told by their first bytes.

What the device said of a file does not count. Only kinds that browsers record and play are handed
to the browser's own player; everything else is only taken away.
"""

from collections.abc import Mapping

SNIFFED = 64
"""Bytes that are looked at."""

_EBML = b"\x1a\x45\xdf\xa3"
_MP4_BRANDS = (b"M4A ", b"M4B ", b"isom", b"iso2", b"iso5", b"mp41", b"mp42", b"dash")

TYPES: Mapping[str, str] = {"webm": "audio/webm", "ogg": "audio/ogg", "mp4": "audio/mp4"}


def sound_type(content: bytes) -> str | None:
    """Return the media type under which a file may be played, or none."""
    head = content[:SNIFFED]
    if head.startswith(_EBML) and b"webm" in head:
        return TYPES["webm"]
    if head.startswith(b"OggS\x00"):
        return TYPES["ogg"]
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return TYPES["mp4"]
    return None


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the one range of bytes that a player asks for, first and last, or none.

    Args:
        header: The Range header, e.g. "bytes=0-"; anything else gets the whole.
        size: Bytes of the file.

    Source: RFC 9110, 14.2.
    """
    unit, _, ranges = header.partition("=")
    first, dash, last = ranges.strip().partition("-")
    if unit.strip() != "bytes" or not dash or not first.isdecimal():
        return None
    start, end = int(first), min(int(last), size - 1) if last.isdecimal() else size - 1
    return (start, end) if start <= end < size else None
