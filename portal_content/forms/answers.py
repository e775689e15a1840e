"""Answers: from the inputs of a page to values, and what is still missing in them.

The browser has a twin of this module (theme/scripts/form/answers.ts); both pass the cases in
tests/vectors/form_answers.json.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal_content.forms.definition import (
    AREAS_BEYOND,
    CONTACT_WAYS,
    FILE_KINDS,
    GOVERNORATES,
    Form,
    FormField,
)
from portal_protocol.digits import ascii_digits

Inputs = Mapping[str, Sequence[str]]
"""What a page sends: every input's name with its values, in order."""

Answers = dict[str, Any]
"""Answers by question id, exactly as typed; a question that was left out is absent."""

DATE_LENGTH = 100
PLACE_LENGTH = 300
CONTACT_LENGTH = 200
TIMES_LENGTH = 200
BRIEFING = r"^[a-z0-9][a-z0-9-]{0,63}$"
"""How ids of meetings look."""
PHONE_DIGITS = range(6, 16)
"""E.164 allows fifteen digits; short local numbers are accepted."""

SHARED = ("yes", "no", "not_sure")
LEAVE_MESSAGE = ("no", "neutral", "yes")
SAY_WHO = ("no", "only_me", "yes")

PARTS: Mapping[str, tuple[str, ...]] = {
    "partial_date": ("text", "unknown"),
    "place": ("area", "text"),
    "safe_contact": ("way", "value", "shared", "leave_message", "say_who"),
}
"""Inputs of the kinds that need more than one; their names are `<question>.<part>`."""


@dataclass(frozen=True)
class Problem:
    """Something the person can put right."""

    input: str
    """Name of the input to go to."""
    code: str
    """Key below `forms.problems` in translations."""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ConsentChoice:
    """A consent as the form showed it and what the person chose (rule DR-04)."""

    id: str
    given: bool
    scopes: tuple[str, ...] = ()


def from_inputs(form: Form, inputs: Inputs) -> Answers:
    """Read the answers out of a page's inputs; nothing is changed.

    Empty ones are left out, and those to questions that are not asked after what was chosen.
    """
    answers: Answers = {}
    for question in form.fields:
        value = _read(question, inputs) if is_asked(question, answers) else None
        if value:
            answers[question.id] = value
    return answers


def is_asked(question: FormField, answers: Mapping[str, Any]) -> bool:
    """Tell whether a question is asked, given the answers to those before it."""
    if question.when is None:
        return True
    chosen = answers.get(question.when.question)
    options = chosen if isinstance(chosen, list) else [chosen]
    return any(option in question.when.options for option in options)


def consent_choices(form: Form, inputs: Inputs) -> list[ConsentChoice]:
    """Read which consents were given; every consent of the form is in the result."""
    return [
        ConsentChoice(
            id=consent.id,
            given=_first(inputs, f"consent.{consent.id}") == "yes",
            scopes=tuple(inputs.get(f"consent.{consent.id}.scopes", ())),
        )
        for consent in form.consents
    ]


def check(form: Form, answers: Mapping[str, Any], given: Sequence[str]) -> list[Problem]:
    """List what a person has to put right, in the order of the form.

    Args:
        form: The exact version the answers were given to.
        answers: Values as `from_inputs` makes them; anything else is a problem, never an error.
        given: Ids of the consents that were given.

    Returns:
        At most one problem a question; empty if the form can be sent.
    """
    problems = [problem for question in form.fields for problem in _question(question, answers)]
    known = {question.id for question in form.fields}
    problems += [Problem(str(name), "unknown_question") for name in answers if name not in known]
    for consent in form.consents:
        if consent.required and consent.id not in given:
            problems.append(Problem(f"consent.{consent.id}", "consent_missing"))
    return problems


def _first(inputs: Inputs, name: str) -> str:
    values = inputs.get(name, ())
    return values[0] if values else ""


def _read(question: FormField, inputs: Inputs) -> Any:
    if question.kind in FILE_KINDS:
        return None
    if question.kind == "choices":
        return [value for value in inputs.get(question.id, ()) if value]
    if question.kind not in PARTS:
        typed = _first(inputs, question.id)
        return typed if typed.strip() else None
    value: dict[str, Any] = {}
    for part in PARTS[question.kind]:
        typed = _first(inputs, f"{question.id}.{part}")
        if typed.strip():
            value[part] = True if part == "unknown" else typed
    return value


def _question(question: FormField, answers: Mapping[str, Any]) -> list[Problem]:
    name = question.id + ("." + PARTS[question.kind][0] if question.kind in PARTS else "")
    if not is_asked(question, answers):
        return [Problem(name, "not_asked")] if question.id in answers else []
    if question.id not in answers:
        return [Problem(name, "missing")] if question.required else []
    problem = _CHECKS[question.kind](question, answers[question.id])
    return [problem] if problem else []


def _too_long(name: str, text: str, limit: int) -> Problem | None:
    if len(text) > limit:
        return Problem(name, "too_long", {"max": limit, "over": len(text) - limit})
    return None


def _text(question: FormField, value: Any) -> Problem | None:
    if not isinstance(value, str) or not value.strip():
        return Problem(question.id, "missing")
    return _too_long(question.id, value, question.max_length)


def _number(question: FormField, value: Any) -> Problem | None:
    digits = ascii_digits(value) if isinstance(value, str) else ""
    if not digits or len(digits) > len(str(question.maximum)) + 2:
        return Problem(question.id, "not_a_number")
    if not question.minimum <= int(digits) <= question.maximum:
        limits = {"min": question.minimum, "max": question.maximum}
        return Problem(question.id, "number_range", limits)
    return _too_long(question.id, value, question.max_length)


def _times(question: FormField, value: Any) -> Problem | None:
    if not isinstance(value, str) or not value.strip():
        return Problem(question.id, "missing")
    return _too_long(question.id, value, TIMES_LENGTH)


def _briefing(question: FormField, value: Any) -> Problem | None:
    """Take any meeting: one may close between reading and sending; who registers people decides."""
    sound = isinstance(value, str) and re.fullmatch(BRIEFING, value)
    return None if sound else Problem(question.id, "not_an_option")


def _choice(question: FormField, value: Any) -> Problem | None:
    return None if value in question.options else Problem(question.id, "not_an_option")


def _choices(question: FormField, value: Any) -> Problem | None:
    if not isinstance(value, list) or not value or len(value) > len(question.options):
        return Problem(question.id, "not_an_option")
    unknown = [option for option in value if option not in question.options]
    return Problem(question.id, "not_an_option") if unknown else None


def _parts(question: FormField, value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict) or not value or set(value) - set(PARTS[question.kind]):
        return None
    sound = all(v is True if k == "unknown" else isinstance(v, str) for k, v in value.items())
    return value if sound else None


def _partial_date(question: FormField, value: Any) -> Problem | None:
    parts = _parts(question, value)
    if parts is None:
        return Problem(f"{question.id}.text", "missing")
    return _too_long(f"{question.id}.text", parts.get("text", ""), DATE_LENGTH)


def _place(question: FormField, value: Any) -> Problem | None:
    parts = _parts(question, value)
    if parts is None:
        return Problem(f"{question.id}.area", "missing")
    if parts.get("area", "unknown") not in GOVERNORATES + AREAS_BEYOND:
        return Problem(f"{question.id}.area", "not_an_option")
    return _too_long(f"{question.id}.text", parts.get("text", ""), PLACE_LENGTH)


def _safe_contact(question: FormField, value: Any) -> Problem | None:
    parts = _parts(question, value)
    name = question.id
    if parts is None or "way" not in parts:
        return Problem(f"{name}.way", "missing")
    allowed = {"way": CONTACT_WAYS, "shared": SHARED, "leave_message": LEAVE_MESSAGE}
    allowed["say_who"] = SAY_WHO
    for part, options in allowed.items():
        if part in parts and parts[part] not in options:
            return Problem(f"{name}.{part}", "not_an_option")
    return _contact_value(f"{name}.value", parts["way"], parts.get("value", ""))


def _contact_value(name: str, way: str, value: str) -> Problem | None:
    if way == "none":
        return _too_long(name, value, CONTACT_LENGTH)
    if not value.strip():
        return Problem(name, "contact_value_missing")
    if way in ("phone", "sms") and len(ascii_digits(value)) not in PHONE_DIGITS:
        return Problem(name, "phone_unclear")
    if way == "email" and not re.fullmatch(r"\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*", value):
        return Problem(name, "email_unclear")
    return _too_long(name, value, CONTACT_LENGTH)


_CHECKS: Mapping[str, Callable[[FormField, Any], Problem | None]] = {
    "name": _text,
    "text": _text,
    "long_text": _text,
    "number": _number,
    "choice": _choice,
    "choices": _choices,
    "partial_date": _partial_date,
    "place": _place,
    "safe_contact": _safe_contact,
    "times": _times,
    "briefing": _briefing,
    **dict.fromkeys(FILE_KINDS, lambda question, _: Problem(question.id, "unknown_question")),
}
