"""The index: for each word, where it stands and how much that says. Made whole, read in pieces.

All numbers that the ranking uses are whole numbers, so that Python and the browser agree to the
last digit.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal_content.search.corpus import Entry
from portal_content.search.shapes import Shapes
from portal_content.search.synonyms import Synonyms

Places = dict[int, float]
"""How much a word says about an entry, by the number of the entry, while the index is made."""
Postings = dict[int, int]
"""How much a word says about an entry, from 1 to `FULL`, by the number of the entry."""

FULL = 999
WEIGHTS = {"title": 7.0, "asked": 10.0, "summary": 3.0, "headings": 3.0, "text": 0.5}
"""How much more a word says in each part than in the text."""
SATURATION = 25.0
LENGTH = {"title": 0.3, "asked": 0.1, "summary": 0.3, "headings": 0.6, "text": 0.6}
"""How strongly a long part counts less, from 0 to 1 (BM25's b)."""
SYNONYM = 0.8
"""Part of its weight that a word gives to those that mean the same."""
MOST_POSTINGS = 120
"""Entries kept for a word; further ones would never be among the first."""


@dataclass(frozen=True)
class Index:
    """What the search knows of one language."""

    entries: tuple[Entry, ...]
    terms: Mapping[str, Postings]
    """By stem; two stems with a space between them are a phrase of the list of synonyms."""


def make_index(entries: Sequence[Entry], shapes: Shapes, synonyms: Synonyms) -> Index:
    """Return the index of a language."""
    groups = [[_stems(shapes, phrase) for phrase in group] for group in synonyms.same]
    phrases = {tuple(stems) for group in groups for stems in group if len(stems) > 1}
    said = _said([_count(entry, shapes, phrases) for entry in entries])
    terms = {term: _weighed(places, entries) for term, places in said.items()}
    for group in groups:
        _share_between_synonyms(terms, said, {" ".join(stems) for stems in group}, entries)
    _add_loose_forms(terms, shapes)
    return Index(tuple(entries), {term: _strongest(terms[term]) for term in sorted(terms)})


def _stems(shapes: Shapes, text: str) -> list[str]:
    return [shapes.stem(word) for word in shapes.telling(text)]


def _count(entry: Entry, shapes: Shapes, phrases: set[tuple[str, ...]]) -> dict[str, Counter[str]]:
    """Return how often each word stands in each part of an entry."""
    parts = {
        "title": [entry.title],
        "asked": entry.asked,
        "summary": [entry.summary],
        "headings": [words for _, words in entry.headings],
        "text": [entry.text],
    }
    return {name: _counted(texts, shapes, phrases) for name, texts in parts.items()}


def _counted(texts: Iterable[str], shapes: Shapes, phrases: set[tuple[str, ...]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for text in texts:
        stems = _stems(shapes, text) if text else []
        counted.update(stems)
        for length in {len(phrase) for phrase in phrases}:
            for start in range(len(stems) - length + 1):
                found = tuple(stems[start : start + length])
                if found in phrases:
                    counted[" ".join(found)] += 1
    return counted


def _said(counted: Sequence[Mapping[str, Counter[str]]]) -> dict[str, Places]:
    """Return how much each word says in each entry, over all parts (BM25F)."""
    average = {
        part: max(1.0, sum(sum(one[part].values()) for one in counted) / max(1, len(counted)))
        for part in WEIGHTS
    }
    said: dict[str, Places] = defaultdict(dict)
    for number, parts in enumerate(counted):
        for part, weight in WEIGHTS.items():
            length = sum(parts[part].values()) / average[part]
            for term, times in parts[part].items():
                share = weight * times / (1 - LENGTH[part] + LENGTH[part] * length)
                said[term][number] = said[term].get(number, 0.0) + share
    return said


def _weighed(places: Places, entries: Sequence[Entry]) -> Places:
    """Return weights: what stands in few entries says more, and nothing says it without end."""
    rare = math.log(1 + (len(entries) - len(places) + 0.5) / (len(places) + 0.5))
    return {
        number: rare * share / (SATURATION + share) * entries[number].counts / 100
        for number, share in places.items()
    }


def _share_between_synonyms(
    terms: dict[str, Places], said: Mapping[str, Places], group: set[str], entries: Sequence[Entry]
) -> None:
    """Let each word of a group find what the others find, as if they were one word."""
    together: Places = {}
    for name in group:
        _keep_larger(together, said.get(name, {}), 1.0)
    weighed = _weighed(together, entries)
    for name in group:
        _keep_larger(terms.setdefault(name, {}), weighed, SYNONYM)


def _keep_larger(kept: Places, new: Mapping[int, float], share: float) -> None:
    for number, weight in new.items():
        kept[number] = max(kept.get(number, 0.0), weight * share)


def _add_loose_forms(terms: dict[str, Places], shapes: Shapes) -> None:
    """Let a word be found without letters that may be attached, if what is left is a word here."""
    for term in sorted(terms):
        if " " in term:
            continue
        for form in shapes.forms(term)[1:]:
            stem = shapes.stem(form)
            if stem in terms and stem != term:
                _keep_larger(terms[stem], terms[term], SYNONYM)
                break


def _strongest(places: Mapping[int, float]) -> Postings:
    """Return the strongest places with whole numbers, in the order of the entries."""
    highest = 8.0  # Above what log(1 + 3000 / 0.5) can give.
    whole = {
        number: max(1, min(FULL, round(FULL * weight / highest)))
        for number, weight in places.items()
        if weight > 0
    }
    kept = sorted(whole, key=lambda number: (-whole[number], number))[:MOST_POSTINGS]
    return {number: whole[number] for number in sorted(kept)}
