"""The heading of a page that fits a query. theme/scripts/search/headings.ts does the same."""

from collections.abc import Mapping
from typing import Any

from portal_content.search.shapes import Shapes


def fitting_heading(entry: Mapping[str, Any], query: str, shapes: Shapes) -> list[str] | None:
    """Return the heading that shares most words with a query.

    Args:
        entry: As in `portal_content.search.pieces.entry_json`.
        query: As it was typed.
        shapes: Of the language.

    Returns:
        Anchor and words; none if no heading shares a word that the title does not have.
    """
    wanted = _skeletons(query, shapes) - _skeletons(entry["title"], shapes)
    best, most = None, 0
    for heading in entry["headings"]:
        shared = len(wanted & _skeletons(heading[1], shapes))
        if shared > most:
            best, most = list(heading), shared
    return best


def _skeletons(text: str, shapes: Shapes) -> set[str]:
    return {shapes.skeleton(shapes.stem(word)) for word in shapes.telling(text)}
