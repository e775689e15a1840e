"""The site in a real browser: every page, every language, at the width of a small phone."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from portal_site.build import build_site
from portal_site.settings import SiteSettings


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("seen") / "site"
    build_site(SiteSettings(site_directory=target))
    return target


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def paths(folder: Path) -> list[str]:
    found = sorted(
        page.parent.relative_to(folder).as_posix() for page in folder.rglob("index.html")
    )
    return ["/" if path == "." else f"/{path}/" for path in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_styled_quiet_and_fits_a_small_phone(
    browser: Browser, folder: Path, address: str, scheme: Any
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("request", lambda request: asked.append(request.url))
    wide = []

    for path in paths(folder):
        page.goto(address + path)
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(path)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert colour == ("rgb(251, 248, 241)" if scheme == "light" else "rgb(19, 26, 28)"), path
    context.close()

    assert wide == []
    # Without root keys the scripts of form pages refuse to start, and say so; nothing else speaks.
    assert [
        line for line in said if "/search-request/" not in line and "/return/" not in line
    ] == []
    assert all(url.startswith(address) for url in asked)


def test_arabic_is_a_mirror(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    places = {}
    for lang in ("ar", "en"):
        page.goto(f"{address}/{lang}/")
        name = page.locator(".top__name").bounding_box()
        menu = page.locator(".languages").bounding_box()
        assert name
        assert menu
        places[lang] = (name["x"] + name["width"] / 2, menu["x"] + menu["width"] / 2)
    page.close()

    assert places["ar"][0] > 640 > places["ar"][1]
    assert places["en"][0] < 640 < places["en"][1]


@pytest.fixture
def scriptless(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("slug", ["protect-yourself", "verify", "start", "search-request"])
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_without_script_the_quick_exit_is_a_link_that_comes_first(
    scriptless: Page, address: str, lang: str, slug: str
) -> None:
    scriptless.goto(f"{address}/{lang}/{slug}/")
    scriptless.keyboard.press("Tab")

    exit_link = scriptless.locator("a[data-quick-exit]")
    expect(exit_link).to_be_focused()
    expect(exit_link).to_be_in_viewport()
    assert (exit_link.get_attribute("href") or "").startswith("https://")
    scriptless.mouse.wheel(0, 3000)
    expect(exit_link).to_be_in_viewport()


@pytest.mark.parametrize("width", [960, 1200, 1280])
@pytest.mark.parametrize("lang", ["ar", "de", "en", "ku"])
def test_on_a_desk_the_quick_exit_covers_neither_the_menu_nor_the_text(
    browser: Browser, address: str, lang: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{address}/{lang}/search-request/")

    exit_box = page.locator("[data-quick-exit]").bounding_box()
    assert exit_box
    for part in (".top__name", ".languages", "#content > h1", "#content > .band"):
        box = page.locator(part).first.bounding_box()
        assert box
        beside = box["x"] >= exit_box["x"] + exit_box["width"]
        beside = beside or exit_box["x"] >= box["x"] + box["width"]
        assert beside or box["y"] + box["height"] <= exit_box["y"] or exit_box["y"] > 700, part
    page.close()


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_quick_exit_never_hides_what_has_the_focus(
    scriptless: Page, address: str, lang: str
) -> None:
    scriptless.goto(f"{address}/{lang}/search-request/")
    scriptless.keyboard.press("Tab")
    expect(scriptless.locator("a[data-quick-exit]")).to_be_focused()
    hidden = []

    for _ in range(60):
        scriptless.keyboard.press("Tab")
        focus = scriptless.locator(":focus")
        if focus.count() and not focus.get_attribute("data-quick-exit"):
            box = focus.bounding_box()
            bar = scriptless.locator("a[data-quick-exit]").bounding_box()
            if box and bar and box["y"] < bar["y"] < box["y"] + min(box["height"], 44):
                hidden.append(focus.get_attribute("id"))

    assert hidden == []


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_first_screen_has_the_money_rule_and_the_status(
    scriptless: Page, address: str, lang: str
) -> None:
    scriptless.goto(f"{address}/{lang}/")

    expect(scriptless.locator(".prose p strong").first).to_be_in_viewport()
    expect(scriptless.locator(".status")).to_be_in_viewport(ratio=0.3)
    assert scriptless.locator(".door").count() == 4
