"""Paragraphs of a page: the unit in which translations are held against their source."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

_GAP = re.compile(r"\n(?:[ \t]*\n)+(?! {4}|\t)")
"""Empty lines, unless what follows is indented and so belongs to what comes before."""
_SPACE = re.compile(r"\s+")
DIGEST = 8
"""Hexadecimal digits that tell one paragraph of a page from another."""


@dataclass(frozen=True)
class Paragraph:
    """One block of text: a heading, a paragraph, a list, a box."""

    text: str
    """As it is written."""
    offset: int
    """Where it starts in its text; 0 for those of the front matter."""

    @cached_property
    def digest(self) -> str:
        """Short hash of the words; line breaks and spaces do not count."""
        words = _SPACE.sub(" ", self.text).strip()
        return hashlib.sha256(words.encode()).hexdigest()[:DIGEST]


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Split Markdown into its paragraphs.

    Args:
        text: Markdown with empty lines between paragraphs.
    """
    starts = [0, *(match.end() for match in _GAP.finditer(text))]
    found = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        if part.strip():
            blank = len(part) - len(part.lstrip())
            found.append(Paragraph(part.strip(), start + blank))
    return tuple(found)
