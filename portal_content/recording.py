"""Writing down what a translation was made from: the one thing that a program writes in a page."""

import re

from portal_content.errors import ContentError
from portal_content.library import Library
from portal_content.pages import Page
from portal_content.translation_states import made_from

_RECORD = re.compile(r"^made_from:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)
_BEFORE = re.compile(r"^translation_state:.*\n", re.MULTILINE)
_WIDTH = 12
"""Digests on a line."""


def record(library: Library, page: Page) -> bool:
    """Write into a translation that it says what its source says now.

    Args:
        library: The loaded content.
        page: The translation; its file is changed.

    Returns:
        Whether the file had to be changed.

    Raises:
        ContentError: If its paragraphs cannot be those of its source.
    """
    source = library.pages[page.slug, library.sources[page.slug]]
    have, wanted = len(page.paragraphs()), len(source.paragraphs())
    if page is source or have != wanted:
        message = f"{have} paragraphs here, {wanted} in {source.path.name}: make them the same"
        raise ContentError(page.path, "this is the original" if page is source else message)
    digests = made_from(source)
    if page.meta.made_from.split() == digests.split():
        return False
    text = _RECORD.sub("", page.path.read_text(encoding="utf-8"), count=1)
    entry = f"made_from: >-\n{_lines(digests)}"
    text = _BEFORE.sub(lambda match: match[0] + entry, text, count=1)
    page.path.write_text(text, encoding="utf-8")
    return True


def _lines(digests: str) -> str:
    words = digests.split()
    rows = (words[start : start + _WIDTH] for start in range(0, len(words), _WIDTH))
    return "".join(f"  {' '.join(row)}\n" for row in rows)
