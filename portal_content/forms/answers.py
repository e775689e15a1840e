"""Answers: from the inputs of a page to values, and what is still missing in them.

The browser has a twin of this module (theme/scripts/form/answers.ts); both pass the cases in
tests/vectors/form_answers.json.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal_content.forms import safe_contact
from portal_content.forms.definition import (
    AREAS_BEYOND,
    FILE_KINDS,
    GOVERNORATES,
    Condition,
    Form,
    FormField,
)
from portal_content.forms.problems import Problem, is_blank, too_long
from portal_protocol.digits import ascii_digits

Inputs = Mapping[str, Sequence[str]]
"""What a page sends: every input's name with its values, in order."""

Answers = dict[str, Any]
"""Answers by question id, exactly as typed; a question that was left out is absent."""

DATE_LENGTH = 100
PLACE_LENGTH = 300
TIMES_LENGTH = 200
BRIEFING = r"^[a-z0-9][a-z0-9-]{0,63}$"
"""How ids of meetings look."""

GIVEN = "yes"
"""Value of a consent's box."""
LEAVE, AGREE, TAKE_BACK = CONSENT_CHANGES = ("leave", "agree", "take_back")
"""Choices for a consent in a form that changes consents."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "partial_date": ("text", "unknown"),
    "place": ("area", "text"),
    "safe_contact": safe_contact.PARTS,
}
"""Inputs of the kinds that need more than one; their names are `<question>.<part>`."""
_PART_NAMES = {kind: frozenset(parts) for kind, parts in PARTS.items()}
"""The same, to be compared with what came."""


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
    return question.when is None or _holds(question.when, answers)


def _holds(when: Condition, answers: Mapping[str, Any]) -> bool:
    chosen = answers.get(when.question)
    options = chosen if isinstance(chosen, list) else [chosen]
    return any(option in when.options for option in options)


def consent_choices(form: Form, inputs: Inputs) -> list[ConsentChoice]:
    """Read which consents were given; of a form that changes consents, only those that change."""
    changes = form.consents_when
    if changes is not None and not _holds(changes, from_inputs(form, inputs)):
        return []
    said = {consent.id: _first(inputs, f"consent.{consent.id}") for consent in form.consents}
    return [
        ConsentChoice(
            id=consent,
            given=choice == (GIVEN if changes is None else AGREE),
            scopes=tuple(inputs.get(f"consent.{consent}.scopes", ())),
        )
        for consent, choice in said.items()
        if changes is None or choice in (AGREE, TAKE_BACK)
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
    problems = []
    for question in form.fields:
        problem = None
        if question.id in answers:
            problem = _problem(question, answers)
        elif question.required and is_asked(question, answers):
            problem = Problem(_first_input(question), "missing")
        if problem is not None:
            problems.append(problem)
    if not answers.keys() <= form.questions:
        unknown = [name for name in answers if name not in form.questions]
        problems += [Problem(str(name), "unknown_question") for name in unknown]
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
        return None if is_blank(typed) else typed
    value: dict[str, Any] = {}
    for part in PARTS[question.kind]:
        typed = _first(inputs, f"{question.id}.{part}")
        if not is_blank(typed):
            value[part] = True if part == "unknown" else typed
    return value


def _problem(question: FormField, answers: Mapping[str, Any]) -> Problem | None:
    """Return what is wrong with a question that was answered."""
    if not is_asked(question, answers):
        return Problem(_first_input(question), "not_asked")
    return _CHECKS[question.kind](question, answers[question.id])


def _first_input(question: FormField) -> str:
    """Return the name of the input to go to."""
    parts = PARTS.get(question.kind)
    return f"{question.id}.{parts[0]}" if parts else question.id


def _text(question: FormField, value: Any) -> Problem | None:
    if not isinstance(value, str) or is_blank(value):
        return Problem(question.id, "missing")
    return too_long(question.id, value, question.max_length)


def _number(question: FormField, value: Any) -> Problem | None:
    digits = ascii_digits(value) if isinstance(value, str) else ""
    if not digits or len(digits) > len(str(question.maximum)) + 2:
        return Problem(question.id, "not_a_number")
    if not question.minimum <= int(digits) <= question.maximum:
        limits = {"min": question.minimum, "max": question.maximum}
        return Problem(question.id, "number_range", limits)
    return too_long(question.id, value, question.max_length)


def _times(question: FormField, value: Any) -> Problem | None:
    if not isinstance(value, str) or is_blank(value):
        return Problem(question.id, "missing")
    return too_long(question.id, value, TIMES_LENGTH)


def _briefing(question: FormField, value: Any) -> Problem | None:
    """Take any meeting: one may close between reading and sending; who registers people decides."""
    sound = isinstance(value, str) and re.fullmatch(BRIEFING, value)
    return None if sound else Problem(question.id, "not_an_option")


def _choice(question: FormField, value: Any) -> Problem | None:
    return None if value in question.options else Problem(question.id, "not_an_option")


def _choices(question: FormField, value: Any) -> Problem | None:
    sound = isinstance(value, list) and bool(value)
    if not sound or any(option not in question.options for option in value):
        return Problem(question.id, "not_an_option")
    return Problem(question.id, "not_an_option") if len({*value}) < len(value) else None


def _parts(question: FormField, value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict) or not value or not value.keys() <= _PART_NAMES[question.kind]:
        return None
    for part, text in value.items():
        typed = isinstance(text, str) and not is_blank(text)
        if not (text is True if part == "unknown" else typed):
            return None
    return value


def _partial_date(question: FormField, value: Any) -> Problem | None:
    parts = _parts(question, value)
    if parts is None:
        return Problem(f"{question.id}.text", "missing")
    return too_long(f"{question.id}.text", parts.get("text", ""), DATE_LENGTH)


def _place(question: FormField, value: Any) -> Problem | None:
    parts = _parts(question, value)
    if parts is None:
        return Problem(f"{question.id}.area", "missing")
    if parts.get("area", "unknown") not in GOVERNORATES + AREAS_BEYOND:
        return Problem(f"{question.id}.area", "not_an_option")
    return too_long(f"{question.id}.text", parts.get("text", ""), PLACE_LENGTH)


def _safe_contact(question: FormField, value: Any) -> Problem | None:
    parts = _parts(question, value)
    if parts is None:
        return Problem(f"{question.id}.way", "missing")
    return safe_contact.contact_problem(question.id, parts)


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
