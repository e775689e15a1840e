"""A short message has 160 letters of its own alphabet, or 70 of any."""

import pytest

from portal_site.short_messages import first_that_fits, sms_room, within


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("", 160),
        ("a" * 160, 0),
        ("a" * 161, -1),
        ("€" * 80, 0),
        ("ä" * 160, 0),
        ("ş" * 70, 0),
        ("م" * 71, -1),
        ("😀" * 35, 0),
    ],
)
def test_the_room_that_is_left(text: str, room: int) -> None:
    assert sms_room(text) == room


def test_the_best_text_that_fits_is_taken() -> None:
    assert first_that_fits("م" * 80, "م" * 70, "م") == "م" * 70
    with pytest.raises(ValueError, match="too long"):
        first_that_fits("م" * 80)


def test_lines_that_are_only_wished_for_make_room() -> None:
    assert within(11, ["title", "end"], ["long", "longer"]) == "title\nend"
    assert within(14, ["title", "end"], ["long", "longer"]) == "title\nlong\nend"
    with pytest.raises(ValueError, match="longer than 3"):
        within(3, ["title"], [])
