"""A request that is sent without network waits, sealed, and arrives; or is deleted with one tap."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.hands import fill_form
from tests.journeys.conftest import System
from tests.journeys.test_search_request import (
    in_arabic,
    needed,
    open_case,
    read_answers,
    shown_code,
)
from tests.photos import photo_with_hidden_data

STORED = """async () => {
  const open = (name) => new Promise((resolve) => {
    const request = indexedDB.open(name)
    request.onsuccess = () => resolve(request.result)
  })
  const all = (store) => new Promise((resolve) => {
    const request = store.getAll()
    request.onsuccess = () => resolve(request.result)
  })
  let text = JSON.stringify(localStorage) + JSON.stringify(sessionStorage)
  for (const {name} of await indexedDB.databases()) {
    const database = await open(name)
    for (const table of database.objectStoreNames) {
      for (const one of await all(database.transaction(table).objectStore(table))) {
        text += JSON.stringify(one) + new TextDecoder("utf-8").decode(one.body)
        for (const {data} of one.chunks) text += await data.text()
      }
    }
    database.close()
  }
  return text
}"""


def send_without_network(page: Page, system: System, phone: BrowserContext, lang: str) -> None:
    """Fill a form, lose the network, press send, and choose to let it wait."""
    page.goto(f"{system.site}/{lang}/search-request/")
    answers = needed(lang) | {"person_name": "Layla"}
    if lang == "ar":
        answers = in_arabic(photo_with_hidden_data(marker="offline"), "ليلى بلا شبكة")
    fill_form(page, answers)
    page.wait_for_load_state("networkidle")  # What sealing needs is loaded with the first letter.
    phone.set_offline(True)
    page.locator("[data-send]").click()
    page.locator(".sending__waiting button").nth(1).click(timeout=60_000)
    expect(page.locator("[data-received=kept]")).to_be_visible()


def test_a_request_waits_sealed_and_is_sent_when_the_site_is_opened_again(
    system: System, phone: BrowserContext, officer: Page
) -> None:
    page = phone.new_page()
    send_without_network(page, system, phone, "ar")
    expect(page.locator("h1").first).to_have_text("لم تُرسل بعد")
    code = shown_code(page)
    stored = page.evaluate(STORED)
    for secret in ("ليلى", code, "فاطمة", "أم ياسمين"):
        assert secret not in stored
    assert "age-encryption.org/v1" in stored
    page.close(run_before_unload=False)

    phone.set_offline(False)
    later = phone.new_page()
    later.goto(f"{system.site}/ar/verify/")
    expect(later.locator("[data-outbox]")).to_have_attribute("data-outbox", "sent", timeout=60_000)
    expect(later.locator("[data-outbox-state]")).to_contain_text("أُرسلت ووصلت")
    assert later.evaluate("indexedDB.databases().then((all) => all.length)") == 0

    open_case(officer, system, "ليلى بلا شبكة")
    read_answers(later, system, "ar", code)
    later.locator("[data-message], [data-messages] p").first.wait_for()


def test_it_is_sent_from_the_same_page_as_soon_as_there_is_network(
    system: System, phone: BrowserContext
) -> None:
    page = phone.new_page()
    send_without_network(page, system, phone, "en")
    expect(page.locator("[data-outbox]")).to_have_attribute("data-outbox", "not_sent")

    phone.set_offline(False)

    expect(page.locator("[data-outbox]")).to_have_attribute("data-outbox", "sent", timeout=60_000)


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_what_waits_is_deleted_with_one_tap_and_leaves_nothing(
    system: System, phone: BrowserContext, lang: str
) -> None:
    page = phone.new_page()
    send_without_network(page, system, phone, lang)

    page.locator("[data-outbox] button").nth(1).click()

    expect(page.locator("[data-outbox]")).to_have_attribute("data-outbox", "deleted")
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_nothing_waits_unless_its_writer_chose_so(system: System, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(f"{system.site}/en/search-request/")
    fill_form(page, needed("en"))
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)
    page.locator("[data-send]").click()
    expect(page.locator(".sending__waiting")).to_be_visible(timeout=60_000)

    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    phone.set_offline(False)
    expect(page.locator("[data-received=received]")).to_be_visible(timeout=60_000)
