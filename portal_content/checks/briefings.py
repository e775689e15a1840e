"""A briefing never tells where, how to join or whose guest one is; it leads to pages that exist."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library
from portal_content.records import check_languages, check_words, line_with, missing_languages


def check(library: Library) -> Iterator[Problem]:
    """Report places and links in texts, codes that stand twice, summaries that do not exist."""
    codes: dict[str, str] = {}
    for briefing in library.briefings.values():
        path = library.root / "content" / "briefings" / f"{briefing.id}.yml"
        yield from check_words(path, briefing.words())
        yield from check_languages(path, briefing.texts, library.languages)
        if not briefing.sample and codes.setdefault(briefing.code, briefing.id) != briefing.id:
            yield Problem(path, line_with(path, "code:"), f"{codes[briefing.code]} has this code")
        if briefing.summary_page and briefing.summary_page not in library.sources:
            line = line_with(path, "summary_page:")
            yield Problem(path, line, f"there is no page {briefing.summary_page}")


def advice(library: Library) -> Iterator[Problem]:
    """Report briefings that are not in every language yet."""
    for briefing in library.briefings.values():
        path = library.root / "content" / "briefings" / f"{briefing.id}.yml"
        yield from missing_languages(path, briefing.texts, library.languages)
