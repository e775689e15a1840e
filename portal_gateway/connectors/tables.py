"""What is on its way to each receiving system, and what each has been handed."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from portal_gateway.database import RegisterRow


class EntryState(StrEnum):
    """Where one version of a case stands on its way to one receiver; the values are stored."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    WITHHELD = "withheld"
    """Consent leaves nothing to say, and the receiver has nothing to forget."""
    DEAD = "dead"
    """It cannot be delivered without a person."""
    SUPERSEDED = "superseded"
    """There is a newer version, which says everything; only the newest is ever sent."""


class OutboxEntry(RegisterRow, table=True):
    """One version of a case for one receiver; what it says is put together when it is sent."""

    __tablename__ = "outbox_entry"

    case_id: str = Field(primary_key=True, foreign_key="case.id", max_length=16)
    connector: str = Field(primary_key=True, max_length=40)
    version: int = Field(primary_key=True)
    """From 1; each further one is something the family wrote again."""
    message_id: str = Field(unique=True, max_length=40)
    """Known to the receiver: the same at each attempt."""
    state: str = Field(default=EntryState.WAITING, max_length=16)
    queued_at: datetime
    """When the register came to know what this says; entries go in this order."""
    changed: datetime
    attempts: int = 0
    stumbles: int = 0
    """Attempts that did not end in order: a crash, an unexpected error."""
    due: datetime = Field(index=True)
    claim: str | None = Field(default=None, max_length=32)
    claimed_until: datetime | None = None
    """Until then it belongs to the gateway that claimed it; later that one is taken for gone."""
    reason: str | None = Field(default=None, max_length=64)
    """Why it waits or is dead: a key below `handing_on.connectors.reasons`."""
    detail: str = ""


class HandedOver(RegisterRow, table=True):
    """What one receiver knows of one case; written before the first attempt."""

    __tablename__ = "handed_over"

    case_id: str = Field(primary_key=True, foreign_key="case.id", max_length=16)
    connector: str = Field(primary_key=True, max_length=40)
    document_id: str = Field(unique=True, max_length=36)
    """Random, so that two receivers cannot tell that they have the same case."""
    part_id: str = Field(unique=True, max_length=36)
    seen: bool = False
    """The receiver may know the case: an attempt was begun."""
    erased: bool = False
    """The receiver was told to forget it, and nothing was said since."""
    content_sha256: str | None = Field(default=None, max_length=64)
    """Over what it was told last, without the version."""
    number: str = Field(default="", max_length=80)
    left_out: int = 0
    """Files that the receiver cannot take."""
    delivered_at: datetime | None = None


class ConnectorState(RegisterRow, table=True):
    """How a receiver is."""

    __tablename__ = "connector_state"

    name: str = Field(primary_key=True, max_length=40)
    failures: int = 0
    """Attempts in a row that it could not take."""
    resume_at: datetime | None = None
    """Before then it is left alone; none if it is well."""
    halted: bool = False
    """Left alone until a person says so."""
    reason: str | None = Field(default=None, max_length=64)
    detail: str = ""
    last_delivery: datetime | None = None
