"""The search request with the keyboard alone, to the receipt; every stop on the way can be seen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import System
from tests.journeys.test_search_request import shown_code

MOST_STOPS = 150
FOCUS = """() => {
  const element = document.activeElement
  const box = element.getBoundingClientRect()
  const style = getComputedStyle(element)
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20))
  const seen = !top || top === element || element.contains(top) || top.contains(element)
  return {
    name: element.getAttribute("name") ?? "",
    value: element.getAttribute("value") ?? "",
    is: `${element.tagName} ${element.id} ${element.className}`,
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    covered: !seen && top.closest("[data-quick-exit]") !== null,
    sends: element.hasAttribute("data-send"),
    goesOn: element.hasAttribute("data-next"),
  }
}"""


@pytest.fixture(params=["ar", "en"])
def form(request: pytest.FixtureRequest, browser: Browser, system: System) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{system.site}/{request.param}/search-request/")
    expect(page.locator("[data-next]")).to_be_visible()
    yield page
    context.close()


def tab_to(page: Page, name: str, value: str = "") -> None:
    """Go on with Tab until a control has the focus; every stop on the way must be seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        assert stop["outline"] >= 2, stop
        assert not stop["covered"], stop
        if stop["name"] == name and stop["value"] in (value, value or stop["value"]):
            return
    raise AssertionError(f"{name} cannot be reached")


def choose_radio(page: Page, name: str, value: str) -> None:
    """Choose with Space and arrows, as a group of radio buttons works."""
    tab_to(page, name)
    page.keyboard.press("Space")
    for _ in range(30):
        if page.evaluate(FOCUS)["value"] == value:
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} does not offer {value}")


def choose_option(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("ArrowDown")


def press(page: Page, what: str) -> None:
    """Go on with Tab to the button that goes on or sends, and press it."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUS)[what]:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no button that {what}")


def go_on(page: Page) -> None:
    """Press Next; the heading of the next screen has the focus."""
    press(page, "goesOn")
    expect(page.locator("form .step:visible h2")).to_be_focused()


def test_the_whole_request_works_with_the_keyboard_alone(form: Page) -> None:
    while not form.locator("[name=person_name]").is_visible():
        go_on(form)
    tab_to(form, "person_name")
    form.keyboard.type("Nour")
    choose_option(form, "relation")
    tab_to(form, "last_contact_when.unknown")
    form.keyboard.press("Space")
    choose_option(form, "last_contact_where.area")
    go_on(form)
    go_on(form)
    choose_radio(form, "role", "prefer_not_to_say")
    choose_radio(form, "age_group", "prefer_not_to_say")
    choose_radio(form, "contact_language", "en")
    go_on(form)
    choose_radio(form, "safe_contact.way", "none")
    go_on(form)
    for consent in ("consent.C1", "consent.C3"):
        tab_to(form, consent)
        form.keyboard.press("Space")
    while not form.locator("#step-review").is_visible():
        go_on(form)
    press(form, "sends")

    expect(form.locator("[data-received]")).to_be_visible(timeout=60_000)
    expect(form.locator("[data-received] h1")).to_be_focused()
    assert shown_code(form)


def test_enter_in_a_field_goes_on_and_never_sends(form: Page) -> None:
    while not form.locator("[name=person_name]").is_visible():
        go_on(form)
    form.locator("[name=person_name]").focus()
    form.keyboard.press("Enter")

    expect(form.locator("[data-problem-summary]")).to_be_focused()
    expect(form.locator("[name=person_name]")).to_be_visible()


def test_mistakes_are_announced_and_lead_to_their_question(form: Page) -> None:
    while not form.locator("[name=person_name]").is_visible():
        go_on(form)
    form.locator("[data-next]").focus()
    form.keyboard.press("Enter")

    summary = form.locator("[data-problem-summary]")
    expect(summary).to_be_focused()
    form.keyboard.press("Tab")
    form.keyboard.press("Enter")
    field = form.locator("[name=person_name]")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    described = (field.get_attribute("aria-describedby") or "").split()
    words = [form.locator(f"#{name}").inner_text() for name in described]
    assert any(words)


def test_every_control_and_every_group_has_a_name(form: Page) -> None:
    form.evaluate(
        """for (const one of document.querySelectorAll("details")) one.open = true
        for (const one of document.querySelectorAll("form [hidden]")) one.hidden = false"""
    )
    session = form.context.new_cdp_session(form)
    tree = session.send("Accessibility.getFullAXTree")
    roles = {"textbox", "combobox", "radio", "checkbox", "button", "link", "group", "radiogroup"}
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree["nodes"]
        if not node.get("ignored") and node["role"]["value"] in roles
    ]

    assert len(named) > 80
    # A group without a name is a part of the page that one can fold, not a set of controls.
    assert [role for role, name in named if not name and role != "group"] == []
    unnamed = form.locator("fieldset:not(:has(> legend))").count()
    assert unnamed == 0


def test_the_keyboard_leaves_at_once(form: Page) -> None:
    form.context.route("https://*.wikipedia.org/**", lambda route: route.fulfill(body="weather"))
    form.keyboard.press("Tab")

    for _ in range(3):
        form.keyboard.press("Escape")

    form.wait_for_url("https://*.wikipedia.org/**")
    assert form.evaluate("history.length") <= 2
