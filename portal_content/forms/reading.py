"""An opened form for the person who reads it: labels in their language, answers as typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal_content.forms import safe_contact
from portal_content.forms.definition import Form, FormField
from portal_content.forms.offered import meeting_named
from portal_content.forms.words import FormWords
from portal_content.library import Library


@dataclass(frozen=True)
class Line:
    """One line of an answer."""

    words: str
    """As typed, or the option's label."""
    part: str = ""
    """What it is, where a question has many parts."""


@dataclass(frozen=True)
class Row:
    """One answered question."""

    question: str
    label: str
    lines: tuple[Line, ...]
    typed: bool
    """True if a person typed it: its direction and language are theirs."""


@dataclass(frozen=True)
class Section:
    """The answered questions of one step."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ConsentRow:
    """A consent and what the person chose."""

    id: str
    label: str
    given: bool
    scopes: tuple[str, ...]


def readable_answers(
    form: Form, library: Library, answers: Mapping[str, Any], lang: str
) -> list[Section]:
    """Lay answers out in the order of the form; steps without any answer are left out.

    Args:
        form: The exact version that was answered; the answers have passed its check.
        library: What `load_library` gives.
        answers: Values by question id.
        lang: The reader's language, for labels and options.
    """
    words = FormWords(library.strings, form, lang)
    sections = []
    for step in form.steps:
        rows = [
            _row(words, question, _named(library, lang, question, answers[question.id]))
            for question in step.fields
            if question.id in answers
        ]
        if rows:
            title = words.own(f"steps.{step.id}.title")
            sections.append(Section(title, tuple(rows)))
    return sections


def readable_consents(
    library: Library, consents: Sequence[Mapping[str, Any]], lang: str
) -> list[ConsentRow]:
    """Name each consent and its scopes in the reader's language."""
    rows = []
    for choice in consents:
        place = f"consents.{choice['id']}.v{choice['version']}"
        text = library.strings.text
        scopes = [text(f"{place}.scopes.{s}", lang) for s in choice.get("scopes", ())]
        label = text(f"{place}.label", lang)
        rows.append(ConsentRow(choice["id"], label, choice["given"], tuple(scopes)))
    return rows


def _named(library: Library, lang: str, question: FormField, value: Any) -> Any:
    """Return the name of a meeting in place of its id; any other answer as it is."""
    return meeting_named(library, lang, value) if question.kind == "briefing" else value


def _row(words: FormWords, question: FormField, value: Any) -> Row:
    label = words.own(f"fields.{question.id}.label")
    lines, typed = _SHOWN.get(question.kind, _as_typed)(words, question, value)
    return Row(question.id, label, tuple(lines), typed)


_Shown = tuple[list[Line], bool]
"""Lines, and whether a person typed them."""


def _as_typed(_words: FormWords, _question: FormField, value: Any) -> _Shown:
    return [Line(line) for line in value.split("\n")], True


def _as_named(_words: FormWords, _question: FormField, value: Any) -> _Shown:
    return [Line(value)], False


def _option(words: FormWords, question: FormField, value: Any) -> _Shown:
    return [Line(words.option(question, value))], False


def _options(words: FormWords, question: FormField, value: Any) -> _Shown:
    return [Line(words.option(question, option)) for option in value], False


def _date(words: FormWords, _question: FormField, value: Any) -> _Shown:
    lines = [Line(value["text"])] if "text" in value else []
    if value.get("unknown"):
        lines.append(Line(words.of("kinds.date_unknown")))
    return lines, "text" in value


def _place(words: FormWords, _question: FormField, value: Any) -> _Shown:
    lines = [Line(value["text"])] if "text" in value else []
    if "area" in value:
        lines.append(Line(words.of(f"areas.{value['area']}")))
    return lines, "text" in value


def _contact(words: FormWords, _question: FormField, value: Any) -> _Shown:
    # What was left open is read in the most careful way (DOMAIN facts on safe contact).
    known = value if value["way"] == "none" else {**safe_contact.CAREFUL, **value}
    lines = [Line(words.of(f"contact.way.{value['way']}"))]
    if "value" in value:
        lines.append(Line(value["value"]))
    for part in safe_contact.PARTS[2:]:
        if part in known:
            whose = "way" if part == "second_way" else part
            listed = part in safe_contact.OPTIONS
            said = words.of(f"contact.{whose}.{known[part]}") if listed else known[part]
            lines.append(Line(said, words.of(f"contact.{part}.label")))
    if value["way"] != "none" and "valid_until" not in value:
        label, hint = (words.of(f"contact.valid_until.{part}") for part in ("label", "hint"))
        lines.append(Line(hint, label))
    return lines, False


_SHOWN: Mapping[str, Callable[[FormWords, FormField, Any], _Shown]] = {
    "choice": _option,
    "choices": _options,
    "partial_date": _date,
    "place": _place,
    "safe_contact": _contact,
    "briefing": _as_named,
}
