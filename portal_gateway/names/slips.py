"""Slips of the finger: one wrong key, two letters in turned order, one letter twice.

A letter left out is not among them: `likeness` weighs it, as it is as often another name.
"""

from functools import lru_cache
from itertools import combinations, pairwise

from portal_gateway.names.sounds import is_arabic

_ARABIC_KEYS = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءور", "ىهوزظ")
_DOTS = ("بتثني", "جحخ", "سش", "فق", "رز", "دذ", "صض", "طظ", "عغ")
_LATIN_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
_DOTS_APART = frozenset(frozenset(pair) for letters in _DOTS for pair in combinations(letters, 2))
_NEIGHBOURS = _DOTS_APART | frozenset(
    frozenset(pair)
    for row in (*_ARABIC_KEYS, *_LATIN_KEYS)
    for pair in pairwise(row)
    if not {*pair} <= _VOWELS
)
"""Keys beside each other, and letters that only their dots tell apart.

One vowel for another is a matter of spelling, see `likeness`."""


@lru_cache(maxsize=50_000)
def is_slip(one: str, other: str) -> bool:
    """Tell whether one of two parts is the other with a single slip.

    Args:
        one: A part as `words.parts_of` gives it.
        other: Another one.
    """
    if not (compared := _compared(one, other)):
        return False
    short, long, start = compared
    if start is None:
        return len(long) > len(short) > 0 and long[-1] == long[-2]
    if len(short) < len(long):
        return long[start] == long[start - 1] and short[start:] == long[start + 1 :] and start > 0
    if short[start + 1 :] == long[start + 1 :]:
        return frozenset((short[start], long[start])) in _NEIGHBOURS
    turned = short[start : start + 2] == long[start : start + 2][::-1]
    return turned and short[start + 2 :] == long[start + 2 :]


def is_dots_apart(one: str, other: str) -> bool:
    """Tell whether only the dots of one letter tell two parts apart: زعبي and زغبي.

    Args:
        one: A part as `words.parts_of` gives it.
        other: Another one.
    """
    unlike = [frozenset(pair) for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    return len(one) == len(other) and len(unlike) == 1 and unlike[0] in _DOTS_APART


@lru_cache(maxsize=50_000)
def is_one_letter_off(one: str, other: str) -> bool:
    """Tell whether one letter inside is another one, is missing, or is turned round with the next.

    That says less than a slip: it takes the other parts of a name to believe it. The first letter
    and the last one make other names, so they have to be there.

    Args:
        one: A part as `words.parts_of` gives it.
        other: Another one.
    """
    if not (compared := _compared(one, other)):
        return False
    short, long, start = compared
    if not start or start >= len(long) - 1:
        return False
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    return short[start + 1 :] == long[start + 1 :] or is_slip(one, other)


def _compared(one: str, other: str) -> tuple[str, str, int | None] | None:
    """Return the shorter, the longer and where they first differ, if they may be a letter apart."""
    if is_arabic(one) != is_arabic(other) or abs(len(one) - len(other)) > 1:
        return None
    short, long = sorted((one, other), key=len)
    letters = enumerate(zip(short, long, strict=False))
    return short, long, next((place for place, (a, b) in letters if a != b), None)
