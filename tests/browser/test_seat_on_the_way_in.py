"""Registering for a meeting: the seat is taken before anything is sent, and nothing is lost."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal_content.library import load_library
from portal_protocol.seats import seat_token
from tests.browser.portal_double import MEETINGS, ROOT, PortalDouble
from tests.browser.serving import Answer, Request, serving

STRINGS = load_library(ROOT).strings
NAME = "Umm Karim"
ANSWERS = {
    "briefing": MEETINGS[0],
    "display_name": NAME,
    "contact_language": "en",
    "interpretation": "unknown",
    "safe_contact.way": "none",
    "consent.C1": "yes",
}


@pytest.fixture
def opened(browser: Browser, portal: PortalDouble) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(30_000)
    with serving(portal.answer) as url:
        page = context.new_page()
        page.goto(f"{url}/en/briefing-registration/")
        expect(page.locator("[data-send]")).to_be_enabled()
        yield page
        context.close()


def register(page: Page) -> None:
    """Answer what is asked, on one page or a screen at a time, and send."""
    onward = page.locator("[data-next]")
    while True:
        for name, value in ANSWERS.items():
            choice = page.locator(f"[name='{name}'][value='{value}']")
            typed = page.locator(f"input[type=text][name='{name}']")
            if choice.count() and choice.is_visible():
                choice.check()
            elif typed.count() and typed.is_visible():
                typed.fill(value)
        if not (onward.count() and onward.is_visible()):
            break
        onward.click()
    page.locator("[data-send]").click()


@pytest.mark.parametrize(
    ("mine", "place", "shown"), [("held", 0, ""), ("waiting", 4, "\u20684\u2069")]
)
def test_the_page_after_sending_says_what_one_has(
    opened: Page, portal: PortalDouble, mine: str, place: int, shown: str
) -> None:
    portal.seats[MEETINGS[0]] = {"registration": "open", "mine": mine, "place": place}
    register(opened)

    sentence = STRINGS.text(f"follow-up.seat.{mine}", "en", place=shown)
    expect(opened.locator("[data-received] [data-seat]")).to_contain_text(sentence)
    (envelope,) = portal.envelopes()
    assert envelope.form["answers"]["briefing"] == MEETINGS[0]
    (taken,) = portal.asked("PUT /v1/seats/")
    assert taken.path.endswith(MEETINGS[0])
    token = base64.urlsafe_b64encode(seat_token(envelope.mailbox.proof, MEETINGS[0]))
    assert taken.token == "Seat " + token.decode().rstrip("=")


def test_whoever_comes_too_late_is_told_at_the_question_and_loses_nothing(
    opened: Page, portal: PortalDouble
) -> None:
    register(opened)

    place = opened.locator("[data-error-for=briefing]")
    expect(place).to_have_text(STRINGS.text("forms.problems.registration_closed", "en"))
    assert portal.submissions == {}
    assert opened.locator("[name=display_name]").input_value() == NAME


def test_a_seat_whose_registration_is_refused_is_given_back(
    opened: Page, portal: PortalDouble
) -> None:
    portal.seats[MEETINGS[0]] = {"registration": "open", "mine": "held", "place": 0}

    def refuse(request: Request) -> Answer | bool:
        if request.path != "/v1/submissions":
            return False
        return Answer('{"type": "https://portal.example/problems/not_sealed"}', 400)

    portal.misbehave = refuse
    register(opened)

    expect(opened.locator(".form__state--failed")).to_be_visible()
    (taken,), (given_back,) = portal.asked("PUT /v1/seats/"), portal.asked("DELETE /v1/seats/")
    assert given_back.token == taken.token
