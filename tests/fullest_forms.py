"""Forms filled to the full, made from their definitions: whatever a form asks is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal_content.consents import Consent
from portal_content.forms.answers import AGREE, GIVEN, TAKE_BACK
from portal_content.forms.assistance import PARTS as HELPER_PARTS
from portal_content.forms.definition import (
    AREAS_BEYOND,
    FILE_KINDS,
    GOVERNORATES,
    LISTED_KINDS,
    Condition,
    Form,
    FormField,
)
from portal_content.forms.safe_contact import OPTIONS, PARTS
from portal_protocol.digits import arabic_digits

Inputs = dict[str, list[str]]
"""What a page sends: every input's name with its values, in the order of the page."""

MARKER = "كناري-Kanarya-51"
"""Is in everything that is typed, so that it can be looked for."""
PHONE = "+٩٦٣ ٩٣٣ ٩٠٤ ١٧٢"
EMAIL = "kanarya-90417@example.org"
TRACES = (MARKER, PHONE, EMAIL)
"""At least one of these is in every text that a full form holds."""
_WAYS = ("phone", "email")
_AREAS = GOVERNORATES + AREAS_BEYOND


@dataclass(frozen=True)
class Filling:
    """How a form is filled where several ways are as full as each other."""

    turn: int = 0
    """Which of several options that ask equally much; two turns take different ones. In the first
    every option is chosen where several can be, later the last one and those that lead on."""
    assisted: bool = False
    every_consent: bool = True
    """False: only those that the form needs; where consents change, they are taken back."""
    meeting: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """Options that are chosen whatever they lead to."""


def full_inputs(form: Form, consents: Mapping[str, Consent], filling: Filling) -> Inputs:
    """Answer every question of a form that can be asked together; files are not among them.

    Args:
        form: The form.
        consents: All consents by id, for what can be agreed to one by one.
        filling: How, where there is a choice.
    """
    inputs: Inputs = _said_by_helper() if filling.assisted else {}
    for question in asked(form, filling):
        if question.kind not in FILE_KINDS:
            inputs |= _INPUTS.get(question.kind, _typed)(form, question, filling)
    when = form.consents_when
    if when is None or inputs[when.question][0] in when.options:
        inputs |= _consents(form, consents, filling)
    return inputs


def asked(form: Form, filling: Filling) -> list[FormField]:
    """List the questions that are asked if the form is filled so, files among them."""
    found: list[FormField] = []
    chosen: dict[str, list[str]] = {}
    for question in form.fields:
        when = question.when
        if when is None or {*chosen.get(when.question, ())} & {*when.options}:
            found.append(question)
            if question.kind in LISTED_KINDS:
                chosen[question.id] = _options(form, question, filling)
    return found


def text_of(name: str) -> str:
    """Return what is typed into an input; no two of a form are alike."""
    return f"{MARKER} {name}"


def _said_by_helper() -> Inputs:
    said = {f"helper.{part}": [text_of(part)] for part in HELPER_PARTS}
    return {"mode": ["assisted"]} | said | {"helper.read_language": ["ku"]}


def _options(form: Form, question: FormField, filling: Filling) -> list[str]:
    if question.id in filling.chosen:
        return [filling.chosen[question.id]]
    leads = {option: _leads_to(form, question, option) for option in question.options}
    if question.kind == "choices":
        few = [option for option in question.options if leads[option]]
        return list(question.options) if not filling.turn else [*few, question.options[-1]]
    fullest = [option for option in question.options if leads[option] == max(leads.values())]
    return [fullest[filling.turn % len(fullest)]]


def _leads_to(form: Form, question: FormField, option: str) -> int:
    """Return how many questions more are asked after an option."""
    after = [other for other in form.fields if _follows(other.when, question, option)]
    return len(after) + sum(
        max((_leads_to(form, other, one) for one in other.options), default=0) for other in after
    )


def _follows(when: Condition | None, question: FormField, option: str) -> bool:
    return when is not None and when.question == question.id and option in when.options


def _typed(_form: Form, question: FormField, _filling: Filling) -> Inputs:
    return {question.id: [text_of(question.id)[: question.max_length]]}


def _told(_form: Form, question: FormField, _filling: Filling) -> Inputs:
    return {question.id: [f'{text_of(question.id)}\nسطر ثانٍ: ٢٠١٣\n\n<b>&amp; "رابع"']}


def _number(_form: Form, question: FormField, filling: Filling) -> Inputs:
    number = min(question.maximum, max(question.minimum, 9 + 31 * filling.turn))
    return {question.id: [arabic_digits(str(number))]}


def _chosen(form: Form, question: FormField, filling: Filling) -> Inputs:
    return {question.id: _options(form, question, filling)}


def _date(_form: Form, question: FormField, _filling: Filling) -> Inputs:
    name = question.id
    return {f"{name}.text": [text_of(name)], f"{name}.unknown": ["yes"]}


def _place(_form: Form, question: FormField, filling: Filling) -> Inputs:
    name = question.id
    area = _AREAS[filling.turn * len(GOVERNORATES) % len(_AREAS)]
    return {f"{name}.area": [area], f"{name}.text": [text_of(name)]}


def _contact(_form: Form, question: FormField, filling: Filling) -> Inputs:
    first, second = (_WAYS[(filling.turn + shift) % 2] for shift in (0, 1))
    values = {"phone": PHONE, "email": EMAIL}
    said = {part: options[filling.turn % len(options)] for part, options in OPTIONS.items()}
    said |= {"way": first, "value": values[first]}
    said |= {"if_fails": "other_way", "second_way": second, "second_value": values[second]}
    return {f"{question.id}.{part}": [said.get(part, text_of(part))] for part in PARTS}


def _meeting(_form: Form, question: FormField, filling: Filling) -> Inputs:
    return {question.id: [filling.meeting]}


def _consents(form: Form, consents: Mapping[str, Consent], filling: Filling) -> Inputs:
    inputs: Inputs = {}
    given = GIVEN if form.consents_when is None else AGREE if filling.every_consent else TAKE_BACK
    for consent in form.consents:
        if consent.required or filling.every_consent or form.consents_when:
            inputs[f"consent.{consent.id}"] = [given]
            if given != TAKE_BACK and consents[consent.id].scopes:
                inputs[f"consent.{consent.id}.scopes"] = list(consents[consent.id].scopes)
    return inputs


_INPUTS: Mapping[str, Callable[[Form, FormField, Filling], Inputs]] = {
    "long_text": _told,
    "number": _number,
    "choice": _chosen,
    "choices": _chosen,
    "partial_date": _date,
    "place": _place,
    "safe_contact": _contact,
    "briefing": _meeting,
}
