"""Registering: a checked submission becomes a case, and the family is told that it is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from portal_content.library import Library
from portal_gateway.arrivals import ArrivalState, move_all
from portal_gateway.audit import Action, record
from portal_gateway.cases import Attachment, Case, Consent, new_reference
from portal_gateway.database import insert_all, insert_once
from portal_gateway.errors import SetAside
from portal_gateway.flags import flags, queue
from portal_gateway.keys import Keys
from portal_gateway.replies import Mailbox, new_id
from portal_gateway.seats import keep_seat
from portal_gateway.steps.checking import Checked
from portal_gateway.steps.keeping import consent_values, files_values
from portal_gateway.steps.replying import Draft, queue_parcel
from portal_protocol.age import HybridRecipient


@dataclass(frozen=True)
class Ready:
    """A submission that was opened and checked."""

    id: str
    checked: Checked
    recipient: HybridRecipient
    """To whom replies to it are sealed."""


def register(
    session: Session, several: Sequence[Ready], *, keys: Keys, library: Library, now: datetime
) -> None:
    """Make a case of each, its consents, its files and the automatic reply, all or nothing.

    The arrivals move on in the same transaction, so a submission is a case once, however often
    this is tried.

    Raises:
        SetAside: If a mailbox is known with another secret: somebody else wrote that one.
    """
    new = []
    for one in several:
        _keep_mailbox(session, one.checked)
        case = _case(one.id, one.checked, now=now)
        if insert_once(session, Case, case, key="submission_id"):
            new.append((case, one))
    _keep_what_belongs_to_them(session, new, now=now)
    for case, one in new:
        language = case["reply_language"]
        text = library.strings.text("replies.received", language)
        queue_parcel(
            session,
            keys,
            case["id"],
            case["mailbox_id"],
            draft=Draft(new_id(), "received", language, text),
            now=now,
            recipient=one.recipient,
        )
        record(session, Action.REGISTERED, at=now, subject=case["id"])
    move_all(session, [one.id for one in several], ArrivalState.REGISTERED, now=now)


def _keep_mailbox(session: Session, checked: Checked) -> None:
    address = checked.envelope.mailbox
    mailbox = {"id": address.id, "recipient": address.recipient, "proof": address.proof}
    if insert_once(session, Mailbox, mailbox):
        return
    known = session.get_one(Mailbox, address.id)
    if (known.recipient, known.proof) != (address.recipient, address.proof):
        raise SetAside("mailbox_not_theirs")


def _keep_what_belongs_to_them(
    session: Session, new: Sequence[tuple[dict[str, Any], Ready]], *, now: datetime
) -> None:
    consents = [
        {"case_id": case["id"], **consent_values(one.checked, consent, now=now)}
        for case, one in new
        for consent in one.checked.consents
    ]
    insert_all(session, Consent, consents)
    files = [
        {"case_id": case["id"], **file} for case, one in new for file in files_values(one.checked)
    ]
    insert_all(session, Attachment, files)
    for case, _ in new:
        if case["type"] == "briefing-registration":
            keep_seat(session, session.get_one(Case, case["id"]))


def _case(submission_id: str, checked: Checked, *, now: datetime) -> dict[str, Any]:
    envelope, filled = checked.envelope, checked.filled
    return {
        "id": new_reference(),
        "submission_id": submission_id,
        "registered_at": now,
        "queue": queue(envelope.type, filled.answers),
        "flags": flags(envelope.type, filled.answers, envelope.date),
        "type": envelope.type,
        "form_id": filled.id,
        "form_version": filled.version,
        "mode": filled.mode,
        "helper": filled.helper,
        "language": envelope.lang,
        "reply_language": checked.reply_language,
        "written_on": envelope.date,
        "client": envelope.client,
        "key_serial": envelope.keys,
        "mailbox_id": envelope.mailbox.id,
        "person_name": filled.answers.get("person_name", ""),
        "answers": filled.answers,
    }
