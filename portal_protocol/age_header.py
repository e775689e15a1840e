"""The header of an age file: to whom it is sealed, and nothing else.

Source: C2SP age, "Header".
"""

import base64
import binascii
import io
import re
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from portal_protocol.errors import AgeHeaderInvalid

VERSION = b"age-encryption.org/v1"
MOST_STANZAS = 64
LONGEST_LINE = 8192
LONGEST_BODY = 4096
ARGUMENTS = 2
"""Of a stanza: the kind and the share."""
COLUMNS = 64
MAC = 32
_ARGUMENT = re.compile(r"[\x21-\x7e]+")
_WHOLE_BYTES = {2: "AQgw", 3: "AEIMQUYcgkosw048"}
"""Last characters that leave no bit over, by how many characters stand in the last group."""


@dataclass(frozen=True)
class Stanza:
    """One recipient's way to the file key."""

    arguments: tuple[str, ...]
    body: bytes

    @cached_property
    def share(self) -> bytes:
        """The argument after the kind, which the file key is unwrapped with; read once.

        Raises:
            AgeHeaderInvalid: If there is none, or another after it.
        """
        if len(self.arguments) != ARGUMENTS:
            raise AgeHeaderInvalid("arguments")
        return decoded(self.arguments[1])

    def to_bytes(self) -> bytes:
        """Write the stanza; the last line of the body is always a short one."""
        body = encoded(self.body)
        lines = [body[start : start + COLUMNS] for start in range(0, len(body), COLUMNS)]
        if len(body) % COLUMNS == 0:
            lines.append("")
        return ("-> " + " ".join(self.arguments) + "\n" + "\n".join(lines) + "\n").encode("ascii")


@dataclass(frozen=True)
class Header:
    """A parsed header."""

    stanzas: tuple[Stanza, ...]
    authenticated: bytes
    """The bytes that the MAC covers."""
    mac: bytes
    size: int
    """Bytes of the whole header, with its last line."""


def encoded(data: bytes) -> str:
    """Return base64 without padding."""
    return base64.b64encode(data).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """Read base64 without padding, in its one canonical form.

    Raises:
        AgeHeaderInvalid: If it is anything else.
    """
    left = len(text) % 4
    if left == 1 or "=" in text:
        raise AgeHeaderInvalid("base64")
    try:
        data = binascii.a2b_base64(text + "=" * (-left % 4), strict_mode=True)
    except ValueError as error:
        raise AgeHeaderInvalid("base64") from error
    if left and text[-1] not in _WHOLE_BYTES[left]:
        raise AgeHeaderInvalid("base64 is not canonical")
    return data


def read_header(data: bytes) -> Header:
    """Read the header at the start of some bytes.

    Raises:
        AgeHeaderInvalid: If there is none.
    """
    return read_header_from(io.BytesIO(data))


def read_header_from(source: BinaryIO) -> Header:
    """Read the header and leave the source at the first byte behind it.

    Raises:
        AgeHeaderInvalid: If there is none.
    """
    seen = _line(source)
    if seen != VERSION + b"\n":
        raise AgeHeaderInvalid("version")
    stanzas: list[Stanza] = []
    while True:
        line = _line(source)
        if line.startswith(b"---"):
            break
        if len(stanzas) >= MOST_STANZAS:
            raise AgeHeaderInvalid("too many stanzas")
        stanza, raw = _stanza(line, source)
        stanzas.append(stanza)
        seen += line + raw
    if not stanzas or line[3:4] != b" ":
        raise AgeHeaderInvalid("last line")
    mac = decoded(_text(line[4:-1]))
    if len(mac) != MAC:
        raise AgeHeaderInvalid("MAC")
    return Header(tuple(stanzas), seen + b"---", mac, len(seen) + len(line))


def _stanza(line: bytes, source: BinaryIO) -> tuple[Stanza, bytes]:
    if not line.startswith(b"-> "):
        raise AgeHeaderInvalid("stanza")
    arguments = tuple(_text(line[3:-1]).split(" "))
    if not all(_ARGUMENT.fullmatch(argument) for argument in arguments):
        raise AgeHeaderInvalid("arguments")
    raw = body = b""
    while True:
        line = _line(source)
        raw += line
        if len(line) > COLUMNS + 1:
            raise AgeHeaderInvalid("long line")
        body += decoded(_text(line[:-1]))
        if len(body) > LONGEST_BODY:
            raise AgeHeaderInvalid("long body")
        if len(line) < COLUMNS + 1:
            return Stanza(arguments, body), raw


def _line(source: BinaryIO) -> bytes:
    line = source.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise AgeHeaderInvalid("line")
    return line


def _text(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise AgeHeaderInvalid("characters") from error
