"""Files of a case: a safe copy of photos, voice messages to hear, all else only to take away."""

from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from portal_gateway.audit import Action, record
from portal_gateway.cases import Attachment, Case, find_case
from portal_gateway.database import transaction
from portal_gateway.follow_ups import FollowUpFile, follow_ups
from portal_gateway.protected_files import ProtectedFiles
from portal_gateway.register.pages import Words
from portal_gateway.register.previews import NoPreview, preview
from portal_gateway.register.requests import NotFound, Now, Printer, desk_of, engine
from portal_gateway.register.sounds import byte_range, sound_type

router = APIRouter(prefix="/cases/{case_id}")

FILE = "/files/{position}"
FILE_AGAIN = "/again/{number}/files/{position}"
"""A file that came with the case, or with what the family wrote again."""

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "audio/webm": "webm",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}
"""Endings of file names by what the device said; anything else gets none."""

File = TypeVar("File", Attachment, FollowUpFile)

NO_SCRIPT = "default-src 'none'; sandbox"


@dataclass(frozen=True)
class OpenedFile:
    """A file that an officer may have, after that was written down."""

    submission_id: str
    name: str
    """What it is called when it is saved: it says nothing of who sent it."""
    position: int
    mime: str
    words: Words


def _opened(action: Action) -> object:
    """Return a dependency that writes down what an officer is about to see.

    Its transaction ends before the file is read: decoding takes long and must not hold up
    other writers.
    """

    def look_up(request: Request, moment: Now, case_id: str, position: int) -> OpenedFile:
        with transaction(engine(request)) as session:
            desk = desk_of(request, session, moment)
            number = int(request.path_params.get("number", 0))
            case, submission_id, file = _find(session, case_id, number, position)
            detail = {"file": position} | ({"again": number} if number else {})
            record(session, action, at=moment, actor=desk.officer, subject=case.id, **detail)
            name = f"{case.id}-{number}-{position}" if number else f"{case.id}-{position}"
            return OpenedFile(submission_id, name, position, file.mime, desk.words)

    return Depends(look_up)


@router.get(FILE + "/photo")
@router.get(FILE_AGAIN + "/photo")
def look_at_photo(
    request: Request,
    printer: Printer,
    file: Annotated[OpenedFile, _opened(Action.READ_PREVIEW)],
) -> Response:
    """Answer with a copy that holds nothing but pixels, or with a picture that says why not."""
    headers = {"Content-Security-Policy": NO_SCRIPT}
    try:
        data = preview(_read(request, file))
    except NoPreview:
        page = printer.page("no_preview.svg", file.words)
        return Response(page.body, media_type="image/svg+xml", headers=headers)
    return Response(data, media_type="image/jpeg", headers=headers)


@router.get(FILE + "/sound")
@router.get(FILE_AGAIN + "/sound")
def hear_message(
    request: Request, file: Annotated[OpenedFile, _opened(Action.HEARD_MESSAGE)]
) -> Response:
    """Answer with a voice message for the player of the page, or with the part it asks for."""
    data = _read(request, file)
    kind = sound_type(data)
    if kind is None:
        raise NotFound
    headers = {"Content-Security-Policy": NO_SCRIPT, "Accept-Ranges": "bytes"}
    part = byte_range(request.headers.get("range", ""), len(data))
    if part is None:
        return Response(data, media_type=kind, headers=headers)
    first, last = part
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], 206, media_type=kind, headers=headers)


@router.get(FILE + "/original")
@router.get(FILE_AGAIN + "/original")
def take_original(
    request: Request, file: Annotated[OpenedFile, _opened(Action.TOOK_ORIGINAL)]
) -> Response:
    """Answer with the file as it was sent, to be saved and never shown by the browser."""
    ending = ENDINGS.get(file.mime, "bin")
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}.{ending}"',
        "Content-Security-Policy": NO_SCRIPT,
    }
    data = _read(request, file)
    return Response(data, media_type="application/octet-stream", headers=headers)


def _find(
    session: Session, case_id: str, number: int, position: int
) -> tuple[Case, str, Attachment | FollowUpFile]:
    """Return the case, the submission that a file came with, and the file."""
    case = find_case(session, case_id)
    if case is None:
        raise NotFound
    if not number:
        return case, case.submission_id, _there(session.get(Attachment, (case.id, position)))
    again = next((one for one in follow_ups(session, case.id) if one.number == number), None)
    if again is None:
        raise NotFound
    return case, again.id, _there(session.get(FollowUpFile, (again.id, position)))


def _there(file: File | None) -> File:
    if file is None:
        raise NotFound
    return file


def _read(request: Request, file: OpenedFile) -> bytes:
    opened: ProtectedFiles = request.app.state.opened
    try:
        return opened.read(file.submission_id, str(file.position))
    except FileNotFoundError as error:
        raise NotFound from error
