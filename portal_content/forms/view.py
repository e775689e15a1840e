"""A form as finished values for theme/templates/components/form.html.

The same view serves the page that the build writes and the page that the server sends back with
problems; a template only lays it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal_content.consents import Consent, consent_text
from portal_content.forms.answers import CONSENT_CHANGES, LEAVE, PARTS, Inputs
from portal_content.forms.assisted_view import helper_questions, who_question
from portal_content.forms.controls import Asking, Mode, Options, controls_of, element_id
from portal_content.forms.definition import (
    AREAS_BEYOND,
    FILE_KINDS,
    GOVERNORATES,
    Condition,
    Form,
    FormConsent,
    FormField,
    Step,
)
from portal_content.forms.offered import offered_consents
from portal_content.forms.problems import CODES, Problem
from portal_content.forms.trap import TRAP
from portal_content.forms.words import FormWords
from portal_content.library import Library

LIMITS = {"files": "kinds.files_limits", "voice": "kinds.voice_limits"}
"""What is said of a kind before anything is chosen; photos say it in words of their own."""

PREFILLED = "contact_language"
"""Question that the language of the page answers: nobody has said anything by that yet."""


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
    code: str = "",
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
        code: The return code of what the plain form adds to; it travels with the answers.

    Returns:
        Finished values: texts, ids, options, attributes. Nothing in it is markup.
    """
    words = FormWords(library.strings, form, lang)
    asking = Asking(words, mode, meetings)
    filled = Filled(inputs or {PREFILLED: [lang]}, _sentences(words, problems))
    return {
        "id": form.id,
        "version": form.version,
        "lang": lang,
        "mode": mode,
        "action": action,
        "code": code,
        "trap": TRAP,
        "texts": _frame_texts(words, mode),
        "intro": words.maybe("intro").splitlines(),
        "anonymous": words.of("frame.anonymous") if form.anonymous else "",
        "meetings_page": f"/{lang}/briefings/",
        "problems": [
            {"href": "#" + element_id(name), "text": text} for name, text in filled.problems.items()
        ],
        "who": _who(words, library, filled) if form.assisted else None,
        "steps": [_step(asking, form, step, filled) for step in form.steps],
        "consents": (consents := _consents(words, library, filled)),
        "consent_steps": _consent_steps(words, form, consents),
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
        "consents_when": _condition_definition(form.consents_when),
    }


def _field_definition(words: FormWords, question: FormField) -> dict[str, Any]:
    own = {code: words.maybe(f"fields.{question.id}.{code}") for code in CODES}
    return {
        "id": question.id,
        "kind": question.kind,
        "required": question.required,
        "options": list(question.options),
        "max_length": question.max_length,
        "minimum": question.minimum,
        "maximum": question.maximum,
        "when": _condition_definition(question.when),
        "problems": {code: text for code, text in own.items() if text},
    }


def _condition_definition(when: Condition | None) -> dict[str, Any] | None:
    return {"question": when.question, "is": list(when.options)} if when else None


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
    texts["contact_more"] = words.of("contact.more")
    for name in ("label", "title", "text"):
        texts[f"mode_{name}"] = words.of(f"mode.{mode}.{name}")
    texts["leave_empty"] = words.strings.text("waiting.leave_empty", words.lang)
    return texts


def _who(words: FormWords, library: Library, filled: Filled) -> dict[str, Any]:
    """Lay out the first screen: who fills this in, and if somebody helps, who they are."""
    label, controls = who_question(words)
    helped = [
        _laid_out(
            f"helper.{part}",
            label=own_label,
            hint=hint,
            controls=own_controls,
            filled=filled,
            required=part == "read_language",
        )
        | {"conditional": True}
        for part, own_label, hint, own_controls in helper_questions(
            words, list(library.languages.values())
        )
    ]
    return {
        "title": label,
        "question": _laid_out("mode", label=label, hint="", controls=controls, filled=filled),
        "helper": {
            "title": words.of("helper.title"),
            "intro": words.of("helper.intro"),
            "only_if": words.of("kinds.only_if", options=words.of("helper.who.assisted")),
            "fields": helped,
        },
    }


def _step(asking: Asking, form: Form, step: Step, filled: Filled) -> dict[str, Any]:
    words = asking.words
    fields = [_field(asking, form, question, filled) for question in step.fields]
    return {
        "id": step.id,
        "optional": step.optional,
        "screen": step.screen,
        "open": any(f["error"] or f["answered"] for f in fields),
        "title": words.own(f"steps.{step.id}.title"),
        "intro": words.maybe(f"steps.{step.id}.intro"),
        "fields": fields,
    }


def _field(asking: Asking, form: Form, question: FormField, filled: Filled) -> dict[str, Any]:
    words = asking.words
    hint = words.maybe(f"fields.{question.id}.hint")
    if question.kind in FILE_KINDS:
        hint = words.maybe(f"fields.{question.id}.hint_{asking.mode}") or hint
    laid_out = _laid_out(
        question.id,
        label=words.own(f"fields.{question.id}.label"),
        hint=hint,
        controls=controls_of(asking, question),
        filled=filled,
        required=question.required,
    )
    limits = LIMITS.get(question.kind)
    return laid_out | {
        "kind": question.kind,
        "limits": words.of(limits) if limits else "",
        "notice": {
            "options": list(question.notice),
            "text": words.own(f"fields.{question.id}.notice"),
        }
        if question.notice
        else None,
        "when": _question_condition(words, form, question),
        "conditional": question.when is not None,
    }


def _question_condition(words: FormWords, form: Form, question: FormField) -> dict[str, Any] | None:
    """Return when a question is asked, for the script, and as a sentence for everybody else."""
    when = question.when
    if when is None:
        return None
    near = form.fields[form.fields.index(question) - 1]
    return _condition(words, form, when, beside=near.id == when.question or near.when == when)


def _condition(
    words: FormWords, form: Form, when: Condition, *, beside: bool = False
) -> dict[str, Any]:
    deciding = next(field for field in form.fields if field.id == when.question)
    options = words.of("frame.or").join(words.option(deciding, o) for o in when.options)
    label = words.own(f"fields.{deciding.id}.label")
    sentence = (
        words.of("kinds.only_if", options=options)
        if beside
        else words.of("kinds.only_if_at", options=options, question=label)
    )
    return {"question": when.question, "is": list(when.options), "sentence": sentence}


def _laid_out(
    name: str,
    *,
    label: str,
    hint: str,
    controls: list[dict[str, Any]],
    filled: Filled,
    required: bool = False,
) -> dict[str, Any]:
    """Return a question as the template lays it out, with what was answered before."""
    for control in controls:
        _fill(control, filled)
    return {
        "id": name,
        "kind": "choice" if controls[0]["options"] else "text",
        "element": element_id(name),
        "label": label,
        "hint": hint,
        "limits": "",
        "notice": None,
        "when": None,
        "conditional": False,
        "required": required,
        "group": len(controls) > 1 or controls[0]["type"] in ("radios", "checkboxes"),
        "controls": controls,
        "more_open": any(c["more"] and (c["error"] or c["value"]) for c in controls),
        "error": next((c["error"] for c in controls if c["error"]), ""),
        "answered": any(
            filled.inputs.get(c["name"]) for c in controls if not c["preset"] and name != PREFILLED
        ),
    }


def _fill(control: dict[str, Any], filled: Filled) -> None:
    values = list(filled.inputs.get(control["name"], control["preset"]))
    control["value"] = values[0] if values else ""
    control["error"] = filled.problems.get(control["name"], "")
    for option in control["options"]:
        option["chosen"] = option["value"] in values


def _consents(words: FormWords, library: Library, filled: Filled) -> list[dict[str, Any]]:
    return [
        _consent(words, library.consents[wanted.id], wanted, filled)
        for wanted in offered_consents(words.form, library, words.lang)
    ]


def _consent_steps(
    words: FormWords, form: Form, consents: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Put consents on their screens: those that stand together first, each other on its own."""
    when = form.consents_when
    condition = _condition(words, form, when) if when else None
    together: dict[str, Any] = {
        "id": "consents",
        "title": words.own("consents.title") if when else words.of("frame.consent_title"),
        "intro": words.own("consents.intro") if when else words.of("frame.consent_intro"),
        "screen": False,
        "when": condition,
        "consents": [consent for consent in consents if not consent["screen"]],
    }
    names = dict.fromkeys(consent["screen"] for consent in consents if consent["screen"])
    apart = [
        {
            "id": f"consents-{name}",
            "title": words.of(f"screens.{name}.title"),
            "intro": words.own("consents.intro") if when else words.of(f"screens.{name}.intro"),
            "screen": True,
            "when": condition,
            "consents": [consent for consent in consents if consent["screen"] == name],
        }
        for name in names
    ]
    return [step for step in (together, *apart) if step["consents"]]


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
        "changes": _changes(words, name, filled) if words.form.consents_when else [],
        "error": filled.problems.get(name, ""),
    }


def _changes(words: FormWords, name: str, filled: Filled) -> list[dict[str, Any]]:
    """Return the choices for a consent that may have been given before."""
    chosen = (*filled.inputs.get(name, ()), LEAVE)[0]
    return [
        {
            "value": change,
            "label": words.own(f"consents.{change}"),
            "chosen": change == chosen,
            "element": element_id(name) + ("" if change == LEAVE else f"--{change}"),
        }
        for change in CONSENT_CHANGES
    ]
