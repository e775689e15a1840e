"""Attached files: padded, sealed by themselves, cut in chunks.

Source: docs/protocol.md.
"""

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal_protocol.age import Identity, Recipient, SealingWriter, open_stream
from portal_protocol.chunks import CHUNK_SIZE, chunk_name, is_chunk_name
from portal_protocol.errors import FileInvalid
from portal_protocol.manifest import Blob
from portal_protocol.padding import padded_file_size

LARGEST_FILE = 25 * 1024 * 1024
PROCESSING = ("none", "reencode", "strip", "record")
LONGEST_NAME = 255
_MIME = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
_KEYS = {"name", "mime", "size", "sha256", "processing", "blob"}
_BLOB_KEYS = {"sha256", "size", "chunks"}
_ZEROS = bytes(65_536)


@dataclass(frozen=True)
class AttachedFile:
    """What the envelope says of a file."""

    name: str = field(repr=False)
    mime: str
    size: int
    """Bytes of the content, without padding."""
    sha256: str
    """Hex digest of the content."""
    processing: str
    """What was done before sealing: none, reencode, strip, or record for a message spoken there."""
    blob: Blob

    def to_json(self) -> dict[str, Any]:
        """Return the value that stands in the envelope."""
        blob = {
            "sha256": self.blob.sha256,
            "size": self.blob.size,
            "chunks": list(self.blob.chunks),
        }
        return {
            "name": self.name,
            "mime": self.mime,
            "size": self.size,
            "sha256": self.sha256,
            "processing": self.processing,
            "blob": blob,
        }

    @classmethod
    def from_json(cls, value: Any) -> "AttachedFile":
        """Read the value that stands in an envelope.

        Raises:
            FileInvalid: If anything is missing, too much or of the wrong kind.
        """
        if not isinstance(value, dict) or set(value) != _KEYS:
            raise FileInvalid("keys")
        texts = (value["name"], value["mime"], value["sha256"], value["processing"])
        if not all(isinstance(text, str) for text in texts) or not _is_size(value["size"]):
            raise FileInvalid("kinds")
        if len(value["name"]) > LONGEST_NAME or not is_chunk_name(value["sha256"]):
            raise FileInvalid("name or digest")
        if value["processing"] not in PROCESSING or value["size"] > LARGEST_FILE:
            raise FileInvalid("processing or size")
        mime = value["mime"] if _MIME.fullmatch(value["mime"]) else "application/octet-stream"
        blob = _blob_from_json(value["blob"])
        return cls(value["name"], mime, value["size"], value["sha256"], value["processing"], blob)


class FileSealer:
    """Seals one file while it arrives; only sealed chunks are handed on.

    Args:
        recipients: Who will be able to open it.
        store: Takes the name and the bytes of each chunk.
    """

    def __init__(
        self, recipients: Sequence[Recipient], store: Callable[[str, bytes], None]
    ) -> None:
        self._store = store
        self._sealed = bytearray()
        self._chunks: list[str] = []
        self._whole = hashlib.sha256()
        self._content = hashlib.sha256()
        self._sealed_size = 0
        self.size = 0
        """Bytes of content so far."""
        self._writer = SealingWriter(recipients, self._take)

    def write(self, data: bytes) -> None:
        """Seal some more content."""
        self._content.update(data)
        self.size += len(data)
        self._writer.write(data)

    def finish(self, *, name: str, mime: str, processing: str) -> AttachedFile:
        """Pad, seal the end, hand the last chunk on, and say what the envelope must say.

        Raises:
            ValueError: If the word for the processing does not exist, or the file is finished.
        """
        if processing not in PROCESSING:
            raise ValueError("processing")
        missing = padded_file_size(self.size) - self.size
        while missing:
            zeros = _ZEROS[:missing]
            self._writer.write(zeros)
            missing -= len(zeros)
        self._writer.close()
        if self._sealed:
            self._hand_on(len(self._sealed))
        blob = Blob(self._whole.hexdigest(), self._sealed_size, tuple(self._chunks))
        digest = self._content.hexdigest()
        return AttachedFile(name[:LONGEST_NAME], mime, self.size, digest, processing, blob)

    def _take(self, sealed: bytes) -> None:
        self._sealed += sealed
        while len(self._sealed) >= CHUNK_SIZE:
            self._hand_on(CHUNK_SIZE)

    def _hand_on(self, size: int) -> None:
        chunk = bytes(self._sealed[:size])
        del self._sealed[:size]
        self._whole.update(chunk)
        self._sealed_size += size
        name = chunk_name(chunk)
        self._chunks.append(name)
        self._store(name, chunk)


def open_file(chunks: Iterable[bytes], file: AttachedFile, identities: Sequence[Identity]) -> bytes:
    """Open a file and prove that it is the one the envelope names.

    Args:
        chunks: Its chunks in order.
        file: What the envelope says of it.
        identities: Who may open it.

    Raises:
        FileInvalid: If chunks, size, content or padding are not as named.
        AgeError: If it cannot be opened.
    """
    sealed = _joined(chunks, file.blob)
    padded = b"".join(open_stream(io.BytesIO(sealed), identities))
    if len(padded) != padded_file_size(file.size) or padded[file.size :].strip(b"\x00"):
        raise FileInvalid("padding")
    content = padded[: file.size]
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise FileInvalid("content")
    return content


def _joined(chunks: Iterable[bytes], blob: Blob) -> bytes:
    sealed = bytearray()
    for chunk in chunks:
        sealed += chunk
        if len(sealed) > blob.size:  # Do not go on reading what somebody makes endless.
            break
    if (len(sealed), hashlib.sha256(sealed).hexdigest()) != (blob.size, blob.sha256):
        raise FileInvalid("sealed bytes")
    return bytes(sealed)


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _blob_from_json(value: Any) -> Blob:
    if not isinstance(value, Mapping) or set(value) != _BLOB_KEYS:
        raise FileInvalid("blob keys")
    chunks = value["chunks"]
    if not isinstance(chunks, list) or not all(isinstance(c, str) for c in chunks):
        raise FileInvalid("chunks")
    names = [value["sha256"], *chunks]
    if not all(isinstance(name, str) and is_chunk_name(name) for name in names):
        raise FileInvalid("digests")
    if not _is_size(value["size"]) or len(chunks) != max(1, -(-value["size"] // CHUNK_SIZE)):
        raise FileInvalid("blob size")
    return Blob(value["sha256"], value["size"], tuple(chunks))
