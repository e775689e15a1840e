"""What happens to submissions after they were accepted: handed over, acknowledged, forgotten."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, delete, func, select, update

from portal_api.chunks.guard import sweep_alone
from portal_api.chunks.storage import ChunkStore
from portal_api.submissions.tables import Submission, SubmissionChunk


def waiting(session: Session, *, limit: int, after: str = "") -> list[str]:
    """Return ids of submissions that are not acknowledged, sorted: the order says nothing.

    Args:
        session: A transaction.
        limit: How many at most.
        after: Only ids behind this one, so that some the gateway cannot take hide no others.
    """
    return list(
        session.exec(
            select(Submission.id)
            .where(col(Submission.acknowledged_on).is_(None), col(Submission.id) > after)
            .order_by(col(Submission.id))
            .limit(limit)
        )
    )


def count_waiting(session: Session) -> int:
    """Return how many submissions are not acknowledged."""
    return session.exec(
        select(func.count())
        .select_from(Submission)
        .where(col(Submission.acknowledged_on).is_(None))
    ).one()


def find(session: Session, submission_id: str) -> Submission | None:
    """Return a submission, or none."""
    return session.get(Submission, submission_id)


def acknowledge(session: Session, submission_id: str, *, today: date) -> None:
    """Note that the gateway has a submission; a repeat, or an unknown id, changes nothing."""
    session.exec(
        update(Submission)
        .where(col(Submission.id) == submission_id, col(Submission.acknowledged_on).is_(None))
        .values(acknowledged_on=today)
    )


def forget_acknowledged(session: Session, chunks: ChunkStore, *, before: date, limit: int) -> int:
    """Delete submissions that were acknowledged before a day, with the pieces only they name.

    Returns:
        How many were deleted; call again while it is the limit.
    """
    sweep_alone(session)
    ids = session.exec(
        select(Submission.id)
        .where(col(Submission.acknowledged_on) < before)
        .order_by(col(Submission.id))
        .limit(limit)
    ).all()
    named = select(SubmissionChunk.chunk).where(col(SubmissionChunk.submission).in_(ids))
    names = session.exec(named.distinct()).all()
    session.exec(delete(SubmissionChunk).where(col(SubmissionChunk.submission).in_(ids)))
    session.exec(delete(Submission).where(col(Submission.id).in_(ids)))
    chunks.remove(_unnamed(session, names))
    return len(ids)


def sweep(session: Session, chunks: ChunkStore, candidates: Sequence[str], *, before: date) -> int:
    """Delete pieces that no submission names and nobody has asked for since before a day.

    Returns:
        How many were deleted.
    """
    sweep_alone(session)
    still_stale = chunks.stale_among(candidates, before=before)
    gone = _unnamed(session, still_stale)
    chunks.remove(gone)
    return len(gone)


def _unnamed(session: Session, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    named = set(
        session.exec(
            select(SubmissionChunk.chunk).where(col(SubmissionChunk.chunk).in_(names)).distinct()
        )
    )
    return [name for name in names if name not in named]
