"""A seat at the meeting that a form registers for: taken before anything is stored."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from portal_api.errors import NotFound, RegistrationClosed
from portal_api.seats import service
from portal_api.seats.service import SeatView
from portal_api.writer import Writer
from portal_content.forms.definition import Form
from portal_content.library import Library
from portal_protocol.derivation import Mailbox
from portal_protocol.seats import seat_id, seat_token


class MeetingClosed(Exception):
    """One cannot register for the chosen meeting (any more).

    Args:
        question: Id of the question that it was chosen at.
    """

    def __init__(self, question: str) -> None:
        super().__init__(question)
        self.question = question


def chosen_meeting(form: Form, answers: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the question that asks for a meeting and the meeting that was chosen, or nothing."""
    for question in form.fields:
        if question.kind == "briefing" and question.id in answers:
            return question.id, answers[question.id]
    return None


@contextmanager
def seat_held(
    writer: Writer,
    library: Library,
    meeting: tuple[str, str],
    mailbox: Mailbox,
    *,
    now: datetime,
) -> Iterator[SeatView]:
    """Take a seat or a place on the waiting list, as a browser does with the same code.

    If what the seat is for fails, it is given back at once: somebody else may be waiting, and who
    tries again comes with another code.

    Yields:
        What the person has now.

    Raises:
        MeetingClosed: If one cannot register for it.
    """
    question, briefing = meeting
    try:
        plan = service.plan(library.briefings, briefing, now=now)
        seat = seat_id(seat_token(mailbox.proof, plan.id))
        view = writer.run(lambda session: service.take(session, plan, seat, today=now.date()))
    except (NotFound, RegistrationClosed):
        raise MeetingClosed(question) from None
    try:
        yield view
    except BaseException:
        # Where even this fails, the seat is released after some days as any that nobody confirms.
        with suppress(Exception):
            writer.run(lambda session: service.give_back(session, plan, seat))
        raise
