"""Work on a case: whose it is, notes among officers, and states, each change with its reason."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Field, Session, col, select

from portal_gateway.cases import Case, CaseState
from portal_gateway.database import RegisterRow
from portal_gateway.register.accounts import Officer
from portal_gateway.register.rights import OfficerRight, Right

LONGEST_NOTE = 2000

MOVES: Mapping[str, tuple[CaseState, ...]] = {
    CaseState.NEW: (CaseState.IN_REVIEW, CaseState.PASSED, CaseState.CLOSED),
    CaseState.IN_REVIEW: (CaseState.WAITING, CaseState.PASSED, CaseState.CLOSED),
    CaseState.WAITING: (CaseState.IN_REVIEW, CaseState.PASSED, CaseState.CLOSED),
    CaseState.ANSWERED: (CaseState.IN_REVIEW, CaseState.PASSED, CaseState.CLOSED),
    CaseState.WROTE_AGAIN: (CaseState.IN_REVIEW, CaseState.PASSED, CaseState.CLOSED),
    CaseState.PASSED: (CaseState.IN_REVIEW, CaseState.CLOSED),
    CaseState.CLOSED: (CaseState.IN_REVIEW,),
}
"""What an officer may make of each state by hand; answers and what families write do the rest."""


class CaseAssignment(RegisterRow, table=True):
    """Whose a case is now; who had it before stands in the audit."""

    __tablename__ = "case_assignment"

    case_id: str = Field(primary_key=True, foreign_key="case.id", max_length=16)
    officer: str = Field(foreign_key="officer.name", index=True, max_length=64)
    since: datetime


class CaseNote(RegisterRow, table=True):
    """What officers tell each other; families never see it, and it is never changed."""

    __tablename__ = "case_note"

    id: str = Field(primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", index=True, max_length=16)
    officer: str = Field(foreign_key="officer.name", max_length=64)
    text: str
    at: datetime


def assigned_to(session: Session, case_id: str) -> str | None:
    """Return whose a case is."""
    row = session.get(CaseAssignment, case_id)
    return row.officer if row else None


def assignable(session: Session, queue: str) -> list[str]:
    """Return the officers who may work on the cases of a queue."""
    wanted = (
        select(Officer.name)
        .join(OfficerRight, col(OfficerRight.officer) == col(Officer.name))
        .where(OfficerRight.right == Right.ANSWER, OfficerRight.queue == queue)
    )
    return sorted(session.exec(wanted).all())


def assign(session: Session, case: Case, officer: str, *, now: datetime) -> bool:
    """Give a case to an officer, or to nobody if the name is empty.

    Returns:
        False if they may not work on it; nothing is changed then.
    """
    if officer and officer not in assignable(session, case.queue):
        return False
    row = session.get(CaseAssignment, case.id)
    if row is not None and not officer:
        session.delete(row)
    elif row is not None:
        row.officer, row.since = officer, now
    elif officer:
        session.add(CaseAssignment(case_id=case.id, officer=officer, since=now))
    return True


def add_note(session: Session, case: Case, officer: str, text: str, *, now: datetime) -> CaseNote:
    """Add a note among officers."""
    note = CaseNote(id=secrets.token_hex(16), case_id=case.id, officer=officer, text=text, at=now)
    session.add(note)
    return note


def notes(session: Session, case_id: str) -> Sequence[CaseNote]:
    """Return the notes of a case, the newest first."""
    wanted = select(CaseNote).where(CaseNote.case_id == case_id)
    return session.exec(wanted.order_by(col(CaseNote.at).desc(), col(CaseNote.id))).all()


def move(case: Case, state: str) -> bool:
    """Move a case on by hand.

    Returns:
        False if that is no way it can go; nothing is changed then.
    """
    if state not in MOVES[case.state]:
        return False
    case.state = state
    return True
