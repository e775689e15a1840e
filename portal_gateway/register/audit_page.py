"""The audit for those who watch over it: who did what to which case, never what was in it."""

import urllib.parse
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlmodel import Session, col, select
from starlette.responses import Response

from portal_gateway.audit import Action, AuditEntry, record
from portal_gateway.register.accounts import as_name
from portal_gateway.register.case_list import spaced
from portal_gateway.register.pages import Words
from portal_gateway.register.requests import Printer, SignedIn

router = APIRouter(prefix="/audit")

PAGE_SIZE = 50
LONGEST_TYPED = 64
LARGEST_NUMBER = 2**31 - 1
REFERENCE_LENGTH = 9


@router.get("")
def read_audit(
    printer: Printer,
    desk: SignedIn,
    who: str = "",
    about: str = "",
    before: Annotated[int, Query(ge=0, le=LARGEST_NUMBER)] = 0,
) -> Response:
    """Answer with the newest acts, or those of one officer or about one case."""
    who, about = as_name(who)[:LONGEST_TYPED], about.strip()[:LONGEST_TYPED]
    record(
        desk.session, Action.READ_AUDIT, at=desk.now, actor=desk.officer, subject="", who=who,
        about=about, before=before,
    )  # fmt: skip
    rows = _find(desk.session, who, about, before)
    shown = rows[:PAGE_SIZE]
    last = shown[-1].number if len(rows) > PAGE_SIZE else None
    return printer.page(
        "audit.html",
        desk.words,
        desk=desk,
        here="/audit",
        who=who,
        about=about,
        acts=[_row(desk.words, entry) for entry in shown],
        older=_address(who, about, last) if last else "",
    )


def _find(session: Session, who: str, about: str, before: int) -> Sequence[AuditEntry]:
    wanted = select(AuditEntry)
    if who:
        wanted = wanted.where(AuditEntry.actor == who)
    if about:
        # A reference is written with spaces as it is read aloud, an id of a submission is not.
        squeezed = about.replace(" ", "")
        reference = squeezed.upper() if len(squeezed) == REFERENCE_LENGTH else about
        wanted = wanted.where(AuditEntry.subject == reference)
    if before:
        wanted = wanted.where(col(AuditEntry.number) < before)
    newest = wanted.order_by(col(AuditEntry.number).desc()).limit(PAGE_SIZE + 1)
    return session.exec(newest).all()


def _row(words: Words, entry: AuditEntry) -> dict[str, Any]:
    is_case = len(entry.subject) == REFERENCE_LENGTH
    return {
        "number": words.number(entry.number or 0),
        "when": words.moment(entry.at),
        "when_iso": entry.at.isoformat(timespec="seconds"),
        "who": entry.actor or words.text("case.gateway"),
        "what": words.text(f"audit.actions.{entry.action}"),
        "about": spaced(entry.subject) if is_case else entry.subject,
        "detail": ", ".join(f"{name}: {value}" for name, value in entry.detail.items() if value),
    }


def _address(who: str, about: str, before: int) -> str:
    chosen = {"who": who, "about": about, "before": str(before)}
    return "/audit?" + urllib.parse.urlencode({k: v for k, v in chosen.items() if v})
