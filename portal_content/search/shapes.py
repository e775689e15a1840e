"""Shapes of a word: folded, stem, skeleton. theme/scripts/search/shapes.ts does exactly the same.

Folding takes away what people leave out or write in different ways (marks, hamza, capital
letters). The stem loses what is attached. The skeleton keeps the consonants, by which broken
plurals and most misspellings stay together.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

from portal_content.search.rules import LanguageRules, letters, rules_of

_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[a-z0-9]*[a-z][a-z0-9]*")
_DIGITS = {0x660 + n: str(n) for n in range(10)} | {0x6F0 + n: str(n) for n in range(10)}
_KNOWN_WORDS = 100_000
SHORTEST_SKELETON = 2
_MOST_LOOSE = 2
_MOST_SLIPS = 3
"""Letters at the beginning of a skeleton that may be slips: pieces are told apart by them."""
_SHORT_WORD = 2
"""Letters of the shortest word that an article may stand before."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """The shapes of the words of one language."""

    rules: LanguageRules

    def words(self, text: str) -> list[str]:
        """Return the folded words of a text in their order."""
        return [self._spelled(word) for word in _WORD.findall(fold(text))]

    def telling(self, text: str) -> list[str]:
        """Return the words that say what is meant; all of them if none does."""
        words = self.words(text)
        return [word for word in words if not self.says_nothing(word)] or words

    def says_nothing(self, word: str) -> bool:
        """Tell whether a folded word is one that everybody uses, whatever they look for."""
        return word in self._stop or self._heard(word) in self._stop

    def stem(self, word: str) -> str:
        """Return a folded word without what is attached to it."""
        return self._stem(word)

    def skeleton(self, stem: str) -> str:
        """Return the letters by which a stem is found even if it is written differently."""
        return self._skeleton(stem)

    def forms(self, word: str) -> list[str]:
        """Return the word, then what may be left of it without letters that may be attached.

        A word in other letters is followed by what it sounds like in those of the language.
        """
        heard = self._heard(word)
        return self._loosened(word) + ([] if heard == word else self._loosened(heard))

    def slips(self, skeleton: str) -> list[str]:
        """Return the skeletons that may be meant if one letter near the beginning is a slip."""
        meant = []
        for place, letter in enumerate(skeleton[:_MOST_SLIPS]):
            before, after = skeleton[:place], skeleton[place + 1 :]
            meant += [before + other + after for other in self.rules.slips.get(letter, "")]
            meant.append(before + after)
            meant.append(before + after[:1] + letter + after[1:])
        wanted = (one for one in meant if one != skeleton and len(one) >= SHORTEST_SKELETON)
        return list(dict.fromkeys(wanted))

    def _loosened(self, word: str) -> list[str]:
        forms = [word]
        while len(forms) <= _MOST_LOOSE:
            rest = next((p for p in self.rules.loose if forms[-1].startswith(p)), None)
            if rest is None or len(forms[-1]) - len(rest) < self.rules.shortest:
                break
            forms.append(forms[-1][len(rest) :])
        return forms

    def _heard(self, word: str) -> str:
        if not _LATIN.fullmatch(word):
            return word
        for written, meant in self.rules.heard.items():
            word = word.replace(written, meant)
        return word

    def _spelled(self, word: str) -> str:
        for written, meant in self.rules.spellings.items():
            word = word.replace(written, meant)
        return word

    @cached_property
    def _stop(self) -> frozenset[str]:
        return frozenset(self._spelled(word) for word in self.rules.stop)

    @cached_property
    def _same(self) -> dict[int, str]:
        return {ord(written): meant for written, meant in self.rules.same.items()}

    @lru_cache(_KNOWN_WORDS)  # noqa: B019 - there is one object a language, for good
    def _stem(self, word: str) -> str:
        rules = self.rules
        for prefix in rules.prefixes:
            shortest = _SHORT_WORD if prefix in rules.articles else rules.shortest
            if word.startswith(prefix) and len(word) - len(prefix) >= shortest:
                word = word[len(prefix) :]
                break
        for _ in range(rules.rounds):
            for suffix in rules.suffixes:
                if word.endswith(suffix) and len(word) - len(suffix) >= rules.shortest:
                    word = word[: -len(suffix)]
                    break
        return word

    @lru_cache(_KNOWN_WORDS)  # noqa: B019 - as above
    def _skeleton(self, stem: str) -> str:
        kept = ""
        for letter in stem.translate(self._same):
            dropped = self.rules.drop if kept else self.rules.first
            if letter not in dropped and not kept.endswith(letter):
                kept += letter
        return kept if len(kept) >= SHORTEST_SKELETON else stem


@lru_cache
def shapes_of(lang: str) -> Shapes:
    """Return the shapes of a language."""
    return Shapes(rules_of(lang))


def fold(text: str) -> str:
    """Return a text in small letters, without marks, with one letter for each sound written twice.

    Args:
        text: As it was written, in any language of the portal.
    """
    apart = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in apart if unicodedata.category(c) not in ("Mn", "Me", "Mc", "Cf"))
    return plain.translate(_letters())


@lru_cache
def _letters() -> dict[int, str]:
    return {ord(letter): plain for letter, plain in letters().items()} | _DIGITS
