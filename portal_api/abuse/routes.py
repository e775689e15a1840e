"""HTTP face of passes."""

import json
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends

from portal_api.abuse.asking import TheGate, limited
from portal_api.bodies import body_up_to
from portal_api.clock import Seconds
from portal_api.errors import SubmissionMalformed
from portal_protocol.passes import CHALLENGE_ADDRESS, PASSES_ADDRESS

router = APIRouter()

MAX_BODY = 16_384


@router.get(CHALLENGE_ADDRESS, dependencies=[Depends(limited("challenge"))])
def read_challenge(gate: TheGate, now: Seconds) -> dict[str, str | int]:
    """Answer with a task; every answer is another, and nothing is kept of it here."""
    task = gate.challenge(now=now)
    return {"challenge": task.challenge, "bits": task.bits, "puzzles": task.puzzles}


@router.post(PASSES_ADDRESS, status_code=201, dependencies=[Depends(limited("passes"))])
async def create_pass(
    gate: TheGate, now: Seconds, body: Annotated[bytes, Depends(body_up_to(MAX_BODY))]
) -> dict[str, str]:
    """Answer with a pass for done work, or for what hCaptcha gave the browser."""
    asked = _read(body)
    match asked:
        case {"challenge": str(challenge), "numbers": list(numbers)}:
            made = await anyio.to_thread.run_sync(
                lambda: gate.pass_for_work(challenge, numbers, now=now)
            )
        case {"hcaptcha": str(token)}:
            made = await gate.pass_for_captcha(token, now=now)
        case _:
            raise SubmissionMalformed
    return {"pass": made}


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise SubmissionMalformed from None
