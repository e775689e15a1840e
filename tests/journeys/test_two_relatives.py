"""The whole way of a family: two relatives write, an officer sees that they seek one person and
answers, the family answers back and takes a consent back, and the other system is told no more.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from portal_content.library import load_library
from tests.browser.hands import Given, answer_screen, fill_form, send_form
from tests.journeys.conftest import SECOND_OFFICER, System, sign_in, wait_for
from tests.journeys.test_search_request import needed, open_case, shown_code
from tests.journeys.test_writing_again import giving, open_mailbox, write
from tests.projects import ROOT

STRINGS = load_library(ROOT).strings
SOUGHT, SAME_SOUGHT = "قتيبة عبد القادر الطحان", "Koutaiba Abdulkader Tahhan"
WRITER, PHONE, SECOND_PHONE = "أم قتيبة", "٠٩٣٣ ٩٠٤ ١٧٢", "٠٩٤٤ ٣١٨ ٦٥٠"
WORDS = "كان يعمل في فرن قرب الساعة القديمة."


def said(key: str, **values: Any) -> str:
    return STRINGS.text(f"register.{key}", "ar", **values)


@pytest.fixture
def desk(browser: Browser, system: System) -> Iterator[Page]:
    """The second officer, who reads Arabic and signs in with a code of the moment."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ar")
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page, system, SECOND_OFFICER)
    yield page
    context.close()


def write_as_mother(phone: BrowserContext, system: System) -> str:
    """Send a request in Arabic from the page with script; its safe way is a telephone."""
    page = phone.new_page()
    page.goto(f"{system.site}/ar/search-request/")
    answers: dict[str, Given] = needed("ar") | {
        "person_name": SOUGHT,
        "relation": "son",
        "last_contact_when.text": "ربيع ٢٠١٣",
        "last_contact_where.area": "homs",
        "last_contact_where.text": "دوّار الساعة",
        "writer_name": WRITER,
        "safe_contact.way": "phone",
        "safe_contact.value": PHONE,
        "safe_contact.second_way": "phone",
        "safe_contact.second_value": SECOND_PHONE,
        "consent.C2": "yes",
    }
    del answers["last_contact_when.unknown"]
    assert fill_form(page, answers) == []
    send_form(page)
    code = shown_code(page)
    page.close()
    return code


def write_as_brother(phone: BrowserContext, system: System) -> None:
    """Send a request for the same person from abroad: in Latin letters, with less known."""
    page = phone.new_page()
    page.goto(f"{system.site}/de/search-request/plain/")
    answers = needed("de") | {
        "person_name": SAME_SOUGHT,
        "relation": "brother",
        "last_contact_when.text": "04.2013",
        "last_contact_where.area": "homs",
    }
    del answers["last_contact_when.unknown"]
    answer_screen(page, answers)
    page.locator("form button[type=submit]").click()
    expect(page.locator("[data-received]")).to_be_visible()
    page.close()


def card(desk: Page, name: str) -> Locator:
    return desk.locator(f'section[aria-labelledby="{name}"]')


def decide_that_it_is_one_person(desk: Page, case: str) -> None:
    """Find the other request beside this one, with reasons, and keep the two together."""

    def is_found() -> bool:
        desk.goto(case)
        return card(desk, "sought").get_by_role("link", name=SAME_SOUGHT).count() > 0

    wait_for(is_found, "the other relative's request is no candidate")
    candidate = card(desk, "sought").locator("article")
    expect(candidate).to_have_count(1)
    for reason in ("last_contact_overlap", "place_same_area"):
        expect(candidate).to_contain_text(said(f"sought.reasons.{reason}"))
    likeness = said("likeness.alike", one="قتيبة", other="Koutaiba")
    expect(candidate).to_contain_text(likeness)
    candidate.get_by_role("button", name=said("sought.same"), exact=True).click()
    expect(card(desk, "sought").locator("article")).to_have_count(0)
    expect(card(desk, "sought")).to_contain_text(said("sought.family"))


def assert_both_stay(desk: Page, case: str) -> None:
    """Nothing was merged: the other request is its own, with its own answers, and knows of this."""
    card(desk, "sought").get_by_role("link", name=SAME_SOUGHT).first.click()
    expect(desk.locator("h1")).to_have_text(SAME_SOUGHT)
    expect(card(desk, "answers")).to_contain_text("04.2013")
    expect(card(desk, "answers")).not_to_contain_text(WRITER)
    expect(card(desk, "sought").get_by_role("link", name=SOUGHT).first).to_be_visible()
    desk.goto(case)
    expect(card(desk, "answers")).to_contain_text(WRITER)


def answer_with_a_wording(desk: Page) -> str:
    """Take a ready wording, look at it and sign it; return what the family should read."""
    desk.locator("select[name=language]").select_option("ar")
    desk.locator("select[name=wording]").select_option("talk")
    desk.locator("button[formaction$='/reply/wording#reply']").click()
    expect(desk.locator('input[name=status][value="action"]')).to_be_checked()
    text = desk.locator("textarea[name=text]").input_value().strip()
    desk.locator('form[action*="/reply/look"] > button').click()
    expect(desk.locator(".as-seen .reply__text")).to_have_text(text)
    desk.locator('form[action$="/reply"] button').click()
    expect(desk.locator(".notice--done")).to_have_text(said("reply.sent"))
    return text


def told_of(system: System, sought: str) -> list[dict[str, Any]]:
    """Return what the other system was told of a request, the oldest first."""
    with system.cases.lock:
        events = [event["data"] for event in system.cases.events.values()]
    its = {one["id"] for one in events if sought in json.dumps(one, ensure_ascii=False)}
    return sorted((one for one in events if one["id"] in its), key=lambda one: one["version"])


def test_two_relatives_seek_one_person_and_one_takes_a_consent_back(
    system: System, phone: BrowserContext, desk: Page
) -> None:
    write_as_brother(phone, system)
    code = write_as_mother(phone, system)
    open_case(desk, system, SOUGHT)
    case = desk.url
    wait_for(lambda: len(told_of(system, SOUGHT)) == 1, "the other system is not told of it")
    for typed in (SOUGHT, "ربيع ٢٠١٣", "دوّار الساعة", WRITER, PHONE):
        expect(card(desk, "answers")).to_contain_text(typed)

    # In groups from the right, a number in Arabic digits would be dialled the wrong way round.
    expect(card(desk, "answers").locator("bdo[dir=ltr]")).to_have_text([PHONE, SECOND_PHONE])

    decide_that_it_is_one_person(desk, case)
    assert_both_stay(desk, case)
    answer = answer_with_a_wording(desk)

    page = phone.new_page()

    def is_answered() -> bool:
        open_mailbox(page, system, code, script=True)
        return page.get_by_text(answer).count() > 0

    wait_for(is_answered, "the answer does not reach the family")
    write(page, giving({"kind": "answer", "message": WORDS}), script=True)
    wait_for(
        lambda: len(told_of(system, SOUGHT)) == 2, "the other system is not told of what was added"
    )
    for told in told_of(system, SOUGHT):
        assert told["writer"]["safe_contact"]["value"] == PHONE
        assert told["writer"]["name"] == WRITER
    desk.goto(case)
    expect(card(desk, "again")).to_contain_text(WORDS)
    expect(desk.locator(".heading .state")).to_have_text(said("states.wrote_again"))

    open_mailbox(page, system, code, script=True)
    write(page, giving({"kind": "consent", "consent.C2": "take_back"}), script=True)
    wait_for(lambda: len(told_of(system, SOUGHT)) == 3, "the other system is not told to forget")
    told = told_of(system, SOUGHT)[-1]
    assert {"safe_contact", "name"} & set(told["writer"]) == set()
    sent = json.dumps(told, ensure_ascii=False)
    assert SOUGHT in sent
    assert WORDS in sent
    assert PHONE not in sent
    assert WRITER not in sent
    desk.goto(case)
    taken_back = card(desk, "consents").locator("li", has_text=re.compile(r"\bC2\b"))
    expect(taken_back).to_contain_text(said("again.taken_back"))
    desk.goto(f"{case}/call")
    expect(desk.get_by_role("alert")).to_have_text(said("again.no_contact"))
    expect(desk.locator("main")).not_to_contain_text(PHONE)
