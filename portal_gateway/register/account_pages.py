"""Accounts as the register shows them; they are changed with `portal register account`."""

from typing import Any

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from portal_gateway.audit import Action, record
from portal_gateway.register.accounts import Officer
from portal_gateway.register.pages import Words
from portal_gateway.register.requests import Desk, Printer, SignedIn
from portal_gateway.register.rights import ALL_QUEUES, Rights, rights_of

router = APIRouter()


@router.get("/accounts")
def list_accounts(printer: Printer, desk: SignedIn) -> Response:
    """Answer with every account and what it may do."""
    record(desk.session, Action.READ_ACCOUNTS, at=desk.now, actor=desk.officer)
    officers = desk.session.exec(select(Officer).order_by(col(Officer.name))).all()
    return printer.page(
        "accounts.html",
        desk.words,
        desk=desk,
        here="/accounts",
        accounts=[_row(desk, officer) for officer in officers],
    )


def rights_in_words(words: Words, rights: Rights) -> list[str]:
    """Return what somebody may do, a sentence for each."""
    said = []
    read_only = rights.reads - rights.answers
    for key, queues in (("answers", rights.answers), ("reads", read_only)):
        if queues:
            names = [words.text(f"queues.{queue}") for queue in ALL_QUEUES if queue in queues]
            said.append(words.text(f"rights.{key}", queues=" · ".join(names)))
    if rights.audits:
        said.append(words.text("rights.audits"))
    if rights.administers:
        said.append(words.text("rights.administers"))
    return said or [words.text("rights.nothing")]


def _row(desk: Desk, officer: Officer) -> dict[str, Any]:
    rights = rights_of(desk.session, officer.name)
    return {"name": officer.name, "rights": rights_in_words(desk.words, rights)}
