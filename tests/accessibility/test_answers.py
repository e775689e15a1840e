"""axe-core finds nothing on the pages that the service answers with."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility.axe import AXE, RUN, SCHEMES, WIDTHS
from tests.browser.hands import SEARCH_REQUEST, answer_screen
from tests.portal_api.factories import CODE
from tests.portal_api.running import Running


@pytest.fixture(params=["ar", "en"])
def page(request: pytest.FixtureRequest, browser: Browser, served_site: Running) -> Iterator[Page]:
    # Colours that still change when axe looks are no colours of the page.
    context = browser.new_context(
        base_url=f"{served_site.url}/{request.param}/", bypass_csp=True, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def found(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            violations += page.evaluate(RUN)
    return violations


def test_the_form_with_mistakes_and_its_summary_first(page: Page) -> None:
    page.goto("search-request/plain/")
    page.locator("form button[type=submit]").click()

    expect(page.locator("#problems")).to_be_visible()
    assert page.url.endswith("/form#problems")
    assert found(page) == []


def test_the_encrypting_form_with_mistakes(page: Page) -> None:
    page.goto("search-request/")
    next_screen = page.locator("[data-next]")
    while not page.locator("[name=person_name]").is_visible():
        next_screen.click()
    next_screen.click()

    expect(page.locator("[data-problem-summary]")).to_be_focused()
    assert found(page) == []


def test_every_screen_of_the_form_to_the_review(page: Page) -> None:
    page.goto("search-request/")
    expect(page.locator("[data-next]")).to_be_visible()
    while not page.locator("#step-review").is_visible():
        assert found(page) == []
        answer_screen(page, SEARCH_REQUEST)
        page.locator("[data-next]").click()

    assert found(page) == []


@pytest.mark.parametrize("path", ["find/?q=prison", "find/?q=zzzzqqqq", "nothing/"])
def test_results_and_what_is_not_there(page: Page, path: str) -> None:
    page.goto(path)

    assert found(page) == []


def test_a_code_that_is_none(page: Page) -> None:
    page.goto("return/plain/")
    page.locator("main form button").click()

    assert found(page) == []


def test_messages_with_the_form_to_write_again(page: Page) -> None:
    page.goto("return/plain/")
    page.locator("#code").fill(CODE)
    page.locator("main form button").click()
    page.locator("details > summary:has(h2)").click()

    expect(page.locator("[name=kind]").first).to_be_visible()
    assert found(page) == []


def test_large_print_on_a_phone_breaks_no_word_and_goes_nowhere_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("verify/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    wide, tall = page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('.top__name').offsetHeight]"
    )
    assert wide <= 360
    assert tall < 300, "the name stands letter below letter"
