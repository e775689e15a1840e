"""What a family wrote again, as finished values for the page of its case."""

from typing import Any

from sqlmodel import Session, col, select

from portal_content.forms.definition import FormUnknown
from portal_content.forms.reading import readable_answers, readable_consents
from portal_content.library import Library
from portal_gateway.cases import Case
from portal_gateway.follow_ups import (
    ConsentChange,
    FollowUp,
    FollowUpFile,
    agrees_to_contact,
    follow_ups,
    safe_contact,
)
from portal_gateway.register.pages import Words

NO_WAY = "none"


def again_view(
    session: Session, library: Library, words: Words, case: Case
) -> list[dict[str, Any]]:
    """Return follow-ups in the order of arrival: answers, changed consents, files."""
    return [
        {
            "id": f"again-{one.number}",
            "title": words.text(
                "again.number", number=one.number, time=words.moment(one.received_at)
            ),
            "sections": _sections(library, words, one),
            "consents": _changes(session, library, words, one),
            "files": _files(session, words, case, one),
        }
        for one in follow_ups(session, case.id)
    ]


def contact_rows(library: Library, words: Words, contact: Any) -> list[Any]:
    """Return a safe way with its words, as carefully as it has to be read."""
    form = library.forms.get("follow-up", 1)
    sections = readable_answers(form, library, {"safe_contact": contact}, words.lang)
    return [row for section in sections for row in section.rows]


def contact_view(
    session: Session, library: Library, words: Words, case: Case
) -> dict[str, Any] | None:
    """Return the safe way that holds now, if it was changed after the first time."""
    contact, since = safe_contact(session, case)
    if since is None:
        return None
    return {
        "since": words.text("again.contact_since", day=words.day(since)),
        "rows": contact_rows(library, words, contact),
    }


def must_not_contact(session: Session, case: Case) -> bool:
    """Tell whether there is a safe way that must not be used, because it is not agreed to."""
    contact, _ = safe_contact(session, case)
    way = (contact or {}).get("way", NO_WAY)
    return way != NO_WAY and not agrees_to_contact(session, case.id)


def _sections(library: Library, words: Words, one: FollowUp) -> list[Any]:
    try:
        form = library.forms.get(one.form_id, one.form_version)
    except FormUnknown:
        return []
    return list(readable_answers(form, library, one.answers, words.lang))


def _changes(
    session: Session, library: Library, words: Words, one: FollowUp
) -> list[dict[str, Any]]:
    stored = session.exec(select(ConsentChange).where(ConsentChange.follow_up_id == one.id)).all()
    ordered = sorted(stored, key=lambda change: int(change.consent_id[1:]))
    choices = [
        {"id": c.consent_id, "version": c.version, "given": c.given, "scopes": c.scopes}
        for c in ordered
    ]
    return [
        {"id": row.id, "label": row.label, "given": row.given, "scopes": row.scopes}
        for row in readable_consents(library, choices, words.lang)
    ]


def _files(session: Session, words: Words, case: Case, one: FollowUp) -> list[dict[str, str]]:
    wanted = select(FollowUpFile).where(FollowUpFile.follow_up_id == one.id)
    return [
        {
            "kind": file.mime.partition("/")[0],
            "address": f"/cases/{case.id}/again/{one.number}/files/{file.position}",
            "name": file.name,
            "size": words.size(file.size),
            "processing": words.text(f"processing.{file.processing}"),
        }
        for file in session.exec(wanted.order_by(col(FollowUpFile.position))).all()
    ]
