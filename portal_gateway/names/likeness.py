"""How alike two parts of a name sound: the cheapest way of turning one into the other.

The costs are judgements about spelling; tests/vectors/name_pairs.tsv shows what they are for.
"""

from collections.abc import Callable
from functools import lru_cache, partial

from portal_gateway.names.sounds import Sounds, sounds_of

TWICE = 0.3
"""Cost of a consonant that one of the two has twice in a row."""
DROPPED = 0.9
"""Cost of a consonant that only one of the two has."""
OTHER = 1.0
"""Cost of a consonant in place of one that has nothing to do with it."""
LISPED = 0.15
"""Cost of th for s between Latin letters: Haytham is Haysam, but Samer is not ثامر."""
FEMININE, ADJECTIVE = 1.2, 1.0
"""Cost of an ending that makes another name: كريمة of كريم, حلبي of حلب."""

_NEAR = (
    ("ħh", 0.35), ("ħx", 0.45), ("hx", 0.5), ("dḍ", 0.2), ("ḍẓ", 0.12), ("ðz", 0.12), ("ðd", 0.2),
    ("ðẓ", 0.2), ("ẓz", 0.2), ("sṣ", 0.15), ("θs", 0.12), ("θt", 0.15), ("tṭ", 0.15), ("qk", 0.25),
    ("qg", 0.2), ("ɣg", 0.2), ("ɣx", 0.5), ("ɣq", 0.3), ("jg", 0.25), ("jž", 0.1), ("bp", 0.1),
    ("fv", 0.1), ("čš", 0.15), ("jč", 0.3), ("jš", 0.5), ("dt", 0.3), ("ḍṭ", 0.5), ("sz", 0.35),
    ("kg", 0.3), ("mn", 0.6), ("sš", 0.5), ("θṣ", 0.4), ("kx", 0.5),
)  # fmt: skip
"""Consonants that people hear, write or type for each other."""
_COST = {frozenset(pair): cost for pair, cost in _NEAR}
_FAR_IN_ARABIC = frozenset(map(frozenset, ("kx", "ɣx", "mn", "dt", "sz", "ḍṭ", "jš")))
"""Those that only Latin letters confuse: who writes Arabic has a letter for each."""

_VOWEL_CHANGE = {
    "ae": 0.1, "ei": 0.12, "ou": 0.05, "ai": 0.3, "ao": 0.4, "au": 0.45, "iu": 0.5, "eo": 0.45,
    "eu": 0.5, "io": 0.5, "Aa": 0.0, "Ae": 0.12, "Ai": 0.6, "Ao": 0.3, "Au": 0.6, "Wo": 0.0,
    "Wu": 0.0, "Wa": 0.6, "We": 0.6, "Wi": 0.7, "Yi": 0.0, "Ye": 0.2, "Ya": 0.5, "Yo": 0.7,
    "Yu": 0.7, "AW": 0.7, "AY": 0.7, "WY": 0.7, "AE": 0.5, "A'": 0.1, "E'": 0.4, "Ea": 0.05,
    "Ee": 0.05, "Ei": 0.1, "Eo": 0.08, "Eu": 0.1, "'a": 0.05, "'e": 0.05, "'i": 0.05, "'o": 0.1,
    "'u": 0.1, "IY": 0.05, "IA": 0.05, "Ia": 0.0, "Ie": 0.1, "Ii": 0.15, "YE": 0.6,
    "WE": 0.6, "Y'": 0.15, "W'": 0.15,
}  # fmt: skip
_CHANGE = {frozenset(pair): cost for pair, cost in _VOWEL_CHANGE.items()}
_LONG = frozenset("AWYE")
OTHER_LONG = 1.1
"""Cost of one long vowel for another between Arabic letters: رزوق is not رزاق."""
_SHORT = "aeiou"
_TWO_FOR_ONE = frozenset(
    (pair, one)
    for one, pairs in {
        "Y": "ai ei ae ee aY eY iY",
        "W": "au ou ow aW oW uW oo",
        "A": "aa",
        "u": "aW oW au ow",
        "o": "aW au",
        "e": "ei eY ai aY",
    }.items()
    for pair in pairs.split()
)
"""Two vowels in Latin letters that stand for one Arabic one."""
_START = frozenset(
    (carrier, vowel)
    for carrier, vowels in {
        "A": "a e i o u",
        "AY": "i e Y",
        "AW": "o u W au",
        "E": "a e i o u",
    }.items()
    for vowel in vowels.split()
)
"""A first alif carries any vowel."""
_WHOLE = frozenset(
    (arabic, latin)
    for arabic, spellings in {
        "AY": "ae ai aY aYe aYi aie",
        "A'": "ae ai ao au a",
        "WA": "ua oa uWa oWa Wa",
        "YA": "ia Ya iYa ea",
        "AW": "aWu aWo aW au ao",
        "AWY": "aWi",
        "EA": "a aa ea ua ue",
        "EY": "ai ei ae aYi Y i",
        "EYA": "iYa aYa",
        "WY": "uaY oaY uWaY ui",
    }.items()
    for latin in spellings.split()
)
"""Rows of vowels that are written like this in Latin letters."""
_MUTE_AFTER = ("a", "e")
_BREATH = {"h", "ħ", "x"}
_MAKES_ANOTHER = dict.fromkeys(("a", "A", "I"), FEMININE) | dict.fromkeys(
    ("i", "Y", "o", "W"), ADJECTIVE
)
"""Endings that a name has or has not; a last e of a French spelling may be mute."""
_FEMININE_TOO = ({"Y", "YA"}, {"Y", "Ya"}, {"Yi", "Ya"}, {"i", "ia"}, {"i", "iYa"}, {"i", "iYe"})
"""Endings of a man's name and of the woman's name that is made of it: هادي, هادية."""
_END = {"A": "A", "a": "A", "A'": "A", "'": "", "ah": "A"}
"""Endings that Arabic spellings do not keep apart: ا, ه, ة and اء."""


def likeness(one: str, other: str) -> float:
    """Return how alike two parts sound: 1 if nothing speaks against it, 0 if nothing is alike.

    Args:
        one: A part as `words.parts_of` gives it.
        other: Another one.
    """
    a, b = sounds_of(one), sounds_of(other)
    if not a.consonants or not b.consonants:
        return float(one == other)
    a, b = _without_mute_end(a, b), _without_mute_end(b, a)
    return max(0.0, 1.0 - _alignment(a, b) / ((_length(a) + _length(b)) / 2 + 0.5))


def _without_mute_end(sounds: Sounds, beside: Sounds) -> Sounds:
    """Return a Latin spelling without a last h that only says that a vowel ends: Karimah, Odeh.

    After any vowel it may stand for ع: Wadih.
    """
    last = len(sounds.consonants) - 1
    mute = not sounds.arabic and last > 0 and "h" in sounds.consonants[last]
    if not mute or sounds.gaps[last + 1]:
        return sounds
    if sounds.gaps[last][-1:] not in _MUTE_AFTER and not beside.gaps[-1].endswith("E"):
        return sounds
    if set(beside.consonants[-1]) & _BREATH and not beside.gaps[-1]:
        return sounds
    return Sounds(sounds.consonants[:last], sounds.gaps[: last + 1], arabic=False)


def _length(sounds: Sounds) -> float:
    """Return how much there is to compare: vowels count too, or short names have nothing."""
    vowels = sum(len(gap) for gap in sounds.gaps)
    return len(sounds.consonants) + vowels * (0.6 if sounds.arabic else 0.4)


@lru_cache(maxsize=200_000)
def _alignment(a: Sounds, b: Sounds) -> float:
    """Return the cost of the cheapest alignment of consonants, with the gaps before them."""
    rows = len(a.consonants) + 1
    columns = len(b.consonants) + 1
    table = [[0.0] * columns for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            if i or j:
                table[i][j] = min(_ways(a, b, i, j, table))
    return table[-1][-1] + _between(a, b, -1, -1)


def _between(a: Sounds, b: Sounds, i: int, j: int) -> float:
    one, other = a.gaps[i], b.gaps[j]
    if b.arabic and not a.arabic:
        one, other = other, one
    return _gap(one, other, cross=a.arabic != b.arabic, at_end=i == -1, at_start=i == j == 0)


def _ways(a: Sounds, b: Sounds, i: int, j: int, table: list[list[float]]) -> list[float]:
    ways = []
    if i and j:
        arabic = a.arabic and b.arabic
        sound = _consonant(a.consonants[i - 1], b.consonants[j - 1], arabic=arabic)
        ways.append(table[i - 1][j - 1] + sound + _between(a, b, i - 1, j - 1))
    if i:
        ways.append(table[i - 1][j] + _dropped(a, i))
    if j:
        ways.append(table[i][j - 1] + _dropped(b, j))
    return ways


def _dropped(sounds: Sounds, place: int) -> float:
    """Return what it costs that only one has a consonant."""
    if place > 1 and sounds.consonants[place - 1] == sounds.consonants[place - 2]:
        return TWICE
    return DROPPED


@lru_cache(maxsize=10_000)
def _consonant(one: str, other: str, *, arabic: bool) -> float:
    both = set(one) & set(other)
    if both:
        return LISPED if both == {"θ"} and len(one) > 1 and len(other) > 1 else 0.0
    if arabic and frozenset((one, other)) in _FAR_IN_ARABIC:
        return OTHER
    costs = [_COST.get(frozenset((a, b)), OTHER) for a in one for b in other]
    return min(costs)


@lru_cache(maxsize=50_000)
def _gap(one: str, other: str, *, cross: bool, at_end: bool, at_start: bool) -> float:
    """Return what it costs to take the vowels of one gap for those of another.

    Args:
        one: Vowels; of the Arabic spelling if only one of the two is Arabic.
        other: Vowels of the other.
        cross: Whether the scripts differ.
        at_end: Whether the part of the name ends with them.
        at_start: Whether it begins with them.
    """
    if one == other:
        return 0.0
    if cross and ((one, other) in _WHOLE or (at_start and (one, other) in _START)):
        return 0.04
    if at_end and (ending := _ending(one, other, cross=cross)) is not None:
        return ending
    table = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    change = partial(_change, cross=cross)
    left_out = partial(_left_out, cross=cross, end=at_end)
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if i or j:
                table[i][j] = min(_vowel_ways((one, i), (other, j), table, change, left_out))
    return table[-1][-1]


def _ending(one: str, other: str, *, cross: bool) -> float | None:
    """Return what it costs that a part ends with other vowels, or nothing: as they cost inside."""
    if _END.get(one, one) == _END.get(other, other):
        return 0.05
    if not cross and {one, other} == {"a", "e"}:
        return 0.02
    if not (one and other):
        return _MAKES_ANOTHER.get(one or other)
    return FEMININE if not cross and {one, other} in _FEMININE_TOO else None


def _vowel_ways(
    first: tuple[str, int],
    second: tuple[str, int],
    table: list[list[float]],
    change: Callable[[str, str], float],
    left_out: Callable[[str, str], float],
) -> list[float]:
    (one, i), (other, j) = first, second
    ways = []
    if i and j:
        ways.append(table[i - 1][j - 1] + change(one[i - 1], other[j - 1]))
    if i and j > 1 and (other[j - 2 : j], one[i - 1]) in _TWO_FOR_ONE:
        ways.append(table[i - 1][j - 2] + 0.03)
    if j and i > 1 and (one[i - 2 : i], other[j - 1]) in _TWO_FOR_ONE:
        ways.append(table[i - 2][j - 1] + 0.03)
    if i:
        ways.append(table[i - 1][j] + left_out(one[i - 1], other))
    if j:
        ways.append(table[i][j - 1] + left_out(other[j - 1], one))
    return ways


def _change(one: str, other: str, *, cross: bool) -> float:
    if not cross and one != other and {one, other} <= _LONG:
        return OTHER_LONG
    return 0.0 if one == other else _CHANGE.get(frozenset((one, other)), 0.7)


def _left_out(vowel: str, beside: str, *, cross: bool, end: bool) -> float:
    """Return what it costs that only one of the two writes a vowel."""
    if vowel in _SHORT:
        if not cross:
            return 0.3
        # Arabic writes no short vowels: one in a gap says nothing, another one does.
        return 0.04 if beside in ("", "E", "'") else 0.25
    if vowel == "'":
        return 0.08
    if vowel == "E":
        return 0.15 if cross else 0.6
    return 0.45 if cross or end else 0.7
