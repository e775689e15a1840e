"""Signed letters: small enough for a QR code on paper.

Source: docs/protocol.md.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal_protocol.errors import LetterInvalid
from portal_protocol.notes import VerifyKey

VERSION = 1
EPOCH = date(2020, 1, 1)
HEAD = 27
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


def make_letter(letter: Letter, name: str, key: Ed25519PrivateKey) -> bytes:
    """Sign a letter.

    Raises:
        ValueError: If the text has more than 120 bytes, or a number does not fit.
    """
    text = letter.text.encode()
    if len(text) > LONGEST_TEXT or len(letter.addressee) != len(NO_ADDRESSEE):
        raise ValueError("text or addressee too long")
    payload = (
        bytes([VERSION])
        + VerifyKey(name, key.public_key().public_bytes_raw()).id
        + bytes([letter.type])
        + (letter.issued - EPOCH).days.to_bytes(2, "big")
        + (letter.expires - EPOCH).days.to_bytes(2, "big")
        + letter.reference.to_bytes(8, "big")
        + letter.addressee
        + bytes([len(text)])
        + text
    )
    return payload + key.sign(_LABEL + payload)


def open_letter(data: bytes, key: VerifyKey) -> Letter:
    """Read a letter that the key has signed.

    Raises:
        LetterInvalid: If it is none, or signed by another key.
    """
    payload, signature = data[:-SIGNATURE], data[-SIGNATURE:]
    if len(payload) < HEAD or payload[0] != VERSION or payload[1:5] != key.id:
        raise LetterInvalid("not a letter of this key")
    if len(payload) != HEAD + payload[26] or payload[26] > LONGEST_TEXT:
        raise LetterInvalid("length")
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, _LABEL + payload)
        text = payload[HEAD:].decode("utf-8")
    except (InvalidSignature, UnicodeDecodeError) as error:
        raise LetterInvalid("signature") from error
    return Letter(
        type=payload[5],
        issued=EPOCH + timedelta(days=int.from_bytes(payload[6:8], "big")),
        expires=EPOCH + timedelta(days=int.from_bytes(payload[8:10], "big")),
        reference=int.from_bytes(payload[10:18], "big"),
        addressee=payload[18:26],
        text=text,
    )
