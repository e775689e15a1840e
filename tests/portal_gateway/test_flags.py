"""Flags say what people ticked, never what somebody guesses from their words."""

from typing import Any

import pytest

from portal_content.library import Library
from portal_gateway.flags import FLAGS, QUEUES, flags, queue
from portal_gateway.register.pages import LANGUAGES
from tests.portal_gateway.families import ENOUGH

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
        ({"message": "danger now, he is held, a child of 5, last week"}, []),
    ],
)
def test_a_flag_follows_from_what_was_chosen(answers: dict[str, Any], expected: list[str]) -> None:
    assert flags({**QUIET, **answers}) == expected


def test_the_most_pressing_flag_comes_first() -> None:
    assert flags({**QUIET, "sex": "female", "was_child": "yes", "last_three_months": "yes"}) == [
        "recent_3_months",
        "child",
        "woman_or_girl_sought",
    ]


def test_a_child_who_writes_comes_to_those_who_protect_children() -> None:
    assert queue("search", {**QUIET, "age_group": "under_18"}) == "child"
    assert queue("search", {**QUIET, "was_child": "yes"}) == "registration"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_flag_and_queue_has_its_words(library: Library, lang: str) -> None:
    for flag in FLAGS:
        assert library.strings.text(f"register.flags.{flag}", lang)
    for name in {*QUEUES.values(), "child"}:
        assert library.strings.text(f"register.queues.{name}", lang)
