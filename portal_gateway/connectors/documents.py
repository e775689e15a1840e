"""Documents: a case as the published schema of search requests has it, before any filter."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from portal_content.forms.exchange import (
    ADDITION_KINDS,
    IDENTIFIER,
    NAME_KINDS,
    SECTIONS,
    field_name,
)
from portal_content.forms.partial_dates import read_partial_date
from portal_gateway.cases import Attachment, Case
from portal_gateway.connectors.consent import Given
from portal_gateway.connectors.scripts import script_of
from portal_gateway.follow_ups import (
    FollowUp,
    FollowUpFile,
    Standing,
    follow_ups,
    standing_consents,
)
from portal_protocol.digits import ascii_digits

KINDS = ("search",)
"""Types of cases that connectors are handed."""
DATES = ("birth", "last_contact_when")
NUMBERS = ("age_last_heard", "missing_in_family")
WISHES = {"C4": "more_questions", "C10": "statistics", "C11": "invitations"}
DELETE = "delete"
OCTETS = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+")


@dataclass(frozen=True)
class File:
    """A file of a case, and where its bytes lie."""

    submission_id: str
    position: int
    media_type: str
    sha256: str


@dataclass(frozen=True)
class Whole:
    """A case as it stands now, with what the person agrees to."""

    version: int
    """From 1; each further one is something the family wrote again."""
    document: Mapping[str, Any]
    given: Given
    files: tuple[File, ...]


def whole_case(session: Session, case: Case, *, document_id: str) -> Whole:
    """Return everything a case holds now.

    Args:
        session: Transaction to read in.
        case: The case.
        document_id: Random id under which the recipient knows it.
    """
    again = follow_ups(session, case.id)
    standing = standing_consents(session, case.id)
    given = _given(standing, again)
    version = len(again) + 1
    files, listed = _files(session, case, again)
    document: dict[str, Any] = {
        "schema": IDENTIFIER,
        "id": document_id,
        "version": version,
        "state": "closed" if any("closing" in one.answers for one in again) else "open",
        **{section: _section(section, case.answers, again) for section in SECTIONS},
        "wishes": _wishes(given),
        "additions": _additions(again),
        "files": listed,
        "consents": _consents(standing),
        "provenance": _provenance(case),
    }
    document["person_sought"] = {"names": _names(case.answers), **document["person_sought"]}
    return Whole(version, {name: value for name, value in document.items() if value}, given, files)


def erased(document_id: str, version: int) -> dict[str, Any]:
    """Return the document that tells a recipient to forget a case."""
    return {"schema": IDENTIFIER, "id": document_id, "version": version, "state": "erased"}


def _given(standing: Sequence[Standing], again: Sequence[FollowUp]) -> Given:
    if any(one.answers.get("closing") == DELETE for one in again):
        # Who asks for everything to be deleted takes every consent back.
        return Given({})
    now = [one.now for one in standing if one.now.given]
    return Given({consent.consent_id: tuple(consent.scopes) for consent in now})


def _section(section: str, answers: Mapping[str, Any], again: Sequence[FollowUp]) -> dict[str, Any]:
    found = {}
    for question in SECTIONS[section]:
        answer = answers.get(question)
        if question == "safe_contact":
            newer = [one.answers[question] for one in again if question in one.answers]
            answer = newer[-1] if newer else answer
        if answer is not None:
            found[field_name(question)] = _read(question, answer)
    return found


def _read(question: str, answer: Any) -> Any:
    """Return an answer as typed, with what can be understood of it beside it."""
    if question in DATES:
        reading = read_partial_date(answer.get("text", ""))
        if reading is None:
            return answer
        days = {"earliest": reading.earliest, "latest": reading.latest}
        span: dict[str, Any] = {part: day.isoformat() for part, day in days.items() if day}
        return answer | span | ({"about": True} if reading.about else {})
    if question in NUMBERS:
        digits = ascii_digits(answer)
        return {"text": answer} | ({"number": int(digits)} if digits else {})
    return answer


def _names(answers: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"kind": kind, "text": answers[question], "script": script_of(answers[question])}
        for question, kind in NAME_KINDS.items()
        if answers.get(question)
    ]


def _wishes(given: Given) -> dict[str, Any]:
    wishes: dict[str, Any] = {"support": list(given.scopes["C5"])} if "C5" in given.scopes else {}
    return wishes | {wish: True for consent, wish in WISHES.items() if consent in given.scopes}


def _additions(again: Sequence[FollowUp]) -> list[dict[str, str]]:
    return [
        {
            "kind": one.answers["kind"],
            "text": one.answers["message"],
            "written_on": one.written_on.isoformat(),
        }
        for one in again
        if one.answers.get("kind") in ADDITION_KINDS and one.answers.get("message")
    ]


def _files(
    session: Session, case: Case, again: Sequence[FollowUp]
) -> tuple[tuple[File, ...], list[dict[str, Any]]]:
    first = session.exec(
        select(Attachment).where(Attachment.case_id == case.id).order_by(col(Attachment.position))
    ).all()
    rows: list[tuple[str, str, Attachment | FollowUpFile]] = [
        (case.submission_id, file.question, file) for file in first
    ]
    for one in again:
        wanted = select(FollowUpFile).where(FollowUpFile.follow_up_id == one.id)
        later = session.exec(wanted.order_by(col(FollowUpFile.position))).all()
        rows += [(one.id, "added_later", file) for file in later]
    files = tuple(
        File(submission, file.position, file.mime, file.sha256) for submission, _, file in rows
    )
    listed = [
        {
            "purpose": purpose or "added_later",
            "media_type": file.mime if _MEDIA_TYPE.fullmatch(file.mime) else OCTETS,
            "size": file.size,
            "sha256": file.sha256,
        }
        for _, purpose, file in rows
    ]
    return files, listed


def _consents(standing: Sequence[Standing]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.now.consent_id,
            "given": one.now.given,
            "scopes": list(one.now.scopes) if one.now.given else [],
            "given_by": one.now.capacity,
            "recorded_on": one.now.recorded_at.date().isoformat(),
            "text": {
                "version": one.now.version,
                "language": one.now.language,
                "sha256": one.now.text_sha256,
            },
        }
        for one in standing
    ]


def _provenance(case: Case) -> dict[str, str]:
    return {
        "form": f"{case.form_id}/{case.form_version}",
        "language": case.language,
        "filled_in_by": case.mode,
        "written_on": case.written_on.isoformat(),
        "registered_on": case.registered_at.date().isoformat(),
        "sealed_by": "own_device" if case.client.startswith("web-js/") else "portal",
    }
