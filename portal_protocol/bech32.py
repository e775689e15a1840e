"""Bech32 key strings without the length limit.

Source: BIP 173; age keys use it with longer data.
"""

import base64
from collections.abc import Sequence

from portal_protocol.errors import BechInvalid

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHARACTER = 5
"""Bits that one character stands for."""
_CHECKSUM = 6
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_TO_DIGITS = str.maketrans(_ALPHABET, _DIGITS)
_BASE32_TO_VALUES = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bytes(range(32)))
_TO_VALUES = bytes.maketrans(_ALPHABET.encode("ascii"), bytes(range(32)))


def encode(prefix: str, data: bytes) -> str:
    """Return the lower-case key string of some bytes."""
    values = _values(data)
    check = _polymod([*_expanded(prefix), *values, *[0] * _CHECKSUM]) ^ 1
    values += bytes(check >> 5 * (_CHECKSUM - 1 - n) & 31 for n in range(_CHECKSUM))
    return prefix + "1" + "".join(_ALPHABET[value] for value in values)


def decode(text: str) -> tuple[str, bytes]:
    """Return prefix (lower case) and bytes of a key string.

    Raises:
        BechInvalid: If case is mixed, a character is foreign or the checksum is wrong.
    """
    # Some letters outside ASCII turn into ASCII ones in lower case: KELVIN SIGN becomes k.
    if not text.isascii() or text not in (text.lower(), text.upper()):
        raise BechInvalid("mixed case or foreign characters")
    prefix, _, tail = text.lower().rpartition("1")
    if not prefix or len(tail) < _CHECKSUM or not set(_ALPHABET) >= set(tail):
        raise BechInvalid("not a key string")
    if not all("!" <= character <= "~" for character in prefix):
        raise BechInvalid("not a key string")
    values = tail.encode("ascii").translate(_TO_VALUES)
    if _polymod([*_expanded(prefix), *values]) != 1:
        raise BechInvalid("checksum")
    return prefix, _bytes(tail[:-_CHECKSUM])


def _bytes(tail: str) -> bytes:
    """Return the bytes that characters stand for, five bits each.

    Raises:
        BechInvalid: If bits are left over that are not zero, or could be a character.
    """
    size, left = divmod(_CHARACTER * len(tail), 8)
    # Python reads numbers to the base of 32 as fast as it copies; digit by digit takes far longer.
    number = int(tail.translate(_TO_DIGITS) or "0", 32)
    if left >= _CHARACTER or number & ((1 << left) - 1):
        raise BechInvalid("padding")
    return (number >> left).to_bytes(size)


def _mixed(top: int) -> int:
    mixed = 0
    for bit, generator in enumerate(_GENERATORS):
        if top >> bit & 1:
            mixed ^= generator
    return mixed


_MIXED = tuple(_mixed(top) for top in range(32))
"""What each value of the highest five bits adds."""


def _one_more(check: int, value: int) -> int:
    return (check & 0x1FFFFFF) << 5 ^ value ^ _MIXED[check >> 25]


_MIXED_TWICE = tuple(_one_more(_one_more(top << 20, 0), 0) for top in range(1024))
"""What the highest ten bits add in two steps: keys are long, and every reply reads one."""


def _polymod(values: Sequence[int]) -> int:
    check = 1
    odd = len(values) % 2
    if odd:
        check = _one_more(check, values[0])
    for first, second in zip(values[odd::2], values[odd + 1 :: 2], strict=True):
        check = (check & 0xFFFFF) << 10 ^ first << 5 ^ second ^ _MIXED_TWICE[check >> 20]
    return check


def _expanded(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _values(data: bytes) -> bytes:
    """Return bytes as values of five bits, the last one filled up with zeros."""
    return base64.b32encode(data).rstrip(b"=").translate(_BASE32_TO_VALUES)
