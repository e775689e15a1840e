"""HTTP face of the hand-over. The whole app lets only the gateway pass."""

import base64
import binascii
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Engine
from sqlmodel import Session

from portal_api.bodies import body_up_to
from portal_api.clock import Today
from portal_api.errors import NotFound, SubmissionMalformed
from portal_api.handover.names import Name
from portal_api.replies import service as replies
from portal_api.settings import Sha256Hex
from portal_api.submissions import keeping
from portal_api.writer import Writer
from portal_protocol.chunks import is_chunk_name
from portal_protocol.submissions import pack_submission

router = APIRouter(prefix="/handover")

BYTES = "application/octet-stream"
REPLIES_BODY = 8_000_000
"""64 answers of the largest padded size, in base64, with room."""


class Reply(BaseModel):
    """A sealed answer for a mailbox."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mailbox: Sha256Hex
    data: Annotated[str, Field(max_length=100_000)]


class Replies(BaseModel):
    """Answers that the gateway hands in together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replies: Annotated[tuple[Reply, ...], Field(max_length=64)]


@router.get("/submissions")
def list_submissions(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Name = "",
) -> dict[str, list[str]]:
    """Answer with ids that wait for the gateway, sorted."""
    with Session(_engine(request)) as session:
        return {"submissions": keeping.waiting(session, limit=limit, after=after)}


@router.get("/submissions/{submission_id}")
def read_submission(request: Request, submission_id: Name) -> Response:
    """Answer with a submission as it was sent."""
    with Session(_engine(request)) as session:
        found = keeping.find(session, submission_id)
        if found is None:
            raise NotFound
        return Response(pack_submission(found.manifest, found.envelope), media_type=BYTES)


@router.get("/chunks/{name}")
def read_chunk(request: Request, name: str) -> Response:
    """Answer with a piece of a sealed file."""
    data = request.app.state.chunks.get(name) if is_chunk_name(name) else None
    if data is None:
        raise NotFound
    return Response(data, media_type=BYTES)


@router.post("/submissions/{submission_id}/acknowledgement", status_code=204)
def acknowledge(request: Request, submission_id: Name, today: Today) -> None:
    """Note that the gateway has a submission and keeps it."""
    _writer(request).run(lambda session: keeping.acknowledge(session, submission_id, today=today))


@router.post("/replies")
def store_replies(
    request: Request, today: Today, body: Annotated[bytes, Depends(body_up_to(REPLIES_BODY))]
) -> dict[str, int]:
    """Store answers; a repeat changes nothing."""
    sealed = _parse(body)
    stored = _writer(request).run(lambda session: replies.store(session, sealed, today=today))
    return {"stored": stored}


@router.get("/health")
def health(request: Request) -> dict[str, int]:
    """Answer with how many submissions wait."""
    with Session(_engine(request)) as session:
        return {"waiting": keeping.count_waiting(session)}


def _parse(body: bytes) -> list[replies.SealedReply]:
    try:
        parsed = Replies.model_validate_json(body)
        return [
            replies.SealedReply(reply.mailbox, base64.b64decode(reply.data, validate=True))
            for reply in parsed.replies
        ]
    except (ValidationError, binascii.Error):
        raise SubmissionMalformed from None


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _writer(request: Request) -> Writer:
    writer: Writer = request.app.state.writer
    return writer
