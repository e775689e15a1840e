"""Releases at the terminal: listed, signed by two roots one after the other, published, checked."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich.console import Console

from portal.commands.release import (
    check_file,
    make_list,
    publish,
    sign_for_demonstration,
    sign_list,
)
from portal.demonstration import make_keys
from portal.settings import DataFolders, PortalSettings
from portal_site.carry.pages import DOWNLOAD, RELEASE

TODAY = date(2026, 11, 20)
QUIET = Console(quiet=True)


@pytest.fixture
def settings(tmp_path: Path) -> PortalSettings:
    settings = PortalSettings(data=tmp_path / "var", site=tmp_path / "site")
    make_keys(settings, today=datetime.now(UTC).date())
    folder = settings.site / DOWNLOAD
    folder.mkdir(parents=True)
    (folder / "reader-ar.html").write_bytes(b"pages")
    (folder / "paper-ar-1f2e.html").write_bytes(b"a form")
    return settings


def root(settings: PortalSettings, number: int) -> Path:
    return DataFolders(settings.data).offline / f"root{number}.key"


def test_two_roots_sign_and_then_files_can_be_checked(
    settings: PortalSettings, tmp_path: Path
) -> None:
    note = tmp_path / "list"
    ours, forged = tmp_path / "renamed", tmp_path / "reader-ar.html"
    ours.write_bytes(b"a form")
    forged.write_bytes(b"a form that sends elsewhere")

    assert make_list(settings, note, QUIET, today=TODAY)
    assert not publish(settings, note, QUIET)
    assert sign_list(note, root(settings, 0), QUIET)
    assert sign_list(note, root(settings, 0), QUIET)
    assert not publish(settings, note, QUIET)
    assert sign_list(note, root(settings, 1), QUIET)
    assert publish(settings, note, QUIET)

    assert (settings.site / DOWNLOAD / RELEASE).read_bytes() == note.read_bytes()
    assert check_file(settings, ours, None, QUIET)
    assert check_file(settings, ours, note, QUIET)
    assert not check_file(settings, forged, None, QUIET)


def test_a_changed_list_is_refused(settings: PortalSettings, tmp_path: Path) -> None:
    note = tmp_path / "list"
    make_list(settings, note, QUIET, today=TODAY)
    for number in (0, 1):
        sign_list(note, root(settings, number), QUIET)
    note.write_text(note.read_text(encoding="utf-8").replace("2026-11-20", "2026-11-21"))

    assert not publish(settings, note, QUIET)
    assert not check_file(settings, settings.site / DOWNLOAD / "reader-ar.html", note, QUIET)


def test_a_list_of_an_older_build_is_not_published(
    settings: PortalSettings, tmp_path: Path
) -> None:
    note = tmp_path / "list"
    make_list(settings, note, QUIET, today=TODAY)
    for number in (1, 2):
        sign_list(note, root(settings, number), QUIET)
    (settings.site / DOWNLOAD / "reader-ar.html").write_bytes(b"newer pages")

    assert not publish(settings, note, QUIET)
    assert not (settings.site / DOWNLOAD / RELEASE).exists()


def test_what_is_no_list_is_not_signed(settings: PortalSettings, tmp_path: Path) -> None:
    other = tmp_path / "keys"
    other.write_text("imp-portal/v1/keys\nserial 9\n", encoding="utf-8")

    assert not sign_list(other, root(settings, 0), QUIET)
    assert not sign_list(other, tmp_path / "no-key", QUIET)
    assert other.read_text(encoding="utf-8") == "imp-portal/v1/keys\nserial 9\n"


def test_a_site_without_files_has_nothing_to_sign(settings: PortalSettings, tmp_path: Path) -> None:
    for path in (settings.site / DOWNLOAD).iterdir():
        path.unlink()

    assert not make_list(settings, tmp_path / "list", QUIET, today=TODAY)


def test_the_demonstration_signs_with_its_own_roots(settings: PortalSettings) -> None:
    sign_for_demonstration(settings, today=TODAY)

    assert check_file(settings, settings.site / DOWNLOAD / "reader-ar.html", None, QUIET)
