"""The encrypting form when the world misbehaves: nothing leaves unsealed, nothing typed is lost."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Dialog, FilePayload, Page, expect

from portal_content.library import load_library
from portal_protocol.derivation import derive_mailbox
from tests.browser.hands import SEARCH_REQUEST, Given, fill_form
from tests.browser.portal_double import (
    DEPLOYMENT,
    OFFICE,
    REPLIES,
    ROOT,
    ROOTS,
    SUCCESSOR,
    TODAY,
    PortalDouble,
)
from tests.browser.serving import Answer, Request, serving
from tests.photos import photo_with_hidden_data

NAME = "عبد الرحمن محمد خالد آل الشيخ ياسين الحسن"

BEFORE_SENDING = {"/v1/keys", "/v1/challenge", "/v1/passes"}
"""What is asked while somebody writes; nothing of what is written is in it."""


@pytest.fixture
def opened(browser: Browser, portal: PortalDouble) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(30_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    with serving(portal.answer) as url:
        page = context.new_page()
        page.goto(f"{url}/ar/search-request/")
        yield page
        context.close()


NEEDED = SEARCH_REQUEST | {"person_name": NAME}


def fill(page: Page, **more: Given) -> None:
    """Give what is needed and anything more, to the review."""
    fill_form(page, NEEDED | more)


def send(page: Page) -> None:
    """Go on to the review, unless something has to be put right, and send."""
    while not page.locator("#step-review").is_visible():
        page.locator("[data-next]").click()
        if page.locator("[data-problem-summary]").is_visible():
            return
    page.locator("[data-send]").click()


def go_back_to(page: Page, step: str) -> None:
    while not page.locator(f"#{step}").is_visible():
        page.locator(".screens__back").click()


def shown_code(page: Page) -> str:
    latin = page.locator("[data-received] .code").nth(1).inner_text()
    return "".join(latin.split())


def a_photo(content: bytes, name: str = "صورة.jpg") -> FilePayload:
    return FilePayload(name=name, mimeType="image/jpeg", buffer=content)


def test_what_was_typed_arrives_as_typed_and_the_code_opens_its_mailbox(
    opened: Page, portal: PortalDouble
) -> None:
    fill(opened)
    send(opened)
    opened.locator("[data-received]").wait_for()

    (envelope,) = portal.envelopes()
    mailbox = derive_mailbox(shown_code(opened), DEPLOYMENT)
    assert envelope.form["answers"]["person_name"] == NAME
    assert envelope.form["answers"]["last_contact_when"] == {"unknown": True}
    assert (envelope.type, envelope.lang, envelope.client) == ("search", "ar", "web-js/1")
    assert (envelope.mailbox.id, envelope.mailbox.proof) == (mailbox.id, mailbox.proof)
    given = {consent["id"]: consent["given"] for consent in envelope.form["consents"]}
    offered = {consent.id for consent in load_library(ROOT).forms.get("search-request", 1).consents}
    assert given == {name: name in ("C1", "C3") for name in offered}


def test_the_groups_of_the_code_stand_from_left_to_right_in_both_digit_sets(opened: Page) -> None:
    """Between Arabic digits, spaces turn the order of the groups round unless each is isolated."""
    fill(opened)
    send(opened)
    codes = opened.locator("[data-received] .code")
    codes.first.wait_for()

    for code in codes.all():
        # On a small phone they take two lines.
        places = code.locator(".code__group").evaluate_all(
            """groups => groups.map((group) => {
              const { top, left } = group.getBoundingClientRect()
              return [Math.round(top), left]
            })"""
        )
        assert places == sorted(places)
        assert len(places) == 6


def test_missing_answers_are_named_beside_the_field_and_nothing_is_sent_to_the_portal(
    opened: Page, portal: PortalDouble
) -> None:
    opened.locator("[data-next]").wait_for()
    while not opened.locator("[name=person_name]").is_visible():
        opened.locator("[data-next]").click()
    opened.locator("[name=person_name]").fill(NAME)

    opened.locator("[data-next]").click()

    summary = opened.locator("[data-problem-summary]")
    expect(summary).to_be_focused()
    assert summary.locator("li").count() == 3
    expect(opened.locator("[data-error-for=relation]")).to_be_visible()
    expect(opened.locator("[name=relation]")).to_have_attribute("aria-invalid", "true")
    expect(opened.locator("[data-error-for=person_name]")).to_be_hidden()
    expect(opened.locator("[name=person_name]")).to_have_value(NAME)
    summary.locator("a").first.click()
    expect(opened.locator("[name=relation]")).to_be_focused()
    assert "#" not in opened.url
    assert {request.path for request in portal.requests} <= BEFORE_SENDING


def stay_and_count_questions(page: Page) -> list[str]:
    """Answer every question of the browser with "stay here"."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def assert_failed(page: Page) -> None:
    """Nothing was sent, the reason is shown, and everything is still there to send again."""
    state = page.locator("[data-form-state]")
    expect(state).to_have_class("form__state form__state--failed")
    expect(state).to_be_focused()
    expect(page.locator("[name=person_name]")).to_have_value(NAME)
    expect(page.locator("[name=person_name]")).to_be_enabled()
    expect(page.locator("[data-send]")).to_be_enabled()
    expect(page.locator("[data-received]")).to_have_count(0)


def test_a_key_list_with_one_root_signature_seals_nothing(
    opened: Page, portal: PortalDouble
) -> None:
    portal.signers = ROOTS[:1]
    fill(opened)

    send(opened)

    assert_failed(opened)
    assert {request.path for request in portal.requests} <= BEFORE_SENDING


def test_a_key_list_that_ran_out_two_days_ago_is_taken_because_clocks_are_wrong(
    opened: Page, portal: PortalDouble
) -> None:
    portal.expires = TODAY - timedelta(days=2)
    held = threading.Event()
    portal.misbehave = lambda r: r.path == "/v1/submissions" and not held.wait(10)
    fill(opened)

    send(opened)

    expect(opened.locator(".sending__note")).to_be_visible()
    held.set()
    opened.locator("[data-received]").wait_for()


def test_a_key_list_that_ran_out_long_ago_seals_nothing(opened: Page, portal: PortalDouble) -> None:
    portal.expires = TODAY - timedelta(days=10)
    fill(opened)

    send(opened)

    assert_failed(opened)
    assert portal.submissions == {}


def test_a_forged_receipt_is_never_called_received(opened: Page, portal: PortalDouble) -> None:
    portal.receipt_key = REPLIES
    fill(opened)

    send(opened)

    assert_failed(opened)
    honest = load_library(ROOT).strings.text("script.failed.receipt.happened", "ar")
    expect(opened.locator("[data-form-state]")).to_contain_text(honest)


def test_a_refusal_is_explained_and_can_be_sent_again(opened: Page, portal: PortalDouble) -> None:
    problem = '{"type":"/problems/too_large","status":413}'
    portal.misbehave = lambda r: Answer(problem, 413) if r.path == "/v1/submissions" else False
    fill(opened)
    send(opened)
    assert_failed(opened)
    expect(opened.locator("[data-form-state]")).to_contain_text("H. D. K.")

    portal.misbehave = lambda _: False
    send(opened)

    opened.locator("[data-received]").wait_for()


def test_an_answer_that_got_lost_is_asked_for_with_the_same_bytes(
    opened: Page, portal: PortalDouble
) -> None:
    lost: list[bytes] = []

    def lose_the_answer(request: Request) -> Answer | bool | None:
        if request.path != "/v1/submissions" or lost:
            return False
        lost.append(request.body)
        return Answer("busy", 503)

    portal.misbehave = lose_the_answer
    fill(opened)
    send(opened)
    opened.locator("[data-received]").wait_for()

    assert list(portal.submissions.values()) == lost


def test_new_recipients_get_the_same_words_under_the_same_code(
    opened: Page, portal: PortalDouble
) -> None:
    def change_keys(request: Request) -> Answer | bool | None:
        if request.path != "/v1/submissions" or portal.serial == 4:
            return False
        portal.serial, portal.recipients = 4, [OFFICE, SUCCESSOR]
        return Answer('{"type":"/problems/keys_outdated","status":409}', 409)

    portal.misbehave = change_keys
    fill(opened, photos=a_photo(photo_with_hidden_data(marker="x", width=300, height=200)))
    send(opened)
    opened.locator("[data-received]").wait_for()

    portal.recipients = [SUCCESSOR]
    (envelope,) = portal.envelopes()
    assert envelope.keys == 4
    assert envelope.mailbox.id == derive_mailbox(shown_code(opened), DEPLOYMENT).id


def test_after_a_cut_only_what_is_missing_is_sent(opened: Page, portal: PortalDouble) -> None:
    stored_before_the_cut: list[str] = []
    line = {"up": True}

    def cut_after_three(request: Request) -> Answer | bool | None:
        if request.method == "PUT" and len(portal.chunks) == 3:
            line["up"] = False
            stored_before_the_cut[:] = portal.chunks
        return False if line["up"] else None

    portal.misbehave = cut_after_three
    photo = a_photo(photo_with_hidden_data(marker="x"))
    untouched: dict[str, Given] = {"photos": photo, "photos.processing": "none"}
    fill(opened, **untouched)
    send(opened)
    expect(opened.locator(".sending__waiting")).to_be_visible()
    portal.misbehave = lambda _: False
    asked_before = len(portal.requests)

    opened.locator(".sending__waiting button").first.click()

    opened.locator("[data-received]").wait_for()
    afterwards = portal.requests[asked_before:]
    sent_again = {r.path.rpartition("/")[2] for r in afterwards if r.method == "PUT"}
    assert len(stored_before_the_cut) == 3
    assert "/v1/chunks/missing" in {request.path for request in afterwards}
    assert sent_again.isdisjoint(stored_before_the_cut)
    assert len(portal.submissions) == 1


def test_the_page_asks_before_it_is_left_until_the_code_is_written_down(opened: Page) -> None:
    questions = stay_and_count_questions(opened)
    fill(opened)
    send(opened)
    opened.locator("[data-received]").wait_for()
    said = opened.locator("[data-code-check]")
    typed = opened.locator("#code-check")

    opened.evaluate("location.assign('/elsewhere')")
    expect(opened).to_have_title("portal")
    typed.fill("0")
    typed.press("Enter")
    wrong = said.inner_text()
    typed.fill(shown_code(opened)[-4:].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))
    typed.press("Enter")
    right = said.inner_text()
    opened.evaluate("location.assign('/elsewhere')")

    expect(opened).to_have_title("weather")
    assert questions == ["beforeunload"]
    assert wrong != right


def test_the_quick_exit_asks_nothing_and_leaves_no_way_back(opened: Page) -> None:
    questions = stay_and_count_questions(opened)
    fill(opened)
    send(opened)
    opened.locator("[data-received]").wait_for()

    for _ in range(3):
        opened.keyboard.press("Escape")

    expect(opened).to_have_title("weather")
    assert questions == []
    opened.go_back()
    assert "search-request" not in opened.url


def test_nothing_is_kept_in_the_browser(opened: Page) -> None:
    fill(opened)
    send(opened)
    opened.locator("[data-received]").wait_for()

    kept = opened.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
            (await indexedDB.databases()).length, (await caches.keys()).length, location.search,
            location.hash, history.length]"""
    )

    assert kept[:7] == [0, 0, "", 0, 0, "", ""]


def test_what_waits_is_shown_and_sent_on_a_form_page_too(
    opened: Page, portal: PortalDouble
) -> None:
    line = {"up": True}
    portal.misbehave = lambda r: line["up"] is False and r.path == "/v1/submissions" and None
    fill(opened)
    line["up"] = False
    send(opened)
    opened.locator(".sending__waiting button").nth(1).click()
    opened.locator("[data-received=kept]").wait_for()
    another, url = opened.context.new_page(), opened.url
    opened.close()
    line["up"] = True

    another.goto(url)

    expect(another.locator("[data-outbox]")).to_have_attribute("data-outbox", "sent")
    assert len(portal.submissions) == 1


def test_a_form_whose_script_does_not_arrive_stays_locked_and_says_so(
    browser: Browser, portal: PortalDouble
) -> None:
    def lose_the_script(request: Request) -> Answer | None:
        lost = request.path == portal.assets.form.url
        return None if lost else portal.answer(request)

    context = browser.new_context()
    with serving(lose_the_script) as url:
        page = context.new_page()
        page.goto(f"{url}/en/search-request/")

        expect(page.locator("[data-form-state]")).to_contain_text("did not arrive")
        expect(page.locator("[data-send]")).to_be_disabled()
        page.locator("[name=person_name]").press("Enter")
        assert portal.requests == []
        context.close()
