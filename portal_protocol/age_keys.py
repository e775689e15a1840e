"""Recipients and identities of age files: who can open one.

Source: C2SP age, recipient types mlkem768x25519 (hybrid, post-quantum) and X25519.
"""

import hashlib
import os
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal_protocol import bech32
from portal_protocol.age_header import Stanza, encoded
from portal_protocol.errors import AgeHeaderInvalid, BechInvalid

HYBRID = "mlkem768x25519"
CLASSIC = "X25519"
SEED = 32
WRAPPED_KEY = 32
"""Bytes of a sealed file key: 16 and the tag."""
ENCAPSULATED = 1120
"""Bytes that a hybrid stanza carries beside the sealed file key."""
_MLKEM_PUBLIC = 1184
_HYBRID_PUBLIC = 1216
_MLKEM_CIPHERTEXT = 1088
_HYBRID_INFO = b"age-encryption.org/mlkem768x25519"
_CLASSIC_INFO = b"age-encryption.org/v1/X25519"
_NONCE = bytes(12)
_PRIME = 2**255 - 19
_LOW_ORDER = {
    0,
    1,
    _PRIME - 1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
}
"""Points of Curve25519 that give everybody the same secret.

Source: D. J. Bernstein, Curve25519, "How do I validate Curve25519 public keys?"
"""
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Recipient(Protocol):
    """Somebody a file can be sealed to."""

    @property
    def text(self) -> str:
        """The public key string."""

    @property
    def post_quantum(self) -> bool:
        """Whether a quantum computer leaves it closed; files never mix the two."""

    def wrap(self, file_key: bytes) -> Stanza:
        """Seal the file key to this recipient."""


class Opener(Protocol):
    """Whatever can open a file."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, or none if the stanza is for somebody else."""


class Identity(Opener, Protocol):
    """Somebody who can open a file, and whom others can seal one to."""

    @property
    def text(self) -> str:
        """The private key string."""

    @property
    def recipient(self) -> Recipient:
        """The public half."""


@dataclass(frozen=True)
class HybridRecipient:
    """ML-KEM-768 together with X25519: stays closed if either of them breaks."""

    text: str
    post_quantum = True
    _key: MLKEM768X25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def from_text(cls, text: str) -> "HybridRecipient":
        """Read an `age1pq1…` string.

        Raises:
            BechInvalid: If it is none.
        """
        raw = _key_bytes(text, "age1pq", _HYBRID_PUBLIC, upper=False)
        try:
            lattice = MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC])
        except ValueError as error:
            raise BechInvalid("not an ML-KEM key") from error
        curve = _curve_key(raw[_MLKEM_PUBLIC:])
        return cls(text, MLKEM768X25519PublicKey(lattice, curve))

    def wrap(self, file_key: bytes) -> Stanza:
        """Seal the file key to this recipient."""
        sealed = _SUITE.encrypt(file_key, self._key, info=_HYBRID_INFO)
        return Stanza((HYBRID, encoded(sealed[:ENCAPSULATED])), sealed[ENCAPSULATED:])


class HybridIdentity:
    """The private half of a hybrid recipient."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED:
            raise ValueError("a seed has 32 bytes")
        expanded = hashlib.shake_256(seed).digest(96)
        self._lattice = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        self._curve = X25519PrivateKey.from_private_bytes(expanded[64:])
        self._key = MLKEM768X25519PrivateKey(self._lattice, self._curve)
        self.text = bech32.encode("age-secret-key-pq-", seed).upper()

    @classmethod
    def generate(cls) -> "HybridIdentity":
        """Make a new identity."""
        return cls(os.urandom(SEED))

    @classmethod
    def from_seed(cls, seed: bytes) -> "HybridIdentity":
        """Make the identity of a seed.

        Raises:
            ValueError: If the seed has not 32 bytes.
        """
        return cls(seed)

    @classmethod
    def from_text(cls, text: str) -> "HybridIdentity":
        """Read an `AGE-SECRET-KEY-PQ-1…` string.

        Raises:
            BechInvalid: If it is none.
        """
        return cls(_key_bytes(text, "age-secret-key-pq-", SEED, upper=True))

    @property
    def recipient(self) -> HybridRecipient:
        """The public half."""
        lattice, curve = self._lattice.public_key(), self._curve.public_key()
        raw = lattice.public_bytes_raw() + curve.public_bytes_raw()
        return HybridRecipient(
            bech32.encode("age1pq", raw), MLKEM768X25519PublicKey(lattice, curve)
        )

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, or none if the stanza is for somebody else."""
        if stanza.arguments[0] != HYBRID:
            return None
        share = _share(stanza, ENCAPSULATED)
        # An all-zero shared secret must stop everything, not look like another recipient.
        _shared_secret(self._curve, share[_MLKEM_CIPHERTEXT:])
        try:
            return _SUITE.decrypt(share + stanza.body, self._key, info=_HYBRID_INFO)
        except InvalidTag:
            return None


@dataclass(frozen=True)
class ClassicRecipient:
    """X25519 alone, for files of other people's making."""

    text: str
    post_quantum = False
    _key: X25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def from_text(cls, text: str) -> "ClassicRecipient":
        """Read an `age1…` string.

        Raises:
            BechInvalid: If it is none.
        """
        return cls(text, _curve_key(_key_bytes(text, "age", SEED, upper=False)))

    def wrap(self, file_key: bytes) -> Stanza:
        """Seal the file key to this recipient."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        salt = share + self._key.public_bytes_raw()
        key = derived(ephemeral.exchange(self._key), _CLASSIC_INFO, salt=salt)
        sealed = ChaCha20Poly1305(key).encrypt(_NONCE, file_key, None)
        return Stanza((CLASSIC, encoded(share)), sealed)


class ClassicIdentity:
    """The private half of a classic recipient."""

    def __init__(self, seed: bytes) -> None:
        self._key = X25519PrivateKey.from_private_bytes(seed)
        self._public = self._key.public_key().public_bytes_raw()
        self.text = bech32.encode("age-secret-key-", seed).upper()

    @classmethod
    def from_text(cls, text: str) -> "ClassicIdentity":
        """Read an `AGE-SECRET-KEY-1…` string.

        Raises:
            BechInvalid: If it is none.
        """
        return cls(_key_bytes(text, "age-secret-key-", SEED, upper=True))

    @property
    def recipient(self) -> ClassicRecipient:
        """The public half."""
        return ClassicRecipient(bech32.encode("age", self._public), self._key.public_key())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, or none if the stanza is for somebody else."""
        if stanza.arguments[0] != CLASSIC:
            return None
        share = _share(stanza, SEED)
        secret = _shared_secret(self._key, share)
        key = derived(secret, _CLASSIC_INFO, salt=share + self._public)
        try:
            return ChaCha20Poly1305(key).decrypt(_NONCE, stanza.body, None)
        except InvalidTag:
            return None


def parse_recipient(text: str) -> Recipient:
    """Read a recipient of either kind.

    Raises:
        BechInvalid: If it is none.
    """
    if text.startswith("age1pq1"):
        return HybridRecipient.from_text(text)
    return ClassicRecipient.from_text(text)


def parse_identity(text: str) -> Identity:
    """Read an identity of either kind.

    Raises:
        BechInvalid: If it is none.
    """
    if text.startswith("AGE-SECRET-KEY-PQ-1"):
        return HybridIdentity.from_text(text)
    return ClassicIdentity.from_text(text)


def derived(secret: bytes, info: bytes, *, salt: bytes = b"", length: int = 32) -> bytes:
    """Derive bytes from a secret (HKDF-SHA256)."""
    return HKDF(hashes.SHA256(), length, salt or None, info).derive(secret)


def _key_bytes(text: str, prefix: str, length: int, *, upper: bool) -> bytes:
    if text != (text.upper() if upper else text.lower()):
        raise BechInvalid("case")
    found, raw = bech32.decode(text)
    if found != prefix or len(raw) != length:
        raise BechInvalid(f"not a key of the kind {prefix}")
    return raw


def _curve_key(raw: bytes) -> X25519PublicKey:
    # The highest bit says nothing, and each point can be written as it is or with the prime added.
    if int.from_bytes(raw, "little") % 2**255 % _PRIME in _LOW_ORDER:
        raise BechInvalid("low order key")
    return X25519PublicKey.from_public_bytes(raw)


def _shared_secret(key: X25519PrivateKey, share: bytes) -> bytes:
    try:
        return key.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:
        raise AgeHeaderInvalid("low order share") from error


def _share(stanza: Stanza, length: int) -> bytes:
    if len(stanza.share) != length or len(stanza.body) != WRAPPED_KEY:
        raise AgeHeaderInvalid("sizes")
    return stanza.share
