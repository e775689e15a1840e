"""`portal serve`: an editor saves a file and sees the page change, or what is wrong with it."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from portal.commands.preview import TellingServer
from tests.journeys.conftest import free_port, wait_for
from tests.loops import run_apart
from tests.projects import small_project

PACKAGES = (
    *("portal", "portal_api", "portal_content", "portal_gateway", "portal_protocol"),
    "portal_site",
)
SECONDS = 20_000
"""Milliseconds to wait on a busy machine; it takes about one second otherwise."""


@dataclass
class Preview:
    project: Path
    address: str

    @property
    def about(self) -> Path:
        return self.project / "content" / "institution" / "about.en.md"


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A copy of the project, served while it is edited."""
    project = small_project(tmp_path_factory.mktemp("edited"), packages=PACKAGES)
    port = free_port()
    log = project / "log.txt"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    with log.open("wb") as file:
        running = subprocess.Popen(
            [sys.executable, "-m", "portal", "serve", "--port", str(port)],
            cwd=project,
            env=environment | {"PYTHONPATH": str(project)},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    wait_for(lambda: "The site is at" in log.read_text(), log.read_text(), seconds=120)
    yield Preview(project, f"http://127.0.0.1:{port}")
    running.terminate()
    running.wait(30)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def edit(path: Path, pattern: str, replacement: str) -> str:
    before = path.read_text(encoding="utf-8")
    text, count = re.subn(pattern, replacement, before, count=1, flags=re.MULTILINE)
    assert count == 1
    path.write_text(text, encoding="utf-8")
    return before


def test_whoever_is_told_where_the_site_is_finds_it_there() -> None:
    port, found = free_port(), list[int]()

    def tell() -> None:
        with socket.socket() as browser:
            found.append(browser.connect_ex(("127.0.0.1", port)))
        server.should_exit = True

    server = TellingServer(uvicorn.Config(FastAPI(), port=port, log_level="critical"), tell)
    run_apart(server.serve)

    assert found == [0]


def test_a_saved_change_appears_by_itself(preview: Preview, page: Page) -> None:
    page.goto(f"{preview.address}/en/about/")
    page.evaluate("document.title = 'the page before'")

    before = edit(preview.about, r"^title: .*", "title: A new title")

    expect(page.locator("h1")).to_have_text("A new title", timeout=SECONDS)
    preview.about.write_text(before, encoding="utf-8")
    expect(page.locator("h1")).not_to_have_text("A new title", timeout=SECONDS)


def test_a_mistake_is_shown_on_the_page_and_gone_when_mended(preview: Preview, page: Page) -> None:
    page.goto(f"{preview.address}/en/about/")

    before = edit(preview.about, r"^as_of: .*\n", "")

    problem = page.locator("[data-problem]")
    expect(problem).to_contain_text("as_of is missing; add it", timeout=SECONDS)
    expect(problem).to_contain_text("about.en.md:2")
    expect(page.locator("h1")).to_be_visible()
    preview.about.write_text(before, encoding="utf-8")
    expect(problem).to_have_count(0, timeout=SECONDS)
    expect(page.locator("h1")).to_be_visible()


def test_an_address_that_does_not_exist_leads_to_the_page_that_says_so(
    preview: Preview, page: Page
) -> None:
    for path in ("en/nowhere/", "..%2fportal%2fcli.py"):
        answer = page.goto(f"{preview.address}/{path}")

        assert answer is not None
        assert answer.status == 404
        expect(page.locator("h1")).to_be_visible()
