"""Flags and queue: what answers mean for the officers' attention.

Each flag is a function of answers that the form asks for; none is guessed from free text. The
only text that is read is the answer to when the last contact was. Flags
raise attention inside and are never shown to the public. Source: DOMAIN facts on types,
routing, flags.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from portal_content.forms.partial_dates import read_partial_date
from portal_protocol.digits import ascii_digits

Answers = Mapping[str, Any]

ADULT_AGE = 18
TWO_PERSON = frozenset({"child", "reprisal"})
"""Queues whose cases one officer opens only after another has agreed."""
RECENT = "recent_3_months"
THREE_MONTHS = timedelta(days=92)


def flags(form_type: str, answers: Answers, written_on: date) -> list[str]:
    """Return the flags of a submission, the most pressing first.

    Args:
        form_type: Type of the envelope.
        answers: What was answered.
        written_on: Day on which it was written.
    """
    also = {BY_TYPE.get(form_type)}
    if _is_recent(answers, written_on):
        also.add(RECENT)
    return [name for name, holds in FLAGS.items() if holds(answers) or name in also]


def queue(form_type: str, answers: Answers) -> str:
    """Return the queue: who looks at it first."""
    if answers.get("age_group") == "under_18":
        return "child"
    return QUEUES[form_type]


def _is(question: str, *values: str) -> Callable[[Answers], bool]:
    return lambda answers: answers.get(question) in values


def _number(answers: Answers, question: str) -> int | None:
    typed = answers.get(question)
    digits = ascii_digits(typed) if isinstance(typed, str) else ""
    return int(digits) if digits else None


def _is_recent(answers: Answers, written_on: date) -> bool:
    """The day of the last contact, as far as it can be understood, is in the last three months."""
    typed = (answers.get("last_contact_when") or {}).get("text", "")
    reading = read_partial_date(typed, since=written_on.year - 1)
    earliest = reading.earliest if reading else None
    return earliest is not None and written_on - THREE_MONTHS <= earliest <= written_on


def _child(answers: Answers) -> bool:
    """The person sought is or was a child, or the person writing is one.

    Whoever uses the form for children is one by what they chose, see `BY_TYPE`.
    """
    age = _number(answers, "age_last_heard")
    return (
        answers.get("was_child") == "yes"
        or answers.get("circumstance") == "separated_child"
        or answers.get("age_group") == "under_18"
        or (age is not None and age < ADULT_AGE)
    )


def _danger(answers: Answers) -> bool:
    """The person said so; a child who needs help now is taken at their word."""
    return answers.get("danger_now") == "yes" or answers.get("wish") == "help_now"


def _shared_device(answers: Answers) -> bool:
    """Not sure counts as shared; it matters only if there is something to contact."""
    contact = answers.get("safe_contact") or {}
    return contact.get("way", "none") != "none" and contact.get("shared") in ("yes", "not_sure")


def _needs_reading_help(answers: Answers) -> bool:
    return bool({"reading", "writing"} & set(answers.get("access_needs") or ()))


def _several_missing(answers: Answers) -> bool:
    missing = _number(answers, "missing_in_family")
    return missing is not None and missing > 1


def _on_migration_route(answers: Answers) -> bool:
    place = answers.get("last_contact_where") or {}
    moving = answers.get("circumstance") == "fleeing_or_moving"
    return moving or place.get("area") == "on_the_way"


FLAGS: Mapping[str, Callable[[Answers], bool]] = {
    "danger_to_submitter": _danger,
    "psychosocial_urgent": _is("very_unwell", "yes"),
    "extortion_in_progress": _is("still_going_on", "yes"),
    "reprisal": _is("because_of_contact", "yes"),
    "needs_medicine": _is("needs_medicine", "yes"),
    "site_or_records_at_risk": _is("safe_where_it_is", "no"),
    RECENT: _is("last_three_months", "yes"),
    "maybe_held_now": _is("maybe_held", "yes"),
    "child": _child,
    "woman_or_girl_sought": _is("sex", "female"),
    "shared_device": _shared_device,
    "needs_reading_help": _needs_reading_help,
    "several_missing": _several_missing,
    "on_migration_route": _on_migration_route,
}
"""Flags by name, the most pressing first; each has a text below `register.flags`."""

BY_TYPE: Mapping[str, str] = {"reprisal-report": "reprisal", "child": "child"}
"""Flags that follow from which form a person chose."""

QUEUES: Mapping[str, str] = {
    "contact": "outreach",
    "search": "registration",
    "support": "support",
    "information": "search_information",
    "organisation": "civil_society",
    "briefing-registration": "events",
    "extortion-report": "integrity",
    "reprisal-report": "reprisal",
    "child": "child",
    "data-rights": "data_protection",
    "feedback": "complaints",
    "followup": "outreach",
}
"""Queue by type of form; each has a text below `register.queues`."""
