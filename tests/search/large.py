"""A site of 3,000 pages for the search: the real ones, the others made of their and new words."""

import random
from collections.abc import Sequence
from dataclasses import replace

from portal_content.library import Library
from portal_content.search.corpus import Entry, corpus
from portal_content.search.engine import SYNONYMS, SearchEngine
from portal_content.search.index import make_index
from portal_content.search.pieces import entry_json, make_pieces
from portal_content.search.shapes import shapes_of
from portal_content.search.synonyms import load_synonyms

PAGES = 3_000
NEW_WORDS = 20_000
"""Words that a large site has and ours does not; most of them stand on few pages."""
WORDS_ON_A_PAGE, WORDS_IN_A_HEADING, HEADINGS, NEW_SHARE = 350, 4, 6, 0.15
LETTERS = {"ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"}
LATIN = "abcdefghijklmnopqrstuvwxyz"


def large_engine(library: Library, lang: str) -> SearchEngine:
    """Return the search of a language on a site of 3,000 pages; the same each time."""
    synonyms, shapes = load_synonyms(library.root / SYNONYMS)[lang], shapes_of(lang)
    real = corpus(library, lang, synonyms)
    index = make_index([*real, *_made_up(real, lang, PAGES - len(real))], shapes, synonyms)
    return SearchEngine(lang, make_pieces(index, shapes), [entry_json(e) for e in index.entries])


def _made_up(real: Sequence[Entry], lang: str, count: int) -> list[Entry]:
    draw = random.Random(f"{lang} 3000")
    known = " ".join(f"{one.title} {one.summary} {one.text}" for one in real).split()
    letters = LETTERS.get(lang, LATIN)
    new = ["".join(draw.choices(letters, k=draw.randint(4, 9))) for _ in range(NEW_WORDS)]
    often = [1 / place for place in range(1, NEW_WORDS + 1)]

    def words(number: int) -> str:
        strange = round(number * NEW_SHARE)
        some = draw.choices(known, k=number - strange) + draw.choices(new, often, k=strange)
        return " ".join(some)

    def entry(number: int) -> Entry:
        like = draw.choice(real)
        page = f"page-{number:04}"
        return replace(
            like, id=f"Q{number}", page=page, address=f"/{lang}/{page}/", title=words(4),
            summary=words(max(5, len(like.summary.split()))), text=words(WORDS_ON_A_PAGE),
            headings=tuple((f"part-{n}", words(WORDS_IN_A_HEADING)) for n in range(HEADINGS)),
            asked=(),
        )  # fmt: skip

    return [entry(number) for number in range(count)]
