"""A briefing is a record that cannot say where it is, and whose parts fit together."""

import shutil
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal_content.briefings.definition import Briefing, load_briefings
from portal_content.checks import briefings, misleading, samples
from portal_content.errors import ContentError
from portal_content.library import load_library
from portal_content.verification_codes import CodeInvalid, grouped, new_code, parse_code

ROOT = Path(__file__).parents[2]
NAME = "sample-beirut-families"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of content and translations that a test may spoil."""
    for name in ("content", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def change(root: Path, old: str, new: str, *, name: str = NAME) -> Path:
    path = root / "content" / "briefings" / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def one(root: Path, name: str = NAME) -> Briefing:
    return load_briefings(root / "content" / "briefings")[name]


def test_all_of_ours_can_be_loaded_the_earliest_first() -> None:
    loaded = load_briefings(ROOT / "content" / "briefings")

    starts = [briefing.starts for briefing in loaded.values()]
    assert starts == sorted(starts)
    assert all(briefing.sample for briefing in loaded.values())


@pytest.mark.parametrize(
    "line", ["venue: a hall", "join_link: a link", "partner: an association", "address: somewhere"]
)
def test_there_is_no_field_for_a_place_or_a_way_in(copy: Path, line: str) -> None:
    path = change(copy, "kind: briefing", f"{line}\nkind: briefing")

    with pytest.raises(ContentError, match=r":5: .* is not known here") as failure:
        one(copy)
    assert str(path) in str(failure.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("end: 2026-12-16 17:00:00", "end: 2026-12-16 14:00:00", "end must be later"),
        ("zone: Asia/Beirut", "zone: Asia/Nowhere", "this is no time zone"),
        ("moved_from: 2026-12-10 15:00:00\n", "", "moved_from must tell"),
        ("sequence: 1", "sequence: 0", "sequence goes up"),
        ("closes: 2026-12-12", "closes: 2026-12-17", "registration closes"),
        ("recording: none", "recording: public", "never recorded"),
        ("sample: true\n", "", "a sample has the code of zeros"),
        ("mode: in_person", "mode: online", "no city"),
        ("interpretation: [en]", "interpretation: [ar]", "spoken or interpreted"),
        ("child_friendly: true", "women_only: true", "facilitators and interpreters are women"),
        ("country: LB", "country: XX", "country cannot be so"),
        ("id: sample-beirut-families", "id: sample-elsewhere-now", "like the file"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    copy: Path, old: str, new: str, message: str
) -> None:
    change(copy, old, new)

    with pytest.raises(ContentError, match=message):
        one(copy)


def test_an_hour_that_the_clock_jumps_over_is_refused(copy: Path) -> None:
    name = "sample-berlin-summer"
    change(copy, "2027-06-09 18:00:00", "2027-03-28 02:30:00", name=name)
    change(copy, "2027-06-09 20:00:00", "2027-03-28 04:00:00", name=name)

    with pytest.raises(ContentError, match="the clocks go forward"):
        one(copy, name)


def test_an_address_may_not_be_that_of_a_list(copy: Path) -> None:
    path = change(copy, f"id: {NAME}", "id: language-evening")
    path.rename(path.with_name("language-evening.yml"))

    with pytest.raises(ContentError, match="no id begins with"):
        one(copy, "language-evening")


@pytest.mark.parametrize(
    "words",
    [
        "https://meet.example.net/abc",
        "Come to www.example.net",
        "Hauptstraße 5",
        "شارع الحمرا",
        "Join on Zoom",
        "Call +961 1 234 567",
        "someone@example.net",
    ],
)
def test_a_place_or_a_link_in_the_words_stops_the_build(copy: Path, words: str) -> None:
    path = change(copy, "Meeting with families in Beirut", words)

    found = [str(problem) for problem in misleading(load_library(copy), production=False)]

    line = path.read_text(encoding="utf-8")[: path.read_text(encoding="utf-8").find(words)]
    assert any(text.startswith(f"{path}:{line.count(chr(10)) + 1}: ") for text in found), found


def test_ordinary_words_are_let_through() -> None:
    assert list(briefings.check(load_library(ROOT))) == []


def test_a_sample_is_not_published_in_production() -> None:
    library = load_library(ROOT)

    found = list(samples.check(library))

    assert len(found) == len(library.briefings) + len(library.alerts)
    assert found[0] in misleading(library, production=True)
    assert found[0] not in misleading(library, production=False)


def test_a_language_without_words_is_told_to_editors(copy: Path) -> None:
    path = copy / "content" / "briefings" / f"{NAME}.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("  fr:\n")], encoding="utf-8")

    found = list(briefings.advice(load_library(copy)))

    assert [problem.message for problem in found] == ["no words in fr"]


def test_times_are_those_of_the_zone() -> None:
    briefing = one(ROOT)

    assert briefing.starts.astimezone(ZoneInfo("Asia/Damascus")).hour == 16
    assert briefing.started_before is not None
    assert not briefing.is_past(date(2026, 12, 16))
    assert briefing.is_past(date(2026, 12, 17))


def test_syria_is_three_hours_ahead_all_year() -> None:
    """Time zone data from before October 2022 would show an hour too little in winter."""
    for month in (1, 7):
        start = one(ROOT).starts.replace(year=2027, month=month)
        offset = start.astimezone(ZoneInfo("Asia/Damascus")).utcoffset()
        assert offset is not None
        assert offset.total_seconds() == 3 * 3600


def test_a_code_is_read_as_people_type_it() -> None:
    code = new_code()

    shown = grouped(code)

    assert [len(group) for group in shown.split(" ")] == [4, 4, 4, 5]
    assert parse_code(shown.lower()) == code
    assert parse_code(shown.replace(" ", "-").replace("0", "O").replace("1", "l")) in {
        code,
        parse_code(shown),
    }


def test_a_typing_error_in_a_code_is_found() -> None:
    for _ in range(20):
        code = new_code()
        if code[0] != code[1]:
            with pytest.raises(CodeInvalid):
                parse_code(code[1] + code[0] + code[2:])
    with pytest.raises(CodeInvalid):
        parse_code("1234")


def test_no_two_codes_are_alike() -> None:
    assert len({new_code() for _ in range(100)}) == 100
