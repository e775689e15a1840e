"""Safe contact: how a person may be reached, and what must never happen on the way.

Source: DOMAIN facts on safe contact. What is left open is read in the most careful way.
"""

import re
from collections.abc import Mapping

from portal_content.forms.definition import CONTACT_WAYS
from portal_content.forms.problems import BLANKS, Problem, is_blank, too_long
from portal_protocol.digits import ascii_digits

CONTACT_LENGTH = 200
PHONE_DIGITS = range(6, 16)
"""E.164 allows fifteen digits; short local numbers are accepted."""
_EMAIL = re.compile(rf"[{BLANKS}]*[^@{BLANKS}]+@[^@{BLANKS}]+\.[^@{BLANKS}]+[{BLANKS}]*")

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "way": CONTACT_WAYS,
    "shared": ("yes", "no", "not_sure"),
    "leave_message": ("no", "neutral", "yes"),
    "say_who": ("no", "only_me", "yes"),
    "if_fails": ("wait", "other_way", "organisation"),
    "second_way": CONTACT_WAYS[1:],
}
LENGTHS: Mapping[str, int] = {
    "name_to_ask": 200,
    "times": 200,
    "not_times": 200,
    "recognition_word": 60,
    "second_value": CONTACT_LENGTH,
    "valid_until": 100,
}
PARTS = (
    "way",
    "value",
    "shared",
    "leave_message",
    "say_who",
    "name_to_ask",
    "times",
    "not_times",
    "recognition_word",
    "if_fails",
    "second_way",
    "second_value",
    "valid_until",
)
"""In the order asked; all but the way may be left out."""
CAREFUL: Mapping[str, str] = {
    "shared": "not_sure",
    "leave_message": "no",
    "say_who": "only_me",
    "if_fails": "wait",
}
"""What holds where nothing was chosen."""


def contact_problem(name: str, parts: Mapping[str, str]) -> Problem | None:
    """Return what has to be put right first, or nothing.

    Args:
        name: Id of the question.
        parts: Texts by part; none of another name.
    """
    if "way" not in parts:
        return Problem(f"{name}.way", "missing")
    for part, options in OPTIONS.items():
        if part in parts and parts[part] not in options:
            return Problem(f"{name}.{part}", "not_an_option")
    if parts.get("if_fails") == "other_way" and "second_way" not in parts:
        return Problem(f"{name}.second_way", "missing")
    second_way = parts.get("second_way", "none")
    return (
        _value_problem(f"{name}.value", parts["way"], parts.get("value", ""))
        or _value_problem(f"{name}.second_value", second_way, parts.get("second_value", ""))
        or _length_problem(name, parts)
    )


def _length_problem(name: str, parts: Mapping[str, str]) -> Problem | None:
    for part, longest in LENGTHS.items():
        if part in parts and (problem := too_long(f"{name}.{part}", parts[part], longest)):
            return problem
    return None


def _value_problem(name: str, way: str, value: str) -> Problem | None:
    if way == "none":
        return too_long(name, value, CONTACT_LENGTH)
    if is_blank(value):
        return Problem(name, "contact_value_missing")
    if way in ("phone", "sms") and len(ascii_digits(value)) not in PHONE_DIGITS:
        return Problem(name, "phone_unclear")
    if way == "email" and not _EMAIL.fullmatch(value):
        return Problem(name, "email_unclear")
    return too_long(name, value, CONTACT_LENGTH)
