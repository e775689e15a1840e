"""What is kept of a seat: that it is taken, and nothing about who took it."""

from datetime import date

from sqlmodel import Field, SQLModel

from portal_api.database import NAMES

SQLModel.metadata.naming_convention = NAMES


class SeatBook(SQLModel, table=True):
    """The row that whoever changes the seats of a briefing holds while doing so."""

    __tablename__ = "seat_book"
    __table_args__ = {"sqlite_with_rowid": False}

    briefing: str = Field(primary_key=True, max_length=60)


class Seat(SQLModel, table=True):
    """One seat, or one place on the waiting list.

    The key is the hash of a token that follows from a return code: without the code it can be
    linked neither with a submission nor with a seat at another briefing.
    """

    __tablename__ = "seat"
    __table_args__ = {"sqlite_with_rowid": False}

    briefing: str = Field(primary_key=True, foreign_key="seat_book.briefing", max_length=60)
    id: str = Field(primary_key=True, max_length=64)
    place: int
    """0 for a seat; on the waiting list rising, the lowest comes first."""
    taken_on: date
    confirmed: bool = False
    """The gateway has the submission of this seat; without one the seat is not kept."""
