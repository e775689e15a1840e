"""age files that a passphrase opens, as `age -p` makes them and stock age opens them.

Source: C2SP age, "The scrypt recipient type" and "ASCII armor".
"""

import base64
import binascii
import os
import re
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from portal_protocol.age import open_sealed, read_header, seal
from portal_protocol.age_header import VERSION, Stanza, decoded, encoded
from portal_protocol.age_keys import WRAPPED_KEY
from portal_protocol.errors import AgeHeaderInvalid, ArmorInvalid, PassphraseWrong

KIND = "scrypt"
WORK = 18
"""Doublings of the work for one guess, the same as `age -p`: about a second and 256 MiB."""
MOST_WORK = 22
"""A file that asks for more is refused: it would keep a machine busy and fill its memory."""
SALT = 16
BEGIN, END = b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----END AGE ENCRYPTED FILE-----"
COLUMNS = 64
_ARGUMENTS = 3
_BLOCK, _LANES = 8, 1
_LABEL = b"age-encryption.org/v1/scrypt"
_WORK = re.compile(r"[1-9][0-9]?")
_NONCE = bytes(12)


@dataclass(frozen=True)
class _Passphrase:
    """Both halves of a passphrase: what seals to it and what opens with it."""

    text: str = field(repr=False)
    work: int = WORK
    post_quantum = True

    def wrap(self, file_key: bytes) -> Stanza:
        """Seal the file key to the passphrase."""
        salt = os.urandom(SALT)
        sealed = ChaCha20Poly1305(self._key(salt, self.work)).encrypt(_NONCE, file_key, None)
        return Stanza((KIND, encoded(salt), str(self.work)), sealed)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, or none if the passphrase is not the one."""
        if stanza.arguments[0] != KIND:
            return None
        if len(stanza.arguments) != _ARGUMENTS or len(stanza.body) != WRAPPED_KEY:
            raise AgeHeaderInvalid("arguments")
        salt, work = decoded(stanza.arguments[1]), stanza.arguments[2]
        if len(salt) != SALT or not _WORK.fullmatch(work) or int(work) > MOST_WORK:
            raise AgeHeaderInvalid("salt or work")
        try:
            return ChaCha20Poly1305(self._key(salt, int(work))).decrypt(_NONCE, stanza.body, None)
        except InvalidTag:
            return None

    def _key(self, salt: bytes, work: int) -> bytes:
        kdf = Scrypt(salt=_LABEL + salt, length=32, n=1 << work, r=_BLOCK, p=_LANES)
        return kdf.derive(self.text.encode())


def seal_with_passphrase(plaintext: bytes, passphrase: str, *, work: int = WORK) -> bytes:
    """Seal bytes so that a passphrase opens them, as text that can be printed.

    Args:
        plaintext: What is sealed.
        passphrase: The passphrase, used exactly as it is.
        work: Doublings of the work for one guess; less than WORK is for tests.
    """
    return armored(seal(plaintext, [_Passphrase(passphrase, work)]))


def open_with_passphrase(sealed: bytes, passphrase: str) -> bytes:
    """Open bytes that a passphrase opens, with armour or without.

    Raises:
        PassphraseWrong: If it is another passphrase.
        AgeError: If it is no such file, or it was changed.
    """
    data = dearmored(sealed) if is_armored(sealed) else sealed
    header = read_header(data)
    kinds = [stanza.arguments[0] for stanza in header.stanzas]
    if KIND not in kinds:
        raise PassphraseWrong("not sealed with a passphrase")
    # Whoever knows the passphrase could else have sealed to others too, and nobody would see it.
    if len(kinds) > 1:
        raise AgeHeaderInvalid("a passphrase stands alone")
    file_key = _Passphrase(passphrase).unwrap(header.stanzas[0])
    if file_key is None:
        raise PassphraseWrong("another passphrase")
    return open_sealed(data, [_Known(file_key)])


def is_sealed(data: bytes) -> bool:
    """Tell whether bytes are an age file, with armour or without."""
    return is_armored(data) or data.startswith(VERSION + b"\n")


def is_armored(data: bytes) -> bool:
    """Tell whether bytes begin as an age file in letters does."""
    return data.lstrip().startswith(BEGIN)


def armored(data: bytes) -> bytes:
    """Return bytes in letters that survive paper and messengers."""
    letters = base64.b64encode(data)
    lines = [letters[start : start + COLUMNS] for start in range(0, len(letters), COLUMNS)]
    return b"\n".join([BEGIN, *lines, END]) + b"\n"


def dearmored(text: bytes) -> bytes:
    """Return the bytes of an armoured file; there is one way to write each.

    Raises:
        ArmorInvalid: If it is none.
    """
    lines = text.strip().replace(b"\r\n", b"\n").split(b"\n")
    if lines[0] != BEGIN or lines[-1] != END:
        raise ArmorInvalid("first or last line")
    letters = lines[1:-1]
    if any(len(line) != COLUMNS for line in letters[:-1]):
        raise ArmorInvalid("short or long line")
    if letters and not 0 < len(letters[-1]) <= COLUMNS:
        raise ArmorInvalid("last line")
    try:
        data = base64.b64decode(b"".join(letters), validate=True)
    except binascii.Error as error:
        raise ArmorInvalid("base64") from error
    if base64.b64encode(data) != b"".join(letters):
        raise ArmorInvalid("base64 is not canonical")
    return data


@dataclass(frozen=True)
class _Known:
    """A passphrase whose work was done already: it is slow on purpose."""

    _file_key: bytes = field(repr=False)

    def unwrap(self, _: Stanza) -> bytes | None:
        """Return the file key."""
        return self._file_key
