"""Readers are told in one line what is not as it should be with a page, the gravest first."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from portal_content.library import load_library
from portal_site.settings import SiteSettings
from portal_site.values import Site, Styles
from portal_site.written import notices
from tests.portal_site.test_incremental import edit

ROOT = Path(__file__).parents[2]
SAFETY = "content/trust/protect-yourself"
TODAY = date(2026, 11, 21)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("content", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def notices_of(copy: Path, slug: str, lang: str) -> list[dict[str, object]]:
    settings = SiteSettings(root=copy, today=TODAY)
    library = load_library(copy)
    site = Site(settings, library, assets=None, styles=Styles("", ""))  # type: ignore[arg-type]
    return notices(site, library.pages[slug, lang])


def review(path: Path, day: str = "2026-11-01") -> None:
    edit(path, r"^reviewed: null", f"reviewed: {day}")
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub("translation_state: draft", "translation_state: human", text), "utf-8")


def test_a_text_that_nobody_reviewed_says_so_in_its_language(copy: Path) -> None:
    [original] = notices_of(copy, "about", "ar")
    [translation] = notices_of(copy, "about", "de")

    assert original["text"] == "لم يراجع أحد هذه الصفحة بعد."
    assert "Entwurf" in str(translation["text"])
    assert not original["strong"]


def test_a_reviewed_and_current_page_says_nothing(copy: Path) -> None:
    review(copy / "content/institution/about.en.md")

    assert notices_of(copy, "about", "en") == []


def test_a_page_behind_its_original_leads_to_it_and_to_what_changed(copy: Path) -> None:
    review(copy / "content/institution/about.en.md")
    edit(copy / "content/institution/about.ar.md", r"(\{#funding\}\n\n)", r"\1كلمات ")

    [notice] = notices_of(copy, "about", "en")

    source = notice["source"]
    assert isinstance(source, dict)
    assert (source["address"], source["lang"], source["dir"]) == ("/ar/about/", "ar", "rtl")
    assert [section["address"] for section in source["sections"]] == ["/ar/about/#funding"]
    assert not notice["strong"]


def test_a_safety_page_behind_its_original_warns(copy: Path) -> None:
    edit(copy / f"{SAFETY}.ar.md", r"^## ", "## كلمة ")

    [notice] = notices_of(copy, "protect-yourself", "tr")

    assert notice["strong"]
    assert str(notice["text"]).startswith("Dikkat")


def test_a_safety_page_whose_review_is_overdue_warns_and_others_do_not(copy: Path) -> None:
    review(copy / f"{SAFETY}.ar.md", "2026-08-01")
    review(copy / "content/institution/about.ar.md", "2025-01-01")

    [notice] = notices_of(copy, "protect-yourself", "ar")

    assert notice["strong"]
    assert notices_of(copy, "about", "ar") == []
    edit(copy / f"{SAFETY}.ar.md", r"^reviewed: .*", "reviewed: 2026-09-01")
    assert notices_of(copy, "protect-yourself", "ar") == []
