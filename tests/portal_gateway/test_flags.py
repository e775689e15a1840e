"""Flags say what people ticked, never what somebody guesses from their words."""

from datetime import date
from typing import Any, get_args

import pytest

from portal_content.forms.definition import SubmissionType
from portal_content.library import Library
from portal_gateway.flags import FLAGS, QUEUES, flags, queue
from portal_gateway.register.pages import LANGUAGES
from portal_protocol.envelope import TYPES
from tests.portal_gateway.families import ENOUGH

TODAY = date(2026, 11, 28)
QUIET = {**ENOUGH, "last_contact_where": {"area": "aleppo"}}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"last_three_months": "yes"}, ["recent_3_months"]),
        ({"last_three_months": "unknown"}, []),
        ({"maybe_held": "yes"}, ["maybe_held_now"]),
        ({"maybe_held": "prefer_not_to_say"}, []),
        ({"was_child": "yes"}, ["child"]),
        ({"circumstance": "separated_child"}, ["child"]),
        ({"age_last_heard": "١٧"}, ["child"]),
        ({"age_last_heard": "18"}, []),
        ({"age_group": "under_18"}, ["child"]),
        ({"sex": "female"}, ["woman_or_girl_sought"]),
        ({"safe_contact": {"way": "phone", "value": "1", "shared": "yes"}}, ["shared_device"]),
        ({"safe_contact": {"way": "phone", "value": "1", "shared": "not_sure"}}, ["shared_device"]),
        ({"safe_contact": {"way": "phone", "value": "1", "shared": "no"}}, []),
        ({"safe_contact": {"way": "none", "shared": "yes"}}, []),
        ({"access_needs": ["seeing", "writing"]}, ["needs_reading_help"]),
        ({"access_needs": ["hearing"]}, []),
        ({"missing_in_family": "۲"}, ["several_missing"]),
        ({"missing_in_family": "1"}, []),
        ({"circumstance": "fleeing_or_moving"}, ["on_migration_route"]),
        ({"last_contact_where": {"area": "on_the_way"}}, ["on_migration_route"]),
        ({"last_contact_when": {"text": "أيلول ٢٠٢٦"}}, ["recent_3_months"]),
        ({"last_contact_when": {"text": "after 1.10.2026"}}, ["recent_3_months"]),
        ({"last_contact_when": {"text": "2026"}}, []),
        ({"last_contact_when": {"text": "before October 2026"}}, []),
        ({"last_contact_when": {"text": "أيلول ٢٠١٢"}}, []),
        ({"danger_now": "yes"}, ["danger_to_submitter"]),
        ({"danger_now": "unknown"}, []),
        ({"very_unwell": "yes"}, ["psychosocial_urgent"]),
        ({"still_going_on": "yes"}, ["extortion_in_progress"]),
        ({"because_of_contact": "yes"}, ["reprisal"]),
        ({"because_of_contact": "unknown"}, []),
        ({"needs_medicine": "yes"}, ["needs_medicine"]),
        ({"safe_where_it_is": "no"}, ["site_or_records_at_risk"]),
        ({"safe_where_it_is": "unknown"}, []),
        ({"message": "danger now, he is held, a child of 5, last week"}, []),
    ],
)
def test_a_flag_follows_from_what_was_chosen(answers: dict[str, Any], expected: list[str]) -> None:
    assert flags("search", {**QUIET, **answers}, TODAY) == expected


def test_a_flag_follows_from_which_form_a_person_chose() -> None:
    assert flags("reprisal-report", {"danger_now": "no"}, TODAY) == ["reprisal"]
    assert flags("child", {"wish": "looking_for_someone"}, TODAY) == ["child"]
    assert flags("child", {"wish": "help_now"}, TODAY) == ["danger_to_submitter", "child"]


def test_the_most_pressing_flag_comes_first() -> None:
    ticked = {"sex": "female", "was_child": "yes", "last_three_months": "yes"}

    assert flags("search", {**QUIET, **ticked}, TODAY) == [
        "recent_3_months",
        "child",
        "woman_or_girl_sought",
    ]


def test_a_child_who_writes_comes_to_those_who_protect_children() -> None:
    assert queue("search", {**QUIET, "age_group": "under_18"}) == "child"
    assert queue("search", {**QUIET, "was_child": "yes"}) == "registration"


def test_every_type_of_form_has_its_queue() -> None:
    assert set(QUEUES) == set(TYPES) == set(get_args(SubmissionType))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_flag_and_queue_has_its_words(library: Library, lang: str) -> None:
    for flag in FLAGS:
        assert library.strings.text(f"register.flags.{flag}", lang)
    for form_type in TYPES:
        assert library.strings.text(f"register.types.{form_type}", lang)
    for name in QUEUES.values():
        assert library.strings.text(f"register.queues.{name}", lang)
