"""HTTP face of the form without script."""

from contextlib import suppress
from datetime import date

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal_api.answers import views
from portal_api.answers.pages import Answers
from portal_api.clock import Today
from portal_api.errors import SubmissionMalformed, TooLarge
from portal_api.plain_form import service
from portal_api.plain_form.derivations import Derivations
from portal_api.plain_form.parser import FormReader, PostedForm
from portal_api.plain_form.photos import PhotoStore
from portal_api.plain_form.service import Desk
from portal_content.forms.definition import Form, FormUnknown
from portal_protocol.errors import EnvelopeInvalid

router = APIRouter()

LARGEST_BODY = 200_000_000
"""Bytes that are read at most. Photos beyond their limit are read and dropped, so that the page
can come back with the answers still in it; a browser shows no page while it is still sending."""


@router.post("/form")
async def post_form(request: Request, today: Today) -> Response:
    """Take a form as a browser without script sends it, and answer with a page."""
    desk: Desk = request.app.state.desk
    photos = PhotoStore(desk.intake, today=today)
    try:
        posted = await _read(request, photos)
        derivations: Derivations = request.app.state.derivations
        return await derivations.run(_answer, request, desk, posted, photos, today)
    finally:
        # Whatever ended it: photos that no submission names are not kept.
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(photos.forget_unused)


async def _read(request: Request, photos: PhotoStore) -> PostedForm:
    reader = FormReader(request.headers.get("content-type", ""), photos.new_sealer)
    size = 0
    async for data in request.stream():
        size += len(data)
        if size > LARGEST_BODY:
            raise TooLarge
        # Sealing and writing take time that others must not wait for.
        await anyio.to_thread.run_sync(reader.feed, data)
        request.state.lang = reader.posted.first("lang")
    return reader.finish()


def _answer(
    request: Request, desk: Desk, posted: PostedForm, photos: PhotoStore, today: date
) -> Response:
    answers: Answers = request.app.state.answers
    language = answers.language(posted.first("lang"))
    form = _form(desk, posted)
    problems = service.problems(form, posted)
    if problems:
        return views.form_again_page(answers, language, form, posted, problems, today=today)
    try:
        received = service.receive(desk, form, posted, lang=language.code, today=today)
    except EnvelopeInvalid:
        return views.form_again_page(answers, language, form, posted, today=today)
    photos.keep()
    return views.received_page(answers, language, received, today=today)


def _form(desk: Desk, posted: PostedForm) -> Form:
    with suppress(ValueError, FormUnknown):
        return desk.library.forms.get(posted.first("form"), int(posted.first("version")))
    raise SubmissionMalformed
