"""Reading answers: slips stay on the phone, forgeries stay unread, forgetting forgets."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal_protocol.derivation import derive_mailbox
from portal_protocol.notes import SigningKey
from portal_protocol.replies import ReplyBody, make_reply, seal_reply
from portal_protocol.return_code import grouped, new_code
from tests.browser.portal_double import DEPLOYMENT, REPLIES, ROOTS, TODAY, PortalDouble
from tests.browser.serving import serving

FORGER = SigningKey(REPLIES.verify_key.name, b"\x01" * 32)


@pytest.fixture
def code() -> str:
    return new_code()


@pytest.fixture
def opened(browser: Browser, portal: PortalDouble) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(30_000)
    with serving(portal.answer) as url:
        page = context.new_page()
        page.goto(f"{url}/ar/return/")
        yield page
        context.close()


def put(portal: PortalDouble, code: str, text: str, *, seq: int, key: SigningKey = REPLIES) -> None:
    mailbox = derive_mailbox(code, DEPLOYMENT)
    body = ReplyBody(status="answer", text=text, lang="ar")
    note = make_reply(mailbox.id, seq, TODAY, body, key)
    sealed = seal_reply(note, mailbox.identity.recipient)
    box = portal.mailboxes.setdefault(mailbox.id, {})
    box[len(box) + 1] = sealed


def read(page: Page, typed: str) -> None:
    page.locator("#code").fill(typed)
    page.locator("[data-return] [data-send]").click()


def test_messages_are_shown_oldest_first_whatever_the_server_does(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    put(portal, code, "الثانية", seq=2)
    put(portal, code, "الأولى", seq=1)

    read(opened, grouped(code, arabic=True))

    expect(opened.locator(".message__text")).to_have_text(["الأولى", "الثانية"])
    expect(opened.locator("[data-messages] h2")).to_be_focused()


def test_what_the_institution_did_not_sign_is_announced_and_not_shown(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    put(portal, code, "وصلنا طلبكم", seq=1)
    put(portal, code, "ادفعوا هنا", seq=2, key=FORGER)

    read(opened, code)

    expect(opened.locator(".message__text")).to_have_text(["وصلنا طلبكم"])
    expect(opened.locator(".messages__warning")).to_be_visible()
    assert "ادفعوا" not in opened.content()


def test_two_messages_under_one_number_are_not_both_believed(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    put(portal, code, "هذه", seq=1)
    put(portal, code, "تلك", seq=1)

    read(opened, code)

    expect(opened.locator(".message__text")).to_have_count(1)
    expect(opened.locator(".messages__warning")).to_be_visible()


def test_a_message_is_text_and_never_markup(opened: Page, portal: PortalDouble, code: str) -> None:
    put(portal, code, "<img src=x onerror=alert(1)> <b>ب</b>", seq=1)

    read(opened, code)

    expect(opened.locator(".message__text")).to_have_text("<img src=x onerror=alert(1)> <b>ب</b>")
    assert opened.locator(".message__text *").count() == 0


@pytest.mark.parametrize(
    "slip",
    [
        pytest.param(lambda code: code[:-1], id="a digit short"),
        pytest.param(lambda code: "", id="nothing"),
        pytest.param(lambda code: code[:5] + str((int(code[5]) + 1) % 10) + code[6:], id="a digit"),
    ],
)
def test_a_slip_of_the_pen_is_caught_before_any_request(
    opened: Page, portal: PortalDouble, code: str, slip: object
) -> None:
    assert callable(slip)

    read(opened, slip(code))

    expect(opened.locator("[data-error-for=code]")).to_be_visible()
    expect(opened.locator("#code")).to_be_focused()
    assert portal.requests == []


def test_an_empty_mailbox_and_one_that_never_was_look_alike(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    portal.mailboxes[derive_mailbox(code, DEPLOYMENT).id] = {}
    read(opened, code)
    opened.locator(".messages").wait_for()
    empty = opened.locator("[data-messages]").inner_text()
    opened.locator(".messages > button").click()

    read(opened, new_code())
    opened.locator(".messages").wait_for()
    unknown = opened.locator("[data-messages]").inner_text()

    assert empty == unknown != ""


def test_deleting_asks_once_more_and_then_deletes_all(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    put(portal, code, "أ", seq=1)
    put(portal, code, "ب", seq=2, key=FORGER)
    read(opened, code)
    buttons = opened.locator(".messages__removal button")

    buttons.click()
    assert len(portal.mailboxes[derive_mailbox(code, DEPLOYMENT).id]) == 2
    buttons.first.click()

    expect(opened.locator("[data-message]")).to_have_count(0)
    expect(opened.locator("[data-messages] h2")).to_be_focused()
    assert portal.mailboxes[derive_mailbox(code, DEPLOYMENT).id] == {}


def test_closing_forgets_code_and_messages(opened: Page, portal: PortalDouble, code: str) -> None:
    put(portal, code, "سرّ", seq=1)
    read(opened, code)
    opened.locator("[data-message]").wait_for()

    opened.locator(".messages > button").click()

    expect(opened.locator("#code")).to_have_value("")
    assert "سرّ" not in opened.content()


def test_answers_are_not_shown_under_keys_that_cannot_be_checked(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    put(portal, code, "ادفعوا", seq=1)
    portal.signers = ROOTS[:1]

    read(opened, code)

    expect(opened.locator("[data-error-for=code]")).to_be_visible()
    assert [request.path for request in portal.requests] == ["/v1/keys"]


def test_without_a_network_it_says_so_and_can_be_tried_again(
    opened: Page, portal: PortalDouble, code: str
) -> None:
    portal.misbehave = lambda _: None
    read(opened, code)
    expect(opened.locator("[data-error-for=code]")).to_be_visible()
    expect(opened.locator("#code")).to_have_value(code)

    portal.misbehave = lambda _: False
    opened.locator("[data-return] [data-send]").click()

    expect(opened.locator("[data-messages] h2")).to_be_visible()
