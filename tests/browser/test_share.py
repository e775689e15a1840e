"""Passing on: a text is copied with one press, or given to the device's own list of apps."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal_site.assets import Assets
from tests.browser.serving import NOT_FOUND, Answer, Request, page, script, serving

TEXT = "Do not pay.\nCheck it at: https://portal.example.org/en/c/"
BODY = (
    f'<p data-share style="white-space:pre-line">{TEXT}</p>'
    '<p data-share-actions data-copy="Copy" data-copied="Copied" data-select="Marked"'
    ' data-send="Send"></p><p role="status" data-share-said></p>'
)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


@pytest.fixture
def address(assets: Assets) -> Iterator[str]:
    main = assets.main
    tag = f'<script src="{main.url}" integrity="{main.integrity}" defer></script>'

    def answer(request: Request) -> Answer:
        if request.path == main.url:
            return script(main.path.read_bytes())
        return page(f"<title>alert</title>{BODY}{tag}") if request.path == "/" else NOT_FOUND

    with serving(answer) as url:
        yield url


def visit(context: BrowserContext, address: str, before: str = "") -> Page:
    opened = context.new_page()
    if before:
        opened.add_init_script(before)
    opened.goto(f"{address}/")
    return opened


def test_one_press_copies_exactly_the_text_that_is_shown(
    context: BrowserContext, address: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    opened = visit(context, address)

    opened.locator("button", has_text="Copy").click()

    expect(opened.locator("[data-share-said]")).to_have_text("Copied")
    assert opened.evaluate("navigator.clipboard.readText()") == TEXT


def test_where_copying_is_not_allowed_the_text_is_marked(
    context: BrowserContext, address: str
) -> None:
    refuse = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
    opened = visit(context, address, refuse)

    opened.locator("button", has_text="Copy").click()

    expect(opened.locator("[data-share-said]")).to_have_text("Marked")
    assert opened.evaluate("getSelection().toString()").strip() == TEXT


def test_a_device_without_a_list_of_apps_has_no_button_for_it(
    context: BrowserContext, address: str
) -> None:
    missing = "Object.defineProperty(navigator, 'share', {value: undefined})"
    opened = visit(context, address, missing)

    expect(opened.locator("button")).to_have_count(1)


def test_the_list_of_apps_gets_the_text_and_closing_it_is_no_error(
    context: BrowserContext, address: str
) -> None:
    sent = """Object.defineProperty(navigator, 'share', {value: (what) => {
      window.sent = what; return Promise.reject(new DOMException('closed', 'AbortError'))
    }})"""
    opened = visit(context, address, sent)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))

    opened.locator("button", has_text="Send").click()

    assert opened.evaluate("window.sent") == {"text": TEXT}
    assert errors == []
