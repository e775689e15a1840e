"""Slips of the finger: one wrong key, two letters in turned order, one letter twice.

A letter left out is not among them: `likeness` weighs it, as it is as often another name.
"""

from functools import lru_cache
from itertools import pairwise

from portal_gateway.names.sounds import is_arabic

_ARABIC_KEYS = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءور", "ىهوزظ")
_LATIN_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
_NEIGHBOURS = frozenset(
    frozenset(pair)
    for row in (*_ARABIC_KEYS, *_LATIN_KEYS)
    for pair in pairwise(row)
    if not {*pair} <= _VOWELS
)
"""Keys beside each other. One vowel for another is a matter of spelling, see `likeness`."""


@lru_cache(maxsize=50_000)
def is_slip(one: str, other: str) -> bool:
    """Tell whether one of two parts is the other with a single slip.

    Args:
        one: A part as `words.parts_of` gives it.
        other: Another one.
    """
    if is_arabic(one) != is_arabic(other) or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if start is None:
        return len(long) > len(short) > 0 and long[-1] == long[-2]
    if len(short) < len(long):
        return long[start] == long[start - 1] and short[start:] == long[start + 1 :] and start > 0
    if short[start + 1 :] == long[start + 1 :]:
        return frozenset((short[start], long[start])) in _NEIGHBOURS
    turned = short[start : start + 2] == long[start : start + 2][::-1]
    return turned and short[start + 2 :] == long[start + 2 :]
