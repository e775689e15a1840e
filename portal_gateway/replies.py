"""Replies: what families were told, and how far each reply has come on its way."""

import secrets
from datetime import date, datetime

from sqlmodel import Field

from portal_gateway.database import RegisterRow


def new_id() -> str:
    """Return a random id."""
    return secrets.token_hex(16)


class Mailbox(RegisterRow, table=True):
    """Where replies to one return code go; several cases may share it."""

    __tablename__ = "mailbox"

    id: str = Field(primary_key=True, max_length=64)
    recipient: str
    """age recipient that only the return code can open."""
    proof: str = Field(max_length=64)
    """Secret of the family and the Institution: it proves that a later submission is theirs."""
    last_seq: int = 0


class Reply(RegisterRow, table=True):
    """One reply as it was signed."""

    __tablename__ = "reply"

    id: str = Field(primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", index=True, max_length=16)
    seq: int
    """Rises within the mailbox."""
    status: str = Field(max_length=16)
    language: str = Field(max_length=16)
    text: str
    officer: str | None = Field(default=None, max_length=64)
    """Who wrote it; none for the automatic one."""
    signed_at: datetime
    signed_on: date
    """The day that the signed reply carries."""


class Batch(RegisterRow, table=True):
    """Replies that go to the portal together; the number says nothing about how many are real."""

    __tablename__ = "batch"

    id: str = Field(primary_key=True, max_length=32)
    made_at: datetime
    attempts: int = 0
    due: datetime
    trouble: str | None = Field(default=None, max_length=64)
    """Why the last attempt failed: a key below `register.trouble` in translations."""


class Parcel(RegisterRow, table=True):
    """A sealed reply on its way to the portal, or a dummy that looks like one."""

    __tablename__ = "parcel"

    id: str = Field(primary_key=True, max_length=32)
    reply_id: str | None = Field(default=None, foreign_key="reply.id", unique=True, max_length=32)
    """None for a dummy."""
    mailbox_id: str = Field(max_length=64)
    sealed: bytes
    made_at: datetime
    batch_id: str | None = Field(default=None, foreign_key="batch.id", index=True, max_length=32)
    delivered_at: datetime | None = None
    """When the portal said that it has it."""
