"""What a family wrote again with its code: added to the case, never written over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, col, select

from portal_gateway.cases import Case, Consent
from portal_gateway.database import RegisterRow

CONTACT = "C2"
"""The consent to be contacted. Where a form does not ask it, the safe way itself says so."""


class FollowUp(RegisterRow, table=True):
    """One submission that came with the code of a case."""

    __tablename__ = "follow_up"

    id: str = Field(primary_key=True, max_length=64)
    """Id of the submission."""
    case_id: str = Field(foreign_key="case.id", index=True, max_length=16)
    number: int
    """From 1 within the case, in the order of arrival."""
    received_at: datetime
    written_on: date
    form_id: str = Field(max_length=64)
    form_version: int
    mode: str = Field(max_length=16)
    helper: dict[str, str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    language: str = Field(max_length=16)
    client: str = Field(max_length=64)
    answers: dict[str, Any] = Field(sa_type=JSON)
    """Answers by question, exactly as typed."""


class ConsentChange(RegisterRow, table=True):
    """A consent that was given or taken back later; what was said before stays (DR-04)."""

    __tablename__ = "consent_change"

    follow_up_id: str = Field(primary_key=True, foreign_key="follow_up.id", max_length=64)
    consent_id: str = Field(primary_key=True, max_length=8)
    version: int
    language: str = Field(max_length=16)
    text_sha256: str = Field(max_length=64)
    text_known: bool
    given: bool
    scopes: list[str] = Field(sa_type=JSON)
    capacity: str = Field(default="self", max_length=16)
    recorded_at: datetime


class FollowUpFile(RegisterRow, table=True):
    """A file that came with a follow-up; its bytes lie under the follow-up's submission."""

    __tablename__ = "follow_up_file"

    follow_up_id: str = Field(primary_key=True, foreign_key="follow_up.id", max_length=64)
    position: int = Field(primary_key=True)
    name: str
    mime: str
    size: int
    sha256: str = Field(max_length=64)
    processing: str = Field(max_length=16)
    question: str = Field(default="", max_length=64)


@dataclass(frozen=True)
class Standing:
    """How a consent stands now, and what was said before, the newest first."""

    now: Consent | ConsentChange
    before: tuple[Consent | ConsentChange, ...]


def case_of(session: Session, mailbox_id: str) -> Case | None:
    """Return the case that a mailbox belongs to; of several the first.

    Every submission makes a code of its own, so there are several only if somebody used one code
    for a second form on purpose. The first is the one the code was made for.
    """
    cases = session.exec(
        select(Case)
        .where(Case.mailbox_id == mailbox_id)
        .order_by(col(Case.registered_at), col(Case.id))
    )
    return cases.first()


def follow_ups(session: Session, case_id: str) -> Sequence[FollowUp]:
    """Return what was written again, in the order of arrival."""
    wanted = select(FollowUp).where(FollowUp.case_id == case_id)
    return session.exec(wanted.order_by(col(FollowUp.number))).all()


def standing_consents(session: Session, case_id: str) -> list[Standing]:
    """Return how each consent of a case stands, in the order of their numbers."""
    first = session.exec(select(Consent).where(Consent.case_id == case_id)).all()
    later = session.exec(
        select(ConsentChange)
        .join(FollowUp, col(FollowUp.id) == col(ConsentChange.follow_up_id))
        .where(FollowUp.case_id == case_id)
        .order_by(col(FollowUp.number))
    ).all()
    said: dict[str, list[Consent | ConsentChange]] = {}
    stored: list[Consent | ConsentChange] = [*first, *later]
    for one in stored:
        said.setdefault(one.consent_id, []).append(one)
    ordered = sorted(said.items(), key=lambda item: int(item[0][1:]))
    return [Standing(all_[-1], tuple(reversed(all_[:-1]))) for _, all_ in ordered]


def agrees_to_contact(session: Session, case_id: str) -> bool:
    """Tell whether somebody may be reached in the safe way; the mailbox is always theirs."""
    said = [one for one in standing_consents(session, case_id) if one.now.consent_id == CONTACT]
    return all(one.now.given for one in said)


def safe_contact(session: Session, case: Case) -> tuple[Any, date | None]:
    """Return the safe way that holds now, and the day it was changed if it was."""
    changed = [f for f in follow_ups(session, case.id) if "safe_contact" in f.answers]
    if changed:
        return changed[-1].answers["safe_contact"], changed[-1].written_on
    return case.answers.get("safe_contact"), None
