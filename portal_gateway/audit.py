"""Who read and wrote what: rows are only ever added, each bound to the one before (rule DR-17)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, inspect, update
from sqlmodel import Field, Session, col, select

from portal_gateway.database import RegisterRow, at_the_end, insert_all, insert_once

ONLY = 1
FIRST = "0" * 64
"""What the first row names as the one before it."""
_WAITING = "audit_waiting"


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
    READ_OVERVIEW = "read_overview"
    EXPORTED = "exported"
    READ_SYSTEMS = "read_systems"
    REDROVE = "redrove"
    READ_AUDIT = "read_audit"
    READ_ACCOUNTS = "read_accounts"
    REFUSED = "refused"
    ASSIGNED = "assigned"
    NOTED = "noted"
    MOVED = "moved"
    READ_CALL_SCREEN = "read_call_screen"
    READ_REPRISAL = "read_reprisal"
    REPRISAL_STEP = "reprisal_step"
    STOOD_BEFORE = "stood_before"
    READ_OPENINGS = "read_openings"
    OPENING_ASKED = "opening_asked"
    OPENING_AGREED = "opening_agreed"
    OPENING_DECLINED = "opening_declined"
    ENROLLED = "enrolled"
    CHANGED_PASSWORD = "changed_password"  # noqa: S105 (an act)
    NEW_CODES = "new_codes"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    JUDGED = "judged"
    LOOKED_FOR_NAME = "looked_for_name"
    ACCOUNT_CLOSED = "account_closed"
    KEY_DESTROYED = "key_destroyed"


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
    previous_hash: str = Field(default="", unique=True, max_length=64)
    """Hash of the row before: two rows can never follow the same one."""
    hash: str = Field(default="", max_length=64)
    """Over everything in this row and the previous hash, see `row_hash`."""


class AuditHead(RegisterRow, table=True):
    """The newest row of the chain; the table has one row, which writers wait for in turn."""

    __tablename__ = "audit_head"

    id: int = Field(default=ONLY, primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = 0
    hash: str = Field(default=FIRST, max_length=64)


def record(
    session: Session,
    action: Action,
    *,
    at: datetime,
    actor: str | None = None,
    subject: str = "",
    **detail: Any,
) -> None:
    """Write an act down in the transaction that does it: no act without its row.

    The row is bound to the one before right before the commit, so that nobody waits for the end
    of the chain longer than that takes.
    """
    act = {"at": at, "actor": actor, "action": action, "subject": subject, "detail": detail}
    session.info.setdefault(_WAITING, []).append(act)
    at_the_end(session, _chain)


def acts_about(session: Session, subject: str, *, limit: int) -> list[AuditEntry]:
    """Return the newest acts about a case, newest first, with those of this transaction."""
    acts = session.info.get(_WAITING, [])
    waiting = [AuditEntry(**one) for one in acts if one["subject"] == subject]
    stored = select(AuditEntry).where(AuditEntry.subject == subject)
    newest = session.exec(stored.order_by(col(AuditEntry.number).desc()).limit(limit))
    return [*reversed(waiting), *newest][:limit]


def row_hash(number: int, values: Mapping[str, Any], previous_hash: str) -> str:
    """Return the hash of a row: SHA-256 over its values as JSON, keys sorted, without spaces.

    Args:
        number: The row's number.
        values: at, actor, action, subject and detail.
        previous_hash: Hash of the row before.
    """
    document = {
        "number": number,
        "at": values["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        **{name: values[name] for name in ("actor", "action", "subject", "detail")},
        "previous": previous_hash,
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _chain(session: Session) -> None:
    """Put the acts of a transaction behind the newest row, which is held until the commit."""
    session.flush()
    connection = session.connection()
    head: Any = inspect(AuditHead).local_table
    held = select(head.c.number, head.c.hash).with_for_update()
    found = connection.execute(held).first()
    if found is None:
        insert_once(session, AuditHead, {"id": ONLY})
        found = connection.execute(held).one()
    number, newest = found
    rows = []
    for act in session.info.pop(_WAITING):
        number += 1
        row = {**act, "number": number, "previous_hash": newest}
        newest = row["hash"] = row_hash(number, row, newest)
        rows.append(row)
    insert_all(session, AuditEntry, rows)
    connection.execute(update(head).values(number=number, hash=newest))
