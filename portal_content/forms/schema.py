"""JSON Schema of the answers to a form, as the envelope holds them (docs/protocol.md)."""

from collections.abc import Callable, Mapping
from typing import Any

from portal_content.forms import safe_contact
from portal_content.forms.answers import BRIEFING, DATE_LENGTH, PLACE_LENGTH, TIMES_LENGTH
from portal_content.forms.definition import (
    AREAS_BEYOND,
    FILE_KINDS,
    GOVERNORATES,
    Condition,
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
    conditions = [_condition(form, field, field.when) for field in questions if field.when]
    return {
        "$schema": DIALECT,
        "$id": f"urn:outreach-portal:form:{form.id}:{form.version}",
        "type": "object",
        "properties": {field.id: _answer(field) for field in questions},
        "required": [f.id for f in questions if f.required and f.when is None],
        "additionalProperties": False,
        **({"allOf": conditions} if conditions else {}),
    }


def _condition(form: Form, field: FormField, when: Condition) -> dict[str, Any]:
    """Return where a question may be answered, and must be if it is needed there."""
    (deciding,) = (other for other in form.fields if other.id == when.question)
    options = {"enum": list(when.options)}
    chosen = {"contains": options} if deciding.kind == "choices" else options
    return {
        "if": {"properties": {deciding.id: chosen}, "required": [deciding.id]},
        "then": {"required": [field.id] if field.required else []},
        "else": {"properties": {field.id: False}},
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


def _parts(parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": parts,
        "minProperties": 1,
        "additionalProperties": False,
    }


def _contact() -> dict[str, Any]:
    listed = {part: {"enum": list(options)} for part, options in safe_contact.OPTIONS.items()}
    typed = {part: _text(longest) for part, longest in safe_contact.LENGTHS.items()}
    return {
        "type": "object",
        "properties": listed | {"value": _text(safe_contact.CONTACT_LENGTH)} | typed,
        "required": ["way"],
        "additionalProperties": False,
    }


_SCHEMAS: Mapping[str, Callable[[FormField], dict[str, Any]]] = {
    "choice": lambda field: {"enum": list(field.options)},
    "choices": _choices,
    # What somebody typed is kept, also where they ticked that they do not know.
    "partial_date": lambda _: _parts({"text": _text(DATE_LENGTH), "unknown": {"const": True}}),
    "place": lambda _: _parts(
        {"area": {"enum": [*GOVERNORATES, *AREAS_BEYOND]}, "text": _text(PLACE_LENGTH)}
    ),
    "safe_contact": lambda _: _contact(),
    "times": lambda _: _text(TIMES_LENGTH),
    "briefing": lambda _: {"type": "string", "pattern": BRIEFING},
}
