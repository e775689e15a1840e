"""Sessions of officers: a random token in a cookie, its digest in the database."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, col, delete

from portal_gateway.database import RegisterRow

IDLE = timedelta(minutes=30)
"""A session ends after this long without a request."""
LONGEST = timedelta(hours=10)
"""And after this long in any case: one working day."""


class Stage(StrEnum):
    """What a session is good for; the values are stored."""

    ENROLLING = "enrolling"
    """The password was right; only the page for the one-time code opens."""
    OPEN = "open"


class OfficerSession(RegisterRow, table=True):
    """One officer in one browser."""

    __tablename__ = "officer_session"

    token_sha256: str = Field(primary_key=True, max_length=64)
    """A stolen database opens no session."""
    officer: str = Field(foreign_key="officer.name", index=True, max_length=64)
    begun: datetime
    last_used: datetime
    stage: str = Field(default="open", max_length=16)
    """How far the sign-in has come: a value of `Stage`."""


def begin_session(
    session: Session, officer: str, *, now: datetime, stage: Stage = Stage.OPEN
) -> str:
    """Begin a session and return the token for the cookie; ended ones are cleared away."""
    session.exec(
        delete(OfficerSession).where(
            (col(OfficerSession.last_used) < now - IDLE)
            | (col(OfficerSession.begun) < now - LONGEST)
        )
    )
    token = secrets.token_urlsafe(32)
    session.add(
        OfficerSession(
            token_sha256=_digest(token), officer=officer, begun=now, last_used=now, stage=stage
        )
    )
    return token


def use_session(
    session: Session, token: str, *, now: datetime, stage: Stage = Stage.OPEN
) -> str | None:
    """Return the officer whose session this is and keep it alive; none if it has ended."""
    row = session.get(OfficerSession, _digest(token))
    if row is None or row.stage != stage:
        return None
    if now - row.last_used > IDLE or now - row.begun > LONGEST:
        session.delete(row)
        return None
    row.last_used = now
    return row.officer


def end_session(session: Session, token: str) -> None:
    """End one session."""
    digest = _digest(token)
    session.exec(delete(OfficerSession).where(col(OfficerSession.token_sha256) == digest))


def end_all_sessions(session: Session, officer: str, *, but: str = "") -> None:
    """End every session of an officer, or all but the one of a token."""
    others = col(OfficerSession.token_sha256) != _digest(but)
    session.exec(delete(OfficerSession).where(col(OfficerSession.officer) == officer, others))


def form_token(token: str) -> str:
    """Return what every form of a session carries; another site cannot know it."""
    return hmac.new(token.encode(), b"register form", hashlib.sha256).hexdigest()


def is_form_token(token: str, sent: str) -> bool:
    """Tell whether a form came from a page of this session."""
    return hmac.compare_digest(form_token(token).encode(), sent.encode())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
