"""Reports of reprisal: step by step, and nothing without the person's informed consent.

The steps are those of OHCHR's practice: safety first, then consent, then recording, assessing with
a second person, verifying, deciding with the person, acting, following up, closing.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from portal_gateway.cases import Case
from portal_gateway.database import RegisterRow

QUEUE = "reprisal"
LONGEST_REASON = 1000


class Step(StrEnum):
    """How far a report has come; the values are stored."""

    RECEIVED = "received"
    SAFETY_CHECKED = "safety_checked"
    CONSENT_GIVEN = "consent_given"
    CONSENT_PARTIAL = "consent_partial"
    CONSENT_REFUSED = "consent_refused"
    RECORDED = "recorded"
    ASSESSED = "assessed"
    VERIFIED = "verified"
    NOT_VERIFIABLE = "not_verifiable"
    DECIDED = "decided"
    ACTED = "acted"
    FOLLOWING_UP = "following_up"
    CLOSED = "closed"


CONSENTS = (Step.CONSENT_GIVEN, Step.CONSENT_PARTIAL, Step.CONSENT_REFUSED)
_WITHDRAWN = (Step.CONSENT_PARTIAL, Step.CONSENT_REFUSED)

WAYS: Mapping[Step, tuple[Step, ...]] = {
    Step.RECEIVED: (Step.SAFETY_CHECKED,),
    Step.SAFETY_CHECKED: CONSENTS,
    Step.CONSENT_GIVEN: (Step.RECORDED, *_WITHDRAWN),
    Step.CONSENT_PARTIAL: (Step.RECORDED, Step.CONSENT_GIVEN, Step.CONSENT_REFUSED),
    # Advice and care can go on; nothing is recorded further, assessed, or passed on.
    Step.CONSENT_REFUSED: (Step.CONSENT_GIVEN, Step.CONSENT_PARTIAL, Step.CLOSED),
    Step.RECORDED: (Step.ASSESSED, *_WITHDRAWN),
    Step.ASSESSED: (Step.VERIFIED, Step.NOT_VERIFIABLE, *_WITHDRAWN),
    Step.VERIFIED: (Step.DECIDED, *_WITHDRAWN),
    Step.NOT_VERIFIABLE: (Step.DECIDED, *_WITHDRAWN),
    Step.DECIDED: (Step.ACTED, Step.FOLLOWING_UP, *_WITHDRAWN),
    Step.ACTED: (Step.FOLLOWING_UP, *_WITHDRAWN),
    Step.FOLLOWING_UP: (Step.SAFETY_CHECKED, Step.DECIDED, Step.CLOSED, *_WITHDRAWN),
    Step.CLOSED: (Step.SAFETY_CHECKED,),
}
"""Every way a report can go. Back to consent at any time: whoever agreed can take it back."""

CONFIRMED_AGAIN = frozenset({Step.DECIDED, Step.ACTED})
"""Steps for which the person has said yes once more, to exactly this."""
SECOND_PERSON = frozenset({Step.ASSESSED})
"""Steps that name the second person who assessed."""


class ReprisalStep(RegisterRow, table=True):
    """One step of one report: who, when, why. Rows are only ever added."""

    __tablename__ = "reprisal_step"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: str = Field(primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", index=True, max_length=16)
    number: int
    """From 1 within the case."""
    came_from: str = Field(max_length=20)
    step: str = Field(max_length=20)
    officer: str = Field(foreign_key="officer.name", max_length=64)
    second: str | None = Field(default=None, foreign_key="officer.name", max_length=64)
    """The second person, where a step needs one."""
    reason: str
    at: datetime


@dataclass(frozen=True)
class Taken:
    """A step that somebody wants to take."""

    step: str
    reason: str
    second: str = ""
    confirmed: bool = False
    """The person has agreed once more, to exactly this."""


def present_step(session: Session, case_id: str, *, lock: bool = False) -> Step:
    """Return how far a report has come; locked, nobody else can take a step meanwhile."""
    if lock:
        session.get_one(Case, case_id, with_for_update=True, populate_existing=True)
    taken = steps(session, case_id)
    return Step(taken[-1].step) if taken else Step.RECEIVED


def steps(session: Session, case_id: str) -> Sequence[ReprisalStep]:
    """Return the steps of a report in their order."""
    wanted = select(ReprisalStep).where(ReprisalStep.case_id == case_id)
    return session.exec(wanted.order_by(col(ReprisalStep.number))).all()


def problems(present: Step, taken: Taken, officer: str, *, colleagues: Sequence[str]) -> list[str]:
    """Return why a step cannot be taken: keys below `reprisal.problems`; none if it can."""
    if taken.step not in WAYS[present]:
        return ["no_way"]
    step, found = Step(taken.step), []
    if not taken.reason.strip() or len(taken.reason) > LONGEST_REASON:
        found.append("reason")
    if step in SECOND_PERSON and (taken.second == officer or taken.second not in colleagues):
        found.append("second")
    if step in CONFIRMED_AGAIN and not taken.confirmed:
        found.append("confirmed")
    return found


def take_step(
    session: Session, case: Case, taken: Taken, officer: str, *, now: datetime
) -> ReprisalStep:
    """Write a step down; `problems` has found none in it."""
    present = present_step(session, case.id)
    step = Step(taken.step)
    row = ReprisalStep(
        id=secrets.token_hex(16),
        case_id=case.id,
        number=len(steps(session, case.id)) + 1,
        came_from=present,
        step=step,
        officer=officer,
        second=taken.second if step in SECOND_PERSON else None,
        reason=taken.reason.strip(),
        at=now,
    )
    session.add(row)
    return row
