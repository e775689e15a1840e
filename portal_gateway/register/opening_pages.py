"""Pages of openings: ask a second officer, and answer those who ask."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from portal_gateway.audit import Action, record
from portal_gateway.cases import Case, find_case
from portal_gateway.flags import TWO_PERSON
from portal_gateway.register.case_list import flag_words, spaced
from portal_gateway.register.openings import (
    LONGEST_REASON,
    Answer,
    Opening,
    answer,
    ask,
    open_until,
    requests_for,
    waiting_request,
)
from portal_gateway.register.pages import Pages
from portal_gateway.register.requests import Desk, NotFound, OwnForm, Printer, SignedIn

router = APIRouter()

SAID = {Answer.AGREED: Action.OPENING_AGREED, Answer.DECLINED: Action.OPENING_DECLINED}


@router.get("/openings")
def list_requests(printer: Printer, desk: SignedIn, said: str = "") -> Response:
    """Answer with the requests of others that this officer can answer."""
    record(desk.session, Action.READ_OPENINGS, at=desk.now, actor=desk.officer)
    found = requests_for(desk.session, desk.officer, desk.rights.reads, now=desk.now)
    done = desk.words.text(f"opening.said.{said}") if said in set(Answer) else ""
    return printer.page(
        "openings.html",
        desk.words,
        desk=desk,
        here="/openings",
        done=done,
        requests=[_row(desk, opening, case) for opening, case in found],
    )


@router.get("/cases/{case_id}/opening")
def opening_page(printer: Printer, desk: SignedIn, case_id: str) -> Response:
    """Answer with what can be known before a case is opened, and how to ask for that."""
    case = _case(desk, case_id)
    if case.queue not in TWO_PERSON or open_until(
        desk.session, case.id, desk.officer, now=desk.now
    ):
        return RedirectResponse(f"/cases/{case.id}", 303)
    return _page(printer, desk, case)


@router.post("/cases/{case_id}/opening")
def ask_for_opening(printer: Printer, desk: SignedIn, form: OwnForm, case_id: str) -> Response:
    """Ask a second officer, with a reason that they read."""
    case = _case(desk, case_id)
    reason = form.get("reason", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        problem = desk.words.text("opening.reason_missing", max=LONGEST_REASON)
        return _page(printer, desk, case, problem=problem, reason=reason)
    opening = ask(desk.session, case, desk.officer, reason, now=desk.now)
    _note(desk, Action.OPENING_ASKED, case, opening)
    return RedirectResponse(f"/cases/{case.id}/opening", 303)


@router.post("/cases/{case_id}/opening/{opening_id}")
def answer_request(desk: SignedIn, form: OwnForm, case_id: str, opening_id: str) -> Response:
    """Agree to somebody else's request, or decline it."""
    case = _case(desk, case_id)
    opening = desk.session.get(Opening, opening_id)
    said = form.get("answer", "")
    if opening is None or opening.case_id != case.id or said not in set(Answer):
        raise NotFound
    if not answer(desk.session, opening, desk.officer, Answer(said), now=desk.now):
        # One's own, or somebody else was quicker; the list shows how it stands.
        return RedirectResponse("/openings", 303)
    _note(desk, SAID[Answer(said)], case, opening)
    return RedirectResponse(f"/openings?said={said}", 303)


def _case(desk: Desk, case_id: str) -> Case:
    case = find_case(desk.session, case_id)
    if case is None:
        raise NotFound
    return case


def _note(desk: Desk, action: Action, case: Case, opening: Opening) -> None:
    record(
        desk.session,
        action,
        at=desk.now,
        actor=desk.officer,
        subject=case.id,
        opening=opening.id,
        officer=opening.officer,
    )


def _row(desk: Desk, opening: Opening, case: Case) -> dict[str, Any]:
    return _closed(desk, case) | {
        "id": opening.id,
        "answer": f"/cases/{case.id}/opening/{opening.id}",
        "officer": opening.officer,
        "reason": opening.reason,
        "asked": desk.words.moment(opening.asked_at),
    }


def _closed(desk: Desk, case: Case) -> dict[str, Any]:
    """Return what is shown of a case that is not open: nothing that anybody wrote."""
    words = desk.words
    return {
        "reference": spaced(case.id),
        "queue": words.text(f"queues.{case.queue}"),
        "type": words.text(f"types.{case.type}"),
        "state": words.text(f"states.{case.state}"),
        "received": words.moment(case.registered_at),
        "flags": flag_words(words, case.flags),
    }


def _page(
    printer: Pages, desk: Desk, case: Case, *, problem: str = "", reason: str = ""
) -> Response:
    record(desk.session, Action.STOOD_BEFORE, at=desk.now, actor=desk.officer, subject=case.id)
    waiting = waiting_request(desk.session, case.id, desk.officer, now=desk.now)
    return printer.page(
        "opening.html",
        desk.words,
        status=422 if problem else 200,
        desk=desk,
        here=f"/cases/{case.id}/opening",
        case=_closed(desk, case),
        waiting=waiting is not None,
        problem=problem,
        reason=reason,
        longest=LONGEST_REASON,
    )
