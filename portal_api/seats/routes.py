"""HTTP face of seats: a token in a header, nothing about a person anywhere."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from sqlalchemy import Engine
from sqlmodel import Session

from portal_api.abuse.asking import AtTheGate, limited
from portal_api.clock import Now
from portal_api.errors import SeatTokenMalformed
from portal_api.seats import service
from portal_api.seats.service import Plan, SeatView
from portal_api.writer import Writer
from portal_content.library import Library

router = APIRouter(prefix="/v1/seats", dependencies=[Depends(limited("seats"))])


async def seat(authorization: Annotated[str, Header()] = "") -> str | None:
    """Give a request the id of the seat that its token stands for."""
    return service.parse_token(authorization)


async def own_seat(seat: Annotated[str | None, Depends(seat)]) -> str:
    """As `seat`, for what cannot be done without one."""
    if seat is None:
        raise SeatTokenMalformed
    return seat


async def plan(request: Request, briefing: str, now: Now) -> Plan:
    """Give a request the briefing that its address names."""
    library: Library = request.app.state.library
    return service.plan(library.briefings, briefing, now=now)


Planned = Annotated[Plan, Depends(plan)]
OwnSeat = Annotated[str, Depends(own_seat)]


@router.get("/{briefing}")
def look(
    request: Request, briefing: Planned, seat: Annotated[str | None, Depends(seat)]
) -> Response:
    """Answer with what there is to register for, and with what the holder of a token has."""
    engine: Engine = request.app.state.engine
    with Session(engine) as session:
        return _answer(service.look(session, briefing, seat))


@router.put("/{briefing}")
def take(
    request: Request, briefing: Planned, seat: OwnSeat, now: Now, *, at: AtTheGate
) -> Response:
    """Take a seat or a place on the waiting list for a pass; the answer tells which of the two."""
    at.admit_once("seat", f"{briefing.id} {seat}".encode())
    writer: Writer = request.app.state.writer
    today = now.date()
    return _answer(writer.run(lambda session: service.take(session, briefing, seat, today=today)))


@router.delete("/{briefing}")
def give_back(request: Request, briefing: Planned, seat: OwnSeat) -> Response:
    """Give a seat back; the answer is the same whether there was one."""
    writer: Writer = request.app.state.writer
    return _answer(writer.run(lambda session: service.give_back(session, briefing, seat)))


def _answer(view: SeatView) -> Response:
    return Response(view.to_json(), media_type="application/json")
