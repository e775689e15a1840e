"""After the code: writing again is sealed under the same code, and a seat can be given back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal_content.library import load_library
from portal_protocol.derivation import derive_mailbox
from portal_protocol.return_code import new_code
from tests.browser.portal_double import DEPLOYMENT, MEETINGS, ROOT, PortalDouble
from tests.browser.serving import serving

LIBRARY = load_library(ROOT)
HELD = {"registration": "open", "mine": "held", "place": 0}
WAITING = {"registration": "waiting", "mine": "waiting", "place": 3}


@pytest.fixture
def code() -> str:
    return new_code()


@pytest.fixture
def opened(browser: Browser, portal: PortalDouble, code: str) -> Iterator[Page]:
    """The return page after the code was typed."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(30_000)
    with serving(portal.answer) as url:
        page = context.new_page()
        page.goto(f"{url}/ar/return/")
        yield page
        context.close()


def read(page: Page, code: str) -> None:
    page.locator("#code").fill(code)
    page.locator("[data-return] form [data-send]").click()
    page.locator("[data-write]").wait_for()


def write(page: Page, answers: dict[str, str]) -> None:
    """Open the form, answer what is asked, on one screen or on many, and send."""
    page.locator("[data-write] button").click()
    onward = page.locator("[data-write] [data-next]")
    while True:
        for name, value in answers.items():
            choice = page.locator(f"[data-write] [name='{name}'][value='{value}']")
            if choice.count() and choice.is_visible():
                choice.check()
            elif not choice.count() and page.locator(f"[name='{name}']").is_visible():
                page.locator(f"[name='{name}']").fill(value)
        if not (onward.count() and onward.is_visible()):
            break
        onward.click()
    page.locator("[data-write] [data-send]").click()
    page.locator("[data-received=again]").wait_for()


def words(key: str, lang: str = "ar", **values: str) -> str:
    return LIBRARY.strings.text(key, lang, **values)


def test_an_answer_arrives_under_the_code_and_no_other_code_is_shown(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    read(opened, code)
    write(opened, {"kind": "answer", "message": "نعم، وصلتني رسالتكم"})

    (envelope,) = portal.envelopes()
    mailbox = derive_mailbox(code, DEPLOYMENT)
    assert envelope.type == "followup"
    assert (envelope.mailbox.id, envelope.mailbox.proof) == (mailbox.id, mailbox.proof)
    assert envelope.form["answers"] == {"kind": "answer", "message": "نعم، وصلتني رسالتكم"}
    assert envelope.form["consents"] == []
    assert words("form-follow-up.after.what") in opened.locator("[data-received]").inner_text()
    assert opened.locator(".code").count() == 0


def test_only_consents_that_change_travel(opened: Page, portal: PortalDouble, code: str) -> None:
    read(opened, code)
    write(opened, {"kind": "consent", "consent.C2": "take_back"})

    (envelope,) = portal.envelopes()
    assert [(c["id"], c["given"]) for c in envelope.form["consents"]] == [("C2", False)]


def test_what_would_say_nothing_is_not_sent_and_is_told_where_it_can_be_said(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    read(opened, code)
    opened.locator("[data-write] button").click()
    problems = opened.locator("[data-write] [data-problem-summary]")
    onward, back = opened.locator("[data-next]"), opened.locator(".screens__back")
    onward.click()
    opened.locator("[name=kind][value=answer]").check()
    onward.click()
    onward.click()
    expect(problems).to_contain_text(words("forms.problems.nothing_written"))
    expect(opened.locator("[name=message]")).to_be_visible()

    back.click()
    opened.locator("[name=kind][value=consent]").check()
    for _ in range(3):
        onward.click()
    expect(problems).to_contain_text(words("forms.problems.nothing_changed"))
    assert opened.locator("[data-write] [data-send]").is_hidden()
    opened.locator("[name='consent.C7'][value=take_back]").check()
    onward.click()
    opened.locator("[data-write] [data-send]").click()
    opened.locator("[data-received=again]").wait_for()

    (envelope,) = portal.envelopes()
    assert [(c["id"], c["given"]) for c in envelope.form["consents"]] == [("C7", False)]


def test_a_form_that_was_left_open_is_gone_after_forgetting(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    read(opened, code)
    opened.locator("[data-write] button").click()
    opened.locator("[data-next]").click()
    expect(opened.locator("[name=kind]").first).to_be_visible()
    opened.locator("[name=message]").evaluate("box => { box.value = 'سرّ لا يبقى' }")
    opened.locator("[data-forget]").click()

    assert opened.locator("[data-write]").count() == 0
    assert opened.locator("[name=message]").count() == 0
    assert opened.locator("#code").input_value() == ""
    opened.go_back()
    opened.wait_for_url("about:blank")
    opened.go_forward()
    kept = opened.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length")
    assert kept == 0


def test_seats_are_asked_for_at_every_meeting_and_shown_where_there_is_one(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    portal.seats = {MEETINGS[0]: HELD, MEETINGS[1]: WAITING}
    read(opened, code)

    shown = opened.locator("[data-seat]")
    expect(shown).to_have_count(2)
    assert words("follow-up.seat.held") in shown.nth(0).inner_text()
    assert "٣" in shown.nth(1).inner_text()
    asked = [request.path.rpartition("/")[2] for request in portal.asked("GET /v1/seats/")]
    assert sorted(asked) == sorted(MEETINGS)
    tokens = {request.token for request in portal.asked("GET /v1/seats/")}
    assert len(tokens) == len(MEETINGS), "two meetings must not be told to belong together"


def test_giving_a_seat_back_asks_once_more(opened: Page, portal: PortalDouble, code: str) -> None:
    portal.seats = {MEETINGS[0]: HELD}
    read(opened, code)
    card = opened.locator("[data-seat]")
    card.locator("button").click()
    assert portal.asked("DELETE /v1/seats/") == []

    opened.get_by_role("button", name=words("follow-up.seat.yes")).click()

    expect(opened.get_by_text(words("follow-up.seat.given"))).to_be_visible()
    assert len(portal.asked("DELETE /v1/seats/")) == 1
    assert portal.seats == {}


def test_a_code_that_was_never_given_looks_and_asks_the_same(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    read(opened, code)

    assert len(portal.asked("GET /v1/seats/")) == len(MEETINGS)
    assert opened.locator("[data-seat]").count() == 0
    assert opened.locator("[data-write] button").count() == 1
