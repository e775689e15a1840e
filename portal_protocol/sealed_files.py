"""Sealed files: a whole submission in one file, to be carried instead of sent.

Layout: the line HEAD, the manifest's length in four bytes (big-endian), the manifest, the envelope,
then each sealed file of the manifest, whole and in its order. Every length follows from what stands
before it, so there is one way to write each, and not one byte may follow.

As a text, for those who can only copy and paste: the line TEXT_HEAD, then the same bytes in base64.

Source: docs/protocol.md.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal_protocol.chunks import CHUNK_SIZE
from portal_protocol.errors import (
    ManifestInvalid,
    SealedFileCutOff,
    SealedFileInvalid,
    SealedFileOfAnotherKind,
)
from portal_protocol.manifest import LONGEST, Manifest, parse_manifest

HEAD = b"imp-portal/v1/sealed\n"
TEXT_HEAD = b"imp-portal/v1/sealed-text\n"
NAME = "file.dat"
"""What the form calls the file: a name that says nothing on a phone that is searched."""
LARGEST_ENVELOPE = 200_000
LARGEST_FILES = 70_000_000
"""Bytes of all sealed files: 64 MiB with padding and sealing."""
LARGEST = len(HEAD) + 4 + LONGEST + LARGEST_ENVELOPE + LARGEST_FILES
LARGEST_TEXT = 400_000
"""Letters of a text; whoever has photos needs the file."""
_LENGTH = 4

TakeChunk = Callable[[str, bytes], None]
"""Receives the name and the bytes of a chunk; the name is proven."""


@dataclass(frozen=True)
class Carried:
    """What a sealed file holds, beside the chunks that were handed on."""

    manifest: Manifest
    manifest_bytes: bytes
    envelope: bytes


def pack_sealed_file(manifest: bytes, envelope: bytes, files: Iterable[bytes] = ()) -> bytes:
    """Return a sealed file.

    Args:
        manifest: Its bytes.
        envelope: The sealed envelope that it names.
        files: Pieces of the sealed files that it names, in its order.
    """
    return b"".join((HEAD, len(manifest).to_bytes(_LENGTH, "big"), manifest, envelope, *files))


def text_of(sealed: bytes) -> str:
    """Return a sealed file as a text to copy."""
    return TEXT_HEAD.decode("ascii") + base64.encodebytes(sealed).decode("ascii")


def bytes_of_text(text: bytes) -> bytes:
    """Return the sealed file of a text; messengers may have broken its lines anew.

    Raises:
        SealedFileInvalid: If it is no such text.
    """
    head = TEXT_HEAD.strip()
    start = text.find(head)
    if start < 0 or len(text) > LARGEST_TEXT:
        raise SealedFileOfAnotherKind("no text of a sealed file")
    try:
        return base64.b64decode(b"".join(text[start + len(head) :].split()), validate=True)
    except binascii.Error as error:
        raise SealedFileInvalid("base64") from error


def is_text(beginning: bytes) -> bool:
    """Tell whether a file holds a text: then it is small enough to be read whole."""
    return beginning.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(TEXT_HEAD.strip())


class SealedFileReader:
    """Reads a sealed file in pieces of any size, and never holds more than one chunk of it.

    Args:
        take: Receives each chunk as soon as it is whole and proven.
    """

    def __init__(self, take: TakeChunk) -> None:
        self._take = take
        self._held = bytearray()
        self._read: Callable[[bytes], None] = self._read_head
        self._wanted = len(HEAD)
        self._manifest_bytes = self._envelope = b""
        self._manifest: Manifest | None = None
        self._expected: list[tuple[str, int]] = []
        self._blob = hashlib.sha256()
        self._blobs: list[tuple[int, str]] = []
        self._complete = False

    def feed(self, data: bytes) -> None:
        """Read some more.

        Raises:
            SealedFileInvalid: As soon as it cannot be a sealed file.
        """
        if self._complete and data:
            raise SealedFileInvalid("bytes behind the end")
        self._held += data
        if self._read == self._read_head and not HEAD.startswith(self._held[: len(HEAD)]):
            raise SealedFileOfAnotherKind("another kind of file")
        while not self._complete and len(self._held) >= self._wanted:
            part = bytes(self._held[: self._wanted])
            del self._held[: self._wanted]
            self._read(part)
        if self._complete and self._held:
            raise SealedFileInvalid("bytes behind the end")

    def finish(self) -> Carried:
        """Return what was read.

        Raises:
            SealedFileCutOff: If the end is missing.
        """
        if not self._complete or self._manifest is None:
            raise SealedFileCutOff("the end is missing")
        return Carried(self._manifest, self._manifest_bytes, self._envelope)

    def _read_head(self, _: bytes) -> None:
        self._read, self._wanted = self._read_length, _LENGTH

    def _read_length(self, part: bytes) -> None:
        length = int.from_bytes(part, "big")
        if not 0 < length <= LONGEST:
            raise SealedFileInvalid("length of the manifest")
        self._read, self._wanted = self._read_manifest, length

    def _read_manifest(self, part: bytes) -> None:
        try:
            manifest = parse_manifest(part)
        except ManifestInvalid as error:
            raise SealedFileInvalid(str(error)) from error
        sizes = [blob.size for blob in manifest.blobs]
        if manifest.envelope_size > LARGEST_ENVELOPE or sum(sizes) > LARGEST_FILES:
            raise SealedFileInvalid("too large")
        self._manifest, self._manifest_bytes = manifest, part
        for number, blob in enumerate(manifest.blobs):
            last = blob.size - CHUNK_SIZE * (len(blob.chunks) - 1)
            sized = [CHUNK_SIZE] * (len(blob.chunks) - 1) + [last]
            self._expected += zip(blob.chunks, sized, strict=True)
            self._blobs += [(number, "")] * (len(sized) - 1) + [(number, blob.sha256)]
        self._read, self._wanted = self._read_envelope, manifest.envelope_size

    def _read_envelope(self, part: bytes) -> None:
        if self._manifest is None or _digest(part) != self._manifest.envelope_sha256:
            raise SealedFileInvalid("another envelope")
        self._envelope = part
        self._read = self._read_chunk
        self._expect_next()

    def _read_chunk(self, part: bytes) -> None:
        name, _ = self._expected.pop(0)
        if _digest(part) != name:
            raise SealedFileInvalid("another chunk")
        self._blob.update(part)
        _, whole = self._blobs.pop(0)
        if whole:
            if self._blob.hexdigest() != whole:
                raise SealedFileInvalid("another file")
            self._blob = hashlib.sha256()
        self._take(name, part)
        self._expect_next()

    def _expect_next(self) -> None:
        self._complete = not self._expected
        self._wanted = self._expected[0][1] if self._expected else 0


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
