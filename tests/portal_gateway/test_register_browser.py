"""The register in a real browser: on a phone and on a desk, in both directions, without script."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from portal_gateway.register import pages
from portal_gateway.register.second_factor import code_at
from portal_gateway.run import Gateway, take_turn
from portal_gateway.settings import GatewaySettings
from tests.photos import photo_with_hidden_data
from tests.portal_api.factories import Office
from tests.portal_gateway.desks import NAME, PASSWORD, SECRET, Desk, open_desk
from tests.portal_gateway.families import MORE, Family, filled_form, write
from tests.portal_gateway.families import NAME as SOUGHT
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import Portal, listening
from tests.voices import recorded_voice

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STYLES = Path(pages.__file__).parent / "styles" / "register.css"
SMALLEST_TARGET = 24
"""CSS pixels; WCAG 2.2, target size (minimum)."""


@pytest.fixture
def desk(settings: GatewaySettings, gateway: Gateway) -> Desk:
    return open_desk(settings, gateway)


@pytest.fixture
def family() -> Family:
    return Family()


@pytest.fixture
def address(desk: Desk, portal: Portal, office: Office, family: Family) -> Iterator[str]:
    """The register on a port, with one case and one submission that was set aside."""
    library = desk.gateway.library
    photo = photo_with_hidden_data(marker="m", width=600, height=900)
    form = filled_form(library, answers=dict(MORE))
    portal.take(write(office, form, family=family, photos=[photo, b"no photo"]))
    portal.take(write(office, filled_form(library, version=99)))
    take_turn(desk.gateway, now=NOON)
    with listening(desk.app) as url:
        yield url


def open_page(browser: Browser, *, width: int = 1280, script: bool = True) -> Page:
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, java_script_enabled=script, locale="en-US")  # type: ignore[arg-type]  # a plain dict is what it takes
    context.set_default_timeout(30_000)
    return context.new_page()


def sign_in(page: Page, address: str, lang: str = "en") -> None:
    page.goto(f"{address}/sign-in?lang={lang}")
    page.locator("input[name=name]").fill(NAME)
    page.locator("input[name=password]").fill(PASSWORD)
    # The clock of the desk stands still at noon.
    page.locator("input[name=code]").fill(code_at(SECRET, NOON))
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(f"{address}/")


def check_layout(page: Page) -> None:
    """Nothing sticks out, nothing is too small to hit, text runs in the page's direction."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    small = page.evaluate(
        """least => [...document.querySelectorAll('a, button, input, select, summary, textarea')]
        .filter(e => e.offsetParent && !e.closest('p, .skip') && e.type !== 'radio')
        .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
        .filter(([, box]) => box.height < least || box.width < least).map(([html]) => html)""",
        SMALLEST_TARGET,
    )
    assert small == [], page.url


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_page_fits_phone_and_desk_in_both_directions(
    browser: Browser, address: str, lang: str, width: int
) -> None:
    page = open_page(browser, width=width)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address}/sign-in?lang={lang}")
    check_layout(page)
    sign_in(page, address, lang)
    check_layout(page)
    page.get_by_role("link", name=SOUGHT).click()
    page.locator("img").last.scroll_into_view_if_needed()
    check_layout(page)
    widths = page.evaluate("[...document.images].map(image => image.naturalWidth)")
    page.locator("input[name=status][value=review]").check()
    page.locator("textarea[name=text]").fill("سطر\nline " + "x" * 300)
    page.locator(".card--reply button:not([formaction])").click()
    check_layout(page)
    for place in ("set-aside", "overview", "export", "systems"):
        page.goto(f"{address}/{place}")
        check_layout(page)

    assert page.locator("html").get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")
    assert all(width > 0 for width in widths)
    assert len(widths) == 2
    assert said == []
    page.context.close()


def test_without_script_an_officer_reads_changes_and_answers(
    browser: Browser, address: str, desk: Desk, portal: Portal, family: Family
) -> None:
    page = open_page(browser, script=False)
    sign_in(page, address)
    page.get_by_role("link", name=SOUGHT).click()
    text = "\n\nالسلام عليكم،\n  وصلنا طلبكم."

    page.get_by_label("An answer", exact=True).check()
    page.get_by_label("Your answer", exact=True).fill(text)
    page.get_by_role("button", name="Look at it before it is signed").click()
    expect(page.get_by_text("جواب لكم")).to_be_visible()
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("Your answer", exact=True)).to_have_value(text)
    page.get_by_role("button", name="Look at it before it is signed").click()
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_role("status")).to_contain_text("signed and on its way")
    expect(page.get_by_text("It goes to the portal with the next batch.")).to_be_visible()
    page.reload()
    take_turn(desk.gateway, now=later(minutes=5))
    page.reload()

    expect(page.get_by_text("On the portal since").first).to_be_visible()
    assert portal.replies(family)[-1].text == text
    page.context.close()


def test_an_officer_needs_no_mouse_and_always_sees_where_they_are(
    browser: Browser, address: str
) -> None:
    page = open_page(browser)
    page.goto(f"{address}/sign-in?lang=en")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(code_at(SECRET, NOON))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")

    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    reached: list[str] = []
    while SOUGHT not in reached:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent").strip())
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", reached
        assert len(reached) < 12
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(SOUGHT)
    assert skip == "Go to the content"
    assert "Cases" not in reached
    page.context.close()


def test_a_page_that_was_left_open_says_what_to_do(browser: Browser, address: str) -> None:
    page = open_page(browser)
    sign_in(page, address)
    page.locator("input[name=form_token]").first.evaluate("field => field.value = '0'.repeat(64)")
    page.get_by_role("button", name="العربية").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing was changed")
    page.context.close()


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_borders_stand_out_by_day_and_by_night(scheme: str, database_url: str) -> None:
    light, dark = STYLES.read_text(encoding="utf-8").split("@media (prefers-color-scheme: dark)")
    colours = tokens(light) | (tokens(dark) if scheme == "dark" else {})
    text = "ink/paper ink/card soft/paper soft/card teal/card teal/paper on-teal/teal amber/card"
    text += " amber/amber-tint ink/amber-tint ink/tint teal-deep/tint teal-deep/card on-bar/bar"
    shapes = "field-line/paper field-line/card focus/paper focus/card"

    for pairs, least in ((text, 4.5), (shapes, 3.0)):
        for pair in pairs.split():
            above, below = pair.split("/")
            assert contrast(colours[above], colours[below]) >= least, pair


def test_a_recorded_message_plays_in_the_officers_browser(
    playwright: Playwright, browser: Browser, desk: Desk, portal: Portal, office: Office
) -> None:
    sound = recorded_voice(playwright)
    message = ("spoken_message", "voice-message.webm", "audio/webm", sound)
    portal.take(write(office, filled_form(desk.gateway.library), files=[message]))
    take_turn(desk.gateway, now=NOON)
    with listening(desk.app) as url:
        page = open_page(browser)
        sign_in(page, url)
        page.goto(f"{url}/cases/{desk.case().id}")
        player = page.locator("[data-file=sound] audio")
        player.evaluate("player => player.play()")
        page.wait_for_timeout(900)

        assert player.evaluate("player => player.error") is None
        assert player.evaluate("player => player.currentTime") > 0.3
        page.context.close()
