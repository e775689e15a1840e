"""Flags and queue: what answers mean for the officers' attention.

Each flag is a function of answers that the form asks for; none is guessed from free text. Flags
raise attention inside and are never shown to the public. Source: DOMAIN facts on types,
routing, flags.
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal_protocol.digits import ascii_digits

Answers = Mapping[str, Any]

ADULT_AGE = 18


def flags(answers: Answers) -> list[str]:
    """Return the flags of a submission, the most pressing first."""
    return [name for name, holds in FLAGS.items() if holds(answers)]


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


def _child(answers: Answers) -> bool:
    """The person sought is or was a child, or the person writing is one."""
    age = _number(answers, "age_last_heard")
    return (
        answers.get("was_child") == "yes"
        or answers.get("circumstance") == "separated_child"
        or answers.get("age_group") == "under_18"
        or (age is not None and age < ADULT_AGE)
    )


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
    "recent_3_months": _is("last_three_months", "yes"),
    "maybe_held_now": _is("maybe_held", "yes"),
    "child": _child,
    "woman_or_girl_sought": _is("sex", "female"),
    "shared_device": _shared_device,
    "needs_reading_help": _needs_reading_help,
    "several_missing": _several_missing,
    "on_migration_route": _on_migration_route,
}
"""Flags by name, the most pressing first; each has a text below `register.flags`."""

QUEUES: Mapping[str, str] = {"search": "registration", "briefing-registration": "events"}
"""Queue by type of form; each has a text below `register.queues`."""
