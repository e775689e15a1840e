"""Accepting and sweeping must not pass each other: what a receipt stands for is never swept.

On SQLite one thread writes, so both are in turn anyway. On PostgreSQL several instances write at
once: accepting shares a lock that sweeping takes alone, both until their transaction ends.
"""

from sqlalchemy import text
from sqlmodel import Session

CHUNKS_LOCK = 7_402_102


def hold_off_sweep(session: Session) -> None:
    """Keep pieces from being swept until this transaction ends; others may do the same."""
    _lock(session, "pg_advisory_xact_lock_shared")


def sweep_alone(session: Session) -> None:
    """Wait until nobody accepts, and keep others from it until this transaction ends."""
    _lock(session, "pg_advisory_xact_lock")


def _lock(session: Session, function: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT {function}(:number)"), {"number": CHUNKS_LOCK})
