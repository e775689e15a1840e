"""Registering: a checked submission becomes a case, and the family is told that it is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from portal_content.library import Library
from portal_gateway.arrivals import ArrivalState, move_all
from portal_gateway.audit import Action, record
from portal_gateway.cases import Attachment, Case, Consent, new_reference
from portal_gateway.database import insert_all, insert_new
from portal_gateway.errors import SetAside
from portal_gateway.flags import flags, queue
from portal_gateway.keys import Keys
from portal_gateway.replies import Mailbox, new_id
from portal_gateway.seats import keep_seat
from portal_gateway.steps.checking import Checked
from portal_gateway.steps.keeping import consents_values, files_values
from portal_gateway.steps.replying import Addressed, Draft, queue_parcels
from portal_protocol.age import HybridRecipient
from portal_protocol.envelope import MailboxAddress
from portal_protocol.errors import BechInvalid


@dataclass(frozen=True)
class Ready:
    """A submission that was opened and checked."""

    id: str
    checked: Checked
    recipient: HybridRecipient
    """To whom replies to it are sealed."""

    @classmethod
    def of(cls, submission_id: str, checked: Checked) -> "Ready":
        """Read to whom replies are sealed, before the database is locked for anything.

        Raises:
            SetAside: If nothing can be sealed to them.
        """
        try:
            recipient = HybridRecipient.from_text(checked.envelope.mailbox.recipient)
        except BechInvalid as error:
            raise SetAside("mailbox_unusable") from error
        return cls(submission_id, checked, recipient)


def register(
    session: Session, several: Sequence[Ready], *, keys: Keys, library: Library, now: datetime
) -> None:
    """Make a case of each, its consents, its files and the automatic reply, all or nothing.

    The arrivals move on in the same transaction, so a submission is a case once, however often
    this is tried.

    Raises:
        SetAside: If a mailbox is known with another secret: somebody else wrote that one.
    """
    _keep_mailboxes(session, [one.checked.envelope.mailbox for one in several])
    cases = [_case(one.id, one.checked, now=now) for one in several]
    fresh = insert_new(session, Case, cases, key="submission_id")
    new = [(case, one) for case, one in zip(cases, several, strict=True) if one.id in fresh]
    _keep_what_belongs_to_them(session, new, library=library, now=now)
    received = [_received(case, one, library) for case, one in new]
    queue_parcels(session, keys, received, now=now)
    for case, _ in new:
        record(session, Action.REGISTERED, at=now, subject=case["id"])
    move_all(session, [one.id for one in several], ArrivalState.REGISTERED, now=now)


def _keep_mailboxes(session: Session, addresses: Sequence[MailboxAddress]) -> None:
    rows = [{"id": one.id, "recipient": one.recipient, "proof": one.proof} for one in addresses]
    new = insert_new(session, Mailbox, rows, key="id")
    # Of two with one id the first was kept.
    kept = {address.id: address for address in reversed(addresses) if address.id in new}
    for address in addresses:
        known = kept.get(address.id) or session.get_one(Mailbox, address.id)
        if (known.recipient, known.proof) != (address.recipient, address.proof):
            raise SetAside("mailbox_not_theirs")


def _keep_what_belongs_to_them(
    session: Session,
    new: Sequence[tuple[dict[str, Any], Ready]],
    *,
    library: Library,
    now: datetime,
) -> None:
    consents = [
        {"case_id": case["id"], **consent}
        for case, one in new
        for consent in consents_values(one.checked, library, now=now)
    ]
    insert_all(session, Consent, consents)
    files = [
        {"case_id": case["id"], **file} for case, one in new for file in files_values(one.checked)
    ]
    insert_all(session, Attachment, files)
    for case, _ in new:
        if case["type"] == "briefing-registration":
            keep_seat(session, session.get_one(Case, case["id"]))


def _received(case: Mapping[str, Any], one: Ready, library: Library) -> Addressed:
    """Return the automatic answer: what came is here."""
    language = case["reply_language"]
    text = library.strings.text("replies.received", language)
    draft = Draft(new_id(), "received", language, text)
    return Addressed(draft, case["id"], case["mailbox_id"], one.recipient)


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
