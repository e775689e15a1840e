"""Who read and wrote what: rows are only ever added (rule DR-17)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, col, select

from portal_gateway.database import RegisterRow


class Action(StrEnum):
    """What is written down; each has a text below `register.audit.actions`."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    READ_LIST = "read_list"
    READ_CASE = "read_case"
    READ_PREVIEW = "read_preview"
    HEARD_MESSAGE = "heard_message"
    TOOK_ORIGINAL = "took_original"
    READ_SET_ASIDE = "read_set_aside"
    RETRIED = "retried"
    REGISTERED = "registered"
    FOLLOWED_UP = "followed_up"
    REPLIED = "replied"
    READ_MEETING = "read_meeting"
    WROTE_TO_MEETING = "wrote_to_meeting"


class AuditEntry(RegisterRow, table=True):
    """One act. The database itself refuses to change or delete a row (see the migrations)."""

    __tablename__ = "audit_entry"

    number: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor: str | None = Field(default=None, max_length=64)
    """Officer's name; none for the gateway itself."""
    action: str = Field(max_length=32)
    subject: str = Field(default="", index=True, max_length=64)
    """Case or submission the act was about."""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    previous_hash: str | None = Field(default=None, max_length=64)
    hash: str | None = Field(default=None, max_length=64)
    """Over this row and the previous hash, once rows are chained."""


def record(
    session: Session,
    action: Action,
    *,
    at: datetime,
    actor: str | None = None,
    subject: str = "",
    **detail: Any,
) -> None:
    """Write an act down in the transaction that does it: no act without its row."""
    session.add(AuditEntry(at=at, actor=actor, action=action, subject=subject, detail=detail))


def acts_about(session: Session, subject: str, *, limit: int) -> list[AuditEntry]:
    """Return the newest acts about a case, newest first."""
    newest = select(AuditEntry).where(AuditEntry.subject == subject)
    return list(session.exec(newest.order_by(col(AuditEntry.number).desc()).limit(limit)))
