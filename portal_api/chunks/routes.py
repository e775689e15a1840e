"""HTTP face of pieces of sealed files."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal_api.abuse.asking import admit_chunk, limited
from portal_api.bodies import body_up_to
from portal_api.chunks import service
from portal_api.chunks.storage import ChunkStore
from portal_api.clock import Today
from portal_protocol.chunks import CHUNK_SIZE

router = APIRouter(prefix="/v1/chunks", dependencies=[Depends(limited("chunks"))])

NAMES_BODY = 300_000
"""4,096 names of 64 digits as JSON, with some room for spaces."""


async def chunk_store(request: Request) -> ChunkStore:
    """Give a request the store of its service."""
    store: ChunkStore = request.app.state.chunks
    return store


Chunks = Annotated[ChunkStore, Depends(chunk_store)]


@router.post("/missing")
def missing(chunks: Chunks, body: Annotated[bytes, Depends(body_up_to(NAMES_BODY))]) -> list[str]:
    """Answer with those of the names that are not stored, in the order asked."""
    return service.missing(chunks, body)


@router.put(
    "/{name}",
    status_code=201,
    response_class=Response,
    dependencies=[Depends(admit_chunk)],
)
def put_chunk(
    name: str,
    chunks: Chunks,
    today: Today,
    body: Annotated[bytes, Depends(body_up_to(CHUNK_SIZE))],
) -> None:
    """Store a piece under its hash; a repeat does no harm."""
    service.put(chunks, name, body, today=today)
