"""The browser finds what Python finds, for every query that we have, to the last digit."""

import random
from typing import Any

import pytest
from playwright.sync_api import Page

from portal_content.library import Library
from portal_content.search.engine import SearchEngine, make_engine
from portal_content.search.headings import fitting_heading
from portal_content.search.ranking import rank
from portal_content.search.rules import for_browser
from portal_content.search.shapes import shapes_of
from tests.search.relevance import queries

ASK = """async ({rules, whole, asked}) => {
  const shapes = portal.shapes.shapesOf(rules)
  const source = {
    rules, beginnings: Object.keys(whole.pieces),
    piece: async (beginning) => whole.pieces[beginning],
    entry: async (number) => whole.entries[number],
  }
  const load = portal.source.pieceLoader(source)
  const answers = []
  for (const query of asked) {
    const ranked = await portal.ranking.rank(query, shapes, load)
    const entry = ranked.length ? whole.entries[ranked[0].number] : null
    answers.push({
      words: shapes.telling(query),
      ranked: ranked.map(({number, score}) => [number, score]),
      heading: entry ? portal.headings.fittingHeading(entry, query, rules) ?? null : null,
    })
  }
  return answers
}"""
NAMES = ("queries", "held_out", "fresh", "second")
SEED = 77301


def expected(engine: SearchEngine, query: str) -> dict[str, Any]:
    shapes = engine.shapes
    ranked = rank(query, shapes, engine._load)  # noqa: SLF001 - the same pieces as in the browser
    entry = engine.entries[ranked[0][0]] if ranked else None
    return {
        "words": shapes.telling(query),
        "ranked": [list(one) for one in ranked],
        "heading": fitting_heading(entry, query, shapes) if entry else None,
    }


def spoiled(words: list[str]) -> list[str]:
    """Return words with letters missing, doubled, exchanged and with strange neighbours."""
    dice = random.Random(SEED)
    made = []
    for word in dice.sample(words, min(60, len(words))):
        place = dice.randrange(len(word))
        made += [
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            "\u200f" + word.upper() + "\u0301 77/301؟",
        ]
    return made


@pytest.mark.parametrize("lang", ["ar", "en", "tr", "de", "fr", "ku"])
def test_both_find_the_same_in_the_same_order(
    protocol_page: Page, library: Library, lang: str
) -> None:
    engine = make_engine(library, lang)
    asked = [one["query"] for name in NAMES for one in queries(name, lang)]
    words = sorted({word for query in asked for word in shapes_of(lang).words(query)})
    asked += spoiled(words) + [query.replace(" ", "") for query in asked]
    asked += [" ".join(asked[:4]), "constructor", "tostringvalueof"]

    given = {"rules": for_browser(lang), "whole": engine.as_json(), "asked": asked}
    answers = protocol_page.evaluate(ASK, given)

    for query, answer in zip(asked, answers, strict=True):
        assert answer == expected(engine, query), query
