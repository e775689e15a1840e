"""Seats as the gateway sees and confirms them."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine
from sqlmodel import Session

from portal_api.handover.names import Name
from portal_api.seats import service
from portal_api.settings import Sha256Hex
from portal_api.writer import Writer

router = APIRouter(prefix="/handover/seats")


class Confirmation(BaseModel):
    """Seats whose submissions the gateway has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seats: Annotated[tuple[Sha256Hex, ...], Field(max_length=1000)]


@router.get("/{briefing}")
def list_seats(request: Request, briefing: Name) -> dict[str, list[str]]:
    """Answer with ids of seats, and of places on the waiting list in their order."""
    engine: Engine = request.app.state.engine
    with Session(engine) as session:
        held, waiting = service.taken(session, briefing)
    return {"held": held, "waiting": waiting}


@router.post("/{briefing}/confirmation", status_code=204)
def confirm(request: Request, briefing: Name, body: Confirmation) -> None:
    """Note that seats belong to submissions that have arrived; a repeat changes nothing."""
    writer: Writer = request.app.state.writer
    writer.run(lambda session: service.confirm(session, briefing, body.seats))
