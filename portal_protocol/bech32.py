"""Bech32 key strings without the length limit.

Source: BIP 173; age keys use it with longer data.
"""

import base64
from functools import cache

from portal_protocol.errors import BechInvalid

_ALPHABET = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHARACTER = 5
"""Bits that one character stands for."""
_CHECKSUM = 6
_CHECK_BITS = _CHECKSUM * _CHARACTER
_PERIOD = 1023 * _CHARACTER
"""Bits after which the code repeats: two equal characters so far apart add nothing to a check."""
_WITHIN_PERIOD = (1 << _PERIOD) - 1
_DIGITS = b"0123456789abcdefghijklmnopqrstuv"
_TO_DIGITS = bytes.maketrans(_ALPHABET, _DIGITS)
_FROM_BASE32 = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET)


def encode(prefix: str, data: bytes) -> str:
    """Return the lower-case key string of some bytes."""
    characters = base64.b32encode(data).rstrip(b"=").translate(_FROM_BASE32)
    digits = len(characters) + _CHECKSUM
    check = _check(prefix, _number(characters) << _CHECK_BITS, digits) ^ 1
    places = range(_CHECK_BITS - _CHARACTER, -1, -_CHARACTER)
    characters += bytes(_ALPHABET[check >> place & 31] for place in places)
    return f"{prefix}1{characters.decode('ascii')}"


def decode(text: str) -> tuple[str, bytes]:
    """Return prefix (lower case) and bytes of a key string.

    Raises:
        BechInvalid: If case is mixed, a character is foreign or the checksum is wrong.
    """
    # Some letters outside ASCII turn into ASCII ones in lower case: KELVIN SIGN becomes k.
    if not text.isascii() or text not in (text.lower(), text.upper()):
        raise BechInvalid("mixed case or foreign characters")
    prefix, _, tail = text.lower().rpartition("1")
    characters = tail.encode("ascii")
    if not prefix or len(characters) < _CHECKSUM or characters.translate(None, _ALPHABET):
        raise BechInvalid("not a key string")
    if not all("!" <= character <= "~" for character in prefix):
        raise BechInvalid("not a key string")
    number = _number(characters)
    if _check(prefix, number, len(characters)) != 1:
        raise BechInvalid("checksum")
    return prefix, _bytes(number >> _CHECK_BITS, len(characters) - _CHECKSUM)


def _number(characters: bytes) -> int:
    # Python reads numbers to the base of 32 as fast as it copies; digit by digit takes far longer.
    return int(characters.translate(_TO_DIGITS) or b"0", 32)


def _bytes(number: int, digits: int) -> bytes:
    """Return the bytes that the digits of a number to the base of 32 stand for.

    Raises:
        BechInvalid: If bits are left over that are not zero, or could be a character.
    """
    size, left = divmod(_CHARACTER * digits, 8)
    if left >= _CHARACTER or number & ((1 << left) - 1):
        raise BechInvalid("padding")
    return (number >> left).to_bytes(size)


def _check(prefix: str, number: int, digits: int) -> int:
    """Return the check of a whole string; 1 if it is a right one.

    Each bit of it says whether an odd number of certain bits is set. Counting them in the whole
    string at once is far faster than going through it, and every submission brings a long one.
    """
    number |= _start(prefix) << digits * _CHARACTER
    while number >> _PERIOD:
        number = number >> _PERIOD ^ number & _WITHIN_PERIOD
    odd = [(number & counted).bit_count() & 1 for counted in _counted()]
    return sum(bit << place for place, bit in enumerate(odd))


def _start(prefix: str) -> int:
    """Return the prefix as it is checked: all upper parts of its characters, then all lower."""
    values = [1, *(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)]
    return sum(value << place * _CHARACTER for place, value in enumerate(reversed(values)))


@cache
def _counted() -> tuple[int, ...]:
    """Return which bits of a string count for each bit of its check."""
    counted = [0] * _CHECK_BITS
    adds = [1 << bit for bit in range(_CHARACTER)]
    for place in range(0, _PERIOD, _CHARACTER):
        for bit, added in enumerate(adds):
            for one in range(_CHECK_BITS):
                counted[one] |= (added >> one & 1) << place + bit
        adds = [_one_further(added) for added in adds]
    return tuple(counted)


def _one_further(check: int) -> int:
    """Return what a check becomes when one more character follows, an empty one."""
    top, check = check >> _CHECK_BITS - _CHARACTER, check << _CHARACTER & (1 << _CHECK_BITS) - 1
    for bit, generator in enumerate(_GENERATORS):
        if top >> bit & 1:
            check ^= generator
    return check
