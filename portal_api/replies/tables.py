"""What is kept of an answer until the person has read it or its days are over."""

from datetime import date

from sqlmodel import Field, SQLModel

from portal_api.database import NAMES

SQLModel.metadata.naming_convention = NAMES


class StoredReply(SQLModel, table=True):
    """One sealed answer in one mailbox. Who it is for can be told only with the return code.

    The key follows from the bytes: storing the same again changes nothing, and it says nothing
    about how many answers there are or in which order they came.
    """

    __tablename__ = "reply"
    __table_args__ = {"sqlite_with_rowid": False}

    mailbox: str = Field(primary_key=True, max_length=64)
    digest: str = Field(primary_key=True, max_length=64)
    """Hex SHA-256 of the data."""
    stored_on: date
    data: bytes
