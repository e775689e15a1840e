"""Who filled a form in: the person, or somebody who helped them and is named apart.

The helper's own data never mix with the answers, and the helper never gets the code.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from portal_content.forms.definition import Form
from portal_content.forms.problems import Problem, is_blank, too_long

MODES = ("self", "assisted")
PARTS = ("read_language", "name", "organisation", "relation")
HELPER_LENGTH = 200
_LANGUAGE = re.compile(r"[a-z]{2,8}")
"""A language's code, or "other"."""


def filled_in_by(form: Form, inputs: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Read who filled a page in, as the envelope says it: its mode, and the helper if there is one.

    Who says nothing writes for themself.
    """
    mode = _first(inputs, "mode") if form.assisted else ""
    if mode != "assisted":
        return {"mode": "self"}
    typed = {part: _first(inputs, f"helper.{part}") for part in PARTS}
    return {"mode": mode, "helper": {p: text for p, text in typed.items() if not is_blank(text)}}


def check_helper(helper: Mapping[str, str] | None) -> list[Problem]:
    """List what a helper, if there is one, has to put right about themself, in the order asked."""
    if helper is None:
        return []
    typed = (part for part in PARTS if part != "read_language")
    found = [
        _language_problem(helper),
        *(too_long(f"helper.{part}", helper.get(part, ""), HELPER_LENGTH) for part in typed),
    ]
    return [problem for problem in found if problem]


def _language_problem(helper: Mapping[str, str]) -> Problem | None:
    if "read_language" not in helper:
        return Problem("helper.read_language", "read_language_missing")
    if not _LANGUAGE.fullmatch(helper["read_language"]):
        return Problem("helper.read_language", "not_an_option")
    return None


def _first(inputs: Mapping[str, Sequence[str]], name: str) -> str:
    values = inputs.get(name, ())
    return values[0] if values else ""
