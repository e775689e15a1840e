"""Searching the real site in a real browser: with script in place, without it by the server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from portal_content.library import Library
from portal_content.search.engine import make_engine
from tests.portal_api.running import Running

QUERIES = [("ar", "طلبوا مني مصاري"), ("en", "forgot my code"), ("ku", "pere ji min dixwazin")]
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture
def page(browser: Browser, served_site: Running) -> Iterator[Page]:
    context = browser.new_context(base_url=served_site.url, viewport=PHONE)
    yield context.new_page()
    context.close()


@pytest.fixture
def page_without_script(browser: Browser, served_site: Running) -> Iterator[Page]:
    context = browser.new_context(
        base_url=served_site.url, viewport=PHONE, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def found(page: Page) -> list[str]:
    page.wait_for_selector(".results li")
    links = page.locator(".results h2 a")
    return [links.nth(n).get_attribute("href") or "" for n in range(links.count())]


def search(page: Page, lang: str, query: str) -> list[str]:
    page.goto(f"/{lang}/")
    page.click("a.top__search")
    page.fill("input[name=q]", query)
    page.press("input[name=q]", "Enter")
    return found(page)


@pytest.mark.parametrize(("lang", "query"), QUERIES)
def test_both_ways_find_what_the_terminal_finds(
    page: Page, page_without_script: Page, library: Library, lang: str, query: str
) -> None:
    results = make_engine(library, lang).search(query, 8)
    expected = [result.entry["address"] for result in results]

    assert search(page, lang, query) == expected
    assert search(page_without_script, lang, query) == expected


def test_nothing_of_the_index_is_loaded_before_somebody_searches(page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))

    page.goto("/ar/find/")
    page.wait_for_load_state("networkidle")
    before = [url for url in loaded if "/find/" in url and not url.endswith("/find/")]
    page.fill("input[name=q]", "للنساء")
    page.press("input[name=q]", "Enter")
    found(page)

    assert before == []
    assert [url for url in loaded if url.endswith(".json")]


def test_what_was_looked_for_stays_in_no_address(page: Page, built_site: Path) -> None:
    search(page, "ar", "حدا عم يهددني")
    page.wait_for_url("**/ar/find/")

    # A host that only has files gives the page as it is, whatever is asked.
    file = built_site / "ar" / "find" / "index.html"
    page.route("**/find/?q=*", lambda route: route.fulfill(path=file))
    page.goto("/ar/find/?q=نصب")
    found(page)
    page.wait_for_url("**/ar/find/")
    assert page.input_value("input[name=q]") == "نصب"


def test_the_result_that_is_announced_is_counted_in_the_readers_language(page: Page) -> None:
    search(page, "ar", "للنساء")
    expect(page.locator("[data-search-state]")).to_have_text("\u2068٨\u2069 نتائج")


def test_nothing_found_says_what_to_do(page: Page, page_without_script: Page) -> None:
    page.goto("/en/find/")
    page.fill("input[name=q]", "zzzzqqqq")
    page.press("input[name=q]", "Enter")
    expect(page.locator("[data-results]")).to_contain_text("fewer words")

    page_without_script.goto("/en/find/?q=zzzzqqqq")
    expect(page_without_script.locator("main")).to_contain_text("fewer words")
    assert page_without_script.input_value("input[name=q]") == "zzzzqqqq"


def test_a_broken_line_keeps_what_was_typed_and_says_so(page: Page) -> None:
    page.goto("/en/find/")
    page.context.set_offline(True)
    page.fill("input[name=q]", "prison")
    page.press("input[name=q]", "Enter")

    expect(page.locator("[data-search-state]")).to_contain_text("could not reach")
    assert page.input_value("input[name=q]") == "prison"


def test_what_was_typed_is_text_and_never_markup(page_without_script: Page) -> None:
    page_without_script.goto("/en/find/?q=%22%3E%3Cimg%20src%3Dx%3E%20prison")

    assert page_without_script.locator("main img").count() == 0
    assert page_without_script.input_value("input[name=q]") == '"><img src=x> prison'
