"""Without network: pages and a form from the storage of a phone, and the sealed file's ways in."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from rich.console import Console

from portal.commands.intake import take_in_files
from portal.settings import DataFolders
from portal_content.library import Library
from portal_content.search.engine import make_engine
from portal_site.carry.paper import name_of
from tests.browser.hands import Hands, fill_form
from tests.journeys.conftest import System
from tests.journeys.test_search_request import (
    in_arabic,
    needed,
    open_case,
    shown_code,
)
from tests.photos import photo_with_hidden_data


def download_of(system: System, name: str) -> Path:
    return system.settings.site / "download" / name


@pytest.fixture
def paper(system: System, library: Library) -> Path:
    """The Arabic search request in a file."""
    return download_of(system, name_of(library.forms.get("search-request", 1), "ar"))


@pytest.fixture
def cut_off(browser: Browser) -> Iterator[BrowserContext]:
    """A small phone whose network is off."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, offline=True)
    context.set_default_timeout(20_000)
    yield context
    context.close()


def asked_of(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def saved_file(page: Page, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.locator("[data-save]").click()
    assert waiting.value.suggested_filename == "file.dat"
    path = folder / "file.dat"
    waiting.value.save_as(path)
    return path


def seal_in_file(page: Page, form: Path, name: str) -> None:
    page.goto(f"file://{form}")
    fill_form(page, needed("ar") | {"person_name": name})
    page.locator("[data-send]").click()
    expect(page.locator('[data-received="file"]')).to_be_visible(timeout=60_000)


def test_a_form_from_a_file_with_a_photo_is_sent_later_from_another_device(
    system: System, phone: BrowserContext, officer: Page, paper: Path, tmp_path: Path
) -> None:
    phone.set_offline(True)
    page = phone.new_page()
    asked = asked_of(page)
    page.goto(f"file://{paper}")
    fill_form(page, in_arabic(photo_with_hidden_data(marker="carried"), "ليلى من الملف"))
    page.locator("[data-send]").click()
    expect(page.locator('[data-received="file"]')).to_be_visible(timeout=60_000)
    code = shown_code(page)
    sealed = saved_file(page, tmp_path)

    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(f'a[href="{system.site}/ar/upload/"]').count() == 1
    assert "ليلى".encode() not in sealed.read_bytes()
    assert code.encode() not in sealed.read_bytes()

    phone.set_offline(False)
    receipts = []
    for _ in range(2):
        sending = phone.new_page()
        sending.goto(f"{system.site}/ar/upload/")
        expect(sending.locator("[data-upload-state]")).not_to_be_empty()
        sending.locator("input[type=file]").set_input_files(sealed)
        sending.locator("[data-upload] button").click()
        expect(sending.locator("[data-uploaded]")).to_be_visible(timeout=60_000)
        receipts.append(sending.locator("[data-uploaded]").inner_text())
    assert receipts[0] == receipts[1]

    open_case(officer, system, "ليلى من الملف")
    expect(officer.locator("main img").first).to_be_visible()
    officer.goto(system.register)
    assert officer.get_by_role("link", name=re.compile("ليلى من الملف")).count() == 1


def test_a_stick_and_a_page_without_script_bring_one_case(
    system: System, cut_off: BrowserContext, officer: Page, paper: Path, tmp_path: Path
) -> None:
    page = cut_off.new_page()
    seal_in_file(page, paper, "سعاد على الذاكرة")
    text = page.locator("[data-sealed-text]").input_value()
    saved_file(page, tmp_path)

    failed = take_in_files(system.settings, tmp_path, Console(quiet=True))
    open_case(officer, system, "سعاد على الذاكرة")
    assert cut_off.browser is not None
    without_script = cut_off.browser.new_context(java_script_enabled=False)
    plain = without_script.new_page()
    plain.goto(f"{system.site}/ar/upload/")
    plain.locator("summary").last.click()
    plain.locator("textarea").fill(text)
    plain.locator("[data-upload] button").click()
    expect(plain.locator("[data-uploaded]")).to_be_visible()
    plain.wait_for_timeout(1500)
    without_script.close()
    officer.goto(system.register)

    assert failed == 0
    assert not (tmp_path / "file.dat").exists()
    assert (tmp_path / "taken-in" / "file.dat").is_file()
    assert officer.get_by_role("link", name=re.compile("سعاد على الذاكرة")).count() == 1


def test_an_old_phone_seals_into_a_file_too(
    system: System, old_browser: Browser, paper: Path, officer: Page, tmp_path: Path
) -> None:
    context = old_browser.new_context(viewport={"width": 360, "height": 740}, offline=True)
    context.set_default_timeout(60_000)
    hands = Hands(context.new_page())
    hands.page.goto(f"file://{paper}")
    hands.wait("[data-send]:not([disabled])")
    hands.write("[name=person_name]", "هاتف قديم")
    hands.write("[name=relation]", "prefer_not_to_say")
    hands.press("[name='last_contact_when.unknown']")
    hands.write("[name='last_contact_where.area']", "unknown")
    for name in ("role", "age_group"):
        hands.press(f"[name={name}][value=prefer_not_to_say]")
    hands.press("[name='safe_contact.way'][value=none]")
    for consent in ("C1", "C3"):
        hands.press(f"[name='consent.{consent}']")
    hands.go_to_review()
    hands.press("[data-send]")
    hands.wait("[data-received=file]")
    text = hands.page.evaluate("document.querySelector('[data-sealed-text]').value")
    context.close()
    (tmp_path / "pasted.txt").write_text(text, encoding="ascii")

    assert take_in_files(system.settings, tmp_path, Console(quiet=True)) == 0
    open_case(officer, system, "هاتف قديم")


def test_a_file_whose_keys_ran_out_says_so_before_anything_is_typed(
    cut_off: BrowserContext, paper: Path, library: Library
) -> None:
    page = cut_off.new_page()
    page.clock.install(time="2031-01-01")
    page.goto(f"file://{paper}")

    expect(page.locator("[role=alert].notice:not([data-notice])")).to_contain_text(
        library.strings.text("carry.form.expired", "ar")[:30]
    )
    expect(page.locator("[data-send]")).to_be_disabled()


def test_the_pages_in_one_file_are_searched_as_the_site_is(
    system: System, cut_off: BrowserContext, library: Library
) -> None:
    page = cut_off.new_page()
    asked = asked_of(page)
    page.goto(f"file://{download_of(system, 'reader-ar.html')}")

    for query in ("كيف اعرف انه مش نصاب", "المفقودين", "طلبوا مصاري", "الاجتماع القادم"):
        page.locator("#q").fill(query)
        page.locator("form[data-search] button").click()
        expect(page.locator(".results h2").first).to_be_visible()
        titles = page.locator(".results h2 a").all_inner_texts()
        expected = make_engine(library, "ar").search(query, 8)
        assert titles == [result.entry["title"] for result in expected]
    page.locator('.results a[href^="#"]').first.click()
    expect(page.locator("[data-page]:visible")).to_have_count(1)
    expect(page.locator("[data-start]")).to_be_hidden()

    assert [url for url in asked if not url.startswith("file:")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_pages_in_one_file_are_read_without_script(system: System, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(f"file://{download_of(system, 'reader-ar.html')}")
    page.locator('#contents a[href="#verify"]').click()

    expect(page.locator("#verify h2").first).to_be_in_viewport()
    expect(page.locator("form[data-search]")).to_be_hidden()
    assert page.locator("[data-page]:visible").count() > 20
    context.close()


def test_a_browser_tells_our_files_from_forged_ones(
    system: System, phone: BrowserContext, library: Library, paper: Path, tmp_path: Path
) -> None:
    name, ours = paper.name, paper
    forged = tmp_path / name
    forged.write_bytes(ours.read_bytes().replace(b"age1pq1", b"age1pq2", 1))
    page = phone.new_page()
    page.goto(f"{system.site}/ar/download/")
    state = page.locator("[data-check-state]")
    says = {
        reason: library.strings.text(f"carry.download.script.{reason}", "ar").split("%")[0][:25]
        for reason in ("ours", "not_ours", "no_list")
    }

    page.locator("[data-check]").set_input_files(forged)
    expect(state).to_contain_text(says["not_ours"])
    page.locator("[data-check]").set_input_files(ours)
    expect(state).to_contain_text(says["ours"])
    expect(state).to_contain_text(name)
    page.route("**/release.note", lambda route: route.fulfill(body="imp-portal/v1/release\n"))
    page.locator("[data-check]").set_input_files(forged)
    expect(state).to_contain_text(says["no_list"])

    listed = page.locator(".downloads__hash").all_inner_texts()
    assert hashlib.sha256(ours.read_bytes()).hexdigest() in listed
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert DataFolders(system.settings.data).release.is_file()
