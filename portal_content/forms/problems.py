"""Problems: what a person can put right in what they typed, and checks that kinds share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What a browser takes for blank (ECMAScript's WhiteSpace and LineTerminator); Python's own set
differs, and both must decide alike."""

CODES = (
    "missing",
    "too_long",
    "not_an_option",
    "not_a_number",
    "number_range",
    "contact_value_missing",
    "phone_unclear",
    "email_unclear",
    "consent_missing",
    "read_language_missing",
    "registration_closed",
    "nothing_written",
    "nothing_changed",
)
"""Problems a person can put right on the page; each has a text below `forms.problems`."""


@dataclass(frozen=True)
class Problem:
    """Something the person can put right."""

    input: str
    """Name of the input to go to."""
    code: str
    """Key below `forms.problems` in translations."""
    values: Mapping[str, Any] = field(default_factory=dict)


def is_blank(text: str) -> bool:
    """Tell whether nothing was typed but blanks."""
    return not text.strip(BLANKS)


def too_long(name: str, text: str, limit: int) -> Problem | None:
    """Return the problem of a text that is longer than a form takes, or nothing."""
    if len(text) > limit:
        return Problem(name, "too_long", {"max": limit, "over": len(text) - limit})
    return None
