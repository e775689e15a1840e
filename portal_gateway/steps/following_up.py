"""Following up: what came with the code of a case is added to it."""

from datetime import datetime, timedelta

from sqlmodel import Session, func, select

from portal_content.library import Library
from portal_gateway.arrivals import Arrival, ArrivalState, move
from portal_gateway.audit import Action, record
from portal_gateway.cases import Case, CaseState
from portal_gateway.database import insert_all, save_once
from portal_gateway.errors import SetAside, TryLater
from portal_gateway.follow_ups import ConsentChange, FollowUp, FollowUpFile, case_of
from portal_gateway.keys import Keys
from portal_gateway.replies import Mailbox
from portal_gateway.steps.checking import Checked
from portal_gateway.steps.keeping import consents_values, files_values
from portal_gateway.steps.registering import Ready
from portal_gateway.steps.replying import Addressed, Draft, queue_parcels

WAITS_FOR_ITS_CASE = timedelta(days=3)
"""The order of arrival is hidden, so a follow-up may be opened before its case."""


def follow_up(
    session: Session, ready: Ready, *, keys: Keys, library: Library, now: datetime
) -> None:
    """Add a submission to the case of its code, all or nothing, once however often it is tried.

    Raises:
        TryLater: If its case has not come yet.
        SetAside: If no case came for days, or the secret is not the case's.
    """
    submission_id, checked = ready.id, ready.checked
    case = _case(session, submission_id, checked, now=now)
    row = _row(session, submission_id, case, checked, now=now)
    if save_once(session, row):
        consents = consents_values(checked, library, now=now)
        insert_all(session, ConsentChange, [{"follow_up_id": row.id, **one} for one in consents])
        files = [{"follow_up_id": row.id, **file} for file in files_values(checked)]
        insert_all(session, FollowUpFile, files)
        case.state = CaseState.WROTE_AGAIN
        text = library.strings.text("replies.received_again", case.reply_language)
        draft = Draft(submission_id[:32], "received", case.reply_language, text)
        answer = Addressed(draft, case.id, case.mailbox_id, ready.recipient)
        queue_parcels(session, keys, [answer], now=now)
        record(session, Action.FOLLOWED_UP, at=now, subject=case.id, kind=_kind(checked))
    move(session, submission_id, ArrivalState.REGISTERED, now=now)


def _case(session: Session, submission_id: str, checked: Checked, *, now: datetime) -> Case:
    address = checked.envelope.mailbox
    mailbox = session.get(Mailbox, address.id)
    case = case_of(session, address.id)
    if mailbox is None or case is None:
        arrival = session.get_one(Arrival, submission_id)
        if now - arrival.first_seen < WAITS_FOR_ITS_CASE:
            raise TryLater("case_not_here")
        raise SetAside("case_unknown")
    if (mailbox.recipient, mailbox.proof) != (address.recipient, address.proof):
        raise SetAside("mailbox_not_theirs")
    return case


def _row(
    session: Session, submission_id: str, case: Case, checked: Checked, *, now: datetime
) -> FollowUp:
    counted = select(func.count()).select_from(FollowUp).where(FollowUp.case_id == case.id)
    envelope, filled = checked.envelope, checked.filled
    return FollowUp(
        id=submission_id,
        case_id=case.id,
        number=session.exec(counted).one() + 1,
        received_at=now,
        written_on=envelope.date,
        form_id=filled.id,
        form_version=filled.version,
        mode=filled.mode,
        helper=filled.helper,
        language=envelope.lang,
        client=envelope.client,
        answers=filled.answers,
    )


def _kind(checked: Checked) -> str:
    return str(checked.filled.answers.get("kind", ""))
