"""The line to the portal: when it last worked, for officers who wonder why nothing comes."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Field, Session

from portal_gateway.database import RegisterRow, save_once, transaction

ONLY = 1


class Link(RegisterRow, table=True):
    """State of the line; the table has one row."""

    __tablename__ = "link"

    id: int = Field(default=ONLY, primary_key=True, sa_column_kwargs={"autoincrement": False})
    last_contact: datetime | None = None
    trouble: str | None = Field(default=None, max_length=64)
    """Key below `register.trouble` in translations; none if the last contact went well."""


def note_contact(engine: Engine, *, now: datetime, trouble: str | None = None) -> None:
    """Write down how the last contact with the portal went."""
    with transaction(engine) as session:
        save_once(session, Link(id=ONLY))
        row = session.get_one(Link, ONLY)
        row.trouble = trouble
        if trouble is None:
            row.last_contact = now


def link_state(session: Session) -> Link:
    """Return the state of the line."""
    return session.get(Link, ONLY) or Link(id=ONLY)
