"""Words of a form on paper: the questions of the form itself, and what paper cannot promise."""

from typing import Any

from portal_content.forms.definition import FILE_KINDS, Form
from portal_content.forms.view import form_view
from portal_content.handouts.definition import Handout
from portal_site.print.issued import handout_issue, words_for
from portal_site.print.sheets import frame
from portal_site.values import Site

NOT_ON_PAPER = (*FILE_KINDS, "briefing")
"""Kinds of questions that paper has no room for, or that change after it was printed."""
_BOXES = {"textarea": "box", "text": "line"}
_FEW, _SHORT = 4, 18
"""Up to so many options, or longer ones than so many letters, go in two columns."""
CARE = ("searched", "found", "stopped", "readable")
"""What can go wrong with a paper, the gravest first (translations/print.*.yml)."""


def of_form(site: Site, handout: Handout, form: Form, lang: str) -> dict[str, Any]:
    """Return the words of a form on paper.

    Args:
        site: The build.
        handout: The edition.
        form: What it asks.
        lang: Language of the paper.
    """
    words = words_for(site, lang)
    view = form_view(form, site.library, lang, mode="plain", action="")
    texts = view["texts"]
    pages = words("sheet.page", page="%1", pages="%2")
    return frame(site, lang, handout_issue(site, handout, lang), []) | {
        "pages": pages,
        "digits": "١" if words.language.digits == "arabic" else "1",
        "care": {
            "title": words("form.care"),
            "lines": [words(f"form.{name}") for name in CARE],
        },
        "hand-in": {
            "title": words("form.hand_in"),
            "lines": [*_places(site, lang), words("form.hand_in_text")],
        },
        "lead": [*view["intro"], words("form.originals")],
        "steps": [step for step in _steps(view) if step["questions"]],
        "consents": {
            "title": texts["consent_title"],
            "intro": texts["consent_intro"],
            "items": [_consent(one, texts) for one in view["consents"]],
        },
    }


def _places(site: Site, lang: str) -> list[str]:
    """Return where paper is taken: post addresses of the registry that are real and in use."""
    return [
        f"{channel.value}: {channel.used_for[lang]}"
        for channel in site.library.channels
        if channel.kind == "postal" and channel.status == "active" and not channel.placeholder
    ]


def _steps(view: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the questions of the form, and those to whoever wrote it down for somebody."""
    steps = [_step(step, view["texts"]) for step in view["steps"]]
    if view["who"]:
        helper = view["who"]["helper"]
        questions = [_question(one, view["texts"]) for one in helper["fields"]]
        lines = [helper["only_if"], helper["intro"]]
        steps.append({"title": helper["title"], "lines": lines, "questions": questions})
    return steps


def _step(step: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    lines = [texts["optional_step"]] if step["optional"] else []
    questions = [_question(one, texts) for one in step["fields"] if one["kind"] not in NOT_ON_PAPER]
    return {
        "title": step["title"],
        "lines": [*([step["intro"]] if step["intro"] else []), *lines],
        "questions": questions,
    }


def _question(question: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    return {
        "label": question["label"],
        "note": "" if question["required"] else texts["optional"],
        "hint": " ".join(_hints(question)),
        "controls": [_control(one) for one in question["controls"]],
    }


def _hints(question: dict[str, Any]) -> list[str]:
    """Return when a question is asked, what helps to answer it, and what to do before."""
    only_if = question["when"]["sentence"] if question["when"] else ""
    notice = question["notice"]["text"] if question["notice"] else ""
    return [text for text in (only_if, question["hint"], notice) if text]


def _control(control: dict[str, Any]) -> dict[str, Any]:
    options = [option["label"] for option in control["options"]]
    wide = len(options) <= _FEW or max(map(len, options)) > _SHORT
    return {
        "kind": _BOXES.get(control["type"], "ticks"),
        "label": " ".join(text for text in (control["label"], control["hint"]) if text),
        "options": options,
        "columns": 2 if wide else 3,
    }


def _consent(consent: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    needed = [texts["required_consent"]] if consent["required"] else []
    return {
        "label": consent["label"],
        "lines": [
            *needed,
            consent["means"],
            f"{texts['risk']} {consent['risk']}",
            f"{texts['take_back']} {consent['take_back']}",
        ],
        "scopes": [scope["label"] for scope in consent["scopes"]],
    }
