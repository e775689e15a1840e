"""One group of questions at a time: forward, back, and a look at everything before sending."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import SEARCH_REQUEST, answer_screen, fill_form, give, send_form
from tests.browser.portal_double import PortalDouble
from tests.browser.serving import serving

NAME = "سامر الخالد"
ANSWERS = SEARCH_REQUEST | {"person_name": NAME}
PHONE = "٠٩٣٣ ٩٠٤ ١٧٢"
PLACES_OF_ENDS = """(element) => [0, element.textContent.length - 1].map((place) => {
  const range = document.createRange()
  range.setStart(element.firstChild, place)
  range.setEnd(element.firstChild, place + 1)
  return range.getBoundingClientRect().left
})"""
"""Where the first and the last sign of a text stand on the screen."""
SIGNS_FROM_THE_LEFT = """(box) => {
  const { left, width, top, height } = box.getBoundingClientRect()
  const places = Array.from({ length: 60 }, (_, step) => left + (width * (step + 0.5)) / 60)
  return places.map((x) => document.caretPositionFromPoint(x, top + height / 2).offset)
}"""
"""Which sign of a box would be met at places from its left end to its right."""


def opened_page(browser: Browser, url: str, lang: str, *, script: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=script
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{url}/elsewhere")
    page.goto(f"{url}/{lang}/search-request/")
    return page


@pytest.fixture(params=["ar", "en"])
def page(request: pytest.FixtureRequest, browser: Browser, portal: PortalDouble) -> Iterator[Page]:
    with serving(portal.answer) as url:
        opened = opened_page(browser, url, request.param)
        expect(opened.locator("[data-next]")).to_be_visible()
        yield opened
        opened.context.close()


def shown(page: Page) -> str:
    """Return the one screen that is shown."""
    screens = page.locator("form .step:visible")
    expect(screens).to_have_count(1)
    return screens.get_attribute("id") or ""


def go_on(page: Page) -> None:
    answer_screen(page, ANSWERS)
    page.locator("[data-next]").click()


def go_to(page: Page, step: str) -> None:
    while shown(page) != step:
        go_on(page)


def test_without_script_the_form_is_one_long_page(browser: Browser, portal: PortalDouble) -> None:
    with serving(portal.answer) as url:
        long_page = opened_page(browser, url, "ar", script=False)

        expect(long_page.locator("[name=person_name]")).to_be_visible()
        expect(long_page.locator("[name='consent.C1']")).to_be_visible()
        expect(long_page.locator("[data-next]")).to_have_count(0)
        long_page.context.close()


def test_each_screen_says_which_part_it_is_and_its_heading_has_the_focus(page: Page) -> None:
    digits = "٠١٢٣٤٥٦٧٨٩" if page.locator("html[lang=ar]").count() else "0123456789"
    numbers = []
    while True:
        where = page.locator(".screens__where").inner_text()
        numbers.append([digits.index(one) for one in where if one in digits])
        if shown(page) == "step-review":
            break
        go_on(page)
        expect(page.locator("form .step:visible h2").first).to_be_focused()

    assert numbers == [[n + 1, len(numbers)] for n in range(len(numbers))]
    done = page.locator(".screens__bar .is-done").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().left)"
    )
    assert done == sorted(done, reverse=digits[0] == "٠")


def test_a_screen_fits_a_small_phone(page: Page) -> None:
    while shown(page) != "step-review":
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        go_on(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_back_and_the_browsers_own_back_lose_nothing(page: Page) -> None:
    go_to(page, "step-writer")
    page.locator("[name=writer_name]").fill("أم ياسمين")

    page.locator(".screens__back").click()
    assert shown(page) == "step-person_more"
    page.go_back()
    expect(page.locator("#step-person")).to_be_visible()
    assert page.locator("[name=person_name]").input_value() == NAME
    assert "search-request/" in page.url
    go_to(page, "step-writer")

    assert page.locator("[name=writer_name]").input_value() == "أم ياسمين"


def test_the_browsers_back_warns_once_on_the_first_screen_and_then_leaves(page: Page) -> None:
    first = shown(page)
    go_on(page)
    page.go_back()
    expect(page.locator(f"#{first}")).to_be_visible()

    page.go_back()
    expect(page.locator(".screens__said")).not_to_be_empty()
    assert shown(page) == first
    page.go_back()

    expect(page).to_have_title("weather")


def test_whatever_way_was_gone_leaving_quickly_shows_no_step_of_it(page: Page) -> None:
    go_to(page, "step-contact")
    page.go_back()
    expect(page.locator("#step-writer")).to_be_visible()
    length = page.evaluate("history.length")

    for _ in range(3):
        page.keyboard.press("Escape")
    expect(page).to_have_title("weather")
    page.wait_for_url("**/elsewhere")

    assert (
        page.evaluate("history.length") == length == 4
    )  # Blank, elsewhere, the form, its screens.
    page.go_back()
    assert page.url.endswith("/elsewhere")
    listed = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    assert [one for one in listed["entries"] if "search-request" in one["url"]] == []


def test_what_comes_first_is_read_before_anything_goes_on(page: Page) -> None:
    while not page.locator("[name=danger_now]").first.is_visible():
        go_on(page)
    screen = shown(page)
    page.locator("[name=danger_now][value=yes]").focus()
    page.keyboard.press("Space")
    notice = page.locator("[data-notice-of=danger_now]")
    expect(notice).to_be_in_viewport()

    page.keyboard.press("Enter")
    expect(notice).to_be_focused()
    assert shown(page) == screen
    next_one = page.locator("[data-next]")
    expect(notice).to_contain_text(next_one.inner_text())
    next_one.click()

    assert shown(page) != screen


def test_mistakes_hold_up_only_their_own_screen(page: Page) -> None:
    while not page.locator("[name=relation]").is_visible():
        go_on(page)
    answer_screen(page, {**ANSWERS, "relation": ""})
    page.locator("[data-next]").click()

    summary = page.locator("[data-problem-summary]")
    expect(summary).to_be_focused()
    assert summary.locator("li").count() == 1
    assert shown(page) == "step-person"
    give(page, "relation", "wife")
    page.locator("[data-next]").click()
    expect(summary).to_be_hidden()
    assert shown(page) == "step-person_more"


def test_a_number_runs_from_left_to_right_in_its_box_and_words_as_they_are_read(
    page: Page,
) -> None:
    go_to(page, "step-contact")
    page.locator("[name='safe_contact.way'][value=phone]").check()
    box = page.locator("[name='safe_contact.value']")
    box.scroll_into_view_if_needed()

    box.fill(PHONE)
    signs = box.evaluate(SIGNS_FROM_THE_LEFT)
    assert (signs[0], signs[-1]) == (0, len(PHONE))
    assert signs == sorted(signs), "the last group would be dialled first"

    box.fill(f"{PHONE} أم سامر")
    signs = box.evaluate(SIGNS_FROM_THE_LEFT)
    assert signs != sorted(signs)


def test_a_part_that_nobody_needs_is_left_out_with_one_button(page: Page) -> None:
    go_to(page, "step-person_more")

    page.locator("[data-skip]").click()

    assert shown(page) == "step-writer"
    expect(page.locator("[data-skip]")).to_be_hidden()


def test_the_review_shows_every_answer_and_changing_one_leads_back_to_it(
    page: Page, portal: PortalDouble
) -> None:
    more = {"safe_contact.way": "phone", "safe_contact.value": PHONE}
    fill_form(page, {**ANSWERS, **more, "also_known_as": "Abu <b>Omar</b>", "consent.C5": "yes"})
    review = page.locator("#step-review")
    first, last = review.get_by_text(PHONE, exact=True).evaluate(PLACES_OF_ENDS)
    assert first < last, "the last group would be dialled first"
    expect(review).to_contain_text(NAME)
    expect(review).to_contain_text("Abu <b>Omar</b>")
    wife = page.locator("[name=relation] option[value=wife]").text_content() or "?"
    expect(review).to_contain_text(wife)
    title = page.locator("#step-consents h2").first.text_content() or "?"
    agreed = review.locator(".review__part", has_text=title).locator(".said__row")
    assert agreed.count() == page.locator("#step-consents .consent").count()
    assert portal.submissions == {}

    row = review.locator(".said__row", has_text=NAME)
    row.get_by_role("button").click()
    expect(page.locator("[name=person_name]")).to_be_focused()
    page.locator("[name=person_name]").fill("ليلى")
    page.locator("[data-next]").click()

    assert shown(page) == "step-review"
    expect(review).to_contain_text("ليلى")
    send_form(page)
    (envelope,) = portal.envelopes()
    assert envelope.form["answers"]["person_name"] == "ليلى"


def test_a_mistake_found_at_the_end_leads_to_its_screen_and_back(page: Page) -> None:
    fill_form(page, ANSWERS)
    page.evaluate("document.querySelector('[name=person_name]').value = ''")
    page.locator("[data-send]").click()

    page.locator("[data-problem-summary] a").click()
    expect(page.locator("[name=person_name]")).to_be_focused()
    assert shown(page) == "step-person"
    give(page, "person_name", NAME)
    page.locator("[data-next]").click()

    assert shown(page) == "step-review"
    expect(page.locator("[data-problem-summary]")).to_be_hidden()


def test_going_through_the_screens_asks_and_keeps_nothing(page: Page, portal: PortalDouble) -> None:
    fill_form(page, ANSWERS)

    prepared = {"/v1/keys", "/v1/challenge", "/v1/passes"}
    assert {request.path for request in portal.requests} <= prepared
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert page.evaluate("location.search + location.hash") == ""
