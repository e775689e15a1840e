"""What officers decide: two requests seek one person, or not. Only people do; all can be undone."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, or_, select

from portal_gateway.cases import Case, new_reference
from portal_gateway.database import JUDGEMENT_LOCK, in_turn
from portal_gateway.replies import new_id
from portal_gateway.sought.rows import Judgement, SoughtBy, SoughtPerson, Verdict


@dataclass(frozen=True)
class Decision:
    """What an officer says of two requests."""

    one: str
    other: str
    verdict: Verdict
    officer: str


def judge(session: Session, decision: Decision, *, now: datetime) -> bool:
    """Keep what an officer says, and put requests for one person together or apart.

    Returns:
        Whether it is new: the same said twice is kept once.
    """
    one, other = sorted((decision.one, decision.other))
    # Two decisions can meet over requests that neither of them names: all have one queue.
    in_turn(session, JUDGEMENT_LOCK)
    before = _about(session, one, other)
    held = before[-1].verdict if before else Verdict.OPEN
    if held == decision.verdict:
        return False
    session.add(
        Judgement(
            id=new_id(), number=len(before) + 1, one=one, other=other,
            verdict=decision.verdict, officer=decision.officer, at=now,
        )
    )  # fmt: skip
    session.flush()
    _regroup(session, {one, other}, now=now)
    return True


def standing(session: Session, case_id: str) -> dict[str, Judgement]:
    """Return what holds of a request and others, by the other's reference; undone ones too."""
    wanted = select(Judgement).where(or_(Judgement.one == case_id, Judgement.other == case_id))
    newest: dict[str, Judgement] = {}
    for row in session.exec(wanted.order_by(col(Judgement.number))).all():
        newest[row.other if row.one == case_id else row.one] = row
    return newest


def judged(session: Session, case_id: str) -> set[str]:
    """Return the requests of which an officer has said what they are to this one."""
    held = standing(session, case_id)
    return {other for other, row in held.items() if row.verdict != Verdict.OPEN}


def family_of(session: Session, case_id: str) -> list[Case]:
    """Return every other request that seeks the same person, in the order of arrival."""
    link = session.get(SoughtBy, case_id)
    if link is None:
        return []
    wanted = (
        select(Case)
        .join(SoughtBy, col(SoughtBy.case_id) == col(Case.id))
        .where(SoughtBy.person_id == link.person_id, Case.id != case_id)
        .order_by(col(Case.registered_at), col(Case.id))
    )
    return list(session.exec(wanted).all())


def _about(session: Session, one: str, other: str) -> list[Judgement]:
    wanted = select(Judgement).where(Judgement.one == one, Judgement.other == other)
    return list(session.exec(wanted.order_by(col(Judgement.number))).all())


def _regroup(session: Session, cases: Iterable[str], *, now: datetime) -> None:
    """Make the records of persons again from what holds, for everybody whom a decision touches."""
    touched = set(cases)
    touched |= {one.id for case in cases for one in family_of(session, case)}
    kept = {case: link.person_id for case in touched if (link := session.get(SoughtBy, case))}
    session.exec(delete(SoughtBy).where(col(SoughtBy.case_id).in_(touched)))
    session.flush()
    used: set[str] = set()
    left = set(touched)
    while left:
        together = _connected(session, min(left))
        left -= together
        if len(together) == 1:
            continue
        person = next((kept[c] for c in sorted(together) if kept.get(c, "") not in {"", *used}), "")
        person = person or _new_person(session, now=now)
        used.add(person)
        session.exec(delete(SoughtBy).where(col(SoughtBy.case_id).in_(together)))
        session.add_all(SoughtBy(case_id=case, person_id=person) for case in sorted(together))
    session.flush()
    for person in set(kept.values()) - used:
        session.exec(delete(SoughtPerson).where(col(SoughtPerson.id) == person))


def _connected(session: Session, case_id: str) -> set[str]:
    """Return a request with all that officers have put together with it, over any others."""
    found, waiting = {case_id}, deque([case_id])
    while waiting:
        for other, row in standing(session, waiting.popleft()).items():
            if row.verdict == Verdict.SAME and other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _new_person(session: Session, *, now: datetime) -> str:
    person = SoughtPerson(id=new_reference(), made_at=now)
    session.add(person)
    session.flush()
    return person.id
