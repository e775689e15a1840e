"""What every page gains: a quick exit, and the memory of a language that was chosen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal_site.assets import Assets
from tests.browser.serving import NOT_FOUND, Answer, Request, page, script, serving

LANGUAGES = "".join(
    f'<a data-language="{lang}" href="/{lang}/">{lang}</a> ' for lang in ("ar", "en", "ku")
)


@pytest.fixture
def opened(browser: Browser, assets: Assets) -> Iterator[Page]:
    main = assets.main
    tag = f'<script src="{main.url}" integrity="{main.integrity}" defer></script>'

    def answer(request: Request) -> Answer:
        path = request.path
        if path == main.url:
            return script(main.path.read_bytes())
        if path == "/":
            return page(f"<title>languages</title><nav data-languages>{LANGUAGES}</nav>{tag}")
        if path in ("/ar/", "/en/", "/ku/"):
            leave = '<a data-quick-exit href="/elsewhere">leave</a>'
            return page(f"<title>{path}</title>{leave} {LANGUAGES}<input>{tag}")
        return page("<title>weather</title>") if path == "/elsewhere" else NOT_FOUND

    context = browser.new_context()
    context.set_default_timeout(30_000)
    with serving(answer) as url:
        tab = context.new_page()
        tab.goto(f"{url}/")
        yield tab
        context.close()


def test_nothing_is_remembered_before_somebody_chooses(opened: Page) -> None:
    opened.goto(opened.url + "ar/")

    assert opened.evaluate("localStorage.length") == 0


def test_a_chosen_language_is_remembered_and_only_that(opened: Page) -> None:
    start = opened.url
    opened.locator("[data-language=ku]").click()
    expect(opened).to_have_title("/ku/")

    opened.goto(start)

    expect(opened).to_have_title("/ku/")
    assert opened.evaluate("JSON.stringify(localStorage)") == '{"language":"ku"}'


def test_who_comes_to_choose_anew_can(opened: Page) -> None:
    start = opened.url
    opened.locator("[data-language=ku]").click()
    expect(opened).to_have_title("/ku/")

    opened.goto(start + "#languages")

    expect(opened).to_have_title("languages")


def test_a_remembered_language_that_is_not_offered_leads_nowhere(opened: Page) -> None:
    opened.evaluate("localStorage.setItem('language', '//elsewhere')")

    opened.reload()

    expect(opened).to_have_title("languages")


@pytest.mark.parametrize("way", ["button", "escape"])
def test_the_quick_exit_leaves_and_is_not_in_the_back_button(opened: Page, way: str) -> None:
    opened.goto(opened.url + "ar/")
    if way == "button":
        opened.locator("[data-quick-exit]").click()
    else:
        opened.locator("input").focus()
        for _ in range(3):
            opened.keyboard.press("Escape")
    expect(opened).to_have_title("weather")

    opened.go_back()

    expect(opened).to_have_title("languages")


def test_escape_twice_or_slowly_leaves_nothing(opened: Page) -> None:
    opened.goto(opened.url + "ar/")

    for key in ("Escape", "Escape", "a", "Escape"):
        opened.keyboard.press(key)
    opened.wait_for_timeout(1_600)
    opened.keyboard.press("Escape")

    expect(opened).to_have_title("/ar/")
