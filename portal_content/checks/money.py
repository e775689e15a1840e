"""Nothing on the site looks like a way to pay: the portal must never pass for a fund-raiser."""

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
EXAMPLES = {"protect-yourself"}
"""Pages that may show what a trick looks like."""


def check(library: Library) -> Iterator[Problem]:
    """Report account numbers, wallets and payment services."""
    for page in library.pages.values():
        if page.slug in EXAMPLES:
            continue
        for match in _PAYMENT.finditer(page.body):
            line = page.line_at(match.start())
            yield Problem(page.path, line, "this looks like a way to pay; take it out")
