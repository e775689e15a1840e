"""An alert holds for a time, can be corrected, and never names a person, a number or an account."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from portal_content.alerts.definition import Alert, load_alerts
from portal_content.checks import alerts, misleading
from portal_content.errors import ContentError
from portal_content.library import load_library

ROOT = Path(__file__).parents[2]
WARNING = "sample-fees-in-our-name"
UNKNOWN = "sample-list-of-names"
CORRECTED = "sample-message-corrected"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of content and translations that a test may spoil."""
    for name in ("content", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def change(root: Path, name: str, old: str, new: str) -> Path:
    path = root / "content" / "alerts" / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def all_of(root: Path) -> dict[str, Alert]:
    return load_alerts(root / "content" / "alerts")


def test_the_newest_comes_first() -> None:
    loaded = list(all_of(ROOT).values())

    assert [one.updated for one in loaded] == sorted((one.updated for one in loaded), reverse=True)


def test_nothing_holds_longer_than_it_was_meant_to() -> None:
    warning = all_of(ROOT)[WARNING]

    assert warning.status_on(date(2027, 2, 28)) == "active"
    assert warning.status_on(date(2027, 3, 1)) == "expired"


def test_a_correction_stays_one_after_its_time() -> None:
    assert all_of(ROOT)[CORRECTED].status_on(date(2029, 1, 1)) == "corrected"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (WARNING, "patterns: [X17, X13]", "patterns: [X99]", "patterns.0 cannot be so"),
        (WARNING, "patterns: [X17, X13]", "patterns: []", "a warning names the pattern"),
        (WARNING, "expires: 2027-02-28", "expires: 2026-11-01", "expires is before issued"),
        (WARNING, "status: active", "status: corrected", "corrected_on is for"),
        (WARNING, "status: active", "status: replaced", "replaced_by is for"),
        (WARNING, "status: active", "status: withdrawn", "withdrawn_on is for"),
        (
            WARNING,
            "status: active",
            "status: withdrawn\nwithdrawn_on: 2026-11-01",
            "withdrawn_on is before issued",
        ),
        (
            WARNING,
            "status: active",
            "status: withdrawn\nwithdrawn_on: 2026-11-25",
            "feeds would not tell it",
        ),
        (UNKNOWN, "look_again: 2026-12-01\n", "", "the day we look again"),
        (CORRECTED, "corrected_on: 2026-11-18\n", "", "corrected_on is for"),
        (CORRECTED, "status: corrected", "number: '1'\nstatus: corrected", "is not known here"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    copy: Path, name: str, old: str, new: str, message: str
) -> None:
    change(copy, name, old, new)

    with pytest.raises(ContentError, match=message):
        all_of(copy)


@pytest.mark.parametrize("words", ["+963 11 123 45 67", "scam@example.net", "see fake.example.org"])
def test_a_number_or_an_address_stops_the_build(copy: Path, words: str) -> None:
    path = change(copy, WARNING, "Do not pay. End the call.", words)

    found = [str(problem) for problem in misleading(load_library(copy), production=False)]

    assert any(text.startswith(str(path)) for text in found), found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("check_at: institution-website", "check_at: nowhere", "has no nowhere"),
        (
            "status: active",
            "status: replaced\nreplaced_on: 2026-11-19\nreplaced_by: sample-not-there",
            "there is no alert sample-not-there",
        ),
        (
            "status: active",
            f"status: replaced\nreplaced_on: 2026-11-19\nreplaced_by: {WARNING}",
            "replaced_by leads in a circle",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_reported(
    copy: Path, old: str, new: str, message: str
) -> None:
    change(copy, WARNING, old, new)

    assert message in "\n".join(str(one) for one in alerts.check(load_library(copy)))
