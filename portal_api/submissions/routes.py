"""HTTP face of submissions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse

from portal_api.abuse.asking import AtTheGate, limited
from portal_api.bodies import body_up_to
from portal_api.clock import Today
from portal_api.submissions import service
from portal_api.submissions.service import Intake

router = APIRouter(prefix="/v1/submissions", dependencies=[Depends(limited("submissions"))])

MAX_BODY = 262_144
"""Manifest and envelope together, in bytes; attachments travel as pieces."""


async def intake(request: Request) -> Intake:
    """Give a request the intake of its service."""
    found: Intake = request.app.state.intake
    return found


# A model of the answer would have each receipt checked in a thread of its own: it is a text.
@router.post("", status_code=201, response_class=PlainTextResponse, response_model=None)
def create_submission(
    intake: Annotated[Intake, Depends(intake)],
    at: AtTheGate,
    today: Today,
    body: Annotated[bytes, Depends(body_up_to(MAX_BODY))],
) -> str:
    """Accept a sealed submission for a pass and answer with its receipt."""
    at.admit_once("submission", body)
    return service.accept(intake, body, today=today)
