"""Collecting: which requests an export holds, and what of each."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from portal_gateway.cases import Case
from portal_gateway.connectors.consent import filtered
from portal_gateway.connectors.documents import KINDS, whole_case
from portal_gateway.connectors.tables import HandedOver
from portal_gateway.database import save_once
from portal_gateway.flags import TWO_PERSON

LEDGER = "export:"
"""What exports are remembered under, before the recipient; no connector can have such a name."""


@dataclass(frozen=True)
class Exported:
    """One request in an export."""

    case_id: str
    document: dict[str, Any]


def collect(
    session: Session, queues: Collection[str], recipient: str, *, now: datetime
) -> list[Exported]:
    """Return the requests of some queues as a recipient may have them, the oldest first.

    That they were handed over is remembered, so that a family can be told to whom something went.
    """
    allowed = set(queues) - TWO_PERSON
    wanted = select(Case).where(col(Case.type).in_(KINDS), col(Case.queue).in_(allowed))
    ordered = wanted.order_by(col(Case.registered_at), col(Case.id))
    found = []
    for case in session.exec(ordered).all():
        row = _known_as(session, case.id, recipient)
        whole = whole_case(session, case, document_id=row.document_id)
        document = filtered(whole.document, whole.given, recipient)
        if document is None:
            if not row.seen:
                session.delete(row)
            continue
        row.seen, row.delivered_at = True, now
        found.append(Exported(case.id, document))
    return found


def _known_as(session: Session, case_id: str, recipient: str) -> HandedOver:
    name = LEDGER + recipient
    ids = {"document_id": str(uuid.uuid4()), "part_id": str(uuid.uuid4())}
    row = HandedOver.model_validate({"case_id": case_id, "connector": name, **ids})
    save_once(session, row)
    return session.get_one(HandedOver, (case_id, name))
