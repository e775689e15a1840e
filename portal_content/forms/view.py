"""A form as finished values for theme/templates/components/form.html.

The same view serves the page that the build writes and the page that the server sends back with
problems; a template only lays it out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from portal_content.consents import Consent, consent_text
from portal_content.forms.answers import (
    CONTACT_LENGTH,
    DATE_LENGTH,
    LEAVE_MESSAGE,
    PARTS,
    PLACE_LENGTH,
    SAY_WHO,
    SHARED,
    Inputs,
    Problem,
)
from portal_content.forms.definition import (
    AREAS_BEYOND,
    CONTACT_WAYS,
    GOVERNORATES,
    PHOTO_PROCESSING,
    Form,
    FormField,
)
from portal_content.library import Library
from portal_content.strings import StringMissing, Strings

Mode = Literal["encrypting", "plain"]

MOST_RADIOS = 9
"""Options that are shown all at once; a longer list is easier to scan folded."""

PROBLEM_CODES = (
    "missing",
    "too_long",
    "not_an_option",
    "not_a_number",
    "number_range",
    "contact_value_missing",
    "phone_unclear",
    "email_unclear",
    "consent_missing",
)
"""Problems a person can put right on the page; each has a text below `forms.problems`."""


@dataclass(frozen=True)
class FormWords:
    """The words of one form in one language."""

    strings: Strings
    form: Form
    lang: str

    def of(self, key: str, **values: Any) -> str:
        """Return a sentence from below `forms`."""
        return self.strings.text(f"forms.{key}", self.lang, **values)

    def own(self, key: str) -> str:
        """Return a sentence of this form."""
        return self.of(f"{self.form.id}.{key}")

    def maybe(self, key: str) -> str:
        """Return a sentence of this form, or nothing if the form has none here."""
        try:
            return self.own(key)
        except StringMissing:
            return ""

    def option(self, question: FormField, option: str) -> str:
        """Return the label of an option: the question's own words before the shared ones."""
        own = self.maybe(f"fields.{question.id}.options.{option}")
        return own or self.of(f"options.{option}")

    def problem(self, problem: Problem, *, question: str = "") -> str:
        """Return what to do about a problem; a question may have its own words for it."""
        own = self.maybe(f"fields.{question}.{problem.code}") if question else ""
        return own or self.of(f"problems.{problem.code}", **problem.values)


@dataclass(frozen=True)
class Filled:
    """What a page shows as already answered."""

    inputs: Inputs = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    """Sentences by input name."""


def form_view(
    form: Form,
    library: Library,
    lang: str,
    *,
    mode: Mode,
    action: str,
    inputs: Inputs | None = None,
    problems: Sequence[Problem] = (),
) -> dict[str, Any]:
    """Lay a form out in one language.

    Args:
        form: The form to show.
        library: What `load_library` gives: strings, consents.
        lang: Language of the page.
        mode: "encrypting" needs the script to be sent; "plain" is sent to the server as it is.
        action: Where the plain form is sent.
        inputs: What was typed before; shown again.
        problems: What has to be put right; shown beside the question and on top.

    Returns:
        Finished values: texts, ids, options, attributes. Nothing in it is markup.
    """
    words = FormWords(library.strings, form, lang)
    filled = Filled(inputs or {"contact_language": [lang]}, _sentences(words, problems))
    return {
        "id": form.id,
        "version": form.version,
        "lang": lang,
        "mode": mode,
        "action": action,
        "texts": _frame_texts(words, mode),
        "problems": [
            {"href": "#" + element_id(name), "text": text} for name, text in filled.problems.items()
        ],
        "steps": [_step(words, step, filled, mode) for step in form.steps],
        "consents": [
            _consent(words, library.consents[wanted.id], filled, required=wanted.required)
            for wanted in form.consents
        ],
    }


def script_definition(form: Form, library: Library, lang: str) -> dict[str, Any]:
    """Return what the encrypting script must know of a form: limits, options, texts, hashes."""
    words = FormWords(library.strings, form, lang)
    fields = []
    for question in form.fields:
        own = {code: words.maybe(f"fields.{question.id}.{code}") for code in PROBLEM_CODES}
        fields.append(
            {
                "id": question.id,
                "kind": question.kind,
                "required": question.required,
                "options": list(question.options),
                "max_length": question.max_length,
                "minimum": question.minimum,
                "maximum": question.maximum,
                "problems": {code: text for code, text in own.items() if text},
            }
        )
    raw = library.strings.section("forms", lang)["problems"]
    return {
        "id": form.id,
        "version": form.version,
        "type": form.type,
        "fields": fields,
        "consents": [
            _consent_definition(words, library, wanted.id, required=wanted.required)
            for wanted in form.consents
        ],
        "problems": {code: raw[code] for code in PROBLEM_CODES},
        "areas": [*GOVERNORATES, *AREAS_BEYOND],
        "parts": {kind: list(parts) for kind, parts in PARTS.items()},
    }


def element_id(input_name: str) -> str:
    """Return the id of the element that asks for an input."""
    return "f-" + input_name.replace(".", "-").replace("_", "-").lower()


def _consent_definition(
    words: FormWords, library: Library, consent_id: str, *, required: bool
) -> dict[str, Any]:
    consent = library.consents[consent_id]
    text = consent_text(consent, words.strings, words.lang)
    return {
        "id": consent.id,
        "version": consent.version,
        "language": words.lang,
        "sha256": text.sha256,
        "required": required,
        "scopes": list(consent.scopes),
    }


def _sentences(words: FormWords, problems: Sequence[Problem]) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for problem in problems:
        question = problem.input.split(".", 1)[0]
        sentences.setdefault(problem.input, words.problem(problem, question=question))
    return sentences


def _frame_texts(words: FormWords, mode: Mode) -> dict[str, str]:
    texts = dict(words.strings.section("forms", words.lang)["frame"])
    for name in ("label", "title", "text"):
        texts[f"mode_{name}"] = words.of(f"mode.{mode}.{name}")
    return texts


def _step(words: FormWords, step: Any, filled: Filled, mode: Mode) -> dict[str, Any]:
    fields = [_field(words, question, filled, mode) for question in step.fields]
    return {
        "id": step.id,
        "optional": step.optional,
        "open": any(f["error"] or f["answered"] for f in fields),
        "title": words.own(f"steps.{step.id}.title"),
        "intro": words.maybe(f"steps.{step.id}.intro"),
        "fields": fields,
    }


def _field(words: FormWords, question: FormField, filled: Filled, mode: Mode) -> dict[str, Any]:
    controls = _CONTROLS[question.kind](words, question)
    if question.kind == "photos" and mode == "plain":
        controls = controls[:1]
    for control in controls:
        _fill(control, filled)
    hint = words.maybe(f"fields.{question.id}.hint")
    if question.kind == "photos":
        hint = words.own(f"fields.{question.id}.hint_{mode}")
    return {
        "id": question.id,
        "kind": question.kind,
        "element": element_id(question.id),
        "label": words.own(f"fields.{question.id}.label"),
        "hint": hint,
        "required": question.required,
        "group": len(controls) > 1 or controls[0]["type"] in ("radios", "checkboxes"),
        "controls": controls,
        "error": next((c["error"] for c in controls if c["error"]), ""),
        "answered": any(filled.inputs.get(c["name"]) for c in controls if not c["preset"]),
    }


def _fill(control: dict[str, Any], filled: Filled) -> None:
    values = list(filled.inputs.get(control["name"], control["preset"]))
    control["value"] = values[0] if values else ""
    control["error"] = filled.problems.get(control["name"], "")
    for option in control["options"]:
        option["chosen"] = option["value"] in values


def _control(name: str, kind: str, label: str = "", **extra: Any) -> dict[str, Any]:
    attributes = {key.replace("_", "-"): value for key, value in extra.items()}
    return {
        "name": name,
        "type": kind,
        "element": element_id(name),
        "label": label,
        "attributes": attributes,
        "options": [],
        "preset": [],
    }


def _with_options(control: dict[str, Any], options: Sequence[tuple[str, str]]) -> dict[str, Any]:
    # Two dashes: with one, the option "other" would have the id of the question "…_other".
    control["options"] = [
        {"value": value, "label": label, "element": f"{control['element']}--{value}"}
        for value, label in options
    ]
    return control


def _typed(_words: FormWords, question: FormField) -> list[dict[str, Any]]:
    extra: dict[str, Any] = {"maxlength": question.max_length, "autocomplete": "off", "dir": "auto"}
    if question.kind == "number":
        extra |= {"inputmode": "numeric", "maxlength": 12}
    return [_control(question.id, "text", **extra)]


def _long(_words: FormWords, question: FormField) -> list[dict[str, Any]]:
    extra: dict[str, Any] = {"maxlength": question.max_length, "rows": 5, "dir": "auto"}
    return [_control(question.id, "textarea", **extra)]


def _listed(words: FormWords, question: FormField) -> list[dict[str, Any]]:
    kind = "checkboxes" if question.kind == "choices" else "radios"
    if kind == "radios" and len(question.options) > MOST_RADIOS:
        kind = "select"
    options = [(option, words.option(question, option)) for option in question.options]
    return [_with_options(_control(question.id, kind), options)]


def _date(words: FormWords, question: FormField) -> list[dict[str, Any]]:
    extra: dict[str, Any] = {"maxlength": DATE_LENGTH, "autocomplete": "off", "dir": "auto"}
    text = _control(f"{question.id}.text", "text", words.of("kinds.date_text"), **extra)
    unknown = _control(f"{question.id}.unknown", "checkboxes")
    return [text, _with_options(unknown, [("yes", words.of("kinds.date_unknown"))])]


def _place(words: FormWords, question: FormField) -> list[dict[str, Any]]:
    area = _control(f"{question.id}.area", "select", words.of("kinds.place_area"))
    options = [(a, words.of(f"areas.{a}")) for a in (*GOVERNORATES, *AREAS_BEYOND)]
    extra: dict[str, Any] = {"maxlength": PLACE_LENGTH, "autocomplete": "off", "dir": "auto"}
    text = _control(f"{question.id}.text", "text", words.of("kinds.place_text"), **extra)
    return [_with_options(area, options), text]


def _contact(words: FormWords, question: FormField) -> list[dict[str, Any]]:
    def listed(part: str, options: Sequence[str]) -> dict[str, Any]:
        label = "" if part == "way" else words.of(f"contact.{part}.label")
        control = _control(f"{question.id}.{part}", "radios", label)
        named = [(option, words.of(f"contact.{part}.{option}")) for option in options]
        return _with_options(control, named)

    extra: dict[str, Any] = {"maxlength": CONTACT_LENGTH, "autocomplete": "off", "dir": "auto"}
    value = _control(f"{question.id}.value", "text", words.of("contact.value.label"), **extra)
    return [
        listed("way", CONTACT_WAYS),
        value,
        listed("shared", SHARED),
        listed("leave_message", LEAVE_MESSAGE),
        listed("say_who", SAY_WHO),
    ]


def _photos(words: FormWords, question: FormField) -> list[dict[str, Any]]:
    files = _control(question.id, "file", accept="image/*")
    name = f"{question.id}.processing"
    processing = _control(name, "radios", words.of("photos.label"))
    processing["preset"] = [PHOTO_PROCESSING[0]]
    options = [(option, words.of(f"photos.{option}")) for option in PHOTO_PROCESSING]
    return [files, _with_options(processing, options)]


def _consent(
    words: FormWords, consent: Consent, filled: Filled, *, required: bool
) -> dict[str, Any]:
    text = consent_text(consent, words.strings, words.lang)
    name = f"consent.{consent.id}"
    chosen = filled.inputs.get(f"{name}.scopes", ())
    scopes = [
        {
            "value": scope,
            "label": label,
            "chosen": scope in chosen,
            "element": element_id(f"{name}.scopes.{scope}"),
        }
        for scope, label in text.scopes.items()
    ]
    return {
        "id": consent.id,
        "name": name,
        "element": element_id(name),
        "label": text.label,
        "means": text.means,
        "risk": text.risk,
        "take_back": text.take_back,
        "scopes": scopes,
        "required": required,
        "given": bool(filled.inputs.get(name)),
        "error": filled.problems.get(name, ""),
    }


_CONTROLS: Mapping[str, Callable[[FormWords, FormField], list[dict[str, Any]]]] = {
    "name": _typed,
    "text": _typed,
    "number": _typed,
    "long_text": _long,
    "choice": _listed,
    "choices": _listed,
    "partial_date": _date,
    "place": _place,
    "safe_contact": _contact,
    "photos": _photos,
}
