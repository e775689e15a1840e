"""A handout says what its page says, fits on paper, and its code stands for nothing else."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.handouts.definition import MOST_WORDS, Handout
from portal_content.handouts.extracts import points, sections, words_in
from portal_content.library import Library
from portal_content.pages import Page
from portal_content.records import leads_back, line_with


def check(library: Library) -> Iterator[Problem]:
    """Report handouts without a source, with too many words, or with a code used twice."""
    newer = {one.id: one.replaced_by for one in library.handouts.values()}
    for handout in library.handouts.values():
        if not _pages(library, handout) and not _is_a_form(library, handout):
            yield _problem(library, handout, "page:", f"there is no {handout.page}")
        for page in _pages(library, handout):
            yield from _against_page(library, handout, page)
        if handout.replaced_by is not None and handout.replaced_by not in newer:
            message = f"there is no handout {handout.replaced_by}"
            yield _problem(library, handout, "replaced_by:", message)
        elif leads_back(handout.id, newer):
            yield _problem(library, handout, "replaced_by:", "replaced_by leads in a circle")
    yield from _codes_used_twice(library)


def advice(library: Library) -> Iterator[Problem]:
    """Report handouts whose page has changed since they were issued."""
    for handout in library.handouts.values():
        for page in _pages(library, handout) if handout.state == "holds" else ():
            if page.meta.changed > handout.issued:
                message = f"{page.slug} in {page.lang} changed since; issue a new edition"
                yield _problem(library, handout, "issued:", message)


def _against_page(library: Library, handout: Handout, page: Page) -> Iterator[Problem]:
    there = sections(page)
    for heading in dict.fromkeys(heading for panel in handout.panels for heading in panel):
        if not there.get(heading):
            message = f"{page.lang} has no words below #{heading}"
            yield _problem(library, handout, "panels:", message)
    try:
        count = words_in(points(page, handout.poster))
    except LookupError:
        yield _problem(library, handout, "poster:", f"{page.lang} lacks a heading or a point of it")
    else:
        if count > MOST_WORDS:
            message = f"{count} words in {page.lang}; a poster has at most {MOST_WORDS}"
            yield _problem(library, handout, "poster:", message)


def _codes_used_twice(library: Library) -> Iterator[Problem]:
    records = (*library.briefings.values(), *library.alerts.values())
    used = {record.code: record.id for record in records if not record.sample}
    for handout in sorted(library.handouts.values(), key=lambda one: one.issued):
        other = used.setdefault(handout.code, handout.id)
        if other != handout.id and not handout.sample:
            yield _problem(library, handout, "code:", f"{other} has this code already")


def _pages(library: Library, handout: Handout) -> list[Page]:
    if handout.kind == "form":
        return []
    return [page for (slug, _), page in library.pages.items() if slug == handout.page]


def _is_a_form(library: Library, handout: Handout) -> bool:
    forms = {form.id for form in library.forms.current()}
    return handout.kind == "form" and handout.page in forms


def _problem(library: Library, handout: Handout, words: str, message: str) -> Problem:
    path = library.root / "content" / "handouts" / f"{handout.id}.yml"
    return Problem(path, line_with(path, words), message)
