"""Openings: a case of some queues is read only after a second officer has agreed.

An opening is asked for with a reason, agreed to by somebody else who may read the queue, and ends
by itself. All of it is in the audit.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, CursorResult, update
from sqlmodel import Field, Session, col, select

from portal_gateway.cases import Case
from portal_gateway.database import RegisterRow
from portal_gateway.flags import TWO_PERSON

OPEN_FOR = timedelta(hours=4)
"""How long an opening lasts after the second officer agreed."""
ASKED_FOR = timedelta(hours=24)
"""How long a request waits for a second officer."""
LONGEST_REASON = 500


class Answer(StrEnum):
    """What the second officer said; the values are stored."""

    AGREED = "agreed"
    DECLINED = "declined"


class Opening(RegisterRow, table=True):
    """One officer's request to open one case, and what a second one said."""

    __tablename__ = "case_opening"
    __table_args__ = (CheckConstraint("answered_by <> officer", name="two_people"),)

    id: str = Field(primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", index=True, max_length=16)
    officer: str = Field(foreign_key="officer.name", max_length=64)
    reason: str
    asked_at: datetime
    answer: str | None = Field(default=None, max_length=16)
    answered_by: str | None = Field(default=None, foreign_key="officer.name", max_length=64)
    answered_at: datetime | None = None


def is_open(session: Session, case: Case, officer: str, *, now: datetime) -> bool:
    """Tell whether an officer may read a case now; of most queues always."""
    return (
        case.queue not in TWO_PERSON or open_until(session, case.id, officer, now=now) is not None
    )


def open_until(session: Session, case_id: str, officer: str, *, now: datetime) -> datetime | None:
    """Return when an officer's opening of a case ends; none if there is none."""
    wanted = select(Opening.answered_at).where(
        Opening.case_id == case_id,
        Opening.officer == officer,
        Opening.answer == Answer.AGREED,
        col(Opening.answered_by) != officer,
        col(Opening.answered_at) > now - OPEN_FOR,
    )
    agreed = session.exec(wanted.order_by(col(Opening.answered_at).desc())).first()
    return agreed + OPEN_FOR if agreed else None


def waiting_request(
    session: Session, case_id: str, officer: str, *, now: datetime
) -> Opening | None:
    """Return an officer's request that nobody has answered yet."""
    wanted = select(Opening).where(
        Opening.case_id == case_id, Opening.officer == officer, *_waits(now)
    )
    return session.exec(wanted).first()


def ask(session: Session, case: Case, officer: str, reason: str, *, now: datetime) -> Opening:
    """Ask for an opening; who has asked already gets the request they made."""
    waiting = waiting_request(session, case.id, officer, now=now)
    if waiting is not None:
        return waiting
    opening = Opening(
        id=secrets.token_hex(16), case_id=case.id, officer=officer, reason=reason, asked_at=now
    )
    session.add(opening)
    return opening


def answer(
    session: Session, opening: Opening, officer: str, said: Answer, *, now: datetime
) -> bool:
    """Answer somebody else's request.

    Returns:
        False if it is one's own, has lapsed, or was answered a moment ago; nothing is changed.
    """
    statement: Any = (
        update(Opening)
        .where(col(Opening.id) == opening.id, col(Opening.officer) != officer, *_waits(now))
        .values(answer=said, answered_by=officer, answered_at=now)
    )
    result: CursorResult[Any] = session.connection().execute(statement)
    return result.rowcount == 1


def requests_for(
    session: Session, officer: str, queues: frozenset[str], *, now: datetime
) -> Sequence[tuple[Opening, Case]]:
    """Return the requests of others that this officer can answer, the oldest first."""
    wanted = (
        select(Opening, Case)
        .join(Case, col(Case.id) == col(Opening.case_id))
        .where(col(Case.queue).in_(sorted(queues & TWO_PERSON)), Opening.officer != officer)
        .where(*_waits(now))
    )
    return session.exec(wanted.order_by(col(Opening.asked_at))).all()


def _waits(now: datetime) -> tuple[Any, ...]:
    return (col(Opening.answer).is_(None), col(Opening.asked_at) > now - ASKED_FOR)
