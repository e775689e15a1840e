"""Questions come and go with the answers they depend on, warnings come at once, nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Locator, Page

from portal_content.forms.definition import Form
from portal_content.forms.view import form_view
from portal_content.library import load_library

ROOT = Path(__file__).parents[2]
LIBRARY = load_library(ROOT)
FORMS = list(LIBRARY.forms.current())


def markup_of(form: Form) -> str:
    templates = Environment(loader=FileSystemLoader(ROOT / "theme/templates"), autoescape=True)
    page = '{% from "components/form.html" import form %}{{ form(view) }}'
    view = form_view(form, LIBRARY, "ar", mode="encrypting", action="")
    return templates.from_string(page).render(view=view)


def newest(form_id: str) -> Form:
    return next(form for form in LIBRARY.forms.current() if form.id == form_id)


@pytest.fixture
def child(protocol_page: Page) -> Page:
    protocol_page.evaluate(
        """(markup) => {
            document.body.innerHTML = "<style>[hidden] { display: none }</style>" + markup
            portal.conditions.followConditions(document.querySelector("form"))
        }""",
        markup_of(newest("child")),
    )
    return protocol_page


def question(page: Page, name: str) -> Locator:
    return page.locator(f"[data-question='{name}']")


def seen(element: Locator) -> bool:
    """Tell whether something is shown, without what Playwright needs of newer browsers."""
    return bool(element.evaluate("element => element.getClientRects().length > 0"))


def choose(page: Page, name: str, option: str) -> None:
    choice = page.locator(f"[name='{name}'][value='{option}']")
    choice.evaluate("choice => choice.click()")


def test_a_question_is_shown_only_after_the_answer_it_depends_on(child: Page) -> None:
    assert not seen(question(child, "reach"))

    choose(child, "wish", "looking_for_someone")
    assert seen(question(child, "reach"))
    assert not seen(question(child, "adult"))

    choose(child, "reach", "through_adult")
    assert seen(question(child, "adult"))


def test_what_depends_on_a_question_that_is_not_asked_goes_with_it_and_comes_back_whole(
    child: Page,
) -> None:
    choose(child, "wish", "looking_for_someone")
    choose(child, "reach", "through_adult")
    child.locator("[name=adult]").evaluate("(input, text) => { input.value = text }", "خالتي")

    choose(child, "wish", "only_read")
    assert not seen(question(child, "adult"))

    choose(child, "wish", "help_now")
    assert seen(question(child, "adult"))
    assert child.locator("[name=adult]").evaluate("input => input.value") == "خالتي"


def test_a_warning_is_shown_and_announced_as_soon_as_it_is_due(child: Page) -> None:
    warning = question(child, "wish").locator("[role=alert]")
    assert not seen(warning)

    choose(child, "wish", "help_now")
    assert seen(warning)

    choose(child, "wish", "only_read")
    assert not seen(warning)


def test_a_helper_is_asked_who_they_are_and_nobody_else_is(child: Page) -> None:
    assert not seen(question(child, "helper.read_language"))

    choose(child, "mode", "assisted")
    assert seen(question(child, "helper.read_language"))

    choose(child, "mode", "self")
    assert not seen(question(child, "helper.read_language"))


@pytest.fixture
def scriptless(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
def test_without_script_everything_stands_there_and_says_when_it_is_meant(
    scriptless: Page, form: Form
) -> None:
    scriptless.set_content(markup_of(form))

    meant = scriptless.locator("[data-when]")
    for number in range(meant.count()):
        assert meant.nth(number).get_attribute("hidden") is None
        assert meant.nth(number).locator("[data-only-if]").first.text_content()
    for warning in scriptless.locator("[data-notice]").all():
        assert warning.get_attribute("hidden") is None
