"""The hand-over: a listener of its own, for the gateway alone."""

from typing import Annotated

from fastapi import Depends, FastAPI, Header, Request

from portal_api.clock import current_day
from portal_api.errors import add_errors, refuse_as_problem
from portal_api.handover import service
from portal_api.handover.routes import router
from portal_api.handover.seats import router as seats
from portal_api.headers import QuietFailure, SafeHeaders
from portal_api.operations.store import Store


async def gateway(request: Request, authorization: Annotated[str, Header()] = "") -> None:
    """Let nobody but the gateway pass."""
    service.check_credential(authorization, digest=request.app.state.credential_sha256)


def create_handover_app(store: Store, *, credential_sha256: str) -> FastAPI:
    """Wire the hand-over together; whoever made the store closes it.

    Args:
        store: Where everything is.
        credential_sha256: Hex digest of the gateway's credential.
    """
    app = FastAPI(openapi_url=None, dependencies=[Depends(gateway)])
    app.state.engine = store.engine
    app.state.writer = store.writer
    app.state.chunks = store.chunks
    app.state.credential_sha256 = credential_sha256
    app.state.today = current_day
    app.include_router(router)
    app.include_router(seats)
    add_errors(app, refuse_as_problem)
    app.add_middleware(QuietFailure, refuse=refuse_as_problem)
    app.add_middleware(SafeHeaders)
    return app
