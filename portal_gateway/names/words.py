"""Parts of a name: what belongs together, what only introduces, what stands for the same.

"عبد الرحمن", "عبدالرحمن", "Abdul Rahman" and "Abdurrahman" are one part; "بن" and "Dr." are none.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from portal_gateway.names.sounds import fold_arabic, fold_latin, is_arabic

RULES = Path(__file__).parent / "words.yml"
_SERVANT_IN_SHORT = ("a", "ab", "abd", "ع")
_SPLIT = re.compile(r"[\s,،.;؛:/\\|_()\[\]{}«»\"“”]+")
_APOSTROPHES = re.compile(r"['’`ʼʻ‘´ʿʾ]")
_GLUED_ABD = re.compile(r"^abd(?:[aeiouWY]{0,2}l|[aeouW](?=([rsnzdtSTD])\1)|[aeouW](?=S))?-?")
_GLUED_ABU = re.compile(r"^(?:ابو|ابا|ab(?:ou|u|W)(?=[ae]?l|[^aeiouWYdl].{3}))(?=.{3})")
_GLUED_UM = re.compile(r"^o?umm?(?:[ae]l|u)(?=.{4})")
_DIN = re.compile(r"^(.{2,}?)[aeiou]?(?:l|d)?-?d(?:i|e|ee|y|ei)n(?:e)?$")
_ILAH = re.compile(r"abd[aeou]{0,2}l[ei]lah?")
_ALLAH = re.compile(r"^(.{2,}?)[aeiou]*l+ah?$")
_GLUED_ALLAH = re.compile(r"^(.{2,}?)[aeiou]+llah?$")
_TWO_LETTERS = re.compile(r"([tsd])h")
_GERMAN_KH = re.compile(r"(?<![ts])ch")
_SOFT_C = re.compile("c(?=[eiy])")
_KURDISH_SERVANT = re.compile("^e[vb]d(?=.)")
_DIGRAPH_OF_D = re.compile("^(?=[jhž])")
_NO_VOWEL_BESIDE = re.compile(r"(?<![aeiou])3(?![aeiou])", re.IGNORECASE)
_DOTTED_DIGITS = re.compile(r"([3679])['’`ʼʻ‘´](?=\w)")
_DOTTED = {"3": "gh", "6": "z", "7": "kh", "9": "d"}
"""Letters that have a dot more than those of the digits alone: 3'assan, 7'aled."""
_DIGITS = str.maketrans(
    {"2": None, "3": None, "5": "kh", "6": "t", "7": "h", "8": "q", "9": "s"}
    | dict.fromkeys("014", None)
)
"""What digits stand for in messages from telephones: 7asan, Kha2led, 5aled."""


SPOKEN_GOD = "له"
SERVANT, GOD, ARTICLE = "عبد", "الله", "ال"
SHORTEST_WITH_ARTICLE = 4
SHORTEST_COMPOUND = 5


@dataclass(frozen=True)
class Part:
    """One part of a name."""

    text: str
    """As it is compared."""
    written: str
    """As it was written, for people."""
    spellings: tuple[str, ...]
    """Other ways to read it: with and without what may be an article."""
    kind: str
    """"name", "kunya" (Abu and Umm with what follows) or "family" (with an article)."""
    with_qaf: "Part | None" = None
    """The same part if its 2 does not stand for a hamza but for ق, as 6are2 is spoken in towns."""

    @property
    def readings(self) -> "tuple[Part, ...]":
        """Every way to take what was written."""
        return (self, self.with_qaf) if self.with_qaf else (self,)


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """Return the lists of words that only belong to names."""
    found: dict[str, Any] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=50_000)
def parts_of(name: str) -> tuple[Part, ...]:
    """Return the parts of a name in their order.

    Args:
        name: A name as somebody wrote it, in Arabic or Latin letters or both.
    """
    visible = "".join(c for c in name if unicodedata.category(c) != "Cf")
    words = [word for word in _SPLIT.split(_family_last(visible)) if any(map(str.isalpha, word))]
    words = _servants_spelt_out(words)
    spelt_out = [word for word in words if sum(map(str.isalpha, word)) > 1]
    return tuple(_joined(spelt_out or words))


def _servants_spelt_out(words: list[str]) -> list[str]:
    """Return "A. Rahman" as "Abd Rahman": of a servant of God many write only the first letter."""
    after = [*words, ""][1:]
    return [
        "abd" if word.lower() in _SERVANT_IN_SHORT and _fold(god) in _set("only_gods") else word
        for word, god in zip(words, after, strict=True)
    ]


def _family_last(name: str) -> str:
    """Return a name as it is said where a list has it as "Khatib, Omar"."""
    before, comma, after = name.replace("،", ",").partition(",")
    is_list = comma and "," not in after and len(before.split()) == 1 and after.strip()
    return f"{after} {before}" if is_list else name


def run_together(parts: Sequence[Part]) -> Part:
    """Return parts as the one that they are if somebody wrote them without a space."""
    return _part([part.written for part in parts])


def with_article(part: Part) -> str:
    """Return a part with the Arabic article that stands before it, if one does."""
    return next((text for text in part.spellings if text == ARTICLE + part.text), part.text)


def _joined(words: list[str]) -> list[Part]:
    parts: list[Part] = []
    waiting: list[str] = []
    for word in _loose(words):
        folded = _fold(word)
        is_first = not parts and not waiting
        if not folded or folded in _set("left_out") or (is_first and folded in _set("titles")):
            continue
        if folded in _set("opens") and not waiting:
            waiting = [word]
        elif waiting:
            if folded in _set("articles"):
                continue
            if _closes(parts, folded) and _fold(waiting[0]) in _set("articles"):
                before = parts.pop()
                parts.append(_part([before.written, *waiting, word]))
                waiting = []
                continue
            parts.append(_part([*waiting, word]))
            waiting = []
        elif _closes(parts, folded):
            before = parts.pop()
            parts.append(_part([*before.written.split(" "), word]))
        elif folded in _set("articles"):
            waiting = [word]
        else:
            parts.append(_part([word]))
    if waiting and _fold(waiting[0]) not in _set("articles"):
        parts.append(_part(waiting))
    return parts


def _closes(parts: list[Part], folded: str) -> bool:
    """Tell whether a word belongs to the part before: الدين always, الهدى where نور is before."""
    if not parts:
        return False
    after_some = folded in _set("closes_some") and _fold(parts[-1].written) in _set("heads")
    return after_some or folded in _set("closes")


def _loose(words: list[str]) -> list[str]:
    """Take hyphens apart, so that "Abd-al-Rahman" and "al-Khatib" are read as with spaces."""
    return [piece for word in words for piece in re.split(r"[-‐‑–—]+", word) if piece]


def _fold(word: str) -> str:
    bare = _APOSTROPHES.sub("", _DOTTED_DIGITS.sub(lambda found: _DOTTED[found[1]], word))
    if is_arabic(bare):
        return fold_arabic(bare)
    return fold_latin(_NO_VOWEL_BESIDE.sub("a", bare).translate(_DIGITS))


@lru_cache(maxsize=16)
def _set(name: str) -> frozenset[str]:
    return frozenset(_fold(word) for word in rules()[name])


@lru_cache(maxsize=1)
def _same() -> dict[str, tuple[str, ...]]:
    """Return what stands for a word that is written in ways too unlike: Hacı is حاج, or حجي."""
    found: dict[str, tuple[str, ...]] = {}
    for group in rules()["same"]:
        for word in map(_fold, group):
            found[word] = (*found.get(word, ()), _fold(group[0]))
    return found


def _part(words: list[str]) -> Part:
    read = _part_as_read(words)
    if "2" not in read.written or is_arabic(read.written):
        return read
    return replace(read, with_qaf=_part_as_read([word.replace("2", "q") for word in words]))


def _part_as_read(words: list[str]) -> Part:
    written = " ".join(words)
    folded = [_fold(word) for word in words]
    if is_arabic(written):
        text, kind, spellings = _arabic("".join(folded), folded)
    else:
        text, kind, spellings = _latin(folded)
    if known := _same().get(text) or _same().get(as_dutch(text)):
        text, *spellings = known
    return Part(text, written, tuple(dict.fromkeys(s for s in spellings if s != text)), kind)


def _arabic(joined: str, words: list[str]) -> tuple[str, str, list[str]]:
    first, rest = words[0], words[1:]
    if not rest and (glued := _GLUED_ABU.match(first)):
        first, rest = "ابو", [first[glued.end() :]]
    if rest and first in _set("opens_kunya"):
        return _kunya(first, rest), "kunya", []
    bare = _without_article(joined)
    if bare != joined and joined not in _set("no_article"):
        return bare, "family", [joined, *_silent_end(bare)]
    short = [joined.removeprefix(ARTICLE)] if len(joined) == SHORTEST_WITH_ARTICLE else []
    return _arabic_compound(joined), "name", [*_silent_end(joined), *short]


def _kunya(first: str, rest: list[str]) -> str:
    """Return "Abu" or "Umm" with the name that follows, in the letters of that name."""
    name = _part(rest).text
    arabic, latin = ("ابو", "abu") if first in _set("father_of") else ("ام", "um")
    return (arabic if is_arabic(name) else latin) + name


def _silent_end(text: str) -> list[str]:
    """Return a name with ة after ي or و as it is spoken: سارية. In نزيه that is no ending.

    After ا it is heard: حياة.
    """
    if text[-2:] == "اه":
        return [text[:-1] + "ت"]
    return [text[:-1] + "ا"] if text[-2:] in ("يه", "وه") else []


def _arabic_compound(joined: str) -> str:
    """Return a name of several words in the one way that all ways of writing it lead to."""
    if joined.startswith(SERVANT) and len(joined) > len(SERVANT) + 1:
        return SERVANT + _without_article(joined.removeprefix(SERVANT))
    if joined.endswith(GOD) and len(joined) > len(GOD) + 1:
        first = joined.removesuffix(GOD)
        return (first[:-1] + "ت" if first.endswith("ه") else first) + SPOKEN_GOD
    for closing in _set("closes") | _set("closes_some"):
        if closing.startswith(ARTICLE) and joined.endswith(closing) and joined != closing:
            return joined.removesuffix(closing) + closing.removeprefix(ARTICLE)
    return joined


def _without_article(text: str) -> str:
    return text.removeprefix(ARTICLE) if len(text) > SHORTEST_WITH_ARTICLE else text


def _latin(words: list[str]) -> tuple[str, str, list[str]]:
    words = [_KURDISH_SERVANT.sub("abd", word) for word in words]
    first, rest = words[0], words[1:]
    if not rest and (glued := _GLUED_ABU.match(first)):
        first, rest = "abu", [re.sub("^[ae]?l(?=...)", "", first[glued.end() :])]
    if not rest and (glued := _GLUED_UM.match(first)):
        first, rest = "um", [first[glued.end() :]]
    if rest and first in _set("opens_kunya"):
        return _kunya(first, rest), "kunya", []
    if rest and first in _set("articles"):
        return "".join(rest), "family", []
    kept = [word for word in words if word not in _set("articles")]
    joined = "".join(kept)
    if len(kept) > 1 and kept[-1] in _set("religion"):
        return "".join(kept[:-1]) + "din", "name", []
    if _bare_latin(joined).startswith("abd"):
        joined = _bare_latin(joined)
    compound = _latin_compound(joined, several=len(words) > 1)
    if compound != joined:
        others = [compound.replace("v", "w"), _TWO_LETTERS.sub(r"\1-h", compound)]
        return compound, "name", [joined, *others]
    # Turkish and Kurdish write v for و; t and h may stand for two letters: Fathi is فتحي.
    others = [joined.replace("v", "w"), _TWO_LETTERS.sub(r"\1-h", joined)]
    # German writes ch for خ and j for ي, Kurdish x for غ too, French has a soft c.
    others += [_GERMAN_KH.sub("kh", joined), joined.replace("j", "y")]
    # Dutch and Swedish write sj for sh.
    others += [
        joined.replace("x", "gh"),
        soft_c(joined),
        joined.replace("dsj", "dj").replace("sj", "sh"),
    ]
    return joined, "name", [_bare_latin(joined), *others]


def as_dutch(text: str) -> str:
    """Return a Latin spelling as Dutch and partly Swedish read it: Yoesoef, Sjarif, Dsjamal."""
    return text.replace("dsj", "dj").replace("sj", "sh").replace("oe", "ou")


def soft_c(text: str) -> str:
    """Return a Latin spelling as French reads it: Yacine, Nacer."""
    return _SOFT_C.sub("s", text)


def _latin_compound(joined: str, *, several: bool) -> str:
    if joined.startswith("abd") and len(joined) > SHORTEST_COMPOUND:
        if _ILAH.fullmatch(joined):
            return "abdilah"
        if re.fullmatch(r"abd[aeou]{0,2}l*[ae]?l+ah?", joined):
            return "abdala"
        # The hyphen keeps d from what follows: in Abduljalil dj is no French letter.
        return "abd" + _DIGRAPH_OF_D.sub("-", _GLUED_ABD.sub("", joined, count=1))
    if (found := _DIN.match(joined)) and len(joined) > SHORTEST_COMPOUND + 1:
        return found[1] + "din"
    if found := (_ALLAH if several else _GLUED_ALLAH).match(joined):
        return found[1] + "ala"
    return joined


def _bare_latin(text: str) -> str:
    """Take off a glued article: "Alkhatib". "Elias" has none, so both are tried."""
    glued = len(text) > SHORTEST_WITH_ARTICLE and text[:2] in ("al", "el")
    return text[2:] if glued else text
