"""Nothing looks like a way to pay (DR-21): the portal must never pass for a fund-raiser."""

import re
from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library

_PAYMENT = re.compile(
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"  # an account number (IBAN)
    r"|\b(?:bc1|0x)[0-9a-zA-Z]{25,}\b"  # a wallet
    r"|\bpaypal\b|\bpatreon\b|\bgofundme\b",
    re.IGNORECASE,
)
_MESSAGE = "this looks like a way to pay; take it out"
EXAMPLES = {"protect-yourself"}
"""Pages that may show what a trick looks like."""
PLACES = (("content", "*.yml"), ("translations", "*.yml"), ("theme/templates", "*.html"))
"""Where else words come from that readers see."""


def check(library: Library) -> Iterator[Problem]:
    """Report account numbers, wallets and payment services in pages, lists, strings, templates."""
    for page in library.pages.values():
        if page.slug in EXAMPLES:
            continue
        for line in _lines(page.body):
            yield Problem(page.path, page.body_line + line - 1, _MESSAGE)
        # Not the whole front matter: digests of paragraphs look like account numbers.
        if any(_PAYMENT.search(paragraph.text) for paragraph in page.head()):
            yield Problem(page.path, 1, _MESSAGE)
    for folder, pattern in PLACES:
        for path in sorted((library.root / folder).rglob(pattern)):
            for line in _lines(path.read_text(encoding="utf-8")):
                yield Problem(path, line, _MESSAGE)


def _lines(text: str) -> Iterator[int]:
    for match in _PAYMENT.finditer(text):
        yield text.count("\n", 0, match.start()) + 1
