"""What tests of every folder share."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browsers import launch_chromium
from tests.old_chromium import launch_old_chromium


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One driver for all tests: a second one in the same thread refuses to start.

    It runs on the environment's own Node: the one it brings needs a library that a small Debian
    does not have.
    """
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(sys.executable).parent / "node"))
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = launch_chromium(playwright)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def old_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium 90; drive it with tests.browser.hands.Hands, Playwright's own hands need more."""
    chromium = launch_old_chromium(playwright)
    yield chromium
    chromium.close()
