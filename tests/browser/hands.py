"""Hands that fill forms as a person does, screen by screen; and hands for old browsers."""

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FilePayload, Page, expect


@dataclass(frozen=True)
class Spoken:
    """A message that is spoken into the phone."""

    milliseconds: int


Given = str | Sequence[str] | FilePayload | Spoken
"""What is typed, chosen or spoken: a text, the value of an option, several values, a file."""

SEARCH_REQUEST: dict[str, Given] = {
    "person_name": "سامر",
    "relation": "wife",
    "last_contact_when.unknown": "yes",
    "last_contact_where.area": "unknown",
    "role": "prefer_not_to_say",
    "age_group": "prefer_not_to_say",
    "safe_contact.way": "none",
    "consent.C1": "yes",
    "consent.C3": "yes",
}
"""The eight answers that are needed, and the consents."""

MOST_SCREENS = 20


def give(page: Page, name: str, given: Given) -> None:
    """Give one answer where the form asks for it now.

    Args:
        page: The page, with screens or as one long page.
        name: Name of the input.
        given: The answer; "yes" ticks a box that stands alone.
    """
    if isinstance(given, Spoken):
        speak(page, name, given)
        return
    control = page.locator(f'form [name="{name}"]')
    kind = control.first.evaluate("(one) => one.matches('select') ? 'select' : one.type")
    if isinstance(given, dict):
        control.first.set_input_files([given])
    elif kind == "select":
        control.first.select_option(given)
    elif kind in ("radio", "checkbox"):
        for place, value in enumerate([given] if isinstance(given, str) else given):
            option = page.locator(f'form [name="{name}"][value="{value}"]')
            option.check(force=place > 0)  # Where one of a list can be reached, its others can.
    else:
        control.first.fill(str(given))


def speak(page: Page, question: str, spoken: Spoken) -> None:
    """Record a message with the phone's microphone and keep it."""
    place = page.locator(f'[data-question="{question}"]')
    place.locator("[data-record]").click()
    expect(place.locator("[data-voice=recording]")).to_be_visible()
    page.wait_for_timeout(spoken.milliseconds)
    place.locator("[data-finish]").click()
    expect(place.locator("[data-fate=record]")).to_be_visible()


def is_asked(page: Page, name: str) -> bool:
    """Tell whether an input is on this screen; what is folded over it is opened."""
    control = page.locator(f'form [name="{name}"]').first
    folded = page.locator(f'form details:not([open]):has([name="{name}"]) > summary:visible')
    while not control.is_visible() and folded.count():
        folded.first.click()
    return control.is_visible()


def answer_screen(page: Page, answers: Mapping[str, Given]) -> list[str]:
    """Give the answers that this screen asks for, and return which those were."""
    given = []
    for name, answer in answers.items():
        if is_asked(page, name):
            give(page, name, answer)
            given.append(name)
    return given


def fill_form(page: Page, answers: Mapping[str, Given]) -> list[str]:
    """Go through the screens with Next, giving answers where they are asked, to the review.

    Args:
        page: The page of an encrypting form.
        answers: By name of the input, in the order of the form.

    Returns:
        Names of inputs that were never asked for.
    """
    left = dict(answers)
    expect(page.locator("[data-next]")).to_be_visible()
    for _ in range(MOST_SCREENS):
        if page.locator("#step-review").is_visible():
            return list(left)
        for name in answer_screen(page, left):
            del left[name]
        page.locator("[data-next]").click()
        problems = page.locator("[data-problem-summary]")
        assert problems.is_hidden(), problems.inner_text()
    raise AssertionError("the review is never reached")


def send_form(page: Page, *, seconds: float = 60, assisted: bool = False) -> None:
    """Send what the review shows, and wait until it has arrived.

    Args:
        page: The page of an encrypting form.
        seconds: How long it may take.
        assisted: Whether somebody helped: then the phone is handed over first.
    """
    page.locator("[data-send]").click()
    if assisted:
        expect(page.locator("[data-hand-over]")).to_be_visible(timeout=seconds * 1000)
        expect(page.locator(".code")).to_have_count(0)
        page.locator("[data-hand-over] button").click()
    expect(page.locator("[data-received]")).to_be_visible(timeout=seconds * 1000)


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

    def go_to_review(self) -> None:
        """Go through the screens with Next; answers can be given before, seen or not."""
        self.wait("[data-next]")
        for _ in range(MOST_SCREENS):
            if self.page.evaluate("!document.querySelector('#step-review').hidden"):
                return
            self.press("[data-next]")
        raise AssertionError("the review is never reached")

    def wait(self, selector: str, seconds: float = 30) -> None:
        """Wait until something is on the page."""
        self.until(lambda: self.count(selector) > 0, f"no {selector}", seconds)

    def until(self, condition: Callable[[], Any], otherwise: str, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, otherwise
            time.sleep(0.05)
