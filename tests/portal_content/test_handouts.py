"""A handout says what its page says, fits on a wall, and its code stands for nothing else."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from portal_content.checks import handouts, misleading
from portal_content.errors import ContentError
from portal_content.handouts.definition import MOST_WORDS, load_handouts
from portal_content.handouts.extracts import points, sections, words_in
from portal_content.library import Library, load_library

ROOT = Path(__file__).parents[2]
POSTER = "protect-yourself-1"
FORM = "search-request-1"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of content and translations that a test may spoil."""
    for name in ("content", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def change(root: Path, name: str, old: str, new: str) -> Path:
    path = root / "content" / "handouts" / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_poster_has_the_words_of_its_page_in_every_language(library: Library) -> None:
    for handout in library.handouts.values():
        for lang in library.languages if handout.poster else ():
            page = library.pages[handout.page, lang]
            lines = points(page, handout.poster)
            plain = page.body.replace("**", "")

            assert lines
            assert words_in(lines) <= MOST_WORDS
            assert all(line.text in plain for line in lines)


def test_boxes_and_blocks_stay_on_the_page_and_addresses_are_told_apart(library: Library) -> None:
    there = sections(library.pages["verify", "ar"])
    text = " ".join(line.text for lines in there.values() for line in lines)

    assert "!!!" not in text
    assert "[[" not in text
    assert "<bdi" not in text
    assert "](" not in text
    assert "iimp.un.org" in [
        run.text for line in there["web-address"] for run in line.runs if run.ltr
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (POSTER, "issued: 2026-11-21", "issued: 2026-11-21\nstate: replaced", "ended is for"),
        (
            POSTER,
            "issued: 2026-11-21",
            "issued: 2026-11-21\nstate: replaced\nended: 2026-11-22",
            "replaced_by is for",
        ),
        (
            POSTER,
            "issued: 2026-11-21",
            "issued: 2026-11-21\nstate: withdrawn\nended: 2026-11-01",
            "ended is before issued",
        ),
        (POSTER, "  - [calm]\n", "", "a leaflet has 4 panels"),
        (FORM, "kind: form", "kind: sheets", "poster is for sheets"),
        (POSTER, "KTR6 B579", "KTR6 B578", "typing error"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    copy: Path, name: str, old: str, new: str, message: str
) -> None:
    change(copy, name, old, new)

    with pytest.raises(ContentError, match=message):
        load_handouts(copy / "content" / "handouts")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (POSTER, "page: protect-yourself", "page: nowhere", "there is no nowhere"),
        (FORM, "page: search-request", "page: nowhere", "there is no nowhere"),
        (POSTER, "points: [1, 5,", "points: [1, 50,", "lacks a heading or a point"),
        (POSTER, "[calm]", "[calmly]", "has no words below #calmly"),
        (POSTER, "strong_only: true", "strong_only: false", "a poster has at most 60"),
        (POSTER, "KTR6 B579 T3GA SXGVT", "0HWZ WSJ6 6DB8 V2N4A", "has this code already"),
        (
            POSTER,
            "issued: 2026-11-21",
            f"issued: 2026-11-21\nstate: replaced\nended: 2026-11-22\nreplaced_by: {POSTER}",
            "leads in a circle",
        ),
    ],
)
def test_what_would_mislead_stops_the_build(
    copy: Path, name: str, old: str, new: str, message: str
) -> None:
    change(copy, name, old, new)

    found = [str(problem) for problem in misleading(load_library(copy), production=False)]

    assert any(message in text for text in found), found


def test_a_page_that_changed_since_asks_for_a_new_edition(copy: Path) -> None:
    change(copy, POSTER, "issued: 2026-11-21", "issued: 2025-11-01")

    found = [str(problem) for problem in handouts.advice(load_library(copy))]

    assert any("protect-yourself in ar changed since" in text for text in found), found


def test_the_editions_of_today_are_in_time(library: Library) -> None:
    assert not [*handouts.advice(library)]
    assert all(one.issued >= date(2026, 1, 1) for one in library.handouts.values())
