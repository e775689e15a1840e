"""Reckoning: is everything that was promised there, once, and nothing where it must not be?"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session, col, func, select

from portal_api.database import create_engine
from portal_api.replies.tables import StoredReply
from portal_api.submissions.tables import Submission, SubmissionChunk
from portal_gateway.arrivals import WAITING_FOR_A_PERSON, Arrival, ArrivalState, try_again
from portal_gateway.audit_check import verify
from portal_gateway.cases import Attachment, Case
from portal_gateway.connectors.outbox import redrive
from portal_gateway.connectors.tables import EntryState, OutboxEntry
from portal_gateway.database import connect, transaction
from portal_gateway.replies import Parcel, Reply
from portal_protocol.chunks import is_chunk_name
from portal_protocol.errors import ProtocolError
from portal_protocol.receipts import open_receipt
from portal_protocol.replies import open_reply
from tests.kills.staging import Stage
from tests.kills.writing import Letter, read_letters, serials
from tests.portal_api.running import Watch

MOST_NAMED = 5
"""Examples of each kind of trouble."""


@dataclass
class Reckoning:
    """What was counted, and what is wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    """Examples of what must not be, by kind; empty if everything is as it was promised."""

    def must_be_none(self, kind: str, found: Iterable[object]) -> None:
        """Note what must not be."""
        named = sorted(str(one) for one in found)
        self.counts[kind] = len(named)
        if named:
            self.wrong[kind] = named[:MOST_NAMED]


def is_over(stage: Stage) -> bool:
    """Tell whether nothing is left to do for the gateway by itself."""
    with closing(_read_only(stage.protected / "register.sqlite")) as register:
        due = "SELECT count(*) FROM arrival WHERE due IS NOT NULL"
        parcels = "SELECT count(*) FROM parcel WHERE delivered_at IS NULL"
        unqueued = 'SELECT count(*) FROM "case" WHERE id NOT IN (SELECT case_id FROM outbox_entry)'
        entries = "SELECT count(*) FROM outbox_entry WHERE state = 'waiting'"
        left = [register.execute(sql).fetchone()[0] for sql in (due, parcels, unqueued, entries)]
    with closing(_read_only(stage.public / "portal.sqlite")) as portal:
        waiting = "SELECT count(*) FROM submission WHERE acknowledged_on IS NULL"
        left.append(portal.execute(waiting).fetchone()[0])
    return left == [0] * len(left)


def try_again_by_hand(stage: Stage) -> Counter[str]:
    """Do what an officer does with what five attempts in a row ended badly for.

    Returns:
        How many there were, by what was wrong.
    """
    engine = connect(stage.gateway.database_url)
    with transaction(engine) as session:
        aside = session.exec(select(Arrival).where(col(Arrival.state).in_(WAITING_FOR_A_PERSON)))
        unexpected = [one.id for one in aside if one.reason == "unexpected"]
        for submission in unexpected:
            try_again(session, submission, now=stage.clock())
        dead, _ = redrive(session, now=stage.clock())
    engine.dispose()
    return Counter(set_aside=len(unexpected), undeliverable=dead)


def is_purged(stage: Stage) -> bool:
    """Tell whether nothing of any submission is left in the public zone."""
    with closing(_read_only(stage.public / "portal.sqlite")) as portal:
        sql = "SELECT (SELECT count(*) FROM submission) + (SELECT count(*) FROM submission_chunk)"
        (rows,) = portal.execute(sql).fetchone()
    return rows == 0 and not _pieces(stage)


def reckon(stage: Stage, marker: str, found: set[str]) -> Reckoning:
    """Compare what families were promised with what both zones and the receiver have.

    Args:
        stage: Where everything is; nobody runs any more.
        marker: What every letter has in it.
        found: Files of the public zone in which it was seen meanwhile.
    """
    result = Reckoning()
    written = read_letters(stage.homes / "written")
    receipts = read_letters(stage.homes / "receipts")
    result.counts.update(letters=len(written), receipts=len(receipts))
    _reckon_register(stage, written, receipts, result)
    _reckon_steps(stage, result)
    _reckon_receiver(stage, result)
    _reckon_mailboxes(stage, result)
    watch, inside = Watch(stage.public, [marker]), Watch(stage.protected, [marker])
    watch.look()
    inside.look()
    result.must_be_none("readable_in_the_public_zone", watch.found | found)
    # The same look finds it where it belongs; otherwise it would prove nothing.
    result.must_be_none("unseen_in_the_register", [] if inside.found else ["marker"])
    return result


def _reckon_register(
    stage: Stage, written: list[Letter], receipts: list[Letter], result: Reckoning
) -> None:
    engine = connect(stage.gateway.database_url)
    with transaction(engine) as session:
        cases = session.exec(select(Case)).all()
        photos = session.exec(select(Attachment)).all()
    engine.dispose()
    kept = Counter(serial for one in cases for serial in serials(one.answers["message"]))
    submissions = Counter(one.submission_id for one in cases)
    promised = [one for one in receipts if not _is_promised(stage, one, result)]
    result.must_be_none("receipts_not_ours", promised)
    lost = {one.serial for one in receipts if not kept[one.serial]}
    lost |= {one.serial for one in receipts if one.id and not submissions[one.id]}
    result.must_be_none("lost", lost)
    result.must_be_none("doubled", [serial for serial, times in kept.items() if times > 1])
    result.must_be_none("written_by_nobody", kept.keys() - {one.serial for one in written})
    opened = stage.gateway.attachments / "opened"
    by_case = {one.id: one.submission_id for one in cases}
    missing = [
        one.name
        for one in photos
        if not (opened / by_case[one.case_id] / str(one.position)).is_file()
    ]
    result.must_be_none("photos_lost", missing)
    result.counts.update(cases=len(cases), photos=len(photos))


def _is_promised(stage: Stage, letter: Letter, result: Reckoning) -> bool:
    if not letter.id:
        result.counts["receipts_without_script"] += 1
        return True
    try:
        open_receipt(letter.note, stage.office.receipts.verify_key, submission_id=letter.id)
    except ProtocolError:
        return False
    return True


def _reckon_steps(stage: Stage, result: Reckoning) -> None:
    """Look at what the gateway has left over: nothing may be half done."""
    engine = connect(stage.gateway.database_url)
    with transaction(engine) as session:
        arrivals = session.exec(select(Arrival.id, Arrival.state, Arrival.reason)).all()
        replies = session.exec(select(Reply.case_id, func.count()).group_by(Reply.case_id)).all()
        cases = set(session.exec(select(Case.id)))
        unsent = session.exec(select(Parcel.id).where(col(Parcel.delivered_at).is_(None))).all()
        undelivered = session.exec(
            select(OutboxEntry.case_id, OutboxEntry.state).where(
                OutboxEntry.state != EntryState.DELIVERED
            )
        ).all()
    verdict = verify(engine)
    engine.dispose()
    result.must_be_none("not_done", [one for one in arrivals if one[1] != ArrivalState.DONE])
    answered = {case: times for case, times in replies if times == 1}
    result.must_be_none("not_answered_once", cases ^ answered.keys())
    result.must_be_none("answers_not_sent", unsent)
    result.must_be_none("not_delivered", undelivered)
    result.must_be_none("audit_broken", verdict.found)
    sealed = stage.gateway.attachments / "sealed"
    result.must_be_none("sealed_bytes_left", sealed.glob("[0-9a-f]*/*"))
    result.counts["audit_rows"] = verdict.rows


def _reckon_receiver(stage: Stage, result: Reckoning) -> None:
    with closing(_read_only(stage.received)) as received:
        messages = received.execute("SELECT body, times FROM message").fetchall()
        contradictions = received.execute("SELECT id FROM contradiction").fetchall()
    subjects = Counter(json.loads(body)["subject"] for body, _ in messages)
    engine = connect(stage.gateway.database_url)
    with transaction(engine) as session:
        handed = session.exec(select(OutboxEntry.message_id)).all()
    engine.dispose()
    result.must_be_none("contradictions", contradictions)
    result.must_be_none("received_twice", [one for one, times in subjects.items() if times > 1])
    result.must_be_none("not_received", range(len(handed) - len(messages)))
    result.must_be_none("received_without_case", range(len(messages) - len(handed)))
    result.counts["received"] = len(messages)
    result.counts["told_again"] = sum(times - 1 for _, times in messages)


def _reckon_mailboxes(stage: Stage, result: Reckoning) -> None:
    """Look for each family's answers, as its code opens them."""
    engine = create_engine(stage.api.database_url)
    with Session(engine) as session:
        kept = session.exec(select(StoredReply)).all()
        rows = [*session.exec(select(Submission.id)), *session.exec(select(SubmissionChunk.chunk))]
    engine.dispose()
    register = connect(stage.gateway.database_url)
    with transaction(register) as session:
        cases = Counter(session.exec(select(Case.mailbox_id)))
    register.dispose()
    stored = Counter(one.mailbox for one in kept if one.mailbox in cases)
    differ = [box for box in cases if cases[box] != stored[box]]
    result.must_be_none("answers_lost_or_doubled", differ)
    wrong = []
    for family in stage.families:
        box = family.mailbox
        key = stage.office.replies.verify_key
        mine = [one.data for one in kept if one.mailbox == box.id]
        numbers = [open_reply(one, box.identity, key, mailbox_id=box.id).seq for one in mine]
        wrong += [box.id] if sorted(numbers) != [*range(1, len(numbers) + 1)] else []
    result.must_be_none("answers_misnumbered", wrong)
    result.must_be_none("not_purged", [*rows, *_pieces(stage)])
    unfinished = [*stage.api.blobs.rglob("*.part")]
    result.counts.update(answers=sum(stored.values()), unfinished_pieces=len(unfinished))


def _pieces(stage: Stage) -> list[Path]:
    return [one for one in stage.api.blobs.rglob("*") if is_chunk_name(one.name)]


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
