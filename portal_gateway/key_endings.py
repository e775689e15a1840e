"""The end of a key: what may still be sealed to it, and the record that it was destroyed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from portal_gateway.arrivals import Arrival, ArrivalState
from portal_gateway.audit import Action, AuditEntry, record
from portal_gateway.database import transaction
from portal_gateway.protected_files import ENVELOPE, ProtectedFiles
from portal_protocol.age import Identity, read_header
from portal_protocol.errors import AgeError


@dataclass(frozen=True)
class Left:
    """A submission that might never be opened again without the key."""

    submission: str
    state: ArrivalState
    reason: str
    """Why it waits or was set aside, if there is a reason."""


@dataclass(frozen=True)
class Ended:
    """A key that was destroyed, as the audit tells."""

    name: str
    fingerprint: str
    at: datetime
    officer: str


def left_for(engine: Engine, sealed: ProtectedFiles, identity: Identity) -> list[Left]:
    """List the submissions that are not imported and acknowledged and may need a key.

    What lies here is tried; what has not come yet nobody can try, so it counts.

    Args:
        engine: The register.
        sealed: What lies here as it came.
        identity: The key.
    """
    with transaction(engine) as session:
        wanted = select(Arrival).where(Arrival.state != ArrivalState.DONE).order_by(col(Arrival.id))
        arrivals = session.exec(wanted).all()
    return [
        Left(one.id, ArrivalState(one.state), one.reason or "")
        for one in arrivals
        if _may_need(sealed, one.id, identity)
    ]


def record_end(
    engine: Engine,
    name: str,
    fingerprint: str,
    *,
    at: datetime,
    officer: str,
    given_up: Collection[str] = (),
) -> None:
    """Write down that a key is destroyed, before it is: no key ends without its row."""
    with transaction(engine) as session:
        record(
            session,
            Action.KEY_DESTROYED,
            at=at,
            actor=officer,
            subject=name,
            fingerprint=fingerprint,
            given_up=sorted(given_up),
        )


def ended_keys(session: Session) -> list[Ended]:
    """Return every key that was destroyed, the oldest first."""
    wanted = select(AuditEntry).where(AuditEntry.action == Action.KEY_DESTROYED)
    rows = session.exec(wanted.order_by(col(AuditEntry.number))).all()
    return [
        Ended(row.subject, str(row.detail.get("fingerprint", "")), row.at, row.actor or "")
        for row in rows
    ]


def _may_need(sealed: ProtectedFiles, submission: str, identity: Identity) -> bool:
    if not sealed.has(submission, ENVELOPE):
        return True
    try:
        header = read_header(sealed.read(submission, ENVELOPE))
        return any(identity.unwrap(stanza) is not None for stanza in header.stanzas)
    except AgeError:
        # Nobody opens what is no age file; no key is needed for it.
        return False
