"""What was set aside: reasons, and one more try."""

from typing import Any

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import RedirectResponse, Response

from portal_gateway.arrivals import (
    WAITING_FOR_A_PERSON,
    Arrival,
    ArrivalState,
    TransitionNotAllowed,
    try_again,
)
from portal_gateway.audit import Action, record
from portal_gateway.register.pages import Words
from portal_gateway.register.requests import NotFound, OwnForm, Printer, SignedIn

router = APIRouter(prefix="/set-aside")

MOST_SHOWN = 200


@router.get("")
def list_set_aside(printer: Printer, desk: SignedIn, again: str = "") -> Response:
    """Answer with every submission that waits for a person, the newest first."""
    record(desk.session, Action.READ_SET_ASIDE, at=desk.now, actor=desk.officer)
    wanted = (
        select(Arrival)
        .where(col(Arrival.state).in_(WAITING_FOR_A_PERSON))
        .order_by(col(Arrival.changed).desc())
        .limit(MOST_SHOWN)
    )
    return printer.page(
        "set_aside.html",
        desk.words,
        desk=desk,
        here="/set-aside",
        done=desk.words.text("set_aside.started") if again else "",
        arrivals=[_row(desk.words, arrival) for arrival in desk.session.exec(wanted).all()],
    )


@router.post("/{submission_id}/again")
def again(desk: SignedIn, _: OwnForm, submission_id: str) -> Response:
    """Send a submission through the steps once more."""
    if desk.session.get(Arrival, submission_id) is None:
        raise NotFound
    try:
        try_again(desk.session, submission_id, now=desk.now)
    except TransitionNotAllowed:
        # Somebody else pressed the button a moment ago; the list shows how it stands.
        return RedirectResponse("/set-aside", 303)
    record(desk.session, Action.RETRIED, at=desk.now, actor=desk.officer, subject=submission_id)
    return RedirectResponse("/set-aside?again=1", 303)


def _row(words: Words, arrival: Arrival) -> dict[str, Any]:
    at_portal = arrival.state == ArrivalState.INCOMPLETE
    place = "portal_keeps" if at_portal else "kept_here"
    return {
        "id": arrival.id,
        "short_id": arrival.id[:12],
        "reason": words.text(f"reasons.{arrival.reason or 'unexpected'}"),
        "code": arrival.reason or "unexpected",
        "detail": arrival.detail,
        "since": words.moment(arrival.changed),
        "first_seen": words.moment(arrival.first_seen),
        "place": words.text(f"set_aside.{place}"),
        "again": f"/set-aside/{arrival.id}/again",
    }
