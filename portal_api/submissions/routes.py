"""HTTP face of submissions."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse

from portal_api.abuse.asking import Entry, PassHeader, entry, limited
from portal_api.bodies import body_up_to
from portal_api.clock import today
from portal_api.submissions import service
from portal_api.submissions.service import Intake

router = APIRouter(prefix="/v1/submissions", dependencies=[Depends(limited("submissions"))])

MAX_BODY = 262_144
"""Manifest and envelope together, in bytes; attachments travel as pieces."""


_read_body = body_up_to(MAX_BODY)


@dataclass(frozen=True)
class Arrival:
    """A submission as it arrives, with what is needed to take it in."""

    intake: Intake
    at: Entry
    today: date
    body: bytes


async def arrival(request: Request, shown: PassHeader = "") -> Arrival:
    """Give a request everything at once: each dependency takes as long as signing a receipt."""
    at, day = await entry(request, shown), await today(request)
    return Arrival(request.app.state.intake, at, day, await _read_body(request))


# A model of the answer would have each receipt checked in a thread of its own: it is a text.
@router.post("", status_code=201, response_class=PlainTextResponse, response_model=None)
def create_submission(it: Annotated[Arrival, Depends(arrival)]) -> str:
    """Accept a sealed submission for a pass and answer with its receipt."""
    it.at.admit_once("submission", it.body)
    return service.accept(it.intake, it.body, today=it.today)
