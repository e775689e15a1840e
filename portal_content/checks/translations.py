"""A translation has the paragraphs of its source and says what it was made from."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library
from portal_content.pages import Page


def check(library: Library) -> Iterator[Problem]:
    """Report translations that cannot be held against their source, paragraph by paragraph."""
    for (slug, _), page in library.pages.items():
        source = library.pages[slug, library.sources[slug]]
        if page is not source:
            yield from _against(page, source)
        elif page.meta.translation_state != "original":
            yield Problem(page.path, 1, "one language of a page must be the original")
        elif page.meta.made_from:
            yield Problem(page.path, 1, "made_from is for translations; this page is the original")


def _against(page: Page, source: Page) -> Iterator[Problem]:
    meta = page.meta
    if meta.translation_state == "original":
        message = f"the original is in {source.lang} already; this one is human, draft or machine"
        yield Problem(page.path, 1, message)
    if not meta.recorded:
        message = f"made_from is missing; run: portal content record {page.slug} {page.lang}"
        yield Problem(page.path, 1, message)
    elif len(meta.recorded) != len(page.paragraphs()):
        message = (
            f"{len(page.paragraphs())} paragraphs, but it was made from {len(meta.recorded)}; "
            f"each must stand for one of the page in {source.lang}"
        )
        yield Problem(page.path, page.body_line, message)
    if meta.id != source.meta.id or meta.section != source.meta.section:
        yield Problem(page.path, 1, f"id and section must be those of the page in {source.lang}")
