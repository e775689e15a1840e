"""axe-core finds nothing on what only the script makes: files, voice, received, writing again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Playwright, expect

from tests.accessibility.test_answers import found
from tests.browser.hands import SEARCH_REQUEST, answer_screen, send_form
from tests.journeys.conftest import System
from tests.photos import photo_with_hidden_data
from tests.voices import launch_with_microphone

PHOTO = FilePayload(
    name="a.jpg",
    mimeType="image/jpeg",
    buffer=photo_with_hidden_data(marker="axe", width=300, height=200),
)


@pytest.fixture(scope="module")
def microphone(playwright: Playwright) -> Iterator[Browser]:
    chromium = launch_with_microphone(playwright)
    yield chromium
    chromium.close()


@pytest.fixture(params=["ar", "de"])
def page(request: pytest.FixtureRequest, microphone: Browser, system: System) -> Iterator[Page]:
    context = microphone.new_context(
        base_url=f"{system.site}/{request.param}/", bypass_csp=True, reduced_motion="reduce"
    )
    context.grant_permissions(["microphone"], origin=system.site)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def add_files(page: Page) -> None:
    """Choose a photo and speak, and let axe look meanwhile and afterwards."""
    page.locator("[data-question=spoken_message]").scroll_into_view_if_needed()
    page.locator("[data-voice]").wait_for()
    page.locator("input[name=photos]").set_input_files([PHOTO])
    page.locator("[data-record]").click()
    expect(page.locator("[data-voice=recording]")).to_be_visible()
    assert found(page) == []
    page.locator("[data-finish]").click()
    expect(page.locator("[data-fate=record]")).to_be_visible()
    expect(page.locator("[data-fate=reencode]")).to_be_visible()
    assert found(page) == []


def send_with_files(page: Page) -> str:
    """Send a search request with files, and return the code that is shown."""
    page.goto("search-request/")
    while not page.locator("#step-review").is_visible():
        answer_screen(page, SEARCH_REQUEST)
        if page.locator("input[name=photos]").is_visible():
            add_files(page)
        page.locator("[data-next]").click()
    assert found(page) == []
    send_form(page)
    assert found(page) == []
    return page.locator(".code").first.inner_text()


def write_again(page: Page) -> None:
    """Go through the form of the return page for every purpose that has a screen of its own."""
    onward, back = page.locator("[data-write] [data-next]"), page.locator(".screens__back")
    page.locator("[data-write] button").click()
    onward.click()
    page.locator("[name=kind][value=contact_unsafe]").check()
    onward.click()
    assert found(page) == []
    onward.click()
    assert found(page) == []
    back.click()
    page.locator("[name=kind][value=answer]").check()
    onward.click()
    onward.click()
    expect(page.locator("[data-write] [data-problem-summary]")).to_be_focused()
    assert found(page) == []
    back.click()
    page.locator("[name=kind][value=consent]").check()
    onward.click()
    assert found(page) == []
    page.locator("[name='consent.C2'][value=take_back]").check()
    onward.click()
    onward.click()
    page.locator("[data-write] [data-send]").click()
    page.locator("[data-received=again]").wait_for()
    assert found(page) == []


def test_from_files_and_voice_over_what_is_received_to_writing_again(page: Page) -> None:
    code = send_with_files(page)

    page.goto("return/")
    page.locator("#code").fill(code)
    page.locator("[data-return] form [data-send]").click()
    page.locator("[data-write]").wait_for()
    assert found(page) == []
    write_again(page)
