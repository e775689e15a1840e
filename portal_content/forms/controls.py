"""Controls: what a page shows to ask one question, by the kind of the question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from portal_content.forms import safe_contact
from portal_content.forms.answers import DATE_LENGTH, PLACE_LENGTH, TIMES_LENGTH
from portal_content.forms.definition import (
    AREAS_BEYOND,
    GOVERNORATES,
    PHOTO_PROCESSING,
    FormField,
)
from portal_content.forms.words import FormWords

Mode = Literal["encrypting", "plain"]
Options = Sequence[tuple[str, str]]
"""Values with their labels."""

MOST_RADIOS = 9
"""Options that are shown all at once; a longer list is easier to scan folded."""

ACCEPTED = {
    "photo": "image/*",
    "document": ".pdf,.doc,.docx,.odt,.txt",
    "audio": "audio/*",
    "video": "video/*",
}
"""What the browser's file chooser offers, by kind of file; nothing relies on it."""


CONTACT_MORE = safe_contact.PARTS[safe_contact.PARTS.index("name_to_ask") :]
"""Parts of safe contact that are folded away: few need them, and nobody must read past them."""


@dataclass(frozen=True)
class Asking:
    """How and in which words questions are asked."""

    words: FormWords
    mode: Mode
    meetings: Options = ()
    """Meetings that can be chosen now, by id."""


def element_id(input_name: str) -> str:
    """Return the id of the element that asks for an input."""
    return "f-" + input_name.replace(".", "-").replace("_", "-").lower()


def controls_of(asking: Asking, question: FormField) -> list[dict[str, Any]]:
    """Return what a page shows to ask a question, as finished values without any answer."""
    return _CONTROLS[question.kind](asking, question)


def control(name: str, kind: str, label: str = "", **extra: Any) -> dict[str, Any]:
    """Return one control; further arguments are attributes of its element."""
    attributes = {key.replace("_", "-"): value for key, value in extra.items()}
    return {
        "name": name,
        "type": kind,
        "element": element_id(name),
        "label": label,
        "hint": "",
        "attributes": attributes,
        "options": [],
        "preset": [],
        "more": False,
    }


def with_options(made: dict[str, Any], options: Options) -> dict[str, Any]:
    """Give a control its options."""
    # Two dashes: with one, the option "other" would have the id of the question "…_other".
    made["options"] = [
        {"value": value, "label": label, "element": f"{made['element']}--{value}"}
        for value, label in options
    ]
    return made


def line(name: str, longest: int, label: str = "", **extra: Any) -> dict[str, Any]:
    """Return a control for one line of typing, in any direction."""
    return control(name, "text", label, maxlength=longest, dir="auto", **extra)


def _typed(_asking: Asking, question: FormField) -> list[dict[str, Any]]:
    return [line(question.id, question.max_length)]


def _number(_asking: Asking, question: FormField) -> list[dict[str, Any]]:
    return [line(question.id, 12, inputmode="numeric")]


def _times(_asking: Asking, question: FormField) -> list[dict[str, Any]]:
    return [line(question.id, TIMES_LENGTH)]


def _long(_asking: Asking, question: FormField) -> list[dict[str, Any]]:
    extra: dict[str, Any] = {"maxlength": question.max_length, "rows": 5, "dir": "auto"}
    return [control(question.id, "textarea", **extra)]


def _listed(asking: Asking, question: FormField) -> list[dict[str, Any]]:
    kind = "checkboxes" if question.kind == "choices" else "radios"
    if kind == "radios" and len(question.options) > MOST_RADIOS and not question.notice:
        kind = "select"
    options = [(option, asking.words.option(question, option)) for option in question.options]
    made = with_options(control(question.id, kind), options)
    made["preset"] = [question.preset] if question.preset else []
    return [made]


def _date(asking: Asking, question: FormField) -> list[dict[str, Any]]:
    words = asking.words
    text = line(f"{question.id}.text", DATE_LENGTH, words.of("kinds.date_text"))
    unknown = control(f"{question.id}.unknown", "checkboxes")
    return [text, with_options(unknown, [("yes", words.of("kinds.date_unknown"))])]


def _place(asking: Asking, question: FormField) -> list[dict[str, Any]]:
    words = asking.words
    area = control(f"{question.id}.area", "select", words.of("kinds.place_area"))
    options = [(a, words.of(f"areas.{a}")) for a in (*GOVERNORATES, *AREAS_BEYOND)]
    text = line(f"{question.id}.text", PLACE_LENGTH, words.of("kinds.place_text"))
    return [with_options(area, options), text]


def _contact(asking: Asking, question: FormField) -> list[dict[str, Any]]:
    return [_contact_part(asking.words, question, part) for part in safe_contact.PARTS]


def _contact_part(words: FormWords, question: FormField, part: str) -> dict[str, Any]:
    name = f"{question.id}.{part}"
    options = safe_contact.OPTIONS.get(part)
    label = "" if part == "way" else words.of(f"contact.{part}.label")
    if options is None:
        longest = safe_contact.LENGTHS.get(part, safe_contact.CONTACT_LENGTH)
        made = line(name, longest, label)
    else:
        whose = "way" if part == "second_way" else part
        named = [(option, words.of(f"contact.{whose}.{option}")) for option in options]
        kind = "select" if part == "second_way" else "radios"
        made = with_options(control(name, kind, label), named)
    hint = words.of_maybe(f"contact.{part}.hint")
    return made | {"more": part in CONTACT_MORE, "hint": hint}


def _meeting(asking: Asking, question: FormField) -> list[dict[str, Any]]:
    return [with_options(control(question.id, "radios"), asking.meetings)]


def _photos(asking: Asking, question: FormField) -> list[dict[str, Any]]:
    chosen = control(question.id, "file", accept=ACCEPTED["photo"])
    return [chosen, *_processing(asking, question)]


def _files(asking: Asking, question: FormField) -> list[dict[str, Any]]:
    offered = ",".join(ACCEPTED[kind] for kind in question.accept)
    chosen = control(question.id, "file", accept=offered)
    return [chosen, *(_processing(asking, question) if "photo" in question.accept else [])]


def _processing(asking: Asking, question: FormField) -> list[dict[str, Any]]:
    """Ask what happens to photos before they leave; only a script can do anything with them."""
    if asking.mode == "plain":
        return []
    words = asking.words
    made = control(f"{question.id}.processing", "radios", words.of("photos.label"))
    made["preset"] = [PHOTO_PROCESSING[0]]
    return [with_options(made, [(o, words.of(f"photos.{o}")) for o in PHOTO_PROCESSING])]


def _voice(asking: Asking, question: FormField) -> list[dict[str, Any]]:
    # Without script the phone's own recorder is opened; with it the page records.
    own: dict[str, Any] = {"capture": "user"} if asking.mode == "plain" else {}
    return [control(question.id, "file", accept=ACCEPTED["audio"], **own)]


_CONTROLS: Mapping[str, Callable[[Asking, FormField], list[dict[str, Any]]]] = {
    "name": _typed,
    "text": _typed,
    "number": _number,
    "long_text": _long,
    "choice": _listed,
    "choices": _listed,
    "partial_date": _date,
    "place": _place,
    "safe_contact": _contact,
    "times": _times,
    "briefing": _meeting,
    "photos": _photos,
    "files": _files,
    "voice": _voice,
}
