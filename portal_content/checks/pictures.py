"""No page shows a picture: photos of people who are sought never become public (DR-05)."""

import re
from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library

_PICTURE = re.compile(r"!\[|<(?:img|picture|video|object|embed|iframe)\b", re.IGNORECASE)


def check(library: Library) -> Iterator[Problem]:
    """Report pictures and what else brings pictures in."""
    for page in library.pages.values():
        for match in _PICTURE.finditer(page.body):
            message = "a page shows no pictures: nobody who is sought may be seen here"
            yield Problem(page.path, page.line_at(match.start()), message)
