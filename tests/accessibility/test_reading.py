"""Reading with large letters, other spacing, little movement, few colours, on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.portal_api.running import Running

PAGES = (
    "", "protect-yourself/", "search-request/", "search-request/plain/", "briefings/", "words/",
    "briefings/sample-berlin-families/", "alerts/", "consultations/", "accessibility/", "pages/",
    "find/", "offline/", "return/", "contact/", "find/?q=prison",
)  # fmt: skip
SPACED = """
  * { line-height: 1.5 !important; letter-spacing: .12em !important }
  * { word-spacing: .16em !important }
  p { margin-block-end: 2em !important }
"""
WIDER_THAN_THE_PAGE = """() => Array.from(document.querySelectorAll("main *")).filter((element) => {
  const box = element.getBoundingClientRect()
  const inside = element.closest(".scroll, svg, .visually-hidden, .figure__scroll")
  return !inside && box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)
}).map((element) => element.outerHTML.slice(0, 80))"""


@pytest.fixture(params=["ar", "en"])
def page(request: pytest.FixtureRequest, browser: Browser, served_site: Running) -> Iterator[Page]:
    context = browser.new_context(base_url=f"{served_site.url}/{request.param}/", bypass_csp=True)
    yield context.new_page()
    context.close()


def visit(page: Page) -> Iterator[str]:
    for path in PAGES:
        page.goto(path)
        yield path


def test_at_400_percent_nothing_has_to_be_scrolled_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    for path in visit(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert page.evaluate(WIDER_THAN_THE_PAGE) == [], path


def test_letters_of_twice_the_size_lose_nothing(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 900})
    for path in visit(page):
        page.add_style_tag(content="html { font-size: 200% !important }")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path


def test_other_spacing_loses_nothing(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    for path in visit(page):
        page.add_style_tag(content=SPACED)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_nothing_moves_for_those_who_want_no_movement(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    for path in visit(page):
        moving = page.evaluate(
            """() => Array.from(document.querySelectorAll("*")).filter((element) => {
              const { transitionDuration, animationDuration } = getComputedStyle(element)
              return parseFloat(transitionDuration) + parseFloat(animationDuration) > 0
            }).length"""
        )
        assert moving == 0, path


def test_with_forced_colours_buttons_and_focus_keep_an_edge(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("search-request/plain/")
    button = page.locator("form button[type=submit]").first
    border = button.evaluate("(element) => getComputedStyle(element).borderTopWidth")
    button.focus()
    outline = button.evaluate("(element) => getComputedStyle(element).outlineStyle")

    assert float(border.removesuffix("px")) >= 1
    assert outline != "none"


def test_paper_shows_the_text_alone_in_dark_letters(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto("protect-yourself/")
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")

    for hidden in (".quick-exit", ".menu", ".languages"):
        assert page.locator(hidden).first.evaluate("(e) => getComputedStyle(e).display") == "none"
    assert size >= 14
    assert page.locator("main h1").evaluate("(e) => getComputedStyle(e).color") == "rgb(0, 0, 0)"


def test_nothing_ends_by_itself(page: Page) -> None:
    """There are no time-outs: no page refreshes, and no script ends a form."""
    for path in visit(page):
        assert page.locator("meta[http-equiv=refresh]").count() == 0, path
