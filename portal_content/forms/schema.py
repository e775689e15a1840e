"""JSON Schema of the answers to a form, as the envelope holds them (docs/protocol.md)."""

from collections.abc import Callable, Mapping
from typing import Any

from portal_content.forms.answers import (
    BRIEFING,
    CONTACT_LENGTH,
    DATE_LENGTH,
    LEAVE_MESSAGE,
    PLACE_LENGTH,
    SAY_WHO,
    SHARED,
    TIMES_LENGTH,
)
from portal_content.forms.definition import (
    AREAS_BEYOND,
    CONTACT_WAYS,
    FILE_KINDS,
    GOVERNORATES,
    Form,
    FormField,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def answers_schema(form: Form) -> dict[str, Any]:
    """Return the schema of a form's answers; files travel beside them.

    Args:
        form: The form.
    """
    questions = [field for field in form.fields if field.kind not in FILE_KINDS]
    return {
        "$schema": DIALECT,
        "$id": f"urn:outreach-portal:form:{form.id}:{form.version}",
        "type": "object",
        "properties": {field.id: _answer(field) for field in questions},
        "required": [f.id for f in questions if f.required and f.when is None],
        "additionalProperties": False,
    }


def _answer(field: FormField) -> dict[str, Any]:
    return _SCHEMAS.get(field.kind, _typed)(field)


def _typed(field: FormField) -> dict[str, Any]:
    return _text(field.max_length)


def _choices(field: FormField) -> dict[str, Any]:
    items = {"enum": list(field.options)}
    return {"type": "array", "items": items, "uniqueItems": True, "minItems": 1}


def _text(longest: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _known_or_not(parts: dict[str, Any], needed: list[str]) -> dict[str, Any]:
    """Unknown is an answer of its own."""
    known = {
        "type": "object",
        "properties": parts,
        "required": needed,
        "minProperties": 1,
        "additionalProperties": False,
    }
    unknown = {
        "type": "object",
        "properties": {"unknown": {"const": True}},
        "required": ["unknown"],
        "additionalProperties": False,
    }
    return {"anyOf": [known, unknown]}


def _contact() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "way": {"enum": list(CONTACT_WAYS)},
            "value": _text(CONTACT_LENGTH),
            "shared": {"enum": list(SHARED)},
            "leave_message": {"enum": list(LEAVE_MESSAGE)},
            "say_who": {"enum": list(SAY_WHO)},
        },
        "required": ["way"],
        "additionalProperties": False,
    }


_SCHEMAS: Mapping[str, Callable[[FormField], dict[str, Any]]] = {
    "choice": lambda field: {"enum": list(field.options)},
    "choices": _choices,
    "partial_date": lambda _: _known_or_not({"text": _text(DATE_LENGTH)}, ["text"]),
    "place": lambda _: _known_or_not(
        {"area": {"enum": [*GOVERNORATES, *AREAS_BEYOND]}, "text": _text(PLACE_LENGTH)}, []
    ),
    "safe_contact": lambda _: _contact(),
    "times": lambda _: _text(TIMES_LENGTH),
    "briefing": lambda _: {"type": "string", "pattern": BRIEFING},
}
