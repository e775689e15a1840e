"""HTTP face of the form without script."""

from contextlib import suppress
from datetime import date, datetime

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal_api.abuse.waiting_room import BUSY, HELD, WaitingRoom
from portal_api.answers import views
from portal_api.answers.mailbox_views import written_again_page
from portal_api.answers.pages import Answers
from portal_api.clock import Seconds, Today
from portal_api.errors import Busy, SubmissionMalformed, TooLarge
from portal_api.plain_form import service
from portal_api.plain_form.derivations import Derivations
from portal_api.plain_form.file_store import FileStore
from portal_api.plain_form.parser import WAITING, FormReader, PostedForm
from portal_api.plain_form.seats import MeetingClosed
from portal_api.plain_form.service import Desk
from portal_api.plain_form.waiting import BUSY_SECONDS, arrive, come_back, keep_files
from portal_content.forms.definition import Form, FormUnknown
from portal_content.forms.problems import Problem
from portal_protocol.errors import EnvelopeInvalid, ReturnCodeInvalid

router = APIRouter()

LARGEST_BODY = 200_000_000
"""Bytes that are read at most. Files beyond their limit are read and dropped, so that the page
can come back with the answers still in it; a browser shows no page while it is still sending."""


@router.post("/form")
async def post_form(request: Request, today: Today, now: Seconds) -> Response:
    """Take a form as a browser without script sends it, and answer with a page."""
    desk: Desk = request.app.state.desk
    files = FileStore(desk.intake, today=today)
    try:
        posted = await _read(request, files)
        return await _in_turn(request, posted, files, today, now)
    finally:
        # Whatever ended it: files that no submission names are not kept.
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(files.forget_unused)


async def _in_turn(
    request: Request, posted: PostedForm, files: FileStore, today: date, now: float
) -> Response:
    """Let a form in if it is its turn, else answer with a page that brings it back later."""
    room: WaitingRoom = request.app.state.room
    answers: Answers = request.app.state.answers
    language = answers.language(posted.first("lang"))
    waiting = come_back(room, posted, now=now) if posted.first(WAITING) else None
    if waiting is None:
        if posted.first(WAITING):
            return views.waited_too_long_page(answers, language)
        again = await anyio.to_thread.run_sync(_problems, request, posted, today)
        if again is not None:
            return again
        waiting = arrive(request, room, posted, now=now)
    if await anyio.to_thread.run_sync(lambda: room.comes_in(waiting.turn, now=now)):
        with suppress(Busy):
            derivations: Derivations = request.app.state.derivations
            return await derivations.run(_receive, request, waiting.posted, files, today)
        waiting.turn = room.enter(now=now, hold=BUSY_SECONDS, why=BUSY)
    elif now >= waiting.turn.at:
        waiting.turn = room.enter(now=now, hold=BUSY_SECONDS)
    keep_files(room, waiting, files, now=now)
    return await anyio.to_thread.run_sync(
        lambda: views.waiting_page(
            answers,
            language,
            sealed=waiting.sealed(room, now=now),
            held=waiting.turn.why == HELD,
            place=room.place(waiting.turn, now=now),
            seconds=waiting.turn.seconds(now),
            files_left=waiting.files_left,
        )
    )


async def _read(request: Request, files: FileStore) -> PostedForm:
    reader = FormReader(request.headers.get("content-type", ""), files.new_sealer)
    size = 0
    async for data in request.stream():
        size += len(data)
        if size > LARGEST_BODY:
            raise TooLarge
        # Sealing and writing take time that others must not wait for.
        await anyio.to_thread.run_sync(reader.feed, data)
        request.state.lang = reader.posted.first("lang")
    return reader.finish()


def _problems(request: Request, posted: PostedForm, today: date) -> Response | None:
    """Return the form with what has to be put right, or none."""
    desk: Desk = request.app.state.desk
    answers: Answers = request.app.state.answers
    language = answers.language(posted.first("lang"))
    form = _form(desk, posted)
    try:
        service.code_of(form, posted)
    except ReturnCodeInvalid as error:
        return views.code_again_page(answers, language, typed=posted.first("code"), error=error)
    problems = service.problems(form, posted)
    if not problems:
        return None
    return views.form_again_page(answers, language, form, posted, problems, today=today)


def _receive(request: Request, posted: PostedForm, files: FileStore, today: date) -> Response:
    desk: Desk = request.app.state.desk
    answers: Answers = request.app.state.answers
    language = answers.language(posted.first("lang"))
    form = _form(desk, posted)
    now: datetime = request.app.state.now()
    try:
        received = service.receive(desk, form, posted, lang=language.code, today=today, now=now)
    except MeetingClosed as error:
        closed = [Problem(error.question, "registration_closed")]
        return views.form_again_page(answers, language, form, posted, closed, today=today)
    except EnvelopeInvalid:
        return views.form_again_page(answers, language, form, posted, today=today)
    files.keep(received.chunks)
    if not form.own_page:
        return written_again_page(answers, language, received)
    return views.received_page(answers, language, form, received, today=today)


def _form(desk: Desk, posted: PostedForm) -> Form:
    with suppress(ValueError, FormUnknown):
        return desk.library.forms.get(posted.first("form"), int(posted.first("version")))
    raise SubmissionMalformed
