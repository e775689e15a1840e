"""HTTP face of sealed files that are sent without script."""

from datetime import date

import anyio.to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal_api.abuse.asking import limited, room_for_upload
from portal_api.answers.pages import Answers
from portal_api.clock import Today
from portal_api.errors import (
    ApiError,
    KeysOutdated,
    NotSealed,
    SizeNotAllowed,
    SubmissionMalformed,
    TooLarge,
    WrongRecipients,
)
from portal_api.submissions.service import Intake, accept_sealed
from portal_api.uploads.reader import BothSent, NothingSent, UploadReader
from portal_content.dates import day_in_words
from portal_content.languages import Language
from portal_protocol.errors import SealedFileCutOff, SealedFileInvalid, SealedFileOfAnotherKind
from portal_protocol.receipts import open_receipt
from portal_protocol.sealed_files import Carried

router = APIRouter()

LARGEST_BODY = 80_000_000
"""Bytes that are read at most; a browser shows no page while it is still sending."""
RECEIPT_DIGITS = 8
_OLD = (KeysOutdated, WrongRecipients)
_FORGED = (NotSealed, SizeNotAllowed, SubmissionMalformed)


@router.post("/upload", dependencies=[Depends(limited("form")), Depends(room_for_upload)])
async def post_file(request: Request, today: Today) -> Response:
    """Take a sealed file or its text from a page without script, and answer with a page."""
    intake: Intake = request.app.state.intake

    def take(name: str, data: bytes) -> None:
        # Never removed again here: the same file may have come before, and chunks are named by
        # their content. What no submission names is swept like any other chunk.
        intake.chunks.put(name, data, today=today)

    reader = UploadReader(request.headers.get("content-type", ""), take)
    size = 0
    async for data in request.stream():
        size += len(data)
        if size > LARGEST_BODY:
            raise TooLarge
        await anyio.to_thread.run_sync(reader.feed, data)
        request.state.lang = reader.lang
    return await anyio.to_thread.run_sync(_answer, request, intake, reader, today)


def _answer(request: Request, intake: Intake, reader: UploadReader, today: date) -> Response:
    answers: Answers = request.app.state.answers
    language = answers.language(reader.lang)
    try:
        carried = reader.finish()
        note = accept_sealed(intake, carried.manifest_bytes, carried.envelope, today=today)
    except SealedFileInvalid as error:
        return _again(answers, language, _reason(error))
    except (*_OLD, *_FORGED) as error:
        return _again(answers, language, "old" if isinstance(error, _OLD) else _refused(error))
    return _received(answers, language, intake, carried, note)


def _reason(error: SealedFileInvalid) -> str:
    """Return the key below `carry.upload.failed` of what is wrong with a file."""
    if isinstance(error, NothingSent):
        return "nothing"
    if isinstance(error, BothSent):
        return "both"
    if isinstance(error, SealedFileCutOff):
        return "cut_off"
    return "not_ours" if isinstance(error, SealedFileOfAnotherKind) else "changed"


def _refused(error: ApiError) -> str:
    if isinstance(error, SubmissionMalformed):
        raise error
    return "not_ours"


def _again(answers: Answers, language: Language, reason: str) -> Response:
    texts = answers.texts("carry.upload", language)
    return answers.page(
        "upload",
        language,
        title=texts["title"],
        status=422,
        texts=texts,
        problem=texts["failed"][reason],
        received=None,
    )


def _received(
    answers: Answers, language: Language, intake: Intake, carried: Carried, note: str
) -> Response:
    submission = carried.manifest.submission_id
    receipt = open_receipt(note, intake.receipt_key.verify_key, submission_id=submission)
    day = day_in_words(receipt.date, language)
    texts = answers.texts("carry.upload", language)
    return answers.page(
        "upload",
        language,
        title=texts["received"]["title"],
        texts=texts,
        problem="",
        received={
            "what": answers.text("carry.upload.received.what_plain", language, day=day),
            "number": submission[:RECEIPT_DIGITS],
            "note": note,
            "return_page": answers.text("script.received.code.return_page", language),
        },
    )
