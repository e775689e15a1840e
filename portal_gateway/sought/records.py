"""What is compared of a request: names, days, places and sex, as far as they can be understood."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal_content.forms.definition import GOVERNORATES
from portal_content.forms.partial_dates import Reading, read_partial_date
from portal_gateway.cases import Case
from portal_protocol.digits import ascii_digits

SEARCH = "search"
KNOWN_SEX = {"female", "male"}
LONG_AGO, FAR_AHEAD = date(1850, 1, 1), date(2150, 1, 1)
ABOUT = timedelta(days=730)
"""How far "about" reaches to both sides."""


@dataclass(frozen=True)
class Record:
    """One request as it is compared; None where nothing is known."""

    id: str
    name: str | None
    mother: str | None
    birth: str | None
    last_contact: str | None
    place: str | None
    birthplace: str | None
    sex: str | None


def record_of(case: Case) -> Record:
    """Return what is compared of a case."""
    answers = case.answers
    birth = _reading(answers, "birth") or _born_by_age(answers)
    return Record(
        id=case.id,
        name=json.dumps(names_of(case), ensure_ascii=False) if names_of(case) else None,
        mother=_text(answers.get("mother_name")),
        birth=_span(birth),
        last_contact=_span(_reading(answers, "last_contact_when")),
        place=_place(answers.get("last_contact_where")),
        birthplace=_place(answers.get("birthplace")),
        sex=answers.get("sex") if answers.get("sex") in KNOWN_SEX else None,
    )


def names_of(case: Case) -> list[str]:
    """Return the names of the person sought: as typed, put together from parts, and others."""
    answers = case.answers
    parts = [_text(answers.get(f"{part}_name")) for part in ("given", "father", "grandfather")]
    family = _text(answers.get("family_name"))
    together = " ".join(filter(None, [*parts, family])) if parts[0] and family else None
    also = [_text(answers.get(name)) for name in ("also_known_as", "latin_name")]
    return list(dict.fromkeys(filter(None, [_text(case.person_name), together, *also])))


def span_of(text: str) -> tuple[date, date]:
    """Return the first and last day of a span as it is in a record."""
    first, last = (date.fromisoformat(day) for day in text.split("/"))
    return first, last


def _span(reading: Reading | None) -> str | None:
    if reading is None:
        return None
    first, last = reading.earliest or LONG_AGO, reading.latest or FAR_AHEAD
    if reading.about:
        first, last = first - ABOUT, last + ABOUT
    return f"{first}/{last}"


def _reading(answers: Mapping[str, Any], question: str) -> Reading | None:
    answer = answers.get(question)
    text = answer.get("text") if isinstance(answer, Mapping) else None
    return read_partial_date(text) if isinstance(text, str) else None


def _born_by_age(answers: Mapping[str, Any]) -> Reading | None:
    """Return when somebody was born who had this age when they were last heard of."""
    typed, contact = answers.get("age_last_heard"), _reading(answers, "last_contact_when")
    digits = ascii_digits(typed) if isinstance(typed, str) else ""
    if not digits or contact is None or contact.earliest is None or contact.latest is None:
        return None
    years = int(digits)
    earliest = date(contact.earliest.year - years - 1, 1, 1)
    return Reading(earliest, date(contact.latest.year - years, 12, 31), about=True)


def _place(answer: Any) -> str | None:
    """Return the area, where it is known, and the words on the next line."""
    if not isinstance(answer, Mapping):
        return None
    area = answer.get("area")
    known = area if area in GOVERNORATES else ""
    text = _text(answer.get("text")) or ""
    return f"{known}\n{text}" if known or text else None


def _text(answer: Any) -> str | None:
    return answer.strip() or None if isinstance(answer, str) else None
