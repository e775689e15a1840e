"""Figures of a year for reports: kinds of forms by language, of those who agreed to be counted."""

from collections import Counter
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from portal_gateway.cases import Case, Consent
from portal_gateway.connectors.documents import DELETE
from portal_gateway.figures.suppression import Cell, Published, publish
from portal_gateway.follow_ups import ConsentChange, FollowUp

STATISTICS = "C10"


def years(session: Session) -> list[int]:
    """Return the years in which cases came, the newest first."""
    first, last = (
        session.exec(select(col(Case.registered_at)).order_by(order).limit(1)).first()
        for order in (col(Case.registered_at), col(Case.registered_at).desc())
    )
    if first is None or last is None:
        return []
    return list(range(last.year, first.year - 1, -1))


def figures_of(session: Session, year: int) -> Published:
    """Return how many people wrote in a year, by kind of form and language."""
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    agreed = _who_agreed(session)
    wanted = select(Case.id, Case.type, Case.language).where(
        col(Case.registered_at) >= start, col(Case.registered_at) < end
    )
    counts: Counter[Cell] = Counter()
    for case_id, kind, language in session.exec(wanted).all():
        if case_id in agreed:
            counts[kind, language] += 1
    rows = sorted({kind for kind, _ in counts})
    columns = sorted({language for _, language in counts})
    return publish(counts, rows, columns)


def _who_agreed(session: Session) -> set[str]:
    """Return the cases whose people agree to be counted now."""
    first = select(Consent.case_id).where(
        Consent.consent_id == STATISTICS, col(Consent.given).is_(True)
    )
    agreed = set(session.exec(first).all())
    later = (
        select(FollowUp.case_id, ConsentChange.given)
        .join(ConsentChange, col(ConsentChange.follow_up_id) == col(FollowUp.id))
        .where(ConsentChange.consent_id == STATISTICS)
        .order_by(col(FollowUp.number))
    )
    for case_id, given in session.exec(later).all():
        (agreed.add if given else agreed.discard)(case_id)
    for case_id, answers in session.exec(select(FollowUp.case_id, FollowUp.answers)).all():
        if answers.get("closing") == DELETE:
            agreed.discard(case_id)
    return agreed
