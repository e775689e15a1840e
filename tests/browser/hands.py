"""Hands for old browsers: Playwright's own need functions that Chromium 90 does not have."""

import base64
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page


class Hands:
    """Do on a page what a person does, through plain DOM calls."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        self.page.evaluate("s => document.querySelector(s).click()", selector)

    def write(self, selector: str, text: str) -> None:
        self.page.evaluate(
            """([selector, text]) => {
                const input = document.querySelector(selector)
                input.value = text
                for (const type of ["input", "change"])
                    input.dispatchEvent(new Event(type, { bubbles: true }))
            }""",
            [selector, text],
        )

    def choose_file(self, selector: str, name: str, content: bytes) -> None:
        self.page.evaluate(
            """([selector, name, content]) => {
                const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0))
                const chosen = new DataTransfer()
                chosen.items.add(new File([bytes], name, { type: "image/jpeg" }))
                const input = document.querySelector(selector)
                input.files = chosen.files
                input.dispatchEvent(new Event("change", { bubbles: true }))
            }""",
            [selector, name, base64.b64encode(content).decode()],
        )

    def text(self, selector: str) -> str:
        """Everything that is visible there."""
        return str(self.page.evaluate("s => document.querySelector(s).innerText", selector))

    def texts(self, selector: str) -> list[str]:
        found: list[str] = self.page.evaluate(
            "s => Array.from(document.querySelectorAll(s), (e) => e.innerText)", selector
        )
        return found

    def count(self, selector: str) -> int:
        return int(self.page.evaluate("s => document.querySelectorAll(s).length", selector))

    def wait(self, selector: str, seconds: float = 30) -> None:
        """Wait until something is on the page."""
        self.until(lambda: self.count(selector) > 0, f"no {selector}", seconds)

    def until(self, condition: Callable[[], Any], otherwise: str, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, otherwise
            time.sleep(0.05)
