"""Devices that an officer has signed in with before: guesses from elsewhere never block them.

After too many wrong attempts for a name, everybody who tries that name has to wait. Otherwise
anybody who reaches the register could keep an officer out for as long as they like. So a browser
that has once signed in keeps a token, and its attempts are counted apart.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import Field, Session, col, delete

from portal_gateway.database import RegisterRow

REMEMBERED = timedelta(days=90)
"""A device that was not used for this long is a stranger again."""


class KnownDevice(RegisterRow, table=True):
    """A browser that an officer has signed in with."""

    __tablename__ = "known_device"

    token_sha256: str = Field(primary_key=True, max_length=64)
    officer: str = Field(foreign_key="officer.name", index=True, max_length=64)
    last_used: datetime


def is_known(session: Session, officer: str, token: str, *, now: datetime) -> bool:
    """Tell whether this officer has signed in with this browser before."""
    row = session.get(KnownDevice, device_digest(token)) if token else None
    return row is not None and row.officer == officer and now - row.last_used < REMEMBERED


def remember_device(session: Session, officer: str, token: str, *, now: datetime) -> str:
    """Remember a browser and return its token: the one it has, or a new one."""
    session.exec(delete(KnownDevice).where(col(KnownDevice.last_used) < now - REMEMBERED))
    row = session.get(KnownDevice, device_digest(token)) if token else None
    if row is None or row.officer != officer:
        token = secrets.token_urlsafe(32)
        row = KnownDevice(token_sha256=device_digest(token), officer=officer, last_used=now)
        session.add(row)
    row.last_used = now
    return token


def forget_devices(session: Session, officer: str) -> None:
    """Make all browsers of an officer strangers again."""
    session.exec(delete(KnownDevice).where(col(KnownDevice.officer) == officer))


def device_digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(f"device {token}".encode()).hexdigest()
