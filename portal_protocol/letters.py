"""Signed letters: small enough for a QR code on paper.

Source: docs/protocol.md.
"""

import struct
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal_protocol.errors import LetterInvalid
from portal_protocol.notes import SigningKey, VerifyKey

VERSION = 1
EPOCH = date(2020, 1, 1)
_FIXED = struct.Struct(">B4sBHHQ8sB")
"""Version, key id, type, issued, expires, reference, addressee, length of the text."""
SIGNATURE = 64
LONGEST_TEXT = 120
NO_ADDRESSEE = bytes(8)
_LABEL = b"imp-portal/v1/letter\x00"


@dataclass(frozen=True)
class Letter:
    """What a letter says of itself."""

    type: int
    issued: date
    expires: date
    reference: int
    addressee: bytes = NO_ADDRESSEE
    """Eight bytes; zeros unless the Institution decided otherwise."""
    text: str = ""


def make_letter(letter: Letter, key: SigningKey) -> bytes:
    """Sign a letter.

    Raises:
        LetterInvalid: If the text has more than 120 bytes, or another part does not fit.
    """
    text = letter.text.encode("utf-8", "replace")
    if len(text) > LONGEST_TEXT or len(letter.addressee) != len(NO_ADDRESSEE):
        raise LetterInvalid("text or addressee too long")
    try:
        fixed = _FIXED.pack(
            VERSION,
            key.verify_key.id,
            letter.type,
            (letter.issued - EPOCH).days,
            (letter.expires - EPOCH).days,
            letter.reference,
            letter.addressee,
            len(text),
        )
    except struct.error as error:
        raise LetterInvalid("a number does not fit") from error
    payload = fixed + text
    return payload + key.sign(_LABEL + payload)


def open_letter(data: bytes, key: VerifyKey) -> Letter:
    """Read a letter that the key has signed.

    Raises:
        LetterInvalid: If it is none, or signed by another key.
    """
    payload, signature = data[:-SIGNATURE], data[-SIGNATURE:]
    if len(payload) < _FIXED.size:
        raise LetterInvalid("length")
    version, key_id, kind, issued, expires, reference, addressee, length = _FIXED.unpack_from(data)
    if version != VERSION or key_id != key.id:
        raise LetterInvalid("not a letter of this key")
    if len(payload) != _FIXED.size + length or length > LONGEST_TEXT:
        raise LetterInvalid("length")
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, _LABEL + payload)
        text = payload[_FIXED.size :].decode("utf-8")
    except (InvalidSignature, UnicodeDecodeError) as error:
        raise LetterInvalid("signature") from error
    return Letter(
        type=kind,
        issued=EPOCH + timedelta(days=issued),
        expires=EPOCH + timedelta(days=expires),
        reference=reference,
        addressee=addressee,
        text=text,
    )
