"""Names that are known: which one a part of a name is, so that names of like letters stay apart.

By their consonants Salem and Salim are one name, and so are فارس and فراس in Latin letters. Where
both parts are known names, it counts which, not how near their letters are.
"""

from functools import lru_cache
from itertools import permutations
from pathlib import Path

import yaml

from portal_gateway.names.likeness import likeness
from portal_gateway.names.sounds import fold_arabic, fold_latin, is_arabic, sounds_of
from portal_gateway.names.words import SHORTEST_WITH_ARTICLE, as_dutch, parts_of, soft_c

NAMES = Path(__file__).parent / "known.yml"
SPOKEN_ALIKE = 0.93
"""From here on a Latin spelling is one of a known name."""
SURELY = 0.96
"""From here on it is no other name than those that fit."""
AS_WELL = 0.02
"""Names that fit hardly less well than the best are possible too."""
_CLASSES = {
    sound: letter
    for letter, sounds in {
        "T": "tṭθdḍðẓzsṣ",
        "K": "kqgɣjžčš",
        "B": "bp",
        "F": "fv",
        "M": "mn",
        "L": "l",
        "R": "r",
    }.items()
    for sound in sounds
}
"""Consonants that some spelling takes for one another. h, ħ and x are left out."""
_MUTE = ("ane", "ine", "ene", "une")
_HARD = {"t": "d", "p": "b", "ç": "j"}
_ENDINGS = {"ى": "اي", "ي": "اى", "ا": "ىه", "ه": "ات", "ء": ("",), "ت": "ه"}
"""Last letters that people write for one another."""
_SPOKEN_FOR_ONE_ANOTHER = ("ذد", "ذز", "ثت", "ثس", "قك", "جغ", "صس")
"""Letters that one dialect speaks as another one writes them."""


@lru_cache(maxsize=50_000)
def known_names(part: str) -> frozenset[str]:
    """Return the known names that a part may be; none if it is no known one.

    Args:
        part: As `words.parts_of` gives it.
    """
    if is_arabic(part):
        return frozenset(_stands_for()[one] for one in _endings(part) if one in _stands_for())
    return frozenset(_spoken_as(part))


def are_other_names(one: str, other: str) -> bool:
    """Tell whether two parts are known names, and not one: surely, and not only more or less.

    Args:
        one: A part as `words.parts_of` gives it.
        other: Another one.
    """
    these, those = known_names(one), known_names(other)
    return bool(these and those) and not these & those and _is_sure(one) and _is_sure(other)


def _is_sure(part: str) -> bool:
    return is_arabic(part) or max(_spoken_as(part).values()) >= SURELY


@lru_cache(maxsize=50_000)
def _spoken_as(part: str) -> dict[str, float]:
    """Return the known names that a Latin spelling may be, with how well it fits."""
    found = _fitting(part)
    glued = part[:2] in ("al", "el") and len(part) > SHORTEST_WITH_ARTICLE
    return _fitting(part[2:]) if glued and not found else found


def _fitting(part: str) -> dict[str, float]:
    fitting: dict[str, float] = {}
    for form in _latin_ways(part):
        for name, spoken in _spoken().get(sound_key(form), ()):
            fitting[name] = max(fitting.get(name, 0.0), likeness(form, spoken))
    best = max(fitting.values(), default=0.0)
    least = 1.0 if best == 1.0 else max(SPOKEN_ALIKE, best - AS_WELL)
    return {name: value for name, value in fitting.items() if value >= least}


def _latin_ways(part: str) -> tuple[str, ...]:
    """Return a Latin spelling with what French, Turkish and German spellings mean by theirs.

    French ends in a mute e and has a soft c (Razane, Yacine), Turkish has v for w and hard last
    letters (Vahit, Recep), German has ch for kh and j for y (Chalil, Junes), Dutch sj for sh.
    """
    ways = [part]
    if part.endswith(_MUTE):
        ways.append(part[:-1])
    if "v" in part:
        ways.append(part.replace("v", "w"))
    if "ch" in part:
        ways.append(part.replace("ch", "kh"))
    ways += [read for read in (soft_c(part), as_dutch(part)) if read != part]
    if "j" in part:
        ways.append(part.replace("j", "y"))
    ways += [way[:-1] + _HARD[way[-1]] for way in ways if way[-1] in _HARD]
    return tuple(ways)


@lru_cache(maxsize=50_000)
def sound_key(part: str) -> str:
    """Return a key so coarse that every spelling of a name has the same one, in both scripts.

    Args:
        part: As `words.parts_of` gives it.
    """
    key = ""
    for consonant in sounds_of(part).consonants:
        letter = _CLASSES.get(consonant[0], "")
        key += letter if not key.endswith(letter) or not key else ""
    return key


def _endings(text: str) -> tuple[str, ...]:
    """Return a name as it is if it is known, else with the endings that people write for one."""
    text = _plain(text)
    return (text,) if text in _names() else _other_endings(text)


def _other_endings(text: str) -> tuple[str, ...]:
    others = _ENDINGS.get(text[-1], ())
    return (f"{text}ء", *(text[:-1] + other for other in others))


def _other_letters(text: str) -> tuple[str, ...]:
    """Return a name in the letters of another dialect: دياب for ذياب."""
    return tuple(
        text.replace(one, other)
        for pair in _SPOKEN_FOR_ONE_ANOTHER
        for one, other in permutations(pair)
        if one in text
    )


def _plain(text: str) -> str:
    """Return a name with ض for ظ, which many write for each other, and ي for ئ."""
    return text.replace("ظ", "ض").replace("ئ", "ي")


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return the known names in their order: how each is written, and how it is spoken."""
    loaded: dict[str, str] = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    return tuple(_entry(names.split(", "), forms.split(", ")) for names, forms in loaded.items())


def _entry(names: list[str], forms: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if " " in names[0]:
        # One word alone may be left out as a title; here it is a family's name.
        written, spoken = ([parts_of(one)[0].text for one in these] for these in (names, forms))
    else:
        written, spoken = [fold_arabic(one) for one in names], [fold_latin(one) for one in forms]
    return tuple(map(_plain, written)), tuple(spoken)


@lru_cache(maxsize=1)
def _names() -> dict[str, list[str]]:
    """Return how each known name is spoken, by its letters."""
    found: dict[str, list[str]] = {}
    for written, spoken in _entries():
        for one in written:
            found.setdefault(one, []).extend(spoken)
    return found


@lru_cache(maxsize=1)
def _stands_for() -> dict[str, str]:
    """Return the one way of writing that stands for a known name: هناء also for هنا.

    Two endings, and two letters that are spoken alike, are one name where it is spoken in one way.
    """
    found: dict[str, str] = {}
    firsts = {one: written[0] for written, _ in reversed(_entries()) for one in written}
    for name, forms in _names().items():
        first = found.get(firsts[name], firsts[name])
        alike = [
            found[one]
            for one in (*_other_endings(name), *_other_letters(name))
            if one in found and set(_names()[one]) & set(forms)
        ]
        found[name] = alike[0] if alike and first == name else first
    return found


@lru_cache(maxsize=1)
def _spoken() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, forms in _names().items():
        for form in forms:
            found.setdefault(sound_key(form), []).append((_stands_for()[name], form))
    return found
