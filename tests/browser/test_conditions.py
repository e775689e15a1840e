"""Questions come and go with the answers they depend on, warnings come at once, nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page

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


def seen(page: Page, question: str, inside: str = "") -> bool:
    """Tell whether a question is shown, without what locators need of newer browsers."""
    selector = f"[data-question='{question}'] {inside}"
    rects = "selector => document.querySelector(selector).getClientRects().length"
    return bool(page.evaluate(rects, selector))


def choose(page: Page, name: str, option: str) -> None:
    choice = f"[name='{name}'][value='{option}']"
    page.evaluate("selector => document.querySelector(selector).click()", choice)


def test_a_question_is_shown_only_after_the_answer_it_depends_on(child: Page) -> None:
    assert not seen(child, "reach")

    choose(child, "wish", "looking_for_someone")
    assert seen(child, "reach")
    assert not seen(child, "adult")

    choose(child, "reach", "through_adult")
    assert seen(child, "adult")


def test_what_depends_on_a_question_that_is_not_asked_goes_with_it_and_comes_back_whole(
    child: Page,
) -> None:
    choose(child, "wish", "looking_for_someone")
    choose(child, "reach", "through_adult")
    child.evaluate("document.querySelector('[name=adult]').value = 'خالتي'")

    choose(child, "wish", "only_read")
    assert not seen(child, "adult")

    choose(child, "wish", "help_now")
    assert seen(child, "adult")
    assert child.evaluate("document.querySelector('[name=adult]').value") == "خالتي"


def test_a_warning_is_shown_and_announced_as_soon_as_it_is_due(child: Page) -> None:
    assert not seen(child, "wish", "[role=alert]")

    choose(child, "wish", "help_now")
    assert seen(child, "wish", "[role=alert]")

    choose(child, "wish", "only_read")
    assert not seen(child, "wish", "[role=alert]")


def test_a_helper_is_asked_who_they_are_and_nobody_else_is(child: Page) -> None:
    assert not seen(child, "helper.read_language")

    choose(child, "mode", "assisted")
    assert seen(child, "helper.read_language")

    choose(child, "mode", "self")
    assert not seen(child, "helper.read_language")


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
