"""Our search against Material's and Pagefind's, on the same Arabic pages and the same searches.

Bytes are those of a first search: what the page loads before it can answer, and what one answer of
five results costs after that.
"""

import html
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.serving import Serving, serving_folder
from benchmarks.site_build import build_peer
from portal_content.library import load_library
from portal_content.search.corpus import Entry, corpus
from portal_content.search.synonyms import Synonyms
from portal_site.build import build_site
from portal_site.settings import PROJECT, SiteSettings
from tests.browsers import launch_chromium
from tests.search.relevance import queries

FEWER_BYTES = 3.0
"""Goal: so many times fewer bytes to the first answer than the better peer."""
LANGUAGE = "ar"
FIRST_FIVE = 5
MEASURED = 60
"""Searches whose bytes are counted; success counts all of them."""
_MATERIAL = """site_name: peer
theme: {{name: material, language: ar, font: false}}
plugins: [search]
docs_dir: {docs}
site_dir: {site}
"""
_MATERIAL_WAITS = re.compile(r"^\s*(اكتب ل)?بدء البحث\s*$")
"""What stands above its results as long as it has none to show: it loads, or nothing is typed."""
_PAGEFIND = """async (query) => {
  window.peer ??= await import("/pagefind/pagefind.js")
  const found = await window.peer.search(query)
  const shown = await Promise.all(found.results.slice(0, 5).map((one) => one.data()))
  return shown.map(({url}) => url)
}"""


@dataclass(frozen=True)
class Outcome:
    """What one search did for people."""

    at_1: float
    at_5: float
    before: float
    """Bytes before the first answer."""
    each: float
    """Bytes of one answer, the middle one."""


Ask = Callable[[Page, str], list[str]]
"""Types a search and returns the pages that are found, the best first."""


def measure() -> dict[str, float]:
    """Search in all three.

    Returns:
        Success and bytes of each, and ratios.
    """
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(sys.executable).parent / "node"))
    asked = [one for name in ("independent", "held_out") for one in queries(name, LANGUAGE)]
    with (
        tempfile.TemporaryDirectory(prefix="portal-bench-") as temporary,
        sync_playwright() as driver,
    ):
        folders = _build_all(Path(temporary))
        browser = launch_chromium(driver)
        outcomes = {
            name: _try(browser, folder, start, ask, asked)
            for name, (folder, start, ask) in folders.items()
        }
        browser.close()
    figures = {
        f"{name}_{figure}": value
        for name, outcome in outcomes.items()
        for figure, value in outcome.__dict__.items()
    }
    first = {name: outcome.before + outcome.each for name, outcome in outcomes.items()}
    better = min(first["pagefind"], first["material"])
    figures["times_fewer_bytes"] = better / first["ours"]
    return figures


def _build_all(folder: Path) -> dict[str, tuple[Path, str, Ask]]:
    # The peers get the same words; the lists of what people type are ours.
    entries = corpus(load_library(PROJECT), LANGUAGE, Synonyms())
    build_site(SiteSettings(site_directory=folder / "ours", packed=False))
    _build_material(folder / "material", entries)
    _build_pagefind(folder / "pagefind", entries)
    return {
        "ours": (folder / "ours", f"/{LANGUAGE}/find/", _ask_ours),
        "material": (folder / "material" / "site", "/", _ask_material),
        "pagefind": (folder / "pagefind", "/", _ask_pagefind),
    }


def _build_material(folder: Path, entries: Sequence[Entry]) -> None:
    docs = folder / "docs"
    for entry in entries:
        path = docs / f"{entry.page or 'index'}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        headings = "\n\n".join(f"## {words}" for _, words in entry.headings)
        text = f"# {entry.title}\n\n{entry.summary}\n\n{headings}\n\n{entry.text}\n"
        path.write_text(text, encoding="utf-8")
    configuration = folder / "mkdocs.yml"
    configuration.write_text(_MATERIAL.format(docs=docs, site=folder / "site"), encoding="utf-8")
    build_peer(configuration, folder / "site")


def _build_pagefind(folder: Path, entries: Sequence[Entry]) -> None:
    for entry in entries:
        path = folder / entry.page / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        headings = "".join(f"<h2>{html.escape(words)}</h2>" for _, words in entry.headings)
        path.write_text(
            f"<!doctype html><html lang={LANGUAGE}><title>{html.escape(entry.title)}</title><body>"
            f"<main data-pagefind-body><h1>{html.escape(entry.title)}</h1>"
            f"<p>{html.escape(entry.summary)}</p>{headings}<p>{html.escape(entry.text)}</p></main>",
            encoding="utf-8",
        )
    command = [sys.executable, "-m", "pagefind", "--site", str(folder)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a peer we chose
    shutil.copy(folder / "index.html", folder / "404.html")


def _try(
    browser: Browser, folder: Path, start: str, ask: Ask, asked: Sequence[dict[str, Any]]
) -> Outcome:
    with serving_folder(folder) as serving:
        before, each = _weigh(browser, serving, start, ask, asked)
        page = browser.new_page(locale=LANGUAGE)
        page.goto(serving.address + start)
        first = five = 0
        for one in asked:
            found = [_slug(address) for address in ask(page, one["query"])]
            first += bool(found) and found[0] in one["pages"]
            five += any(slug in one["pages"] for slug in found)
        page.close()
    return Outcome(first / len(asked), five / len(asked), before, each)


def _weigh(
    browser: Browser, serving: Serving, start: str, ask: Ask, asked: Sequence[dict[str, Any]]
) -> tuple[float, float]:
    """Return bytes before the first answer, and of an answer; every search is somebody's first."""
    befores, eaches = [], []
    for one in asked[:: max(1, len(asked) // MEASURED)]:
        context = browser.new_context(locale=LANGUAGE)
        page = context.new_page()
        start_bytes = serving.sent
        page.goto(serving.address + start, wait_until="networkidle")
        ready = serving.sent
        ask(page, one["query"])
        page.wait_for_load_state("networkidle")
        befores.append(ready - start_bytes)
        eaches.append(serving.sent - ready)
        context.close()
    return statistics.median(befores), statistics.median(eaches)


def _ask_ours(page: Page, query: str) -> list[str]:
    state = page.locator("[data-search-state]")
    state.evaluate("(element) => { element.textContent = '' }")
    page.fill("input[name=q]", query)
    page.press("input[name=q]", "Enter")
    page.locator("[data-results] > *").first.wait_for()
    for _ in range(100):
        if "\u2026" not in state.inner_text() and state.inner_text():
            break
        page.wait_for_timeout(20)
    return _addresses(page, ".results h2 a")


def _ask_material(page: Page, query: str) -> list[str]:
    field, said = page.locator(".md-search__input"), page.locator(".md-search-result__meta")
    for typed in ("", query):
        field.fill(typed)
        field.press("End")  # It listens to keys only.
        if typed:
            expect(said).not_to_have_text(_MATERIAL_WAITS, timeout=30_000)
        else:
            expect(said).to_have_text(_MATERIAL_WAITS, timeout=30_000)
    return _addresses(page, ".md-search-result__item > a.md-search-result__link")


def _ask_pagefind(page: Page, query: str) -> list[str]:
    found: list[str] = page.evaluate(_PAGEFIND, query)
    return found


def _addresses(page: Page, selector: str) -> list[str]:
    found = page.locator(selector).evaluate_all("(all) => all.map((one) => one.href)")
    unique = list(dict.fromkeys(re.sub(r"[?#].*", "", address) for address in found))
    return unique[:FIRST_FIVE]


def _slug(address: str) -> str:
    path = re.sub(r"^https?://[^/]+", "", address).strip("/").removeprefix(f"{LANGUAGE}/")
    return path.removesuffix("/index.html") or "index"


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))  # noqa: T201 - run by hand
