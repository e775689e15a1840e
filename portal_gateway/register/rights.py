"""Rights: who may read and answer which queue, who sees the audit, who looks after accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Field, Session, col, delete, select

from portal_gateway.database import RegisterRow
from portal_gateway.flags import QUEUES

ALL_QUEUES = tuple(dict.fromkeys(QUEUES.values()))
"""Every queue, in the order of the forms."""


class Right(StrEnum):
    """What an officer may do; the values are stored."""

    READ = "read"
    """Read the cases of one queue."""
    ANSWER = "answer"
    """Answer and work on the cases of one queue; it includes reading."""
    AUDIT = "audit"
    """See who read and wrote what, without what it was."""
    ADMINISTER = "administer"
    """Look after accounts and set-aside submissions. Never together with a queue."""


class OfficerRight(RegisterRow, table=True):
    """One right of one officer."""

    __tablename__ = "officer_right"

    officer: str = Field(primary_key=True, foreign_key="officer.name", max_length=64)
    right: str = Field(primary_key=True, max_length=16)
    queue: str = Field(default="", primary_key=True, max_length=32)
    """Empty for rights that are not about a queue."""


class RightsClash(ValueError):
    """Rights that nobody may have together."""


@dataclass(frozen=True)
class Rights:
    """What somebody may do."""

    reads: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()
    audits: bool = False
    administers: bool = False

    @classmethod
    def of(
        cls,
        *,
        read: Iterable[str] = (),
        answer: Iterable[str] = (),
        audit: bool = False,
        administer: bool = False,
    ) -> "Rights":
        """Put rights together.

        Raises:
            RightsClash: If a queue does not exist, or an administrator would read cases.
        """
        answers = frozenset(answer)
        reads = answers | frozenset(read)
        unknown = reads - frozenset(ALL_QUEUES)
        if unknown:
            raise RightsClash(f"there is no queue {', '.join(sorted(unknown))}")
        if administer and (reads or audit):
            raise RightsClash("whoever looks after accounts reads neither cases nor the audit")
        return cls(reads, answers, audit, administer)

    @property
    def rows(self) -> list[tuple[Right, str]]:
        """Every right with its queue, in a fixed order."""
        queues = [(Right.READ, queue) for queue in ALL_QUEUES if queue in self.reads]
        queues += [(Right.ANSWER, queue) for queue in ALL_QUEUES if queue in self.answers]
        alone = [(Right.AUDIT, self.audits), (Right.ADMINISTER, self.administers)]
        return queues + [(right, "") for right, has in alone if has]


EVERY_QUEUE = Rights.of(answer=ALL_QUEUES)
"""For small teams and demonstrations: somebody who does all the work with cases."""


def rights_of(session: Session, officer: str) -> Rights:
    """Return what an officer may do now."""
    rows = session.exec(select(OfficerRight).where(OfficerRight.officer == officer)).all()
    has = {right: {row.queue for row in rows if row.right == right} for right in Right}
    if has[Right.ADMINISTER]:
        # Whatever else a row says: somebody may have put it in by hand.
        return Rights(administers=True)
    answers = frozenset(has[Right.ANSWER])
    return Rights(answers | has[Right.READ], answers, audits=bool(has[Right.AUDIT]))


def give(session: Session, officer: str, rights: Rights) -> None:
    """Let an officer have these rights and no others."""
    session.exec(delete(OfficerRight).where(col(OfficerRight.officer) == officer))
    session.flush()
    session.add_all(
        OfficerRight(officer=officer, right=right, queue=queue) for right, queue in rights.rows
    )
