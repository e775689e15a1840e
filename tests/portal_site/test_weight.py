"""What a page costs on a slow line: bytes as they are sent, for every page in every language."""

import re
from pathlib import Path

import brotli
import pytest

from tests.portal_site.test_build import Reading, pages

FIRST_WINDOW = 14 * 1024
"""Bytes that a server may send before the first acknowledgement."""
GUIDANCE, FORM = 50 * 1024, 90 * 1024
LATER = re.compile(r"/assets/[a-z0-9.-]+\.(?:js|json)")
"""What a script loads when somebody sends or reads: it names it."""


def packed(path: Path) -> int:
    return len(brotli.compress(path.read_bytes(), quality=11))


@pytest.fixture(scope="module")
def weights(built_site: Path) -> dict[Path, int]:
    """Bytes of every file that pages or scripts may ask for."""
    files = [*pages(built_site), *(built_site / "assets").glob("*.js*"), *built_site.glob("*.svg")]
    return {
        path: packed(path) for path in files if path.suffix in (".html", ".js", ".json", ".svg")
    }


def loaded_by(page: Path, site: Path) -> set[Path]:
    """Return everything that a first visit loads, with what its scripts load in time."""
    reading = Reading(page.read_text(encoding="utf-8"))
    named = [tag["src"] for tag in reading.all("script") if "src" in tag]
    named += [link["href"] for link in reading.all("link") if link["rel"] in ("icon", "preload")]
    named += [tags["data-url"] for _, tags in reading.tags if "data-url" in tags]
    files = {site / address.lstrip("/") for address in named}
    later = {found for file in files for found in LATER.findall(file.read_text(encoding="utf-8"))}
    return files | {site / address.lstrip("/") for address in later}


def test_what_is_needed_to_read_fits_the_first_window(
    built_site: Path, weights: dict[Path, int]
) -> None:
    too_heavy = {
        page.relative_to(built_site).as_posix(): weights[page]
        for page in pages(built_site)
        if weights[page] > FIRST_WINDOW
    }

    assert too_heavy == {}


def test_a_first_visit_stays_within_its_budget(built_site: Path, weights: dict[Path, int]) -> None:
    too_heavy = {}
    for page in pages(built_site):
        files = loaded_by(page, built_site)
        total = weights[page] + sum(weights[file] for file in files)
        is_form = any(file.name.startswith(("form.", "return.")) for file in files)
        if total > (FORM if is_form else GUIDANCE):
            too_heavy[page.relative_to(built_site).as_posix()] = total

    assert too_heavy == {}


def test_a_form_page_counts_everything_that_it_will_ever_load(built_site: Path) -> None:
    names = {
        file.name.split(".")[0]
        for file in loaded_by(built_site / "ar/search-request/index.html", built_site)
    }

    assert names == {"beside-form", "form", "argon2", "files", "search-request", "favicon"}


def test_a_picture_has_its_size_its_words_and_a_modern_format(built_site: Path) -> None:
    """Pages have no pictures today; whoever adds one meets this."""
    for page in pages(built_site):
        for picture in Reading(page.read_text(encoding="utf-8")).all("img"):
            assert {"width", "height", "alt"} <= picture.keys(), page
            assert picture["src"].endswith((".avif", ".webp")), page
