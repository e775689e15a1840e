"""Consent before every connector: no scope, no field.

The one place that says which consent lets which field of a search request through, and to whom.
A field that no scope names reaches nobody. Source: DOMAIN facts on consent, docs/connectors.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OWN = "own"
"""A system of the Institution itself."""
NATIONAL = "national"
"""Syrian national bodies that work for the missing."""
KEEP, SEARCH, ORGANISATIONS, STATE_BODIES = "C1", "C3", "C6", "C7"
PARTNERS = (
    "icrc_red_crescent",
    "icmp",
    "family_associations",
    "un_bodies",
    "humanitarian_organisations",
)
"""Recipients that a person ticks one by one, as scopes of ORGANISATIONS."""
RECIPIENTS = (OWN, *PARTNERS, NATIONAL)

SCOPES: Mapping[str, tuple[str, ...]] = {
    "C1": (
        "provenance.form",
        "provenance.language",
        "provenance.filled_in_by",
        "provenance.written_on",
        "provenance.registered_on",
        "provenance.sealed_by",
        "consents",
        "writer.role",
        "writer.age_group",
        "writer.language",
        "writer.language_other",
        "writer.danger_now",
    ),
    "C2": (
        "writer.safe_contact",
        "writer.name",
        "writer.country",
        "writer.staff_gender",
        "writer.access_needs",
    ),
    "C3": (
        "person_sought.names",
        "person_sought.sex",
        "person_sought.birth",
        "person_sought.age_when_last_heard_of",
        "person_sought.birthplace",
        "person_sought.nationality",
        "person_sought.was_child",
        "last_contact.when",
        "last_contact.where",
        "last_contact.circumstance",
        "last_contact.within_three_months",
        "last_contact.maybe_held",
        "request.relation",
        "request.relation_words",
        "request.needs_medicine",
        "request.registered_with",
        "request.missing_in_family",
        "request.message",
        "additions",
        "files",
    ),
    "C4": ("wishes.more_questions",),
    "C5": ("wishes.support",),
    "C10": ("wishes.statistics",),
    "C11": ("wishes.invitations",),
}
"""Fields that each consent lets through."""

NOT_FOR_OTHERS = frozenset(
    {field for scope in ("C2", "C4", "C5", "C10", "C11") for field in SCOPES[scope]}
    | {field for field in SCOPES["C1"] if field.startswith("writer.")}
    | {"additions"}
)
"""Fields that never leave the Institution: what does not help the search, and letters to us."""

ALWAYS = ("schema", "id", "version", "state")
"""What a document is known by; nothing in it was said by anybody."""


@dataclass(frozen=True)
class Given:
    """What a person agrees to now."""

    scopes: Mapping[str, tuple[str, ...]]
    """Scopes by consent; a consent that is not here was not given or was taken back."""

    def allows(self, recipient: str) -> bool:
        """Tell whether a recipient may be handed anything at all."""
        if KEEP not in self.scopes:
            return False
        if recipient == OWN:
            return True
        if SEARCH not in self.scopes:
            return False
        if recipient == NATIONAL:
            return STATE_BODIES in self.scopes
        return recipient in PARTNERS and recipient in self.scopes.get(ORGANISATIONS, ())

    def fields(self, recipient: str) -> frozenset[str]:
        """Return the fields that a recipient may be handed."""
        if not self.allows(recipient):
            return frozenset()
        named = {field for scope in self.scopes for field in SCOPES.get(scope, ())}
        return frozenset(named if recipient == OWN else named - NOT_FOR_OTHERS)


def filtered(document: Mapping[str, Any], given: Given, recipient: str) -> dict[str, Any] | None:
    """Return a document with what a recipient may be handed.

    Args:
        document: Everything that is known of a case.
        given: What the person agrees to.
        recipient: One of RECIPIENTS.

    Returns:
        Nothing if the recipient may not be handed anything.
    """
    if not given.allows(recipient):
        return None
    allowed = given.fields(recipient)
    kept: dict[str, Any] = {name: document[name] for name in ALWAYS}
    for name, value in document.items():
        if name in allowed:
            kept[name] = value
        elif isinstance(value, Mapping):
            parts = {part: one for part, one in value.items() if f"{name}.{part}" in allowed}
            if parts:
                kept[name] = parts
    kept["consents"] = [_shown(consent, recipient) for consent in _relevant(kept, recipient)]
    return kept


def _relevant(kept: Mapping[str, Any], recipient: str) -> list[dict[str, Any]]:
    """Return the consents that a recipient relies on; what others may have is not its business."""
    if recipient == OWN:
        return list(kept["consents"])
    own = STATE_BODIES if recipient == NATIONAL else ORGANISATIONS
    return [one for one in kept["consents"] if one["id"] in (KEEP, SEARCH, own)]


def _shown(consent: dict[str, Any], recipient: str) -> dict[str, Any]:
    if recipient == OWN:
        return consent
    return consent | {"scopes": [scope for scope in consent["scopes"] if scope == recipient]}
