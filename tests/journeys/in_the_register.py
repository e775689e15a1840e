"""What officers see of a case, and what they should see after what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page

from portal.settings import gateway_settings
from portal_content.forms.answers import AGREE, GIVEN
from portal_content.forms.definition import FILE_KINDS, Form, FormField
from portal_content.forms.offered import open_meetings
from portal_content.forms.safe_contact import OPTIONS
from portal_content.forms.words import FormWords
from portal_content.library import Library
from portal_gateway.cases import Case
from portal_gateway.database import connect, transaction
from portal_gateway.register.openings import Answer, answer, ask
from tests.fullest_forms import Inputs
from tests.journeys.conftest import OFFICER, SECOND_OFFICER, System, wait_for

READ = """() => {
  const all = (place, selector) => Array.from(place ? place.querySelectorAll(selector) : [])
  const card = (name) => document.querySelector(`section[aria-labelledby="${name}"]`)
  const words = (place, selector) => place.querySelector(selector)?.textContent.trim() ?? ""
  const pairs = (place) => all(place, "dl > div").map((row) => [
    words(row, "dt"), row.querySelector("dd").textContent,
  ])
  const consents = (place) => all(place, "li.consent").map((one) => ({
    label: words(one, ".consent__label"),
    given: one.classList.contains("consent--given"),
    scopes: words(one, ".consent__scopes"),
  }))
  const answers = all(card("answers"), "h3").map((title) => [
    title.textContent, pairs({ querySelectorAll: () => title.nextElementSibling.children }),
  ])
  return {
    lang: document.documentElement.lang,
    submission: words(document, ".code--long"),
    heading: words(document, ".heading__line"),
    flags: all(document, ".heading .flag").map((flag) => flag.textContent),
    consents: consents(card("consents")),
    answers,
    files: all(card("files"), "figure").map((file) => ({
      facts: pairs(file),
      original: file.querySelector("a[download]").getAttribute("href"),
    })),
    origin: pairs(card("origin")),
    again: all(card("again"), "article").map((one) => ({
      answers: pairs(one),
      consents: consents(one),
      files: all(one, "a[download]").map((link) => link.getAttribute("href")),
      text: one.textContent,
    })),
  }
}"""

Step = list[Any]
"""Title of a step and its rows: the label of each question, and all that was said there."""


@dataclass
class CaseFinder:
    """An officer who looks for the case of a submission; cases of others are opened once."""

    page: Page
    system: System
    cases: dict[str, str] = field(default_factory=dict)
    """Addresses by submission."""

    def open(self, queue: str, receipt: str) -> dict[str, Any]:
        """Wait for the case of a receipt in a queue, and read its page."""

        def is_there() -> bool:
            self._look(queue)
            return any(name.startswith(receipt) for name in self.cases)

        wait_for(is_there, f"{receipt} is not in the queue {queue}")
        (found,) = (name for name in self.cases if name.startswith(receipt))
        return self.read(self.cases[found])

    def read(self, address: str) -> dict[str, Any]:
        """Read the page of a case."""
        self.page.goto(self.system.register + address)
        if self.page.url.endswith("/opening"):
            self._let_open(address)
            self.page.goto(self.system.register + address)
        shown: dict[str, Any] = self.page.evaluate(READ)
        return shown

    def _let_open(self, address: str) -> None:
        """Let a second officer agree, who has no browser here."""
        now = datetime.now(UTC)
        engine = connect(gateway_settings(self.system.settings).database_url)
        with transaction(engine) as session:
            case = session.get_one(Case, address.rpartition("/")[2])
            asked = ask(session, case, OFFICER, "A journey of the tests.", now=now)
            session.flush()
            assert answer(session, asked, SECOND_OFFICER, Answer.AGREED, now=now)
        engine.dispose()

    def _look(self, queue: str) -> None:
        self.page.goto(f"{self.system.register}/?queue={queue}")
        listed: list[str] = self.page.eval_on_selector_all(
            ".row__name", "links => links.map((link) => link.getAttribute('href'))"
        )
        for address in listed:
            if address not in self.cases.values():
                self.cases[self.read(address)["submission"]] = address


def texts_of(library: Library, words: FormWords, question: FormField, inputs: Inputs) -> list[str]:
    """Return what was said at a question, in words, as its lines stand in the register."""
    parts = {
        name.partition(".")[2]: values
        for name, values in inputs.items()
        if name.partition(".")[0] == question.id
    }
    if question.kind == "place":
        parts = {"text": parts["text"], "area": parts["area"]}
    if question.kind == "briefing":
        return [name for meeting, name in meetings(library, words.lang) if [meeting] == parts[""]]
    return [
        _in_words(words, question, part, value)
        for part, values in parts.items()
        for value in values
    ]


def meetings(library: Library, lang: str) -> list[tuple[str, str]]:
    """Return the meetings that one can register for today, by id, as people read them."""
    return open_meetings(library, lang, datetime.now(UTC).date())


def _in_words(words: FormWords, question: FormField, part: str, value: str) -> str:
    if question.options:
        return words.option(question, value)
    if part == "area":
        return words.of(f"areas.{value}")
    if part == "unknown":
        return words.of("kinds.date_unknown")
    whose = "way" if part == "second_way" else part
    said = words.of(f"contact.{whose}.{value}") if part in OPTIONS else value
    if question.kind != "safe_contact" or part in ("way", "value"):
        return said
    return f"{words.of(f'contact.{part}.label')} {said}"


def answers_in_words(
    library: Library, form: Form, asked: Sequence[FormField], inputs: Inputs, lang: str
) -> list[Step]:
    """Return everything that was said, by step, in the order of the form."""
    words = FormWords(library.strings, form, lang)
    steps: list[Step] = []
    for step in form.steps:
        rows = [
            [words.own(f"fields.{one.id}.label"), "\n".join(texts_of(library, words, one, inputs))]
            for one in step.fields
            if one in asked and one.kind not in FILE_KINDS
        ]
        if rows:
            steps.append([words.own(f"steps.{step.id}.title"), rows])
    return steps


def consents_in_words(
    library: Library, form: Form, inputs: Inputs, lang: str
) -> list[dict[str, Any]]:
    """Return every consent that a form asks for and whether it was given, in their order."""
    rows = []
    for consent in sorted(form.consents, key=lambda one: int(one.id[1:])):
        place = f"consents.{consent.id}.v{library.consents[consent.id].version}"
        scopes = inputs.get(f"consent.{consent.id}.scopes", [])
        named = [library.strings.text(f"{place}.scopes.{scope}", lang) for scope in scopes]
        rows.append(
            {
                "label": library.strings.text(f"{place}.label", lang),
                "given": inputs.get(f"consent.{consent.id}", [""])[0] in (GIVEN, AGREE),
                "scopes": " · ".join(named),
            }
        )
    return rows
