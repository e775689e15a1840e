"""A search costs little on a slow line, also when the site has 3,000 pages."""

import json
from typing import Any

import brotli
import pytest

from portal_content.library import Library
from portal_content.search.engine import SearchEngine
from portal_content.search.pieces import Piece, piece_of
from portal_content.search.ranking import rank
from tests.search.large import PAGES, large_engine
from tests.search.relevance import queries

MOST = 10_000
"""Bytes of one search."""
RESULTS = 8
"""As many as the page shows; theme/scripts/search.ts."""


def sent(document: Any) -> int:
    """Return the bytes of a file of the index as it is sent: like portal_site.search writes it."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return len(brotli.compress(text.encode(), quality=11))


def cost(engine: SearchEngine, query: str) -> int:
    """Return the bytes of the pieces and the results that a search loads, each once."""
    loaded: dict[str, Piece] = {}

    def load(skeleton: str) -> Piece:
        beginning = piece_of(skeleton, engine.pieces)
        if beginning is None:
            return {}
        return loaded.setdefault(beginning, engine.pieces[beginning])

    ranked = rank(query, engine.shapes, load)[:RESULTS]
    shown = (engine.entries[number] for number, _ in ranked)
    return sum(map(sent, loaded.values())) + sum(map(sent, shown))


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_search_among_3000_pages_stays_within_its_budget(library: Library, lang: str) -> None:
    engine = large_engine(library, lang)
    asked = [one["query"] for name in ("queries", "fresh") for one in queries(name, lang)]
    asked += [query.replace(" ", "") for query in asked[::5]]

    assert len(engine.entries) == PAGES
    costs = {query: cost(engine, query) for query in asked}
    assert {query: size for query, size in costs.items() if size > MOST} == {}
