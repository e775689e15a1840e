"""A link between pages leads to a page and to a heading that exist."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library

RETURN = "return"
"""Page that the build makes to read answers, also in languages without a text for it."""


def check(library: Library) -> Iterator[Problem]:
    """Report every link that leads nowhere, and every door."""
    slugs = {slug for slug, _ in library.pages} | {RETURN}
    slugs |= {form.address for form in library.forms.on_pages()}
    headings = {slug: page.headings for (slug, _), page in library.pages.items()}
    for page in library.pages.values():
        doors = [door.page.partition("#") for door in page.meta.doors]
        targets = [*page.links(), *((2, slug, heading) for slug, _, heading in doors)]
        for line, slug, heading in targets:
            if slug not in slugs:
                yield Problem(page.path, line, f"there is no page {slug}")
            elif heading and heading not in headings.get(slug, ()):
                yield Problem(page.path, line, f"page {slug} has no heading #{heading}")
