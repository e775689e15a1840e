"""What the public service answers when it cannot do what was asked.

* ApiError
  * SubmissionMalformed      422
  * NotSealed                422
  * WrongRecipients          422
  * SizeNotAllowed           422
  * ChunkMismatch            422
  * KeysOutdated             409
  * ChunkMissing             409
  * RegistrationClosed       409
  * TooLarge                 413
  * NotAForm                 415
  * MailboxTokenMalformed    401
  * SeatTokenMalformed       401
  * CredentialRefused        401
  * PassNeeded               403
  * NotFound                 404
  * MethodNotAllowed         405
  * TooMany                  429
  * Busy                     503
  * Unknown                  500

An answer is the same for every request that meets the same class (RFC 9457), so neither it nor
its length tells anything about what was sent.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

PROBLEM = "application/problem+json"


class ApiError(Exception):
    """A refusal that a page turns into a sentence of the reader's language.

    The class says everything: nothing of the request may reach the answer or a log.
    """

    status: ClassVar[int]
    code: ClassVar[str]
    """Key below `errors.` in translations/; a test asks for it in every language."""
    retry_seconds: ClassVar[int] = 0
    """After how long trying the same again can help; 0 if it cannot, or nobody knows."""


class SubmissionMalformed(ApiError):
    """What was sent is not what this address takes."""

    status = 422
    code = "submission_malformed"


class NotSealed(ApiError):
    """It is not an age file: it might be readable, so it is not kept."""

    status = 422
    code = "not_sealed"


class WrongRecipients(ApiError):
    """It is sealed, but not to the number and kind of recipients in the key list."""

    status = 422
    code = "wrong_recipients"


class SizeNotAllowed(ApiError):
    """Its length is none of the padded lengths, so it would say something about its content."""

    status = 422
    code = "size_not_allowed"


class ChunkMismatch(ApiError):
    """A piece is not what its name or its submission says."""

    status = 422
    code = "chunk_mismatch"


class KeysOutdated(ApiError):
    """It is sealed to keys that are no longer in use."""

    status = 409
    code = "keys_outdated"


class ChunkMissing(ApiError):
    """A submission names a piece that is not stored; the sender has to send it again."""

    status = 409
    code = "chunk_missing"


class RegistrationClosed(ApiError):
    """Nobody can register for this briefing any more, not even to wait."""

    status = 409
    code = "registration_closed"


class TooLarge(ApiError):
    """More bytes than this address takes."""

    status = 413
    code = "too_large"


class NotAForm(ApiError):
    """What was posted is not a form as a browser sends it."""

    status = 415
    code = "not_a_form"


class MailboxTokenMalformed(ApiError):
    """No token, or not 32 bytes in base64url. Any 32 bytes open a mailbox, mostly an empty one."""

    status = 401
    code = "mailbox_token_malformed"


class SeatTokenMalformed(ApiError):
    """No token, or not 32 bytes in base64url."""

    status = 401
    code = "seat_token_malformed"


class CredentialRefused(ApiError):
    """Somebody who is not the gateway asks at the hand-over."""

    status = 401
    code = "credential_refused"


class PassNeeded(ApiError):
    """No pass, or one that was used or is over; whoever works for another is let in."""

    status = 403
    code = "pass_needed"


class NotFound(ApiError):
    """There is nothing at this address."""

    status = 404
    code = "not_found"


class MethodNotAllowed(ApiError):
    """There is something at this address, but not to be used like this."""

    status = 405
    code = "method_not_allowed"


class TooMany(ApiError):
    """One address asks more often than people do; it is let in again as time passes."""

    status = 429
    code = "too_many"
    retry_seconds = 20


class Busy(ApiError):
    """Too many ask for the same slow thing at once."""

    status = 503
    code = "busy"
    retry_seconds = 60


class Unknown(ApiError):
    """Something failed in here that should not fail."""

    status = 500
    code = "unknown"


FOR_PEOPLE: tuple[type[ApiError], ...] = (
    SubmissionMalformed,
    NotSealed,
    WrongRecipients,
    SizeNotAllowed,
    ChunkMismatch,
    KeysOutdated,
    ChunkMissing,
    RegistrationClosed,
    TooLarge,
    NotAForm,
    MailboxTokenMalformed,
    SeatTokenMalformed,
    PassNeeded,
    NotFound,
    MethodNotAllowed,
    TooMany,
    Busy,
    Unknown,
)
"""Every refusal that a page may have to explain; each has sentences in every language."""

_BY_STATUS: dict[int, type[ApiError]] = {
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowed,
}


def problem(error: type[ApiError]) -> Response:
    """Return the answer of a class of refusals."""
    body = json.dumps({"type": f"/problems/{error.code}", "status": error.status})
    return Response(body, status_code=error.status, media_type=PROBLEM, headers=retry_header(error))


def retry_header(error: type[ApiError]) -> dict[str, str]:
    """Return the header that says when trying again can help."""
    return {"Retry-After": str(error.retry_seconds)} if error.retry_seconds else {}


def refuse_as_problem(_: Request, error: type[ApiError]) -> Response:
    """Answer a refusal for machines."""
    return problem(error)


Refuse = Callable[[Request, type[ApiError]], Response]
"""How a service answers a refusal."""


def add_errors(app: FastAPI, refuse: Refuse) -> None:
    """Answer every refusal as its class says, without the framework's echo of the input."""

    async def refusal(request: Request, error: Exception) -> Response:
        return refuse(request, type(error) if isinstance(error, ApiError) else Unknown)

    async def invalid(request: Request, _: Exception) -> Response:
        return refuse(request, SubmissionMalformed)

    async def by_router(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 0
        return refuse(request, _BY_STATUS.get(status, SubmissionMalformed))

    app.add_exception_handler(ApiError, refusal)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, by_router)
