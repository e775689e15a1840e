"""The main job, whole: a search request from a phone to the register, and the answer back."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page, Route, expect

from portal.settings import DataFolders
from portal_protocol.digits import arabic_digits
from portal_protocol.return_code import grouped, new_code
from tests.browser.hands import (
    MOST_SCREENS,
    SEARCH_REQUEST,
    Given,
    answer_screen,
    fill_form,
    give,
    send_form,
)
from tests.journeys.conftest import System, wait_for
from tests.photos import hidden_data, photo_with_hidden_data

NAME = "عبد الرحمن محمد خالد آل الشيخ ياسين الحسن"
PLACE = "معبر باب السلامة، طريق الخروج إلى تركيا"
ANSWER = "وصلنا طلبكم.\nسنكتب لكم هنا خلال الأسابيع القادمة."


def needed(lang: str) -> dict[str, Given]:
    """The eight needed answers, unknown wherever that is an answer, and the consents."""
    return SEARCH_REQUEST | {"relation": "prefer_not_to_say", "contact_language": lang}


def in_arabic(photo: bytes, name: str = NAME) -> dict[str, Given]:
    """A request with more than is needed."""
    answers = needed("ar") | {
        "person_name": name,
        "relation": "wife",
        "last_contact_when.text": "ربيع ٢٠١٣",
        "last_contact_where.area": "on_the_way",
        "last_contact_where.text": PLACE,
        "also_known_as": "أبو عمر",
        "mother_name": "فاطمة الزهراء",
        "writer_name": "أم ياسمين",
        "photos": FilePayload(name="ياسين.jpg", mimeType="image/jpeg", buffer=photo),
        "photos.processing": "strip",
    }
    del answers["last_contact_when.unknown"]
    return answers


def shown_code(page: Page) -> str:
    """Return the 24 digits that the page shows."""
    groups = page.locator("bdi.code").first.inner_text()
    digits = re.sub(r"\D", "", groups)
    assert len(digits) == 24
    return digits


def open_case(officer: Page, system: System, name: str) -> None:
    def is_there() -> bool:
        officer.goto(system.register)
        return officer.get_by_text(name, exact=False).count() > 0

    wait_for(is_there, f"{name} is not in the register")
    officer.get_by_role("link", name=re.compile(re.escape(name))).first.click()
    expect(officer.locator("h1")).to_be_visible()


def answer(officer: Page, text: str, language: str) -> None:
    officer.locator('input[name=status][value="answer"]').check()
    officer.locator("select[name=language]").select_option(language)
    officer.locator("textarea[name=text]").fill(text)
    officer.locator('form[action*="/reply/look"] button:not([formaction])').click()
    officer.locator('form[action$="/reply"] button').click()


def read_answers(page: Page, system: System, lang: str, code: str) -> None:
    page.goto(f"{system.site}/{lang}/return/")
    page.locator("[data-return] input").first.fill(code)
    page.locator("[data-return] [data-send]").click()


def test_an_arabic_request_with_a_photo_reaches_the_officer_and_the_answer_the_family(
    system: System, phone: BrowserContext, officer: Page
) -> None:
    photo = photo_with_hidden_data(marker="camera")
    assert 2_500_000 < len(photo) < 4_000_000
    page = phone.new_page()
    page.goto(f"{system.site}/ar/search-request/")
    fill_form(page, in_arabic(photo))
    seen = page.locator("#step-review").inner_text()
    for typed in (NAME, "ربيع ٢٠١٣", PLACE, "أبو عمر", "ياسين.jpg"):
        assert typed in seen

    send_form(page)
    code = shown_code(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    open_case(officer, system, NAME)
    seen = officer.locator("body").inner_text()
    for typed in (NAME, "ربيع ٢٠١٣", PLACE, "أبو عمر", "فاطمة الزهراء", "أم ياسمين"):
        assert typed in seen
    image = officer.locator("main img").first
    source = image.get_attribute("src")
    shown = officer.request.get(f"{system.register}{source}")
    assert shown.ok
    assert Image.open(io.BytesIO(shown.body())).width > 200
    assert hidden_data(shown.body())["place"] == {}
    kept = [p.read_bytes() for p in opened_photos(system)]
    assert any(hidden_data(one)["place"] == {} and b"camera" not in one for one in kept)

    answer(officer, ANSWER, "ar")
    family = phone.new_page()

    def is_answered() -> bool:
        read_answers(family, system, "ar", arabic_digits(code))
        family.locator("[data-message], [data-messages] p").first.wait_for()
        return family.get_by_text("سنكتب لكم هنا", exact=False).count() > 0

    wait_for(is_answered, "the answer does not reach the family")
    texts = family.locator("[data-message]").all_inner_texts()
    assert any(ANSWER in text for text in texts)
    assert len(texts) == 2  # The automatic "received" and the officer's answer.


def opened_photos(system: System) -> list[Path]:
    attachments = DataFolders(system.settings.data).protected / "attachments"
    found = [path for path in attachments.rglob("*") if path.is_file()]
    return [path for path in found if path.read_bytes()[:2] == b"\xff\xd8"]


def test_an_english_request_without_script_takes_the_same_path(
    system: System, phone_without_script: BrowserContext, officer: Page
) -> None:
    page = phone_without_script.new_page()
    page.goto(f"{system.site}/en/search-request/")
    expect(page.locator("[data-send]")).to_be_disabled()
    page.locator("noscript a, .notice--strong a").first.click()
    expect(page.get_by_text("Encrypted on arrival", exact=True).first).to_be_visible()
    answer_screen(page, needed("en") | {"person_name": "Samer of the harbour"})

    page.locator("form button[type=submit]").click()
    expect(page.locator("[data-received]")).to_be_visible()
    code = shown_code(page)
    assert code not in page.url

    open_case(officer, system, "Samer of the harbour")
    answer(officer, "We have read your request.", "en")

    def is_answered() -> bool:
        page.goto(f"{system.site}/en/return/plain/")
        page.locator("#code").fill(arabic_digits(code))
        page.locator("main form button").click()
        return page.get_by_text("We have read your request.").count() > 0

    wait_for(is_answered, "the answer does not reach the family without script")
    assert page.url.endswith("/mailbox")
    assert "server" in page.locator("main").inner_text()


def test_an_upload_that_is_cut_goes_on_and_one_submission_arrives(
    system: System, phone: BrowserContext, officer: Page
) -> None:
    page = phone.new_page()
    uploaded: list[str] = []
    cut = {"after": 3, "is": False}

    def line(route: Route) -> None:
        if route.request.method == "PUT":
            if cut["is"] or len(uploaded) >= cut["after"]:
                cut["is"] = True
                route.abort("internetdisconnected")
                return
            uploaded.append(route.request.url)
        elif cut["is"]:
            route.abort("internetdisconnected")
            return
        route.continue_()

    page.route("**/v1/**", line)
    page.goto(f"{system.site}/ar/search-request/")
    fill_form(page, in_arabic(photo_with_hidden_data(marker="cut"), "نور بعد الانقطاع"))

    page.locator("[data-send]").click()
    for _ in range(100):  # Waiting in the page, so that the line above goes on answering.
        page.wait_for_timeout(100)
        if cut["is"]:
            break
    before = list(uploaded)
    page.wait_for_timeout(1500)
    expect(page.locator("[data-received]")).to_have_count(0)
    cut.update({"is": False, "after": 10_000})
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-received]")).to_be_visible(timeout=60_000)

    assert len(before) == 3
    assert len(uploaded) == len(set(uploaded)) > 8
    open_case(officer, system, "نور بعد الانقطاع")
    officer.goto(system.register)
    assert officer.get_by_role("link", name=re.compile("نور بعد الانقطاع")).count() == 1


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_sending_before_the_script_is_there_sends_nothing(
    system: System, phone: BrowserContext, lang: str
) -> None:
    """A press on a slow line must not send plaintext in place of the sealed form."""
    page = phone.new_page()
    page.route("**/assets/form.*.js", lambda route: route.abort())
    page.goto(f"{system.site}/{lang}/search-request/")
    person = page.locator("[name=person_name]")
    person.evaluate("(input) => { input.value = 'سامر' }")  # On a screen that is not shown yet.
    seen = page.locator("form[data-form] input:visible:not([type=radio])").first
    seen.fill("أم سامر")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))

    page.locator("[data-send]").click(force=True)
    seen.press("Enter")
    page.evaluate("document.querySelector('form[data-form]').requestSubmit()")
    page.evaluate("document.querySelector('form[data-form]').submit()")
    page.wait_for_timeout(500)

    assert sent == []
    assert page.url == f"{system.site}/{lang}/search-request/"
    assert (person.input_value(), seen.input_value()) == ("سامر", "أم سامر")


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("way", ["encrypting", "plain"])
def test_what_is_missing_is_said_beside_the_question_and_nothing_typed_is_lost(
    system: System, phone: BrowserContext, phone_without_script: BrowserContext, lang: str, way: str
) -> None:
    context = phone if way == "encrypting" else phone_without_script
    page = context.new_page()
    path = "search-request/" if way == "encrypting" else "search-request/plain/"
    page.goto(f"{system.site}/{lang}/{path}")
    answers = needed(lang) | {"writer_name": 'أم <ياسمين> & "سارة"', "safe_contact.way": "phone"}
    del answers["relation"]

    wrong = answer_until_problems(page, answers)
    assert wrong == (["relation"] if way == "encrypting" else ["relation", "safe_contact.value"])
    if way == "encrypting":
        give(page, "relation", "wife")
        assert answer_until_problems(page, answers) == ["safe_contact.value"]

    assert page.locator("[name=writer_name]").input_value() == 'أم <ياسمين> & "سارة"'
    assert page.locator("[name=person_name]").input_value() == "سامر"
    assert page.locator("html").get_attribute("lang") == lang


def answer_until_problems(page: Page, answers: dict[str, Given]) -> list[str]:
    """Go on until something has to be put right; return the inputs that are named."""
    summary = page.locator("[data-problem-summary]")
    for _ in range(MOST_SCREENS):
        answer_screen(page, answers)
        page.locator("form button[type=submit]:visible").first.click()
        if summary.is_visible():
            break
    named = page.locator("[data-error-for]:visible").all()
    assert summary.locator("li").count() == len(named)
    return [one.get_attribute("data-error-for") or "" for one in named]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_wrong_digit_is_noticed_before_anything_is_asked(
    system: System, phone: BrowserContext, lang: str
) -> None:
    page = phone.new_page()
    page.goto(f"{system.site}/{lang}/return/")
    page.locator("[data-return] input").first.wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.locator("[data-return] input").first.fill("1234 5678 9012 3456 7890 1236")
    page.locator("[data-return] [data-send]").click()

    expect(page.locator("#code-error")).to_be_visible()
    assert page.locator("#code-error").inner_text()
    assert asked == []


def test_an_unknown_code_and_an_empty_mailbox_look_alike(
    system: System, phone: BrowserContext
) -> None:
    page = phone.new_page()
    seen = []
    for code in ("1234 5678 9012 3456 7890 1235", grouped(new_code())):
        read_answers(page, system, "ar", code)
        page.locator("[data-messages] h2").wait_for()
        seen.append(page.locator("[data-messages]").inner_text())

    assert seen[0] == seen[1]
    assert page.locator("[data-message]").count() == 0
