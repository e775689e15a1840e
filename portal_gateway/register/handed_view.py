"""To whom a case was handed: families may ask, and were promised an answer."""

from sqlmodel import Session, col, select

from portal_gateway.cases import Case
from portal_gateway.connectors.tables import HandedOver
from portal_gateway.exports.collecting import LEDGER
from portal_gateway.register.pages import Words


def handed_over(session: Session, words: Words, case: Case) -> list[dict[str, str]]:
    """Return a row for each system and each recipient of an export that may have the case."""
    wanted = select(HandedOver).where(HandedOver.case_id == case.id, col(HandedOver.seen).is_(True))
    rows = session.exec(wanted.order_by(col(HandedOver.connector))).all()
    return [
        {"label": words.text("connectors.handed"), "value": _said(words, row), "code": ""}
        for row in rows
    ]


def _said(words: Words, row: HandedOver) -> str:
    name = row.connector
    if name.startswith(LEDGER):
        recipient = words.text(f"connectors.recipients.{name.removeprefix(LEDGER)}")
        name = words.text("connectors.by_export", name=recipient)
    if row.erased:
        return words.text("connectors.told_to_forget", name=name)
    day = words.day(row.delivered_at.date()) if row.delivered_at else ""
    return words.text("connectors.handed_on", name=name, day=day) if day else name
