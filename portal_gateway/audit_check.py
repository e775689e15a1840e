"""Whether the audit is whole: what was altered, removed, inserted or put in another order.

Whoever can write to the database can also write a whole chain anew. That is found only with a
number and hash that were kept elsewhere: an anchor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from portal_gateway.audit import FIRST, ONLY, AuditEntry, AuditHead, row_hash
from portal_gateway.database import transaction

AT_A_TIME = 1000
NEIGHBOURS = 100
"""Numbers before and after that a row which does not fit may have had."""


class Finding(StrEnum):
    """What is wrong; each has a text below `access.audit_check.findings`."""

    ALTERED = "altered"
    MOVED = "moved"
    REMOVED = "removed"
    INSERTED = "inserted"
    SHORTENED = "shortened"
    LENGTHENED = "lengthened"
    NOT_ANCHORED = "not_anchored"


@dataclass(frozen=True)
class Found:
    """One thing that is wrong, and the row it was seen at."""

    finding: Finding
    number: int


@dataclass(frozen=True)
class Anchor:
    """A row as it was known at some time, kept where the register cannot write."""

    number: int
    hash: str


@dataclass(frozen=True)
class Verdict:
    """What a check found; nothing means that the chain is whole."""

    rows: int
    newest: Anchor
    found: tuple[Found, ...]


class AnchorsUnreadable(ValueError):
    """A file that is no list of anchors."""


def verify(engine: Engine, anchors: Sequence[Anchor] = ()) -> Verdict:
    """Check every row; officers can go on working meanwhile.

    Args:
        engine: The register's database.
        anchors: Rows that were noted down before.
    """
    wanted = {anchor.number: anchor.hash for anchor in anchors}
    found: list[Found] = []
    rows, before, complete = 0, Anchor(0, FIRST), False
    while not complete:
        with transaction(engine) as session:
            # Held until these rows are read: what is written meanwhile waits for a moment.
            head = session.get(AuditHead, ONLY, with_for_update=True) or AuditHead()
            entries = _entries(session, before.number)
        for entry in entries:
            found += _judge(entry, before)
            before = Anchor(entry.number or 0, entry.hash)
            if wanted.pop(before.number, before.hash) != before.hash:
                found.append(Found(Finding.NOT_ANCHORED, before.number))
        rows += len(entries)
        complete = len(entries) < AT_A_TIME
    found += [
        Found(Finding.SHORTENED if number > before.number else Finding.REMOVED, number)
        for number in sorted(wanted)
    ]
    if (head.number, head.hash) != (before.number, before.hash):
        longer = before.number > head.number
        found.append(Found(Finding.LENGTHENED if longer else Finding.SHORTENED, head.number))
    return Verdict(rows, before, tuple(dict.fromkeys(found)))


def newest(session: Session) -> Anchor:
    """Return the newest row, to be noted down."""
    head = session.get(AuditHead, ONLY) or AuditHead()
    return Anchor(head.number, head.hash)


def read_anchors(path: Path) -> list[Anchor]:
    """Read a file of anchors: a line for each, with number, hash and when it was noted.

    Raises:
        AnchorsUnreadable: If a line is not of this kind.
        OSError: If the file cannot be read.
    """
    anchors = []
    for line in path.read_text(encoding="utf-8").splitlines():
        number, _, rest = line.strip().partition(" ")
        kept = rest.split(" ")[0]
        if not number.isascii() or not number.isdecimal() or len(kept) != len(FIRST):
            raise AnchorsUnreadable(line[:80])
        anchors.append(Anchor(int(number), kept))
    return anchors


def append_anchor(path: Path, anchor: Anchor, *, now: datetime) -> None:
    """Note a row down behind those noted before; nothing in the file is changed."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{anchor.number} {anchor.hash} {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n")


def _entries(session: Session, after: int) -> Sequence[AuditEntry]:
    wanted = select(AuditEntry).where(col(AuditEntry.number) > after)
    return session.exec(wanted.order_by(col(AuditEntry.number)).limit(AT_A_TIME)).all()


def _judge(entry: AuditEntry, before: Anchor) -> list[Found]:
    number = entry.number or 0
    if not _fits(entry, number):
        numbers = range(max(1, number - NEIGHBOURS), number + NEIGHBOURS)
        moved = any(_fits(entry, other) for other in numbers)
        return [Found(Finding.MOVED if moved else Finding.ALTERED, number)]
    if entry.previous_hash == before.hash:
        return []
    return [Found(Finding.REMOVED if number > before.number + 1 else Finding.INSERTED, number)]


def _fits(entry: AuditEntry, number: int) -> bool:
    return row_hash(number, entry.model_dump(), entry.previous_hash) == entry.hash
