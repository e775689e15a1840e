"""Sentences are short: one idea each, for readers who had little school."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library
from portal_content.sentences import sentences

LONGEST = 20
"""Words of a sentence."""


def check(library: Library) -> Iterator[Problem]:
    """Report sentences that are too long to follow."""
    for page in library.pages.values():
        for sentence in sentences(page):
            if sentence.words > LONGEST:
                message = f"{sentence.words} words in one sentence; make two: {sentence.text[:60]}…"
                yield Problem(page.path, page.line_at(sentence.offset), message)
