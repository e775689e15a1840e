"""The search request with the keyboard alone, to the receipt; every stop on the way can be seen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import System
from tests.journeys.test_search_request import ready, shown_code

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
  }
}"""


@pytest.fixture(params=["ar", "en"])
def form(request: pytest.FixtureRequest, browser: Browser, system: System) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{system.site}/{request.param}/search-request/")
    ready(page)
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


def test_the_whole_request_works_with_the_keyboard_alone(form: Page) -> None:
    tab_to(form, "person_name")
    form.keyboard.type("Nour")
    choose_option(form, "relation")
    tab_to(form, "last_contact_when.unknown")
    form.keyboard.press("Space")
    choose_option(form, "last_contact_where.area")
    choose_radio(form, "role", "prefer_not_to_say")
    choose_radio(form, "age_group", "prefer_not_to_say")
    choose_radio(form, "contact_language", "en")
    choose_radio(form, "safe_contact.way", "none")
    for consent in ("consent.C1", "consent.C3"):
        tab_to(form, consent)
        form.keyboard.press("Space")
    while not form.evaluate(FOCUS)["sends"]:
        form.keyboard.press("Tab")
    form.keyboard.press("Enter")

    expect(form.locator("[data-received]")).to_be_visible(timeout=60_000)
    expect(form.locator("[data-received] h1")).to_be_focused()
    assert shown_code(form)


def test_mistakes_are_announced_and_lead_to_their_question(form: Page) -> None:
    form.locator("[data-send]").focus()
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
    for folded in form.locator("details").all():
        folded.evaluate("(element) => { element.open = true }")
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
    form.locator("[name=person_name]").fill("Nour")

    for _ in range(3):
        form.keyboard.press("Escape")

    form.wait_for_url("https://*.wikipedia.org/**")
    assert form.evaluate("history.length") <= 2
