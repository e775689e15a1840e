"""Continuing later on the same phone: sealed, opened by a code, gone when it is sent or deleted."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal_content.library import load_library
from portal_protocol.derivation import derive_mailbox
from portal_protocol.digits import arabic_digits
from portal_protocol.return_code import grouped, new_code
from tests.browser.hands import SEARCH_REQUEST, answer_screen, fill_form, send_form
from tests.browser.portal_double import DEPLOYMENT, ROOT, PortalDouble
from tests.browser.serving import serving

NAME = "سامر الخالد"
ANSWERS = SEARCH_REQUEST | {"person_name": NAME, "writer_name": "أم ياسمين"}
STORED = """async () => {
  const done = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result)
  })
  let text = JSON.stringify(localStorage) + JSON.stringify(sessionStorage)
  for (const {name} of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name))
    for (const table of database.objectStoreNames) {
      for (const one of await done(database.transaction(table).objectStore(table).getAll())) {
        text += name + Object.keys(one) + JSON.stringify({...one, sealed: ""})
        text += new TextDecoder("latin1").decode(one.sealed)
      }
    }
    database.close()
  }
  return text
}"""
DATABASES = "indexedDB.databases().then((all) => all.length)"


@pytest.fixture(params=["ar", "en"])
def page(request: pytest.FixtureRequest, browser: Browser, portal: PortalDouble) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(60_000)
    with serving(portal.answer) as url:
        opened = context.new_page()
        opened.goto(f"{url}/{request.param}/search-request/")
        yield opened
        context.close()


def begin(page: Page) -> None:
    """Write as far as the screen about the writer."""
    while not page.locator("#step-writer").is_visible():
        answer_screen(page, ANSWERS)
        page.locator("[data-next]").click()
    answer_screen(page, ANSWERS)


def continue_later(page: Page) -> str:
    """Keep the form and return the code that opens it."""
    page.locator("[data-later]").click()
    page.locator("[data-ask-later] button").first.click()
    expect(page.locator("[data-draft-kept] h1")).to_be_focused(timeout=30_000)
    digits = page.locator("[data-draft-kept] .code").all_inner_texts()
    return next("".join(line.split()) for line in digits if line[0] in "0123456789")


def open_again(page: Page, code: str) -> None:
    page.goto(page.url)
    page.locator("[data-draft] input").fill(code)
    page.locator("[data-draft] button").first.click()


def test_what_it_leaves_behind_is_said_first_and_nothing_is_kept_by_asking(page: Page) -> None:
    begin(page)

    page.locator("[data-later]").click()
    expect(page.locator("[data-ask-later] h2")).to_be_focused()
    assert page.locator("[data-ask-later] li").count() == 4
    page.locator("[data-ask-later] button").nth(1).click()

    expect(page.locator("[name=writer_name]")).to_have_value("أم ياسمين")
    assert page.evaluate(DATABASES) == 0


def test_only_sealed_bytes_and_the_day_are_kept_and_not_even_which_form_it_is(page: Page) -> None:
    begin(page)
    code = continue_later(page)

    stored = page.evaluate(STORED)
    assert "age-encryption.org/v1" in stored
    for secret in (NAME, "ياسمين", code, grouped(code), "search", "person_name", "wife"):
        assert secret not in stored
    assert page.locator("form").count() == 0


def test_the_code_in_any_digits_opens_it_where_its_writer_stopped(
    page: Page, portal: PortalDouble
) -> None:
    begin(page)
    code = continue_later(page)

    open_again(page, arabic_digits(grouped(code)))
    expect(page.locator("#step-writer")).to_be_visible(timeout=30_000)
    expect(page.locator(".screens__said")).not_to_be_empty()
    expect(page.locator("[name=writer_name]")).to_have_value("أم ياسمين")
    expect(page.locator("[data-draft]")).to_have_count(0)
    assert page.evaluate(DATABASES) == 1  # Still there if this page is lost, too.
    fill_form(page, SEARCH_REQUEST | {"person_name": NAME})
    send_form(page)

    shown = page.locator("[data-received] .code").all_inner_texts()
    assert code in ["".join(line.split()) for line in shown]
    (envelope,) = portal.envelopes()
    assert envelope.mailbox.id == derive_mailbox(code, DEPLOYMENT).id
    assert envelope.form["answers"]["writer_name"] == "أم ياسمين"
    page.wait_for_function(f"{DATABASES}.then((left) => left === 0)")


def test_another_code_opens_nothing(page: Page) -> None:
    begin(page)
    continue_later(page)

    lang = page.locator("html").get_attribute("lang") or ""
    sentence = load_library(ROOT).strings.text("filling.draft.wrong", lang)
    for wrong in (new_code(), "1234"):
        open_again(page, wrong)
        said = page.locator("[data-draft] [role=status]")
        expect(said).to_have_text(sentence, timeout=30_000)
        expect(page.locator("[name=writer_name]")).to_have_value("")
        assert page.evaluate(DATABASES) == 1


def test_it_is_deleted_with_one_tap_and_leaves_nothing(page: Page) -> None:
    begin(page)
    continue_later(page)

    page.goto(page.url)
    page.locator("[data-draft] button").nth(1).click()

    expect(page.locator("[data-draft] [role=status]")).not_to_be_empty()
    assert page.evaluate(DATABASES) == 0


def test_whoever_helped_knows_the_code_of_what_was_kept_but_not_the_return_code(
    page: Page, portal: PortalDouble
) -> None:
    helped = {"mode": "assisted", "helper.read_language": "ar"} | ANSWERS
    fill_form(page, helped)
    code = continue_later(page)
    open_again(page, code)
    expect(page.locator("#step-review")).to_be_visible(timeout=30_000)

    page.locator("[data-send]").click()
    expect(page.locator("[data-hand-over] h1")).to_be_focused(timeout=30_000)
    assert page.locator(".code").count() == 0
    page.locator("[data-hand-over] button").click()

    expect(page.locator("[data-received] h1")).to_be_focused()
    shown = ["".join(line.split()) for line in page.locator(".code").all_inner_texts()]
    (envelope,) = portal.envelopes()
    assert envelope.form["mode"] == "assisted"
    assert code not in shown
    assert envelope.mailbox.id in {derive_mailbox(one, DEPLOYMENT).id for one in shown}
