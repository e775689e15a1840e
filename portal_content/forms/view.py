"""A form as finished values for theme/templates/components/form.html.

The same view serves the page that the build writes and the page that the server sends back with
problems; a template only lays it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal_content.consents import Consent, consent_text
from portal_content.forms.answers import PARTS, Inputs
from portal_content.forms.controls import Asking, Mode, Options, controls_of, element_id
from portal_content.forms.definition import (
    AREAS_BEYOND,
    FILE_KINDS,
    GOVERNORATES,
    Form,
    FormConsent,
    FormField,
    Step,
)
from portal_content.forms.offered import offered_consents
from portal_content.forms.problems import CODES, Problem
from portal_content.forms.words import FormWords
from portal_content.library import Library


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
    meetings: Options = (),
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
        meetings: What `open_meetings` gives, for forms that ask for one.

    Returns:
        Finished values: texts, ids, options, attributes. Nothing in it is markup.
    """
    words = FormWords(library.strings, form, lang)
    asking = Asking(words, mode, meetings)
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
        "steps": [_step(asking, step, filled) for step in form.steps],
        "consents": [
            _consent(words, library.consents[wanted.id], wanted, filled)
            for wanted in offered_consents(form, library, lang)
        ],
    }


def script_definition(form: Form, library: Library, lang: str) -> dict[str, Any]:
    """Return what the encrypting script must know of a form: limits, options, texts, hashes."""
    words = FormWords(library.strings, form, lang)
    raw = library.strings.section("forms", lang)["problems"]
    return {
        "id": form.id,
        "version": form.version,
        "type": form.type,
        "assisted": form.assisted,
        "fields": [_field_definition(words, question) for question in form.fields],
        "consents": [
            _consent_definition(words, library, wanted)
            for wanted in offered_consents(form, library, lang)
        ],
        "problems": {code: raw[code] for code in CODES},
        "areas": [*GOVERNORATES, *AREAS_BEYOND],
        "parts": {kind: list(parts) for kind, parts in PARTS.items()},
    }


def _field_definition(words: FormWords, question: FormField) -> dict[str, Any]:
    own = {code: words.maybe(f"fields.{question.id}.{code}") for code in CODES}
    when = question.when
    return {
        "id": question.id,
        "kind": question.kind,
        "required": question.required,
        "options": list(question.options),
        "max_length": question.max_length,
        "minimum": question.minimum,
        "maximum": question.maximum,
        "when": when and {"question": when.question, "is": list(when.options)},
        "problems": {code: text for code, text in own.items() if text},
    }


def _consent_definition(words: FormWords, library: Library, wanted: FormConsent) -> dict[str, Any]:
    consent = library.consents[wanted.id]
    text = consent_text(consent, words.strings, words.lang)
    return {
        "id": consent.id,
        "version": consent.version,
        "language": words.lang,
        "sha256": text.sha256,
        "required": wanted.required,
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


def _step(asking: Asking, step: Step, filled: Filled) -> dict[str, Any]:
    words = asking.words
    fields = [_field(asking, question, filled) for question in step.fields]
    return {
        "id": step.id,
        "optional": step.optional,
        "screen": step.screen,
        "open": any(f["error"] or f["answered"] for f in fields),
        "title": words.own(f"steps.{step.id}.title"),
        "intro": words.maybe(f"steps.{step.id}.intro"),
        "fields": fields,
    }


def _field(asking: Asking, question: FormField, filled: Filled) -> dict[str, Any]:
    words = asking.words
    controls = controls_of(asking, question)
    for control in controls:
        _fill(control, filled)
    hint = words.maybe(f"fields.{question.id}.hint")
    if question.kind in FILE_KINDS:
        hint = words.maybe(f"fields.{question.id}.hint_{asking.mode}") or hint
    when = question.when
    return {
        "id": question.id,
        "kind": question.kind,
        "element": element_id(question.id),
        "label": words.own(f"fields.{question.id}.label"),
        "hint": hint,
        "required": question.required,
        "when": when and {"question": when.question, "is": list(when.options)},
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


def _consent(
    words: FormWords, consent: Consent, wanted: FormConsent, filled: Filled
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
        "required": wanted.required,
        "screen": wanted.screen,
        "given": bool(filled.inputs.get(name)),
        "error": filled.problems.get(name, ""),
    }
