"""Meetings: who has a seat, who waits, and a message to all of them at once.

The exact place or the link leaves the Institution only this way: sealed to each mailbox.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session, col, func, select
from starlette.responses import RedirectResponse, Response

from portal_content.briefings.definition import Briefing
from portal_content.forms.reading import readable_answers
from portal_gateway.audit import Action, record
from portal_gateway.cases import Case
from portal_gateway.flags import TWO_PERSON
from portal_gateway.register.pages import Pages
from portal_gateway.register.requests import Desk, NotFound, OwnForm, Printer, SignedIn
from portal_gateway.replies import new_id
from portal_gateway.seats import MeetingSeat, SeatState, registrations
from portal_gateway.steps.replying import LONGEST_TEXT, Draft, queue_reply

router = APIRouter(prefix="/meetings")

ID_LENGTH = 32
REACHED = (SeatState.HELD, SeatState.WAITING)
"""To whom one can write: those with a seat, or those who wait."""


@dataclass(frozen=True)
class Circular:
    """A message to everybody who has a seat, or to everybody who waits."""

    id: str
    to: str
    language: str
    text: str


@router.get("")
def list_meetings(printer: Printer, desk: SignedIn) -> Response:
    """Answer with every meeting that somebody has registered for or can register for."""
    record(desk.session, Action.READ_MEETING, at=desk.now, actor=desk.officer)
    counts = _counts(desk.session)
    library = printer.library
    listed = [
        _summary(desk, briefing, counts[briefing.id])
        for briefing in library.briefings.values()
        if briefing.registration.needed and (counts[briefing.id] or desk.now < briefing.ends)
    ]
    return printer.page("meetings.html", desk.words, desk=desk, here="/meetings", meetings=listed)


@router.get("/{briefing_id}")
def read_meeting(
    printer: Printer, desk: SignedIn, briefing_id: str, sent: int | None = None
) -> Response:
    """Answer with everybody who registered for a meeting; the look is written down first."""
    briefing = _briefing(printer, briefing_id)
    record(desk.session, Action.READ_MEETING, at=desk.now, actor=desk.officer, subject=briefing.id)
    done = "" if sent is None else desk.words.plural("meetings.sent", sent)
    fresh = Circular(new_id(), SeatState.HELD, desk.words.lang, "")
    return _page(printer, desk, briefing, fresh, done=done)


@router.post("/{briefing_id}/message")
def write_to_all(
    request: Request, printer: Printer, desk: SignedIn, form: OwnForm, briefing_id: str
) -> Response:
    """Seal one message to every mailbox; the same one sent twice goes once to each."""
    briefing = _briefing(printer, briefing_id)
    circular = _circular(form)
    problems = _problems(printer, desk, circular)
    if problems:
        return _page(printer, desk, briefing, circular, problems=problems, status=422)
    sent = 0
    for seat, case in registrations(desk.session, briefing.id):
        if seat.state == circular.to and case.reply_language == circular.language:
            draft = _draft(circular, case, desk.officer)
            keys = request.app.state.keys
            sent += queue_reply(desk.session, keys, case, draft, now=desk.now)
    record(
        desk.session,
        Action.WROTE_TO_MEETING,
        at=desk.now,
        actor=desk.officer,
        subject=briefing.id,
        to=circular.to,
        count=sent,
    )
    return RedirectResponse(f"/meetings/{briefing.id}?sent={sent}", 303)


def _briefing(printer: Pages, briefing_id: str) -> Briefing:
    briefing = printer.library.briefings.get(briefing_id)
    if briefing is None:
        raise NotFound
    return briefing


def _counts(session: Session) -> dict[str, Counter[str]]:
    counted = select(MeetingSeat.briefing, MeetingSeat.state, func.count()).group_by(
        col(MeetingSeat.briefing), col(MeetingSeat.state)
    )
    counts: dict[str, Counter[str]] = _Missing()
    for briefing, state, count in session.exec(counted).all():
        counts[briefing][state] = count
    return counts


class _Missing(dict[str, Counter[str]]):
    def __missing__(self, key: str) -> Counter[str]:
        self[key] = Counter()
        return self[key]


def _summary(desk: Desk, briefing: Briefing, counts: Counter[str]) -> dict[str, Any]:
    words = desk.words
    text = briefing.texts.get(words.lang) or next(iter(briefing.texts.values()))
    capacity = (
        words.number(briefing.capacity) if briefing.capacity else words.text("meetings.no_limit")
    )
    return {
        "href": f"/meetings/{briefing.id}",
        "title": text.title,
        "day": words.day(briefing.starts.date()),
        "capacity": capacity,
        "held": words.number(counts[SeatState.HELD]),
        "waiting": words.number(counts[SeatState.WAITING]),
        "sample": briefing.sample,
    }


def _page(
    printer: Pages,
    desk: Desk,
    briefing: Briefing,
    circular: Circular,
    *,
    problems: list[str] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    rows = registrations(desk.session, briefing.id)
    counts = Counter(seat.state for seat, _ in rows)
    library = printer.library
    return printer.page(
        "meeting.html",
        desk.words,
        status=status,
        desk=desk,
        here=f"/meetings/{briefing.id}",
        meeting=_summary(desk, briefing, counts),
        people=[_person(printer, desk, seat, case) for seat, case in rows],
        reached=[
            {"value": state, "text": desk.words.text(f"meetings.to.{state}")} for state in REACHED
        ],
        languages=[{"value": code, "text": lang.name} for code, lang in library.languages.items()],
        circular=circular,
        problems=problems or [],
        done=done,
        longest=LONGEST_TEXT,
    )


def _person(printer: Pages, desk: Desk, seat: MeetingSeat, case: Case) -> dict[str, Any]:
    words = desk.words
    state = words.text(f"meetings.states.{seat.state}")
    if seat.place:
        state = words.text("meetings.place", state=state, place=seat.place)
    form = printer.library.forms.get(case.form_id, case.form_version)
    asked = {"interpretation", "access_needs", "help_needs", "question", "agenda"}
    # Two officers open what somebody under 18 wrote; this page shows their seat and no more.
    answers = {} if case.queue in TWO_PERSON else case.answers
    chosen = {name: value for name, value in answers.items() if name in asked}
    sections = readable_answers(form, printer.library, chosen, words.lang)
    return {
        "href": f"/cases/{case.id}",
        "name": answers.get("display_name", ""),
        "hide": answers.get("name_shown") != "show",
        "language": words.language_name(case.reply_language),
        "state": state,
        "state_code": seat.state,
        "needs": [row for section in sections for row in section.rows],
    }


def _circular(form: dict[str, str]) -> Circular:
    draft_id = form.get("draft", "")
    is_ours = len(draft_id) == ID_LENGTH and draft_id.isalnum()
    return Circular(
        draft_id if is_ours else new_id(),
        form.get("to", ""),
        form.get("language", ""),
        form.get("text", ""),
    )


def _problems(printer: Pages, desk: Desk, circular: Circular) -> list[str]:
    found = []
    if circular.to not in REACHED or circular.language not in printer.library.languages:
        found.append(desk.words.text("reply.unclear"))
    if not circular.text.strip():
        found.append(desk.words.text("reply.missing"))
    over = len(circular.text) - LONGEST_TEXT
    if over > 0:
        found.append(desk.words.text("reply.too_long", over=over, max=LONGEST_TEXT))
    return found


def _draft(circular: Circular, case: Case, officer: str) -> Draft:
    """Return the message for one person; its id makes sure that a repeat sends nothing."""
    draft_id = hashlib.sha256(f"{circular.id} {case.id}".encode()).hexdigest()[:ID_LENGTH]
    return Draft(draft_id, "answer", circular.language, circular.text, officer)
