"""What of a search request becomes which field of a tracing request.

Only exact days become dates, and only what the instance itself lists becomes an option: a guess
that looks like a fact would be worse than a gap. Source: Primero's own form configuration.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal_gateway.names.sounds import fold_arabic, is_arabic
from portal_gateway.names.words import parts_of

TRACES = "tracing_request_subform_section"
REQUEST_FIELDS = (
    "inquiry_date",
    "status",
    "relation_name",
    "relation_telephone",
    "relation_language",
    "date_of_separation",
    "separation_cause",
    "location_last",
)
TRACE_FIELDS = (
    "name",
    "name_nickname",
    "name_other",
    "relation",
    "sex",
    "age",
    "date_of_birth",
    "date_of_separation",
    "separation_cause",
    "location_last",
    "tracing_request_status",
)
SPOKEN_WAYS = ("phone", "voice_app", "text_app", "sms")
"""Ways of contact that are a telephone number."""
CAUSES = {"taken_or_detained": "arrest_and_detention"}
"""Causes of separation that Primero's own configuration has; a deployer names the others."""
LARGEST_NUMBER = 2_147_483_647
BETWEEN_NAMES = "; "


@dataclass(frozen=True)
class Wording:
    """What this instance calls things: our word, its id."""

    causes: Mapping[str, str] = field(default_factory=lambda: dict(CAUSES))
    relations: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    locations: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """Further text fields of the request, by name, with the part of the document they hold."""


def request_data(
    document: Mapping[str, Any], wording: Wording, options: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    """Return every field of the request that we ever fill; what is not known is None.

    Args:
        document: What consent has left of a case.
        wording: What the instance calls things.
        options: Ids that the instance lists, by field.
    """
    writer, last = document.get("writer", {}), document.get("last_contact", {})
    contact = writer.get("safe_contact", {})
    language = _listed(writer.get("language"), wording.languages, options.get("relation_language"))
    found: dict[str, Any] = {
        "inquiry_date": document["provenance"]["written_on"],
        "status": "closed" if document["state"] == "closed" else "open",
        "relation_name": writer.get("name"),
        "relation_telephone": contact.get("value") if contact.get("way") in SPOKEN_WAYS else None,
        "relation_language": [language] if language else None,
        **_separation(last, wording, options),
    }
    for name, path in wording.texts.items():
        found[name] = _text(document, path)
    return found


def trace_data(
    document: Mapping[str, Any], wording: Wording, options: Mapping[str, frozenset[str]]
) -> dict[str, Any] | None:
    """Return the fields of the person sought; none if consent leaves nothing of them."""
    person, last = document.get("person_sought"), document.get("last_contact", {})
    if person is None:
        return None
    names = person["names"]
    relation = document.get("request", {}).get("relation")
    age = person.get("age_when_last_heard_of", {}).get("number")
    return {
        "name": next((n["text"] for n in names if n["kind"] == "as_said"), None),
        "name_nickname": BETWEEN_NAMES.join(_nicknames(names)) or None,
        "name_other": BETWEEN_NAMES.join(_aliases(names)) or None,
        "relation": _listed(relation, wording.relations, options.get("relation")),
        "sex": _listed(person.get("sex"), {}, options.get("sex")),
        "age": age if age is not None and age <= LARGEST_NUMBER else None,
        "date_of_birth": _exact_day(person.get("birth", {})),
        **_separation(last, wording, options),
        "tracing_request_status": "closed" if document["state"] == "closed" else "open",
    }


def aliases_of(name: str) -> list[str]:
    """Return how a name may be typed by somebody who searches for it.

    Primero compares Arabic letter by letter: without these, أحمد does not find احمد.
    """
    if not is_arabic(name):
        return []
    parts = parts_of(name)
    folded = " ".join(fold_arabic(part.written) for part in parts)
    # Parts that belong together are written both ways: عبد الرحمن and عبدالرحمن.
    joined = " ".join(fold_arabic(part.written).replace(" ", "") for part in parts)
    bare = " ".join(part.text for part in parts)
    return [alias for alias in dict.fromkeys((folded, joined, bare)) if alias and alias != name]


def _aliases(names: Sequence[Mapping[str, str]]) -> list[str]:
    written = [n["text"] for n in names if n["kind"] in ("latin", "also_known_as")]
    full = [n["text"] for n in names if n["kind"] == "as_said"]
    composed = _composed(names)
    said = [*full, *([composed] if composed else [])]
    found = [*written, *([composed] if composed else [])]
    found += [alias for name in said for alias in aliases_of(name)]
    return [alias for alias in dict.fromkeys(found) if alias not in full]


def _nicknames(names: Sequence[Mapping[str, str]]) -> list[str]:
    known = [n["text"] for n in names if n["kind"] == "also_known_as"]
    return list(dict.fromkeys([*known, *_aliases(names)]))


def _composed(names: Sequence[Mapping[str, str]]) -> str:
    by_kind = {n["kind"]: n["text"] for n in names}
    order = ("given", "father", "grandfather", "family")
    parts = [by_kind[kind] for kind in order if kind in by_kind]
    return " ".join(parts) if "given" in by_kind and len(parts) > 1 else ""


def _separation(
    last: Mapping[str, Any], wording: Wording, options: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    area = last.get("where", {}).get("area")
    cause = wording.causes.get(last.get("circumstance", ""))
    return {
        "date_of_separation": _exact_day(last.get("when", {})),
        "separation_cause": _listed(cause, {}, options.get("separation_cause")),
        "location_last": wording.locations.get(area) if area else None,
    }


def _exact_day(said: Mapping[str, Any]) -> str | None:
    earliest, latest = said.get("earliest"), said.get("latest")
    if earliest is None or earliest != latest or said.get("about"):
        return None
    return date.fromisoformat(earliest).isoformat()


def _listed(
    word: str | None, called: Mapping[str, str], options: frozenset[str] | None
) -> str | None:
    if word is None:
        return None
    option = called.get(word, word)
    return option if options and option in options else None


def _text(document: Mapping[str, Any], path: str) -> str | None:
    value: Any = document
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else None
