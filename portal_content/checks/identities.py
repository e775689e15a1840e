"""Every page has an id of its own, the same in all languages: other programs rely on it."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Report an id that two pages have."""
    owners: dict[str, str] = {}
    for slug, lang in library.sources.items():
        page = library.pages[slug, lang]
        owner = owners.setdefault(page.meta.id, slug)
        if owner != slug:
            yield Problem(page.path, 2, f"{page.meta.id} is the id of page {owner} already")
