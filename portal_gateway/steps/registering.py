"""Registering: a checked submission becomes a case, and the family is told that it is here."""

from datetime import datetime

from sqlmodel import Session

from portal_content.library import Library
from portal_gateway.arrivals import ArrivalState, move
from portal_gateway.audit import Action, record
from portal_gateway.cases import Attachment, Case, Consent, new_reference
from portal_gateway.database import save_once
from portal_gateway.errors import SetAside
from portal_gateway.flags import flags, queue
from portal_gateway.keys import Keys
from portal_gateway.replies import Mailbox, new_id
from portal_gateway.seats import keep_seat
from portal_gateway.steps.checking import Checked
from portal_gateway.steps.keeping import consent_values, files_values
from portal_gateway.steps.replying import Draft, queue_reply


def register(
    session: Session,
    submission_id: str,
    checked: Checked,
    *,
    keys: Keys,
    library: Library,
    now: datetime,
) -> None:
    """Make the case, its consents, its files and the automatic reply, all or nothing.

    The arrival moves on in the same transaction, so a submission is a case once, however often
    this is tried.

    Raises:
        SetAside: If the mailbox is known with another secret: somebody else wrote this.
    """
    _keep_mailbox(session, checked)
    case = _case(submission_id, checked, now=now)
    if save_once(session, case):
        case = session.get_one(Case, case.id)
        session.add_all(
            Consent(case_id=case.id, **consent_values(checked, consent, now=now))
            for consent in checked.consents
        )
        session.add_all(Attachment(case_id=case.id, **file) for file in files_values(checked))
        if case.type == "briefing-registration":
            keep_seat(session, case)
        text = library.strings.text("replies.received", case.reply_language)
        draft = Draft(new_id(), "received", case.reply_language, text)
        queue_reply(session, keys, case, draft, now=now)
        record(session, Action.REGISTERED, at=now, subject=case.id)
    move(session, submission_id, ArrivalState.REGISTERED, now=now)


def _keep_mailbox(session: Session, checked: Checked) -> None:
    address = checked.envelope.mailbox
    mailbox = Mailbox(id=address.id, recipient=address.recipient, proof=address.proof)
    if save_once(session, mailbox):
        return
    known = session.get_one(Mailbox, address.id)
    if (known.recipient, known.proof) != (address.recipient, address.proof):
        raise SetAside("mailbox_not_theirs")


def _case(submission_id: str, checked: Checked, *, now: datetime) -> Case:
    envelope, filled = checked.envelope, checked.filled
    return Case(
        id=new_reference(),
        submission_id=submission_id,
        registered_at=now,
        queue=queue(envelope.type, filled.answers),
        flags=flags(envelope.type, filled.answers, envelope.date),
        type=envelope.type,
        form_id=filled.id,
        form_version=filled.version,
        mode=filled.mode,
        helper=filled.helper,
        language=envelope.lang,
        reply_language=checked.reply_language,
        written_on=envelope.date,
        client=envelope.client,
        key_serial=envelope.keys,
        mailbox_id=envelope.mailbox.id,
        person_name=filled.answers.get("person_name", ""),
        answers=filled.answers,
    )
