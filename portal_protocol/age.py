"""age files, version 1: sealed to recipients, opened with identities, in pieces of 64 KiB.

Source: C2SP age. Stock age from version 1.3 opens what is written here.
"""

import hmac
import io
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal_protocol.age_header import (
    VERSION,
    Header,
    Stanza,
    encoded,
    read_header,
    read_header_from,
)
from portal_protocol.age_keys import (
    ENCAPSULATED,
    HYBRID,
    WRAPPED_KEY,
    ClassicIdentity,
    ClassicRecipient,
    HybridIdentity,
    HybridRecipient,
    Identity,
    Opener,
    Recipient,
    derived,
    parse_identity,
    parse_recipient,
)
from portal_protocol.errors import (
    AgeHeaderForged,
    AgeHeaderInvalid,
    AgePayloadInvalid,
    NoIdentityMatches,
)

__all__ = [
    "HYBRID",
    "ClassicIdentity",
    "ClassicRecipient",
    "Header",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "Opener",
    "Recipient",
    "SealingWriter",
    "Stanza",
    "open_sealed",
    "open_stream",
    "parse_identity",
    "parse_recipient",
    "read_header",
    "seal",
    "sealed_size",
]

PIECE = 65_536
"""Bytes of plaintext that are sealed together."""
TAG = 16
FILE_KEY = 16
NONCE = 16


class SealingWriter:
    """Seals what is written to it; holds at most one piece of plaintext.

    Args:
        recipients: Who will be able to open it; all hybrid or all classic.
        sink: Takes the sealed bytes as they come.

    Raises:
        ValueError: If there is no recipient, or hybrid and classic ones are mixed: the file
            would then be only as strong as the classic one.
    """

    def __init__(self, recipients: Sequence[Recipient], sink: Callable[[bytes], None]) -> None:
        if len({recipient.post_quantum for recipient in recipients}) != 1:
            raise ValueError("recipients must be there and of one kind")
        file_key, nonce = os.urandom(FILE_KEY), os.urandom(NONCE)
        sink(_header(recipients, file_key) + nonce)
        self._sink = sink
        self._cipher = ChaCha20Poly1305(derived(file_key, b"payload", salt=nonce))
        self._piece = 0
        self._waiting = bytearray()
        self._closed = False

    def write(self, data: bytes) -> None:
        """Seal some more bytes.

        Raises:
            ValueError: If the writer is closed.
        """
        if self._closed:
            raise ValueError("closed")
        rest = memoryview(data)
        while rest:
            # The last piece may be a full one, so a full one waits until there is more.
            if len(self._waiting) == PIECE:
                self._seal(last=False)
            taken = rest[: PIECE - len(self._waiting)]
            self._waiting += taken
            rest = rest[len(taken) :]

    def close(self) -> None:
        """Seal what is left and mark the end.

        Raises:
            ValueError: If the writer is closed already.
        """
        if self._closed:
            raise ValueError("closed")
        self._closed = True
        self._seal(last=True)

    def _seal(self, *, last: bool) -> None:
        nonce = _piece_nonce(self._piece, last=last)
        self._sink(self._cipher.encrypt(nonce, bytes(self._waiting), None))
        self._waiting.clear()
        self._piece += 1


def seal(plaintext: bytes, recipients: Sequence[Recipient]) -> bytes:
    """Seal bytes to recipients."""
    sealed = io.BytesIO()

    def keep(data: bytes) -> None:
        sealed.write(data)

    writer = SealingWriter(recipients, keep)
    writer.write(plaintext)
    writer.close()
    return sealed.getvalue()


def open_sealed(
    ciphertext: bytes, identities: Sequence[Opener], *, header: Header | None = None
) -> bytes:
    """Open a sealed file.

    Args:
        ciphertext: The whole file.
        identities: Who may open it.
        header: Its header, if that was read already.

    Raises:
        AgeHeaderInvalid: If it is no age file.
        NoIdentityMatches: If it is sealed to others.
        AgeHeaderForged: If its header was changed.
        AgePayloadInvalid: If its content was changed.
    """
    source = io.BytesIO(ciphertext)
    if header is None:
        header = read_header_from(source)
    else:
        source.seek(header.size)
    return b"".join(_open_after(header, source, identities))


def open_stream(source: BinaryIO, identities: Sequence[Opener]) -> Iterator[bytes]:
    """Open a sealed file piece by piece.

    A piece that is given out is genuine, but only the end proves that nothing is missing: keep
    nothing of a file that raises.

    Raises:
        AgeError: As `open_sealed`.
    """
    yield from _open_after(read_header_from(source), source, identities)


def _open_after(header: Header, source: BinaryIO, identities: Sequence[Opener]) -> Iterator[bytes]:
    """Open what follows a header; the source stands at the first byte behind it."""
    file_key = _file_key(header, identities)
    nonce = _read(source, NONCE)
    if len(nonce) != NONCE:
        raise AgeHeaderInvalid("nonce")
    cipher = ChaCha20Poly1305(derived(file_key, b"payload", salt=nonce))
    number, sealed = 0, _read(source, PIECE + TAG)
    while True:
        following = _read(source, PIECE + TAG) if len(sealed) == PIECE + TAG else b""
        last = not following
        try:
            piece = cipher.decrypt(_piece_nonce(number, last=last), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise AgePayloadInvalid(f"piece {number}") from error
        if last and number and not piece:
            raise AgePayloadInvalid("empty last piece")
        yield piece
        if last:
            return
        number, sealed = number + 1, following


def sealed_size(plaintext_size: int, recipients: int) -> int:
    """Return the bytes of a file sealed to so many hybrid recipients."""
    stanzas = recipients * _stanza_size()
    header = len(VERSION) + 1 + stanzas + len(b"--- ") + len(encoded(bytes(32))) + 1
    pieces = max(1, -(-plaintext_size // PIECE))
    return header + NONCE + plaintext_size + pieces * TAG


@cache
def _stanza_size() -> int:
    return len(Stanza((HYBRID, encoded(bytes(ENCAPSULATED))), bytes(WRAPPED_KEY)).to_bytes())


def _header(recipients: Sequence[Recipient], file_key: bytes) -> bytes:
    stanzas = b"".join(recipient.wrap(file_key).to_bytes() for recipient in recipients)
    start = VERSION + b"\n" + stanzas + b"---"
    return start + b" " + encoded(_mac(file_key, start)).encode("ascii") + b"\n"


def _mac(file_key: bytes, start: bytes) -> bytes:
    return hmac.digest(derived(file_key, b"header"), start, "sha256")


def _file_key(header: Header, identities: Sequence[Opener]) -> bytes:
    for identity in identities:
        for stanza in header.stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is None:
                continue
            if len(file_key) != FILE_KEY:
                raise AgeHeaderInvalid("file key")
            if not hmac.compare_digest(_mac(file_key, header.authenticated), header.mac):
                raise AgeHeaderForged
            return file_key
    raise NoIdentityMatches


def _read(source: BinaryIO, size: int) -> bytes:
    """Read so many bytes or up to the end; pipes and sockets give fewer at a time."""
    data = source.read(size)
    while 0 < len(data) < size and (more := source.read(size - len(data))):
        data += more
    return data


def _piece_nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
