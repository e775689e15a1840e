"""The whole index of one language in memory: for the terminal, the service and the tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal_content.library import Library
from portal_content.search.corpus import corpus
from portal_content.search.index import make_index
from portal_content.search.pieces import Piece, entry_json, make_pieces, piece_of
from portal_content.search.ranking import rank
from portal_content.search.shapes import Shapes, shapes_of
from portal_content.search.synonyms import Synonyms, load_synonyms

SYNONYMS = "translations/synonyms"
MOST_RESULTS = 20


@dataclass(frozen=True)
class Result:
    """Something that was found."""

    rank: int
    score: int
    entry: Mapping[str, Any]
    """As in `portal_content.search.pieces.entry_json`."""


@dataclass(frozen=True)
class SearchEngine:
    """Searches one language."""

    lang: str
    pieces: Mapping[str, Piece]
    entries: Sequence[Mapping[str, Any]]

    @property
    def shapes(self) -> Shapes:
        """The shapes of the words of its language."""
        return shapes_of(self.lang)

    def search(self, query: str, limit: int = MOST_RESULTS) -> list[Result]:
        """Return what answers a query, the best first."""
        ranked = rank(query, self.shapes, self._load)[:limit]
        return [
            Result(place, score, self.entries[number])
            for place, (number, score) in enumerate(ranked, 1)
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the whole index as it is published."""
        return {"pieces": dict(self.pieces), "entries": list(self.entries)}

    def _load(self, skeleton: str) -> Piece:
        beginning = piece_of(skeleton, self.pieces)
        return {} if beginning is None else self.pieces[beginning]


def make_engine(library: Library, lang: str) -> SearchEngine:
    """Make the index of a language from the content.

    Raises:
        ContentError: If the list of what people type cannot be used.
    """
    synonyms = load_synonyms(library.root / SYNONYMS).get(lang, Synonyms())
    shapes = shapes_of(lang)
    index = make_index(corpus(library, lang, synonyms), shapes, synonyms)
    return SearchEngine(lang, make_pieces(index, shapes), [entry_json(e) for e in index.entries])
