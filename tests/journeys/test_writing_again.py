"""With the code alone: an answer with a file and a consent taken back reach the register."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from portal_content.library import load_library
from portal_protocol.digits import arabic_digits
from tests.browser.hands import answer_screen
from tests.journeys.conftest import System, wait_for
from tests.journeys.test_search_request import answer, needed, open_case, shown_code
from tests.photos import photo_with_hidden_data
from tests.projects import ROOT

STRINGS = load_library(ROOT).strings
QUESTION = "هل يمكن أن ترسلوا صورة الورقة؟"
WORDS = "نعم، أرسل صورة الورقة مع هذه الرسالة."


def words(key: str) -> str:
    return STRINGS.text(key, "ar")


@pytest.fixture(params=["script", "without script"])
def family(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=request.param == "script"
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


def write_first(page: Page, system: System, name: str) -> str:
    """Send a request without script, whatever the browser can: what matters comes later."""
    page.goto(f"{system.site}/ar/search-request/plain/")
    answer_screen(page, needed("ar"))
    page.locator("[name=person_name]").fill(name)
    page.locator("form button[type=submit]").click()
    expect(page.locator("[data-received]")).to_be_visible()
    return shown_code(page)


def open_mailbox(page: Page, system: System, code: str, *, script: bool) -> None:
    page.goto(f"{system.site}/ar/return/" + ("" if script else "plain/"))
    page.locator("#code").fill(arabic_digits(code))
    page.locator("#code").press("Enter")
    page.locator(".messages").wait_for()


def write(page: Page, give: Callable[[Page, str], bool], *, script: bool) -> None:
    """Write again: on one long page, or a screen at a time."""
    place = page.locator("[data-write], .messages__write")
    place.locator("button, summary").first.click()
    onward = place.locator("[data-next]")
    while True:
        for name in ("kind", "message", "files", "consent.C2", "consent.C3"):
            give(page, name)
        if not (onward.count() and onward.is_visible()):
            break
        onward.click()
    place.locator("[data-send]" if script else "form button[type=submit]").click()
    expect(page.locator("[data-received]")).to_be_visible(timeout=60_000)
    expect(page.get_by_text(words("form-follow-up.after.what"))).to_be_visible()


def giving(answers: dict[str, str | FilePayload]) -> Callable[[Page, str], bool]:
    def give(page: Page, name: str) -> bool:
        wanted = answers.get(name)
        control: Locator = page.locator(f"[name='{name}']")
        if wanted is None or not control.first.is_visible():
            return False
        if not isinstance(wanted, str):
            if not control.first.evaluate("input => input.files.length"):
                control.first.set_input_files([wanted])
        elif control.first.get_attribute("type") == "radio":
            page.locator(f"[name='{name}'][value='{wanted}']").check()
        else:
            control.fill(wanted)
        return True

    return give


def test_a_family_answers_with_a_file_and_takes_a_consent_back(
    system: System, family: BrowserContext, officer: Page, request: pytest.FixtureRequest
) -> None:
    script = request.node.callspec.params["family"] == "script"
    name = "ليلى حسن " + ("بالبرنامج" if script else "بلا برنامج")
    page = family.new_page()
    code = write_first(page, system, name)
    open_case(officer, system, name)
    case = officer.url
    answer(officer, QUESTION, "ar")

    def is_asked() -> bool:
        open_mailbox(page, system, code, script=script)
        return page.get_by_text(QUESTION).count() > 0

    wait_for(is_asked, "the question does not reach the family")
    paper = FilePayload(
        name="ورقة.jpg", mimeType="image/jpeg", buffer=photo_with_hidden_data(marker="paper")
    )
    write(page, giving({"kind": "answer", "message": WORDS, "files": paper}), script=script)
    assert code not in page.url
    open_mailbox(page, system, code, script=script)
    write(page, giving({"kind": "consent", "consent.C3": "take_back"}), script=script)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    def is_complete() -> bool:
        officer.goto(case)
        return officer.locator("#again ~ article").count() == 2

    wait_for(is_complete, "what was written again does not reach the register")
    seen = html.unescape(officer.locator("main").inner_text())
    assert WORDS in seen
    assert "ورقة.jpg" in seen
    consents = officer.locator("section", has=officer.locator("#consents"))
    taken_back = consents.locator("li", has_text=re.compile(r"\bC3\b"))
    assert STRINGS.text("register.again.taken_back", "ar") in taken_back.inner_text() or (
        STRINGS.text("register.again.taken_back", "en") in taken_back.inner_text()
    )
