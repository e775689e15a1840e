"""Sentences of a page, as a reader meets them: without marks, links and addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal_content.pages import Page
from portal_content.paragraphs import paragraphs

_END = re.compile(r"(?<=[.!?؟…])[\"»”’)*_]*\s+|(?<=[:;؛])\s+|\n(?=\s*(?:[-*+]|\d+\.|:|\|)\s)|\n#")
"""After these a reader breathes; an item of a list or a row of a table is a sentence too."""
_ABBREVIATION = re.compile(r"\b(?:z\. ?B|d\. ?h|bzw|vgl|Nr|Dr|No|e\.g|i\.e|p\. ?ex|vb|vs|hwd)\.$")
_TAG = re.compile(r"<[^>]+>|\{[^}]*\}|\]\([^)]*\)|[*_`|\[\]]|^!!! \w+|^[-:| ]+$", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+(?:['’‐-][^\W_]+)*", re.UNICODE)


@dataclass(frozen=True)
class Sentence:
    """One sentence and how long it is."""

    text: str
    offset: int
    """Where the paragraph with it starts in the body."""
    words: int


def sentences(page: Page) -> Iterator[Sentence]:
    """Yield every sentence of a page's body."""
    for paragraph in paragraphs(page.body):
        waiting = ""
        for part in _END.split(paragraph.text):
            text = _TAG.sub(" ", f"{waiting} {part}").strip()
            if _ABBREVIATION.search(text):
                waiting = text
                continue
            waiting = ""
            if text:
                yield Sentence(text, paragraph.offset, len(_WORD.findall(text)))
