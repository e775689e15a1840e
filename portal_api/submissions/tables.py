"""What is kept of a submission until the gateway has it."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from portal_api.database import NAMES

SQLModel.metadata.naming_convention = NAMES


class Submission(SQLModel, table=True):
    """One accepted submission, kept until the gateway has acknowledged it and some days more.

    Nothing here tells who wrote, about what, or in which order submissions came: the key is
    random to an observer, the table has no row number, a day is the only time.
    """

    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_acknowledged_on_id", "acknowledged_on", "id"),
        {"sqlite_with_rowid": False},
    )

    id: str = Field(primary_key=True, max_length=64)
    received_on: date
    manifest: bytes
    envelope: bytes
    acknowledged_on: date | None = None


class SubmissionChunk(SQLModel, table=True):
    """A piece that a submission names: as long as this row is there, the piece stays."""

    __tablename__ = "submission_chunk"
    __table_args__ = (
        Index("ix_submission_chunk_submission", "submission"),
        {"sqlite_with_rowid": False},
    )

    chunk: str = Field(primary_key=True, max_length=64)
    submission: str = Field(
        primary_key=True, max_length=64, foreign_key="submission.id", ondelete="CASCADE"
    )
