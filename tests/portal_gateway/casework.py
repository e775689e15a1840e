"""Cases in a register without a portal before it, for connectors, exports and figures."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from portal_content.library import Library
from portal_gateway.cases import Attachment, Case, Consent, new_reference
from portal_gateway.connectors.delivering import Sending
from portal_gateway.connectors.interface import Connector, HandedFile, Message
from portal_gateway.connectors.telling import Telling
from portal_gateway.database import transaction
from portal_gateway.flags import flags, queue
from portal_gateway.follow_ups import ConsentChange, FollowUp
from portal_gateway.protected_files import ProtectedFiles
from portal_gateway.replies import Mailbox
from tests.portal_api.factories import ROOT
from tests.portal_gateway.families import MORE
from tests.portal_gateway.moments import NOON

EVERYTHING: Mapping[str, Sequence[str]] = {
    "C1": (),
    "C2": (),
    "C3": (),
    "C4": (),
    "C5": ("legal", "documents"),
    "C6": (
        "icrc_red_crescent",
        "icmp",
        "family_associations",
        "un_bodies",
        "humanitarian_organisations",
    ),
    "C7": (),
    "C10": (),
    "C11": (),
}
"""Every consent that the search request asks for, with every scope but those of support."""
CONTACT = {"way": "phone", "value": "+90 555 000 00 00", "shared": "no"}
FULL: Mapping[str, Any] = {
    **MORE,
    "given_name": "عبد الرحمن",
    "grandfather_name": "خالد",
    "family_name": "الحسن",
    "birthplace": {"area": "aleppo", "text": "منبج"},
    "nationality": "سوري",
    "was_child": "no",
    "last_three_months": "no",
    "relation_words": "زوجي",
    "needs_medicine": "unknown",
    "contact_language": "other",
    "contact_language_other": "Kurmanji",
    "danger_now": "no",
    "staff_gender": "woman",
    "safe_contact": CONTACT,
}
"""An answer to every question that a document has a place for."""
PHOTO = b"\xff\xd8\xff\xe0 a photo, as far as anybody here looks"


def keep_case(
    engine: Engine,
    library: Library,
    *,
    answers: Mapping[str, Any] = FULL,
    given: Mapping[str, Sequence[str]] = EVERYTHING,
    at: datetime = NOON,
    kind: str = "search",
    lang: str = "ar",
    opened: ProtectedFiles | None = None,
) -> str:
    """Keep a case as registering does, and return its reference."""
    submission = secrets.token_hex(32)
    with transaction(engine) as session:
        mailbox = Mailbox(id=secrets.token_hex(32), recipient="age1", proof=secrets.token_hex(32))
        session.add(mailbox)
        session.flush()
        case = Case(
            id=new_reference(),
            submission_id=submission,
            registered_at=at,
            queue=queue(kind, answers),
            flags=flags(kind, answers, at.date()),
            type=kind,
            form_id="search-request",
            form_version=1,
            mode="self",
            language=lang,
            reply_language=lang,
            written_on=at.date(),
            client="web-js/1",
            key_serial=1,
            mailbox_id=mailbox.id,
            person_name=answers.get("person_name", ""),
            answers=dict(answers),
        )
        session.add(case)
        session.flush()
        for wanted in library.forms.get("search-request", 1).consents:
            session.add(Consent(case_id=case.id, **_consent(wanted.id, given, at)))
        if opened is not None:
            opened.put(submission, "1", PHOTO)
            session.add(
                Attachment(
                    case_id=case.id,
                    position=1,
                    name="صورة.jpg",
                    mime="image/jpeg",
                    size=len(PHOTO),
                    sha256=hashlib.sha256(PHOTO).hexdigest(),
                    processing="reencode",
                    question="photos",
                )
            )
        return case.id


def write_again(
    engine: Engine,
    case_id: str,
    *,
    number: int = 1,
    answers: Mapping[str, Any] | None = None,
    taken_back: Sequence[str] = (),
    given: Mapping[str, Sequence[str]] | None = None,
    at: datetime = NOON + timedelta(hours=1),
) -> None:
    """Add what a family wrote again with its code."""
    with transaction(engine) as session:
        row = FollowUp(
            id=secrets.token_hex(32),
            case_id=case_id,
            number=number,
            received_at=at,
            written_on=at.date(),
            form_id="follow-up",
            form_version=1,
            mode="self",
            language="ar",
            client="web-js/1",
            answers=dict(answers or {"kind": "consent"}),
        )
        session.add(row)
        session.flush()
        for consent in (*taken_back, *(given or {})):
            values = _consent(consent, given or {}, at)
            session.add(ConsentChange(follow_up_id=row.id, **values))


def _consent(consent: str, given: Mapping[str, Sequence[str]], at: datetime) -> dict[str, Any]:
    return {
        "consent_id": consent,
        "version": 1,
        "language": "ar",
        "text_sha256": "0" * 64,
        "text_known": True,
        "given": consent in given,
        "scopes": list(given.get(consent, ())),
        "recorded_at": at,
    }


def sending(
    engine: Engine, folder: Path, *connectors: Connector, telling: Telling | None = None
) -> Sending:
    """Deliveries without chance: the pauses are as long as they can be."""
    opened = ProtectedFiles(folder / "opened")
    return Sending(engine, opened, connectors, telling, chance=lambda: 1.0)


def example(name: str) -> dict[str, Any]:
    """A document that lies in docs/schemas for adopters."""
    text = (ROOT / "docs" / "schemas" / "examples" / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def message(
    document: Mapping[str, Any] | None = None, *, seen: bool = False, number: str = ""
) -> Message:
    """A message as the outbox makes it."""
    document = document or example("own-system")
    files = tuple(
        HandedFile(one["purpose"], one["media_type"], len(PHOTO), one["sha256"], lambda: PHOTO)
        for one in document.get("files", ())
    )
    part = str(uuid.uuid4())
    return Message(f"msg_{secrets.token_hex(16)}", document, files, part, seen, number)
