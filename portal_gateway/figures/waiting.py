"""What waits for an officer, and how long it has waited."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from portal_gateway.cases import Case, CaseState
from portal_gateway.follow_ups import FollowUp

WAITS = (CaseState.NEW, CaseState.IN_REVIEW, CaseState.PASSED, CaseState.WROTE_AGAIN)
"""States in which the next step is an officer's."""
AGES: Mapping[str, timedelta] = {
    "days_2": timedelta(days=2),
    "days_7": timedelta(days=7),
    "days_30": timedelta(days=30),
    "older": timedelta.max,
}
"""How long a case has waited at most; each has a text below `handing_on.overview.ages`."""


@dataclass(frozen=True)
class Waiting:
    """One case that waits."""

    queue: str
    language: str
    since: datetime


@dataclass(frozen=True)
class Line:
    """How many cases of one kind wait, by how long."""

    name: str
    counts: Mapping[str, int]
    longest: int
    """Days."""

    @property
    def total(self) -> int:
        """How many wait together."""
        return sum(self.counts.values())


def waiting_cases(session: Session, queues: Collection[str]) -> list[Waiting]:
    """Return every case of some queues that waits for an officer."""
    last = select(FollowUp.case_id, func.max(FollowUp.received_at)).group_by(FollowUp.case_id)
    wrote_again = dict(session.exec(last).all())
    wanted = select(Case).where(col(Case.state).in_(WAITS), col(Case.queue).in_(queues))
    found = []
    for case in session.exec(wanted).all():
        again = wrote_again.get(case.id) if case.state == CaseState.WROTE_AGAIN else None
        found.append(Waiting(case.queue, case.language, again or case.registered_at))
    return found


def lines(cases: Iterable[Waiting], by: str, *, now: datetime) -> list[Line]:
    """Return how many wait by how long; those with the longest wait first.

    Args:
        cases: What waits.
        by: "queue" or "language".
        now: The moment.
    """
    ages: dict[str, list[timedelta]] = {}
    for case in cases:
        ages.setdefault(getattr(case, by), []).append(now - case.since)
    found = [
        Line(name, _counted(waits), max(wait.days for wait in waits))
        for name, waits in ages.items()
    ]
    return sorted(found, key=lambda line: (-line.longest, line.name))


def _counted(waits: list[timedelta]) -> dict[str, int]:
    counts = dict.fromkeys(AGES, 0)
    for wait in waits:
        counts[next(age for age, most in AGES.items() if wait <= most)] += 1
    return counts
