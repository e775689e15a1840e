"""Reading the site with the network really off, and leaving nothing behind without a choice."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.portal_api.factories import Office
from tests.portal_api.running import Running, running

LEFT = """async () => ({
  local: localStorage.length, session: sessionStorage.length,
  databases: (await indexedDB.databases()).map(({name}) => name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"local": 0, "session": 0, "databases": [], "caches": [], "workers": 0}


@pytest.fixture(scope="module")
def site(
    built_site: Path, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A service of its own, which these tests switch off."""
    folder = tmp_path_factory.mktemp("offline") / "service"
    folder.mkdir()
    database = f"sqlite:///{folder / 'portal.sqlite'}"
    settings = office.settings(folder, database_url=database, site=built_site)
    with running(settings, folder) as service:
        yield service


@pytest.fixture
def phone(browser: Browser, site: Running) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site.url, viewport={"width": 360, "height": 740})
    context.set_default_timeout(20_000)
    yield context
    context.close()


def keep(page: Page, lang: str) -> None:
    page.goto(f"/{lang}/offline/")
    page.locator("[data-offline] button").click()
    page.locator("[data-offline] .button--quiet").wait_for()


def test_reading_leaves_nothing_on_the_phone(phone: BrowserContext) -> None:
    page = phone.new_page()
    for path in ("/", "/ar/", "/ar/verify/", "/ar/search-request/", "/ar/offline/", "/ar/find/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")

    assert page.evaluate(LEFT) == NOTHING


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_kept_pages_open_without_network_and_say_that_they_are_kept(
    phone: BrowserContext, lang: str
) -> None:
    page = phone.new_page()
    page.goto(f"/{lang}/verify/")
    expect(page.locator("[data-kept]")).to_be_hidden()
    keep(page, lang)

    phone.set_offline(True)
    for slug in ("verify/", "protect-yourself/", "start/", "safe-browsing/", "search-request/", ""):
        page.goto(f"/{lang}/{slug}")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("[data-kept]")).to_be_visible()
        expect(page.locator("[data-kept]")).not_to_contain_text("DAY")


def test_the_search_works_without_network(phone: BrowserContext) -> None:
    page = phone.new_page()
    keep(page, "ar")

    phone.set_offline(True)
    page.goto("/ar/find/")
    page.fill("input[name=q]", "طلبوا مني مصاري")
    page.press("input[name=q]", "Enter")

    expect(page.locator(".results a").first).to_have_attribute("href", "/ar/protect-yourself/")


def test_what_was_not_kept_shows_what_was(phone: BrowserContext) -> None:
    page = phone.new_page()
    keep(page, "ar")

    phone.set_offline(True)
    page.goto("/ar/briefings/sample-berlin-families/")

    expect(page.locator("[data-offline]")).to_be_visible()


def test_nothing_personal_is_ever_kept(phone: BrowserContext) -> None:
    page = phone.new_page()
    keep(page, "ar")
    page.goto("/ar/return/plain/")
    page.goto("/ar/find/?q=secret")

    kept = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
          (await (await caches.open(name)).keys()).map(({url}) => new URL(url).pathname)
        ))).flat()"""
    )
    listed = page.evaluate("fetch('/ar/offline.json').then((r) => r.json())")
    assert set(kept) == {"/ar/offline.json", *(address for address, _ in listed["files"])}
    assert not [path for path in kept if "plain" in path or path.startswith("/v1/submissions")]


def test_removing_leaves_nothing(phone: BrowserContext) -> None:
    page = phone.new_page()
    keep(page, "ar")
    page.locator("[data-offline] .button--quiet").click()
    expect(page.locator("[data-offline-state]")).to_contain_text("حُذفت")

    page.goto("/ar/")
    assert page.evaluate(LEFT) == NOTHING


def test_the_exit_page_deletes_everything_by_its_header(phone: BrowserContext) -> None:
    page = phone.new_page()
    keep(page, "ar")
    page.evaluate("localStorage.setItem('language', 'ar')")

    elsewhere = "https://ar.wikipedia.org/"
    page.route(elsewhere, lambda route: route.fulfill(body="<h1>elsewhere</h1>"))
    page.goto("/ar/exit/")
    page.wait_for_url(elsewhere)
    page.goto("/ar/")

    assert page.evaluate(LEFT) == NOTHING


def test_kept_pages_are_renewed_when_the_site_changes_but_not_under_the_readers_hands(
    phone: BrowserContext, built_site: Path
) -> None:
    page = phone.new_page()
    keep(page, "en")
    listed, about = built_site / "en" / "offline.json", built_site / "en" / "about" / "index.html"
    before = listed.read_bytes(), about.read_bytes()
    try:
        text = about.read_text(encoding="utf-8").replace("</h1>", " (renewed)</h1>")
        about.write_text(text, encoding="utf-8")
        renewed = relisted(listed, "/en/about/", about)
        listed.write_text(renewed, encoding="utf-8")
        # As if the last look had been more than an hour ago.
        page.evaluate(
            """async () => {
              const cache = await caches.open("pages-en")
              const list = await (await cache.match("/en/offline.json")).json()
              const old = JSON.stringify({...list, checked: 0})
              await cache.put("/en/offline.json", new Response(old))
            }"""
        )
        page.goto("/en/start/")
        shown = page.locator("h1").inner_text()
        page.wait_for_timeout(1_500)
        assert page.locator("h1").inner_text() == shown

        phone.set_offline(True)
        page.goto("/en/about/")
        expect(page.locator("h1")).to_contain_text("(renewed)")
    finally:
        listed.write_bytes(before[0])
        about.write_bytes(before[1])


def relisted(listed: Path, address: str, file: Path) -> str:
    document = json.loads(listed.read_text(encoding="utf-8"))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    document["files"] = [
        [name, digest if name == address else known] for name, known in document["files"]
    ]
    return json.dumps(document)


def test_the_service_being_away_is_the_same_as_no_network(
    browser: Browser, built_site: Path, office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "service"
    folder.mkdir()
    database = f"sqlite:///{folder / 'portal.sqlite'}"
    settings = office.settings(folder, database_url=database, site=built_site)
    context = browser.new_context()
    with running(settings, folder) as service:
        page = context.new_page()
        page.goto(f"{service.url}/ar/offline/")
        page.locator("[data-offline] button").click()
        page.locator("[data-offline] .button--quiet").wait_for()
        address = f"{service.url}/ar/protect-yourself/"

    page.goto(address)
    expect(page.locator("[data-kept]")).to_be_visible()
    context.close()
