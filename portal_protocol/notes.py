"""Signed notes: a text and, below it, who has signed it.

Source: C2SP signed-note with Ed25519 keys; docs/protocol.md.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal_protocol.errors import NoteForged, NoteMalformed, SignaturesMissing

ED25519 = b"\x01"
"""How the format marks the kind of key."""
KEY_SIZE = 32
LONGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100
SHORTEST_SIGNATURE = 5
"""Bytes: the key's id and at least one more; other kinds of keys may sign at any length."""
_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<data>[A-Za-z0-9+/]+={0,2})")
_NAME = re.compile(r"[^\s+]+")
_UNSIGNABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
_PRIVATE = "PRIVATE+KEY"


@dataclass(frozen=True)
class VerifyKey:
    """A public key with its name."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as it is published: `<name>+<id>+<key>`."""
        return f"{self.name}+{self.id.hex()}+{_b64(ED25519 + self.public)}"


class SigningKey:
    """A private key with its name."""

    def __init__(self, name: str, seed: bytes) -> None:
        _check_name(name)
        self._seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verify_key = VerifyKey(name, self._private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str) -> "SigningKey":
        """Make a new key."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def text(self) -> str:
        """The key as it is stored; secret."""
        key = self.verify_key
        return f"{_PRIVATE}+{key.name}+{key.id.hex()}+{_b64(ED25519 + self._seed)}"

    def sign(self, data: bytes) -> bytes:
        """Return the bare signature over some bytes."""
        return self._private.sign(data)

    def signature_line(self, text: str) -> str:
        """Return the line that says that this key has signed the text."""
        signature = self.sign(text.encode())
        return f"— {self.verify_key.name} {_b64(self.verify_key.id + signature)}\n"


def parse_verify_key(text: str) -> VerifyKey:
    """Read a published key.

    Raises:
        NoteMalformed: If it is none, or its id does not fit.
    """
    name, _, rest = text.partition("+")
    key_id, _, data = rest.partition("+")
    _check_name(name)
    key = VerifyKey(name, _key_bytes(data))
    if key.id.hex() != key_id:
        raise NoteMalformed("the key's id does not fit")
    return key


def parse_signing_key(text: str) -> SigningKey:
    """Read a stored private key.

    Raises:
        NoteMalformed: If it is none, or its id does not fit.
    """
    prefix = _PRIVATE + "+"
    if not text.startswith(prefix):
        raise NoteMalformed("not a private key")
    name, _, rest = text.removeprefix(prefix).partition("+")
    key_id, _, data = rest.partition("+")
    key = SigningKey(name, _key_bytes(data))
    if key.verify_key.id.hex() != key_id:
        raise NoteMalformed("the key's id does not fit")
    return key


def sign_note(text: str, *keys: SigningKey) -> str:
    """Return the note: the text, a blank line, one line a signature.

    Raises:
        NoteMalformed: If the text cannot be signed: it must end in a line feed and hold no other
            control characters.
    """
    if not text.endswith("\n") or _UNSIGNABLE.search(text):
        raise NoteMalformed("this text cannot be signed")
    return text + "\n" + "".join(key.signature_line(text) for key in keys)


def open_note(note: str, keys: Sequence[VerifyKey], *, threshold: int = 1) -> str:
    """Return the text of a note that enough known keys have signed.

    Signatures of unknown keys are passed over; one by a known key that fails is fatal.

    Args:
        note: The whole note.
        keys: Keys that count.
        threshold: How many different ones must have signed.

    Raises:
        ValueError: If no signature would be needed at all.
        NoteMalformed: If it is no note.
        NoteForged: If a known key's signature does not fit the text.
        SignaturesMissing: If too few known keys have signed.
    """
    if threshold < 1:
        raise ValueError("an unsigned text is no note")
    text, lines = _split(note)
    known = {(key.name, key.id): key for key in keys}
    signed = set()
    for line in lines:
        match = _SIGNATURE_LINE.fullmatch(line)
        if match is None:
            raise NoteMalformed("signature line")
        data = _decoded(match["data"])
        if len(data) < SHORTEST_SIGNATURE:
            raise NoteMalformed("short signature")
        key = known.get((match["name"], data[:4]))
        if key is not None:
            _verify(key, data[4:], text)
            signed.add(key.public)
    if len(signed) < threshold:
        raise SignaturesMissing(f"{len(signed)} of {threshold}")
    return text


def _split(note: str) -> tuple[str, list[str]]:
    cut = note.rfind("\n\n") + 1
    if not cut or len(note) > LONGEST_NOTE or not note.endswith("\n"):
        raise NoteMalformed("not a note")
    if _UNSIGNABLE.search(note):
        raise NoteMalformed("control characters")
    signatures = note[cut + 1 : -1].split("\n")
    if len(signatures) > MOST_SIGNATURES:
        raise NoteMalformed("too many signatures")
    return note[:cut], signatures


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or _UNSIGNABLE.search(name):
        raise NoteMalformed("a key's name has no spaces, plus signs or control characters")


def _verify(key: VerifyKey, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError) as error:
        raise NoteForged(key.name) from error


def _key_bytes(data: str) -> bytes:
    raw = _decoded(data)
    kind, key = raw[:1], raw[1:]
    if kind != ED25519 or len(key) != KEY_SIZE:
        raise NoteMalformed("not an Ed25519 key")
    return key


def _decoded(data: str) -> bytes:
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteMalformed("base64") from error
    if _b64(raw) != data:
        raise NoteMalformed("base64")
    return raw


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
