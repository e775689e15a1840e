"""JSON Schema of a search request as it is handed from one system to another.

Built from the form that families fill in, so that the two cannot drift apart. What it means is
said in docs/connectors.md; every published version lies in docs/schemas and never changes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from portal_content.consents import Consent
from portal_content.forms.definition import FILE_KINDS, Form
from portal_content.forms.schema import DIALECT, answers_schema

VERSION = 1
"""A change that an adopter would notice is a new version."""
IDENTIFIER = f"urn:outreach-portal:search-request:{VERSION}"

NAME_KINDS: Mapping[str, str] = {
    "person_name": "as_said",
    "given_name": "given",
    "father_name": "father",
    "grandfather_name": "grandfather",
    "family_name": "family",
    "mother_name": "mother",
    "also_known_as": "also_known_as",
    "latin_name": "latin",
}
"""Kind of each name that the form asks for."""

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "person_sought": (
        "sex",
        "birth",
        "age_last_heard",
        "birthplace",
        "nationality",
        "was_child",
    ),
    "last_contact": (
        "last_contact_when",
        "last_contact_where",
        "circumstance",
        "last_three_months",
        "maybe_held",
    ),
    "request": (
        "relation",
        "relation_words",
        "needs_medicine",
        "registered_with",
        "missing_in_family",
        "message",
    ),
    "writer": (
        "role",
        "age_group",
        "contact_language",
        "contact_language_other",
        "danger_now",
        "writer_name",
        "country",
        "staff_gender",
        "access_needs",
        "safe_contact",
    ),
}
"""Questions of the form by the section of the document that their answers are in."""

RENAMED: Mapping[str, str] = {
    "last_contact_when": "when",
    "last_contact_where": "where",
    "age_last_heard": "age_when_last_heard_of",
    "last_three_months": "within_three_months",
    "contact_language": "language",
    "contact_language_other": "language_other",
    "writer_name": "name",
}
"""What an answer is called in its section, where the question's own id does not fit."""

WISHES = ("more_questions", "statistics", "invitations")
ADDITION_KINDS = ("answer", "correct")
MODES = ("self", "assisted", "phone", "paper")
DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
HEX = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
DOCUMENT_ID = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
}


def field_name(question: str) -> str:
    """Return what the answer to a question is called in its section."""
    return RENAMED.get(question, question)


def search_request_schema(form: Form, consents: Mapping[str, Consent]) -> dict[str, Any]:
    """Return the schema of a search request.

    Args:
        form: The form that search requests are written with.
        consents: Everything a person may agree to, by id.
    """
    asked = answers_schema(form)["properties"]
    wanted = [consents[one.id] for one in form.consents]
    parts: dict[str, Any] = {
        "schema": {"const": IDENTIFIER},
        "id": DOCUMENT_ID,
        "version": {"type": "integer", "minimum": 1},
        "state": {"enum": ["open", "closed"]},
        **{section: _section(asked, section) for section in SECTIONS},
        "wishes": _wishes(wanted),
        "additions": _list(_addition()),
        "files": _list(_file(form)),
        "consents": _list(_consent(wanted)),
        "provenance": _provenance(),
    }
    parts["person_sought"]["properties"] = {
        "names": _list(_name()),
        **parts["person_sought"]["properties"],
    }
    needed = ["schema", "id", "version", "state", "consents", "provenance"]
    erased = {"schema": parts["schema"], "id": DOCUMENT_ID, "version": parts["version"]}
    erased["state"] = {"const": "erased"}
    return {
        "$schema": DIALECT,
        "$id": IDENTIFIER,
        "title": "Search request for a missing person",
        "oneOf": [_object(parts, needed), _object(erased, list(erased))],
    }


def _section(asked: Mapping[str, Any], section: str) -> dict[str, Any]:
    fields = {field_name(one): _answer(one, asked[one]) for one in SECTIONS[section]}
    return _object(fields, [])


def _answer(question: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return an answer's schema; what was understood of typed words stands beside them."""
    read = _READ.get(question)
    if read is None:
        return schema
    typed = schema.get("properties", {"text": schema})
    needed = [] if "properties" in schema else ["text"]
    return _object({**typed, **read}, needed) | {"minProperties": 1}


_SPAN = {"earliest": DAY, "latest": DAY, "about": {"const": True}}
_COUNT = {"number": {"type": "integer", "minimum": 0}}
_READ: Mapping[str, Mapping[str, Any]] = {
    "birth": _SPAN,
    "last_contact_when": _SPAN,
    "age_last_heard": _COUNT,
    "missing_in_family": _COUNT,
}


def _name() -> dict[str, Any]:
    parts = {
        "kind": {"enum": list(NAME_KINDS.values())},
        "text": {"type": "string", "minLength": 1, "maxLength": 200},
        "script": {"type": "string", "pattern": "^[A-Z][a-z]{3}$"},
    }
    return _object(parts, list(parts))


def _wishes(consents: Sequence[Consent]) -> dict[str, Any]:
    support = next(one.scopes for one in consents if one.id == "C5")
    listed = _list({"enum": list(support)}) | {"uniqueItems": True}
    return _object({"support": listed} | {wish: {"const": True} for wish in WISHES}, [])


def _addition() -> dict[str, Any]:
    parts = {
        "kind": {"enum": list(ADDITION_KINDS)},
        "text": {"type": "string", "minLength": 1, "maxLength": 2000},
        "written_on": DAY,
    }
    return _object(parts, list(parts))


def _file(form: Form) -> dict[str, Any]:
    asked = [field.id for field in form.fields if field.kind in FILE_KINDS]
    parts = {
        "purpose": {"enum": [*asked, "added_later"]},
        "media_type": {"type": "string", "pattern": "^[a-z]+/[A-Za-z0-9.+-]+$"},
        "size": {"type": "integer", "minimum": 0},
        "sha256": HEX,
    }
    return _object(parts, list(parts))


def _consent(consents: Sequence[Consent]) -> dict[str, Any]:
    scopes = sorted({scope for one in consents for scope in one.scopes})
    parts = {
        "id": {"enum": [one.id for one in consents]},
        "given": {"type": "boolean"},
        "scopes": _list({"enum": scopes}) | {"uniqueItems": True},
        "given_by": {"enum": ["self", "assisted"]},
        "recorded_on": DAY,
        "text": _object(
            {
                "version": {"type": "integer", "minimum": 1},
                "language": {"type": "string", "pattern": "^[a-z]{2,3}$"},
                "sha256": HEX,
            },
            ["version", "language", "sha256"],
        ),
    }
    return _object(parts, list(parts))


def _provenance() -> dict[str, Any]:
    parts = {
        "form": {"type": "string", "pattern": "^[a-z][a-z0-9-]*/[0-9]+$"},
        "language": {"type": "string", "pattern": "^[a-z]{2,3}$"},
        "filled_in_by": {"enum": list(MODES)},
        "written_on": DAY,
        "registered_on": DAY,
        "sealed_by": {"enum": ["own_device", "portal"]},
    }
    return _object(parts, list(parts))


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(parts: Mapping[str, Any], needed: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(parts),
        "required": needed,
        "additionalProperties": False,
    }
