"""Every form, whole: filled to the full in Arabic on a small phone, to the officer's page.

Nothing of it is readable in the public zone, whichever way it took.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Playwright, expect

from portal.settings import DataFolders
from portal_content.forms.answers import from_inputs
from portal_content.forms.definition import FILE_KINDS, Form, FormField
from portal_content.forms.words import FormWords, after_words
from portal_content.library import load_library
from portal_gateway.flags import flags, queue
from portal_protocol.return_code import grouped, parse_code
from tests.browser.hands import Given, Spoken, answer_screen, fill_form, send_form
from tests.fullest_forms import MARKER, TRACES, Filling, Inputs, asked, full_inputs
from tests.journeys.conftest import System, wait_for
from tests.journeys.in_the_register import (
    CaseFinder,
    answers_in_words,
    consents_in_words,
    meetings,
    texts_of,
)
from tests.photos import photo_with_hidden_data
from tests.portal_api.running import Watch
from tests.projects import ROOT
from tests.voices import launch_with_microphone

LIBRARY = load_library(ROOT)
TODAY = datetime.now(UTC).date()
MEETINGS = [meeting for meeting, _ in meetings(LIBRARY, "ar")]
FORMS = [
    form
    for form in LIBRARY.forms.on_pages()
    # The sample meetings are on real days; when all are over there is none to register for.
    if MEETINGS or all(question.kind != "briefing" for question in form.fields)
]
WAYS = ("script", "without script")
FILES = {
    "photos": ("image/jpeg", "jpg", photo_with_hidden_data(marker=MARKER, width=240, height=180)),
    "files": ("application/pdf", "pdf", b"%PDF-1.7 " + MARKER.encode() * 40),
    "voice": ("audio/webm", "webm", b"\x1a\x45\xdf\xa3" + MARKER.encode() * 40),
}


@dataclass
class Sent:
    """A form that was sent."""

    form: Form
    way: str
    filling: Filling
    inputs: Inputs
    receipt: str = ""
    code: str = ""

    @property
    def asked(self) -> list[FormField]:
        return asked(self.form, self.filling)

    @property
    def files(self) -> list[FormField]:
        return [question for question in self.asked if question.kind in FILE_KINDS]

    @property
    def answers(self) -> dict[str, Any]:
        return from_inputs(self.form, self.inputs)


def filled(form: Form, way: str) -> Sent:
    """Fill a form; each is filled with a helper in one of the two ways."""
    turn = WAYS.index(way)
    assisted = form.assisted and (FORMS.index(form) + turn) % 2 == 0
    filling = Filling(turn, assisted, not turn, next(iter(MEETINGS), ""))
    return Sent(form, way, filling, full_inputs(form, LIBRARY.consents, filling))


def by_hand(sent: Sent) -> dict[str, Given]:
    """Return what is done on the page, file questions at their place."""
    given: dict[str, Given] = {
        name: values[0] if len(values) == 1 else values for name, values in sent.inputs.items()
    }
    for question in sent.files:
        mime, ending, content = FILES[question.kind]
        name = f"{MARKER} {question.id}.{ending}"
        given[question.id] = FilePayload(name=name, mimeType=mime, buffer=content)
        if question.kind == "voice" and sent.way == "script":
            given[question.id] = Spoken(600)
    return given


@pytest.fixture(scope="module")
def phones(
    playwright: Playwright, browser: Browser, system: System
) -> Iterator[dict[str, BrowserContext]]:
    """A small phone that has a microphone, and one without script."""
    with launch_with_microphone(playwright) as microphone:
        small: Any = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "locale": "ar"}
        script = microphone.new_context(**small)
        script.grant_permissions(["microphone"], origin=system.site)
        plain = browser.new_context(**small, java_script_enabled=False)
        for context in (script, plain):
            context.set_default_timeout(20_000)
        yield dict(zip(WAYS, (script, plain), strict=True))
        plain.close()


@pytest.fixture(scope="module")
def desk(browser: Browser, system: System, signed_in: Any) -> Iterator[CaseFinder]:
    """An officer who has signed in and reads Arabic."""
    size: Any = {"viewport": {"width": 1280, "height": 900}}
    context = browser.new_context(**size, locale="ar", storage_state=signed_in)
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(system.register)
    page.locator(".filter[method=get]").wait_for()
    yield CaseFinder(page, system)
    context.close()


def send(page: Page, system: System, sent: Sent) -> None:
    """Fill and send a form on its page, and read what is said afterwards."""
    given = by_hand(sent)
    page.goto(f"{system.site}/ar/{sent.form.address}/")
    if sent.way == "script":
        assert fill_form(page, given) == []
        assert_reviewed(page, sent)
        assert_fits(page)
        send_form(page, assisted=sent.filling.assisted)
    else:
        page.locator("noscript a, .notice--strong a").first.click()
        assert answer_screen(page, given) == list(given)
        assert_fits(page)
        page.locator("form button[type=submit]").click()
        expect(page.locator("[data-hand-over]")).to_have_count(int(sent.filling.assisted))
        if sent.filling.assisted:
            expect(page.locator(".code").first).to_be_hidden()
            page.locator("[data-hand-over] > details > summary").click()
    read_received(page, sent)


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def assert_reviewed(page: Page, sent: Sent) -> None:
    """Everything that was said is there to be seen once more before it leaves."""
    seen = page.locator("#step-review").text_content() or ""
    words = FormWords(LIBRARY.strings, sent.form, "ar")
    said = [
        text for question in sent.asked for text in texts_of(LIBRARY, words, question, sent.inputs)
    ]
    assert [text for text in said if " ".join(text.split()) not in " ".join(seen.split())] == []


def read_received(page: Page, sent: Sent) -> None:
    """Check the page after sending, and keep code and receipt."""
    received = page.locator("section[data-received]")
    expect(received).to_be_visible()
    assert_fits(page)
    codes = [re.sub(r"\s", "", code) for code in received.locator(".code").all_inner_texts()]
    sent.code, again = (parse_code(code) for code in codes)
    assert sent.code == again
    assert sent.code not in page.url
    seen = received.inner_text()
    after = after_words(LIBRARY.strings, sent.form, "ar")
    wanted = [after["title"], after["not"], *after["steps"].values()]
    assert [sentence for sentence in wanted if sentence not in seen] == []
    sent.receipt = received.locator(".received__receipt bdi").text_content() or ""
    assert re.fullmatch(r"[0-9a-f]{8,64}", sent.receipt)


def assert_complete(sent: Sent, case: dict[str, Any]) -> None:
    """Officers see all that was said, in its order and nothing else, and who has to act."""
    form, lang = sent.form, case["lang"]
    assert case["answers"] == answers_in_words(LIBRARY, form, sent.asked, sent.inputs, lang)
    assert case["consents"] == consents_in_words(LIBRARY, form, sent.inputs, lang)
    words = {
        flag: LIBRARY.strings.text(f"register.flags.{flag}", lang)
        for flag in flags(form.type, sent.answers, TODAY)
    }
    assert case["flags"] == list(words.values())
    whose = queue(form.type, sent.answers)
    assert LIBRARY.strings.text(f"register.queues.{whose}", lang) in case["heading"]


def assert_origin(sent: Sent, case: dict[str, Any]) -> None:
    """Who helped, and how it was sealed, is told apart from the answers."""

    def text(key: str) -> str:
        return LIBRARY.strings.text(f"register.{key}", case["lang"])

    origin = dict(case["origin"])
    sealed = "encrypted_phone" if sent.way == "script" else "encrypted_arrival"
    assert origin[text("case.encryption")] == text(f"case.{sealed}")
    mode = "assisted" if sent.filling.assisted else "self"
    assert origin[text("case.mode")] == text(f"modes.{mode}")
    for part in ("name", "organisation", "relation"):
        said = sent.inputs.get(f"helper.{part}", [None])[0]
        assert origin.get(text(f"helper.{part}")) == said


def opened_files(desk: CaseFinder, addresses: list[str]) -> list[bytes]:
    files = []
    for address in addresses:
        answer = desk.page.request.get(desk.system.register + address)
        assert answer.ok
        files.append(answer.body())
    return files


def assert_nothing_readable(system: System, files: Sequence[bytes] = ()) -> None:
    """Neither words nor pieces of files lie anywhere in the public zone or in a log."""
    public = DataFolders(system.settings.data).public
    watch = Watch(public, TRACES, system.services["api"].pid)
    watch.look()
    assert watch.found == set()
    pieces = [file[len(file) // 2 :][:48] for file in files]
    kept = [path for path in public.rglob("*") if path.is_file()]
    assert len(kept) > 3
    for path in [*kept, *system.logs.glob("*.log")]:
        content = path.read_bytes()
        found = [mark for mark in (*map(str.encode, TRACES), *pieces) if mark in content]
        assert found == [], path


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
def test_a_full_form_reaches_the_register_complete(
    system: System, phones: dict[str, BrowserContext], desk: CaseFinder, form: Form, way: str
) -> None:
    sent = filled(form, way)
    page = phones[way].new_page()
    send(page, system, sent)
    page.close()

    case = desk.open(queue(form.type, sent.answers), sent.receipt)

    assert_complete(sent, case)
    assert_origin(sent, case)
    files = opened_files(desk, [file["original"] for file in case["files"]])
    assert len(files) == len(sent.files)
    assert_nothing_readable(system, files)


PURPOSES = dict(
    zip(
        WAYS,
        (["answer", "contact_unsafe", "consent"], ["add_file", "consent", "close"]),
        strict=True,
    )
)
"""What is written again in each way; together they ask everything but what others ask too."""


def write_first(page: Page, system: System) -> Sent:
    """Send as little as can be, to have a code; what matters comes later."""
    form = next(form for form in FORMS if form.id == "feedback")
    inputs = {"matter": ["complaint"], "text": [MARKER], "consent.C1": ["yes"]}
    sent = Sent(form, WAYS[1], Filling(), inputs)
    page.goto(f"{system.site}/ar/{form.address}/plain/")
    answer_screen(page, by_hand(sent))
    page.locator("form button[type=submit]").click()
    read_received(page, sent)
    return sent


def write_again(page: Page, system: System, sent: Sent, code: str) -> None:
    """Open the messages of a code, and send there."""
    script = sent.way == WAYS[0]
    page.goto(f"{system.site}/ar/return/" + ("" if script else "plain/"))
    page.locator("#code").fill(grouped(code, arabic=True))
    page.locator("#code").press("Enter")
    place = page.locator("[data-write], .messages__write")
    place.locator("button, summary").first.click()
    if script:
        assert fill_form(page, by_hand(sent)) == []
        assert_reviewed(page, sent)
        place.locator("[data-send]").click()
    else:
        assert answer_screen(page, by_hand(sent)) == list(sent.inputs) + [
            question.id for question in sent.files
        ]
        place.locator("form button[type=submit]").click()
    expect(page.locator("[data-received]")).to_be_visible(timeout=60_000)
    assert code not in page.url
    assert_fits(page)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_written_again_reaches_the_case_complete(
    system: System, phones: dict[str, BrowserContext], desk: CaseFinder, way: str
) -> None:
    form, turn = LIBRARY.forms.follow_up(), WAYS.index(way)
    page = phones[WAYS[1]].new_page()
    first = write_first(page, system)
    page.close()
    written = []
    for purpose in PURPOSES[way]:
        filling = Filling(turn, every_consent=not turn, chosen={"kind": purpose})
        sent = Sent(form, way, filling, full_inputs(form, LIBRARY.consents, filling))
        page = phones[way].new_page()
        write_again(page, system, sent, first.code)
        page.close()
        written.append(sent)

    case = desk.open("complaints", first.receipt)
    address = desk.cases[case["submission"]]
    wait_for(lambda: len(desk.read(address)["again"]) == len(written), "not all has arrived")
    case = desk.read(address)

    for sent, shown in zip(written, case["again"], strict=True):
        steps = answers_in_words(LIBRARY, form, sent.asked, sent.inputs, case["lang"])
        assert shown["answers"] == [row for _, rows in steps for row in rows]
        changes = consents_in_words(LIBRARY, form, sent.inputs, case["lang"])
        assert shown["consents"] == (changes if "consent.C1" in sent.inputs else [])
        files = opened_files(desk, shown["files"])
        assert len(files) == len(sent.files)
        assert_nothing_readable(system, files)
