"""Delivering: one entry of the outbox becomes one message, and what came of it is written down."""

import hashlib
import json
import logging
import random
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from portal_gateway.cases import Case
from portal_gateway.clock import current_moment
from portal_gateway.connectors.consent import filtered
from portal_gateway.connectors.documents import File, erased, whole_case
from portal_gateway.connectors.interface import (
    Connector,
    HandedFile,
    Message,
    NotDelivered,
    NotNow,
    Receipt,
    Refused,
)
from portal_gateway.connectors.outbox import (
    Chance,
    Claimed,
    claim_next,
    close,
    note_failure,
    note_success,
    queue_missing,
)
from portal_gateway.connectors.tables import EntryState, HandedOver
from portal_gateway.connectors.telling import Telling
from portal_gateway.database import save_once, transaction
from portal_gateway.protected_files import ProtectedFiles

log = logging.getLogger(__name__)

MOST_IN_A_TURN = 200
"""Deliveries to one receiver before the next one has its turn."""


@dataclass(frozen=True)
class Sending:
    """Everything deliveries are made with."""

    engine: Engine
    opened: ProtectedFiles
    connectors: Sequence[Connector]
    telling: Telling | None
    """Tells families the numbers of their cases; none if nobody is told."""
    chance: Chance = field(default=random.SystemRandom().random)


@dataclass(frozen=True)
class Delivered:
    """A message that a receiver has taken."""

    claimed: Claimed
    message: Message
    receipt: Receipt
    content: str | None
    """Digest of what the message tells, without its version."""


def run_deliveries(
    sending: Sending,
    stop: threading.Event,
    *,
    pause_seconds: float,
    clock: Callable[[], datetime] = current_moment,
) -> None:
    """Take turns until told to stop; a delivery under way is ended first."""
    while not stop.is_set():
        try:
            deliver_turn(sending, clock=clock, stop=stop)
        except Exception as error:  # noqa: BLE001 (the worker loop: it must outlive any mistake)
            # The class only: a message could quote what somebody wrote.
            log.error("deliveries_failed error=%s", type(error).__name__)  # noqa: TRY400 (as above)
        stop.wait(pause_seconds)


def deliver_turn(
    sending: Sending, *, clock: Callable[[], datetime], stop: threading.Event | None = None
) -> int:
    """Bring every receiver what is due; return how many attempts were made."""
    made = 0
    for connector in sending.connectors:
        queue_missing(sending.engine, connector.name, now=clock())
        for _ in range(MOST_IN_A_TURN):
            if stop is not None and stop.is_set():
                return made
            if not deliver_next(sending, connector, now=clock()):
                break
            made += 1
    return made


def deliver_next(sending: Sending, connector: Connector, *, now: datetime) -> bool:
    """Bring a receiver the entry that has waited longest.

    Returns:
        False if none was due.
    """
    claimed = claim_next(sending.engine, connector.name, now=now)
    if claimed is None:
        return False
    try:
        if claimed.exhausted:
            raise Refused("unexpected")
        message, content = _message(sending, connector, claimed)
        if isinstance(message, EntryState):
            _close_unsent(sending.engine, claimed, message, now=now)
            return True
        receipt = connector.deliver(message, now=now)
    except NotDelivered as why:
        note_failure(sending.engine, claimed, why, now=now, chance=sending.chance)
        log.warning("not_delivered connector=%s reason=%s", connector.name, why.reason)
        return True
    except OSError as error:
        # A full disk or a file that cannot be read is no fault of the message.
        why_not = NotNow("this_machine", type(error).__name__)
        note_failure(sending.engine, claimed, why_not, now=now, chance=sending.chance)
        return True
    delivered = Delivered(claimed, message, receipt, content)
    _close_delivered(sending, connector, delivered, now=now)
    return True


def _message(
    sending: Sending, connector: Connector, claimed: Claimed
) -> tuple[Message | EntryState, str | None]:
    """Put together what a receiver is told, and save that it may know of the case from now on.

    Only the newest version is ever sent: what was taken back since an older one was queued must
    not go out, and one id must not stand for two contents.

    Returns:
        The message and the digest of its content; how the entry ends if there is nothing to say.
    """
    with transaction(sending.engine) as session:
        row = _handed_over(session, claimed)
        case = session.get_one(Case, claimed.case_id)
        whole = whole_case(session, case, document_id=row.document_id)
        if whole.version != claimed.version:
            return EntryState.SUPERSEDED, None
        document = filtered(whole.document, whole.given, connector.recipient)
        content = None if document is None else _digest(document)
        if _knows_already(row, content):
            return EntryState.WITHHELD, None
        files = () if document is None else _files(sending.opened, document, whole.files)
        document = document or erased(row.document_id, claimed.version)
        message = Message(claimed.message_id, document, files, row.part_id, row.seen, row.number)
        # From the first byte on, nobody can say what the receiver knows until it has answered.
        row.seen, row.erased, row.content_sha256 = True, False, None
    return message, content


def _knows_already(row: HandedOver, content: str | None) -> bool:
    """Tell whether there is nothing to forget, or nothing new that a message could tell."""
    if content is None:
        return row.erased or not row.seen
    return content == row.content_sha256


def _handed_over(session: Session, claimed: Claimed) -> HandedOver:
    save_once(
        session,
        HandedOver(
            case_id=claimed.case_id,
            connector=claimed.connector,
            document_id=str(uuid.uuid4()),
            part_id=str(uuid.uuid4()),
        ),
    )
    return session.get_one(HandedOver, (claimed.case_id, claimed.connector))


def _files(
    opened: ProtectedFiles, document: Mapping[str, Any], files: Sequence[File]
) -> tuple[HandedFile, ...]:
    listed = document.get("files", ())
    return tuple(
        HandedFile(
            entry["purpose"],
            entry["media_type"],
            entry["size"],
            entry["sha256"],
            _reader(opened, file),
        )
        for entry, file in zip(listed, files if listed else (), strict=True)
    )


def _reader(opened: ProtectedFiles, file: File) -> Callable[[], bytes]:
    return lambda: opened.read(file.submission_id, str(file.position))


def _digest(document: Mapping[str, Any]) -> str:
    said = {name: value for name, value in document.items() if name != "version"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _close_unsent(engine: Engine, claimed: Claimed, state: EntryState, *, now: datetime) -> None:
    with transaction(engine) as session:
        close(session, claimed, state, now=now)


def _close_delivered(
    sending: Sending, connector: Connector, done: Delivered, *, now: datetime
) -> None:
    claimed, receipt = done.claimed, done.receipt
    with transaction(sending.engine) as session:
        note_success(session, claimed.connector, now=now)
        if not close(session, claimed, EntryState.DELIVERED, now=now):
            return
        row = session.get_one(HandedOver, (claimed.case_id, claimed.connector))
        row.erased, row.content_sha256 = done.message.erases, done.content
        if receipt.number and not row.number and sending.telling:
            sending.telling.number(session, connector, claimed.case_id, receipt.number, now=now)
        row.number = receipt.number or row.number
        row.left_out, row.delivered_at = len(receipt.left_out), now
