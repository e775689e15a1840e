"""A page has the same headings in every language, so that links keep working."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Report pages whose headings differ from those of the first language that has the page."""
    for (slug, lang), page in library.pages.items():
        first = next(code for code in library.languages if (slug, code) in library.pages)
        wanted = library.pages[slug, first].headings
        if page.headings != wanted:
            missing = ", ".join(f"#{name}" for name in wanted if name not in page.headings)
            yield Problem(
                page.path,
                page.body_line,
                f"the headings differ from those in {first}; missing: {missing or 'none'}",
            )
        if len(set(page.headings)) != len(page.headings):
            yield Problem(page.path, page.body_line, f"a heading id stands twice in {lang}")
