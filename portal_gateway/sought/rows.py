"""Rows about persons sought: keys of names, what officers said, requests that belong together."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from portal_gateway.database import RegisterRow


class Verdict(StrEnum):
    """What an officer said of two requests; the values are stored."""

    SAME = "same"
    DIFFERENT = "different"
    OPEN = "open"
    """What was said before was taken back."""


class NameKey(RegisterRow, table=True):
    """One coarse key of a name in a case, by which similar names are looked up."""

    __tablename__ = "name_key"

    case_id: str = Field(primary_key=True, foreign_key="case.id", max_length=16)
    key: str = Field(primary_key=True, index=True, max_length=32)
    """Empty for a case without any name: that it was read is known then, too."""


class Judgement(RegisterRow, table=True):
    """What an officer said of two requests. Rows are only added: the newest of a pair holds."""

    __tablename__ = "judgement"
    __table_args__ = (UniqueConstraint("one", "other", "number"),)

    id: str = Field(primary_key=True, max_length=32)
    number: int
    """From 1 within the pair."""
    one: str = Field(foreign_key="case.id", index=True, max_length=16)
    """The case whose reference sorts first."""
    other: str = Field(foreign_key="case.id", index=True, max_length=16)
    verdict: str = Field(max_length=16)
    officer: str = Field(max_length=64)
    at: datetime


class SoughtPerson(RegisterRow, table=True):
    """One person sought by several requests: the family's record."""

    __tablename__ = "sought_person"

    id: str = Field(primary_key=True, max_length=16)
    made_at: datetime


class SoughtBy(RegisterRow, table=True):
    """A request that seeks a person; each stays a case of its own, with its own consents."""

    __tablename__ = "sought_by"

    case_id: str = Field(primary_key=True, foreign_key="case.id", max_length=16)
    person_id: str = Field(foreign_key="sought_person.id", index=True, max_length=16)
