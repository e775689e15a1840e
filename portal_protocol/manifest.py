"""Manifests: what belongs to a submission, and its id.

Source: docs/protocol.md.
"""

import hashlib
import re
from dataclasses import dataclass

from portal_protocol.chunks import CHUNK_SIZE
from portal_protocol.errors import ManifestInvalid

HEAD = "imp-portal/v1/submission"
LONGEST = 32_768
LEAST_LINES = 3
"""Head, envelope, and nothing after the last line end."""
MOST_FILES = 10
_HEX = r"[0-9a-f]{64}"
_SIZE = r"[1-9][0-9]{0,9}"
_ENVELOPE = re.compile(rf"envelope ({_HEX}) ({_SIZE})")
_BLOB = re.compile(rf"blob ({_HEX}) ({_SIZE})((?: {_HEX})+)")


@dataclass(frozen=True)
class Blob:
    """A sealed file: hash and size of the whole, names of its chunks in order."""

    sha256: str
    size: int
    chunks: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """An envelope and the files that belong to it."""

    envelope_sha256: str
    envelope_size: int
    blobs: tuple[Blob, ...] = ()

    def to_bytes(self) -> bytes:
        """Write the manifest."""
        lines = [HEAD, f"envelope {self.envelope_sha256} {self.envelope_size}"]
        lines += [f"blob {b.sha256} {b.size} {' '.join(b.chunks)}" for b in self.blobs]
        return "\n".join([*lines, ""]).encode("ascii")

    @property
    def submission_id(self) -> str:
        """Hex SHA-256 of the manifest: the same content is the same submission."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def parse_manifest(data: bytes) -> Manifest:
    """Read a manifest; there is one way to write each, anything else is refused.

    Raises:
        ManifestInvalid: If it is none.
    """
    if len(data) > LONGEST:
        raise ManifestInvalid("too long")
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise ManifestInvalid("characters") from error
    if len(lines) < LEAST_LINES or lines[0] != HEAD or lines[-1]:
        raise ManifestInvalid("lines")
    envelope = _ENVELOPE.fullmatch(lines[1])
    if envelope is None or len(lines) - LEAST_LINES > MOST_FILES:
        raise ManifestInvalid("envelope or number of files")
    blobs = tuple(_blob(line) for line in lines[2:-1])
    return Manifest(envelope[1], int(envelope[2]), blobs)


def _blob(line: str) -> Blob:
    match = _BLOB.fullmatch(line)
    if match is None:
        raise ManifestInvalid("blob")
    chunks = tuple(match[3].split())
    size = int(match[2])
    if len(chunks) != -(-size // CHUNK_SIZE):
        raise ManifestInvalid("size and number of chunks differ")
    return Blob(match[1], size, chunks)
