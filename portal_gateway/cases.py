"""Cases: what the register keeps of a submission that was opened and checked."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session

from portal_gateway.database import RegisterRow

REFERENCE_ALPHABET = "23456789CFGHJKMPQRTVWX"
"""No vowels and no look-alikes: it can be read aloud and never spells a word (rule DR-10)."""
REFERENCE_LENGTH = 9


class CaseState(StrEnum):
    """How far officers are with a case; the values are stored."""

    NEW = "new"
    IN_REVIEW = "in_review"
    ANSWERED = "answered"
    WAITING = "waiting"
    """The family was asked for something."""
    WROTE_AGAIN = "wrote_again"
    """The family wrote with its code, and nobody has answered that yet."""
    PASSED = "passed"
    """Passed to the right team; the family learns of it by an answer."""
    CLOSED = "closed"
    """Closed at the family's request."""


STATE_AFTER_REPLY: Mapping[str, CaseState | None] = {
    "received": None,
    "review": CaseState.IN_REVIEW,
    "answer": CaseState.ANSWERED,
    "action": CaseState.WAITING,
}
"""State that follows from what the family was told; none if it stays as it is."""


class Case(RegisterRow, table=True):
    """One submission as the officers work with it, with where it came from (rule DR-03)."""

    __tablename__ = "case"

    id: str = Field(primary_key=True, max_length=16)
    """Random reference; it says nothing about person, time or order."""
    submission_id: str = Field(unique=True, max_length=64)
    registered_at: datetime = Field(index=True)
    state: str = Field(default=CaseState.NEW, max_length=16)
    queue: str = Field(max_length=32)
    flags: list[str] = Field(sa_type=JSON)
    type: str = Field(max_length=32)
    form_id: str = Field(max_length=64)
    form_version: int
    mode: str = Field(max_length=16)
    """Who filled it in: the person themself, or somebody with them."""
    helper: dict[str, str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """What somebody who helped said of themself: name, organisation, language read, relation."""
    language: str = Field(max_length=16)
    """Language of the page it was written on."""
    reply_language: str = Field(max_length=16)
    """Language the person asked to be answered in."""
    written_on: date
    """Day in UTC, as the writing device or the portal said."""
    client: str = Field(max_length=64)
    """What sealed it: web-js/1 on the phone, web-plain/1 on arrival at the portal."""
    key_serial: int
    mailbox_id: str = Field(foreign_key="mailbox.id", max_length=64)
    person_name: str
    """Name of the person sought, as typed; empty where a form asks for none."""
    answers: dict[str, Any] = Field(sa_type=JSON)
    """Answers by question, exactly as typed."""


class Consent(RegisterRow, table=True):
    """What a person agreed to or refused, and which text they saw; never changed (DR-04)."""

    __tablename__ = "consent"

    case_id: str = Field(primary_key=True, foreign_key="case.id", max_length=16)
    consent_id: str = Field(primary_key=True, max_length=8)
    version: int
    language: str = Field(max_length=16)
    text_sha256: str = Field(max_length=64)
    text_known: bool
    """True if the digest is that of the text as this installation has it."""
    given: bool
    scopes: list[str] = Field(sa_type=JSON)
    capacity: str = Field(default="self", max_length=16)
    """Who consented: the person writing, or somebody with them."""
    recorded_at: datetime


class Attachment(RegisterRow, table=True):
    """A file that came with a case; its bytes lie in the folder for opened files."""

    __tablename__ = "attachment"

    case_id: str = Field(primary_key=True, foreign_key="case.id", max_length=16)
    position: int = Field(primary_key=True)
    """From 1, in the order of the envelope."""
    name: str
    """As the device named it."""
    mime: str
    """As the device said; nothing relies on it."""
    size: int
    sha256: str = Field(max_length=64)
    processing: str = Field(max_length=16)
    """What the device did before sealing: reencode, strip, none, or record for a message."""
    question: str = Field(default="", max_length=64)
    """The question of the form that it answers."""


def find_case(session: Session, case_id: str) -> Case | None:
    """Return a case by its reference, however it is spaced or written."""
    return session.get(Case, case_id.replace(" ", "").upper())


def new_reference() -> str:
    """Return a random reference for a case: about 40 bits, for a register of thousands."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))
