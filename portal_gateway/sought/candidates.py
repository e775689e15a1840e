"""Requests that may seek the same person as another one, for an officer to look at."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from portal_gateway.cases import Case
from portal_gateway.names.compare import SAME_PART, Likeness, compare
from portal_gateway.names.words import parts_of
from portal_gateway.sought.keys import cases_with, index_missing, keys_of
from portal_gateway.sought.linkage import Weighed, name_likeness, weigh
from portal_gateway.sought.persons import judged
from portal_gateway.sought.records import SEARCH, names_of, record_of

LIKELY_ENOUGH = 0.25
"""From here on two requests are shown as candidates: a look costs little, a family missed much."""
MOST_COMPARED = 500
MOST_SHOWN = 10
MOST_FOUND = 50


@dataclass(frozen=True)
class Candidate:
    """A request that may seek the same person."""

    case: Case
    weighed: Weighed
    names: Likeness


def candidates(session: Session, case: Case, allowed: Any) -> list[Candidate]:
    """Return the requests that an officer should look at beside this one, the likeliest first.

    Args:
        session: Transaction of the request.
        case: A request; of another kind nothing is found.
        allowed: Condition for the cases that the officer may read.
    """
    if case.type != SEARCH:
        return []
    index_missing(session)
    own = record_of(case)
    if own.name is None:
        return []
    shared = cases_with(session, {key for name in names_of(case) for key in keys_of(name)})
    nearest = _nearest(shared, leave_out={case.id, *judged(session, case.id)})
    wanted = select(Case).where(col(Case.id).in_(nearest), Case.type == SEARCH, allowed)
    others = {other.id: other for other in session.exec(wanted).all()}
    records = {other.id: record_of(other) for other in others.values()}
    return [
        Candidate(others[one.id], one, name_likeness(own.name, records[one.id].name or '[""]'))
        for one in weigh(own, list(records.values()))
        if one.probability >= LIKELY_ENOUGH
    ][:MOST_SHOWN]


def found_by_name(session: Session, typed: str, allowed: Any) -> list[Case]:
    """Return the requests for somebody of a name, in any spelling or script, the likest first.

    Args:
        session: Transaction of the request.
        typed: One part of a name, or several.
        allowed: Condition for the cases that the officer may read.
    """
    if not parts_of(typed):
        return []
    index_missing(session)
    nearest = _nearest(cases_with(session, keys_of(typed)), leave_out=set())
    wanted = select(Case).where(col(Case.id).in_(nearest), Case.type == SEARCH, allowed)
    scored = [(_fits(typed, case), case) for case in session.exec(wanted).all()]
    fitting = sorted((one for one in scored if one[0] > 0), key=lambda one: (-one[0], one[1].id))
    return [case for _, case in fitting[:MOST_FOUND]]


def _nearest(shared: dict[str, int], leave_out: set[str]) -> list[str]:
    left = sorted(
        (-count, case_id) for case_id, count in shared.items() if case_id not in leave_out
    )
    return [case_id for _, case_id in left[:MOST_COMPARED]]


def _fits(typed: str, case: Case) -> float:
    """Return how well a case answers a search: every part typed has to be in one of its names."""
    return max((_parts_found(typed, name) for name in names_of(case)), default=0.0)


def _parts_found(typed: str, name: str) -> float:
    there = parts_of(name)
    best = [
        max((compare(part.written, other.written).score for other in there), default=0.0)
        for part in parts_of(typed)
    ]
    return sum(best) / len(best) if min(best) >= SAME_PART else 0.0
