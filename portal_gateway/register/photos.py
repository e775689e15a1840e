"""Photos of a case: a safe copy to look at, the original only to take away."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from portal_gateway.audit import Action, record
from portal_gateway.cases import Attachment, Case
from portal_gateway.database import transaction
from portal_gateway.protected_files import ProtectedFiles
from portal_gateway.register.case_view import find_case
from portal_gateway.register.pages import Words
from portal_gateway.register.previews import NoPreview, preview
from portal_gateway.register.requests import NotFound, Now, Printer, desk_of, engine

router = APIRouter(prefix="/cases/{case_id}/photos/{position}")

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
"""Endings of file names by what the device said; anything else gets none."""

NO_SCRIPT = "default-src 'none'; sandbox"


@dataclass(frozen=True)
class OpenedPhoto:
    """A photo that an officer may have, after that was written down."""

    submission_id: str
    case_id: str
    position: int
    mime: str
    words: Words


def _opened(action: Action) -> object:
    """Return a dependency that writes down what an officer is about to see.

    Its transaction ends before the photo is read: decoding takes long and must not hold up
    other writers.
    """

    def look_up(request: Request, moment: Now, case_id: str, position: int) -> OpenedPhoto:
        with transaction(engine(request)) as session:
            desk = desk_of(request, session, moment)
            case, photo = _find(session, case_id, position)
            record(session, action, at=moment, actor=desk.officer, subject=case.id, photo=position)
            return OpenedPhoto(case.submission_id, case.id, position, photo.mime, desk.words)

    return Depends(look_up)


@router.get("")
def look_at_photo(
    request: Request,
    printer: Printer,
    photo: Annotated[OpenedPhoto, _opened(Action.READ_PREVIEW)],
) -> Response:
    """Answer with a copy that holds nothing but pixels, or with a picture that says why not."""
    headers = {"Content-Security-Policy": NO_SCRIPT}
    try:
        data = preview(_read(request, photo))
    except NoPreview:
        page = printer.page("no_preview.svg", photo.words)
        return Response(page.body, media_type="image/svg+xml", headers=headers)
    return Response(data, media_type="image/jpeg", headers=headers)


@router.get("/original")
def take_original(
    request: Request, photo: Annotated[OpenedPhoto, _opened(Action.TOOK_ORIGINAL)]
) -> Response:
    """Answer with the file as it was sent, to be saved and never shown by the browser."""
    ending = ENDINGS.get(photo.mime, "bin")
    name = f"{photo.case_id}-{photo.position}.{ending}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": NO_SCRIPT,
    }
    data = _read(request, photo)
    return Response(data, media_type="application/octet-stream", headers=headers)


def _find(session: Session, case_id: str, position: int) -> tuple[Case, Attachment]:
    case = find_case(session, case_id)
    photo = session.get(Attachment, (case.id, position)) if case else None
    if case is None or photo is None:
        raise NotFound
    return case, photo


def _read(request: Request, photo: OpenedPhoto) -> bytes:
    opened: ProtectedFiles = request.app.state.opened
    try:
        return opened.read(photo.submission_id, str(photo.position))
    except FileNotFoundError as error:
        raise NotFound from error
