"""Bech32 key strings without the length limit.

Source: BIP 173; age keys use it with longer data.
"""

from collections.abc import Iterable

from portal_protocol.errors import BechInvalid

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}


def encode(prefix: str, data: bytes) -> str:
    """Return the lower-case key string of some bytes."""
    values = _regroup(data, 8, 5, pad=True)
    check = _polymod([*_expanded(prefix), *values, *[0] * _CHECKSUM]) ^ 1
    values += [check >> 5 * (_CHECKSUM - 1 - n) & 31 for n in range(_CHECKSUM)]
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
    if not prefix or len(tail) < _CHECKSUM or not _VALUES.keys() >= set(tail):
        raise BechInvalid("not a key string")
    if not all("!" <= character <= "~" for character in prefix):
        raise BechInvalid("not a key string")
    values = [_VALUES[character] for character in tail]
    if _polymod([*_expanded(prefix), *values]) != 1:
        raise BechInvalid("checksum")
    return prefix, bytes(_regroup(values[:-_CHECKSUM], 5, 8, pad=False))


def _mixed(top: int) -> int:
    mixed = 0
    for bit, generator in enumerate(_GENERATORS):
        if top >> bit & 1:
            mixed ^= generator
    return mixed


_MIXED = tuple(_mixed(top) for top in range(32))
"""What each value of the highest five bits adds: keys are long, and every reply reads one."""


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _MIXED[check >> 25]
    return check


def _expanded(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _regroup(values: Iterable[int], width: int, wanted: int, *, pad: bool) -> list[int]:
    kept = bits = 0
    regrouped = []
    for value in values:
        kept = kept << width | value
        bits += width
        while bits >= wanted:
            bits -= wanted
            regrouped.append(kept >> bits & ((1 << wanted) - 1))
        kept &= (1 << bits) - 1
    if pad and bits:
        regrouped.append(kept << (wanted - bits) & ((1 << wanted) - 1))
    elif not pad and (bits >= width or kept):
        raise BechInvalid("padding")
    return regrouped
