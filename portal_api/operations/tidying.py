"""What is over is forgotten: submissions, pieces nobody named, answers nobody read, seats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from sqlalchemy import Engine
from sqlmodel import Session

from portal_api.chunks.storage import ChunkStore
from portal_api.operations.events import Event, record
from portal_api.replies import service as replies
from portal_api.seats import service as seats
from portal_api.settings import ApiSettings
from portal_api.submissions import keeping
from portal_api.writer import Writer
from portal_content.briefings.definition import Briefing

TOGETHER = 50
"""Things that are deleted in one transaction; those who send must not wait long."""
DAY_HOURS = 24


@dataclass(frozen=True)
class Tidying:
    """What tidying needs."""

    engine: Engine
    writer: Writer
    chunks: ChunkStore
    settings: ApiSettings
    briefings: Mapping[str, Briefing] = field(default_factory=dict)
    """Meetings whose seats are counted here."""


def tidy(tidying: Tidying, *, today: date) -> None:
    """Forget everything whose days are over. Safe to run at any time, and to repeat."""
    settings = tidying.settings
    grace = today - timedelta(days=settings.acknowledged_grace_days)
    submissions = _forget_acknowledged(tidying, before=grace)
    # Only days are known of a piece: one more makes sure that its hours are over.
    waited = -(-settings.unreferenced_chunk_hours // DAY_HOURS)
    pieces = _sweep(tidying, before=today - timedelta(days=waited))
    mailbox = today - timedelta(days=settings.mailbox_days)
    answers = tidying.writer.run(lambda session: replies.forget_old(session, before=mailbox))
    tidying.chunks.remove_unfinished()
    places = _tidy_seats(tidying, today=today)
    if submissions or pieces or answers or places:
        _rewrite(tidying.engine)
        counts = {"submissions": submissions, "pieces": pieces, "answers": answers}
        record(Event.TIDIED, **counts, seats=places)


def _forget_acknowledged(tidying: Tidying, *, before: date) -> int:
    forgotten = 0
    while True:
        count = tidying.writer.run(
            lambda session: keeping.forget_acknowledged(
                session, tidying.chunks, before=before, limit=TOGETHER
            )
        )
        forgotten += count
        if count < TOGETHER:
            return forgotten


def _tidy_seats(tidying: Tidying, *, today: date) -> int:
    """Give back seats that no submission stands behind, forget those of meetings long over."""
    settings, briefings = tidying.settings, tidying.briefings
    midnight = datetime.combine(today, time(), tzinfo=UTC)
    unconfirmed = today - timedelta(days=settings.unconfirmed_seat_days)
    over = midnight - timedelta(days=settings.seat_days_after)

    def work(session: Session) -> int:
        released = seats.release_unconfirmed(session, briefings, before=unconfirmed, now=midnight)
        return released + seats.forget_over(session, briefings, before=over)

    return tidying.writer.run(work)


def _sweep(tidying: Tidying, *, before: date) -> int:
    stale = tidying.chunks.stale(before=before)
    swept = 0
    while candidates := list(islice(stale, TOGETHER)):
        swept += tidying.writer.run(_sweeping(tidying.chunks, candidates, before))
    return swept


def _sweeping(chunks: ChunkStore, candidates: list[str], before: date) -> Callable[[Session], int]:
    return lambda session: keeping.sweep(session, chunks, candidates, before=before)


def _rewrite(engine: Engine) -> None:
    """Write the SQLite file anew: in the order of its keys, without what was deleted.

    Pages are handed out in the order of arrival, and the log before the file holds old pages;
    both would tell a thief more than the tables do.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()  # this cannot be done within a transaction
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        connection.close()
