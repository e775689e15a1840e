"""After sending: the code is heard and checked, the receipt is saved only by choice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import SEARCH_REQUEST, fill_form, send_form
from tests.browser.portal_double import PortalDouble
from tests.browser.serving import serving
from tests.browser.test_listening import VOICES


@pytest.fixture(params=[("ar", True), ("ar", False), ("en", True)], ids=str)
def sent(request: pytest.FixtureRequest, browser: Browser, portal: PortalDouble) -> Iterator[Page]:
    """A sent form on a phone that has, or has not, a voice of its own for the language."""
    lang, has_voice = request.param
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(60_000)
    with serving(portal.answer) as url:
        page = context.new_page()
        page.add_init_script(f"{VOICES}; window.voices = [['{lang}-XX', {str(has_voice).lower()}]]")
        page.goto(f"{url}/{lang}/search-request/")
        fill_form(page, SEARCH_REQUEST)
        send_form(page)
        yield page
        context.close()


def latin_code(page: Page) -> str:
    lines = ["".join(line.split()) for line in page.locator(".code").all_inner_texts()]
    return next(line for line in lines if line[0] in "0123456789")


def test_the_code_is_read_group_by_group_only_by_a_voice_of_this_phone(sent: Page) -> None:
    read = sent.locator("[data-read-code]")
    if not sent.evaluate("window.voices[0][1]"):
        expect(read).to_be_hidden()
        return

    read.click()
    said = [one for one in sent.evaluate("window.said") if one != "cancel"]
    code = latin_code(sent)
    assert said == [", ".join(code[place : place + 4]) for place in range(0, 24, 4)]

    sent.evaluate("window.parts[2].dispatchEvent(new Event('start'))")
    marked = sent.locator(".code__group.is-spoken")
    expect(marked).to_have_count(1)
    read.click()
    expect(marked).to_have_count(0)
    assert sent.evaluate("window.said.slice(-1)") == ["cancel"]


def test_what_arrived_what_it_is_not_and_what_comes_next_is_said(sent: Page) -> None:
    expect(sent.locator(".received__not")).not_to_be_empty()
    assert sent.locator(".received__part--next li").count() >= 3
    expect(sent.locator(".received__part--money")).to_be_visible()
    assert sent.locator(".received__part--caller li").count() == 3
    assert sent.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_receipt_is_saved_only_after_a_warning_under_a_name_that_says_nothing(
    sent: Page, portal: PortalDouble, tmp_path: Path
) -> None:
    (submission,) = portal.submissions
    receipt = sent.locator(".received__receipt")
    save = receipt.get_by_role("button")
    expect(save).to_be_hidden()

    receipt.locator("summary").click()
    expect(receipt.locator("bdi")).to_have_text(submission[:8])
    expect(receipt.locator(".received__care")).to_be_visible()
    with sent.expect_download() as download:
        save.click()

    assert download.value.suggested_filename == "note.txt"
    download.value.save_as(tmp_path / "note.txt")
    assert submission in (tmp_path / "note.txt").read_text(encoding="utf-8")
