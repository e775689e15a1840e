"""JSON Schema of the answers to a form, as the envelope holds them (docs/protocol.md)."""

from typing import Any

from portal_content.forms.answers import (
    CONTACT_LENGTH,
    DATE_LENGTH,
    LEAVE_MESSAGE,
    PLACE_LENGTH,
    SAY_WHO,
    SHARED,
)
from portal_content.forms.definition import (
    AREAS_BEYOND,
    CONTACT_WAYS,
    GOVERNORATES,
    Form,
    FormField,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def answers_schema(form: Form) -> dict[str, Any]:
    """Return the schema of a form's answers; photos are files beside them.

    Args:
        form: The form.
    """
    questions = [field for field in form.fields if field.kind != "photos"]
    return {
        "$schema": DIALECT,
        "$id": f"urn:outreach-portal:form:{form.id}:{form.version}",
        "type": "object",
        "properties": {field.id: _answer(field) for field in questions},
        "required": [field.id for field in questions if field.required],
        "additionalProperties": False,
    }


def _answer(field: FormField) -> dict[str, Any]:
    match field.kind:
        case "choice":
            return {"enum": list(field.options)}
        case "choices":
            items = {"enum": list(field.options)}
            return {"type": "array", "items": items, "uniqueItems": True, "minItems": 1}
        case "partial_date":
            return _known_or_not({"text": _text(DATE_LENGTH)}, ["text"])
        case "place":
            area = {"enum": [*GOVERNORATES, *AREAS_BEYOND]}
            return _known_or_not({"area": area, "text": _text(PLACE_LENGTH)}, [])
        case "safe_contact":
            return _contact()
        case _:
            return _text(field.max_length)


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
