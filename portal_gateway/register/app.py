"""The register as one application: everything wired together, nothing on import."""

from dataclasses import dataclass

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from portal_content.library import Library
from portal_gateway.audit import Action, record
from portal_gateway.clock import current_moment
from portal_gateway.database import transaction
from portal_gateway.keys import Keys
from portal_gateway.protected_files import ProtectedFiles
from portal_gateway.register import (
    account_pages,
    attachments,
    audit_page,
    case_list,
    case_pages,
    enrolling,
    export_page,
    meetings,
    openid_pages,
    opening_pages,
    other_systems,
    overview,
    own_account,
    reprisal_pages,
    set_aside,
    signing_in,
    sought_pages,
    work_pages,
)
from portal_gateway.register.guard import NotAllowed, NotOpened, guard
from portal_gateway.register.headers import LOOPBACK, Edge
from portal_gateway.register.openid import OpenId
from portal_gateway.register.pages import Pages
from portal_gateway.register.requests import (
    COOKIE,
    FormNotOurs,
    FormTooLarge,
    NotFound,
    NotSignedIn,
    reader_language,
)
from portal_gateway.register.second_factor import ready_code_key
from portal_gateway.settings import GatewaySettings

UNCHANGED = {"Cache-Control": "private, max-age=31536000, immutable"}


FEATURES = (
    signing_in,
    enrolling,
    openid_pages,
    own_account,
    case_list,
    case_pages,
    opening_pages,
    work_pages,
    reprisal_pages,
    sought_pages,
    meetings,
    attachments,
    overview,
    export_page,
    other_systems,
    set_aside,
    audit_page,
    account_pages,
)
"""Modules with routes; what each route needs stands in guard.py."""


@dataclass(frozen=True)
class Belongings:
    """What the register works with; whoever made it closes it."""

    engine: Engine
    opened: ProtectedFiles
    library: Library
    keys: Keys


def create_register(settings: GatewaySettings, belongings: Belongings) -> FastAPI:
    """Wire the officers' pages together.

    Raises:
        KeysUnfit: If the key of one-time codes is damaged or lost.
    """
    app = FastAPI(openapi_url=None, dependencies=[Depends(guard)])
    state = app.state
    state.engine, state.opened = belongings.engine, belongings.opened
    state.keys, state.now = belongings.keys, current_moment
    state.code_key = ready_code_key(belongings.engine, settings.code_key)
    state.openid = OpenId(settings.openid) if settings.openid else None
    state.pages = Pages(belongings.library)
    state.connectors = settings.connectors
    for feature in FEATURES:
        app.include_router(feature.router)
    _add_fixed_files(app)
    _add_refusals(app)
    hosts = {settings.host, *settings.register_hosts, *LOOPBACK}

    async def failed(request: Request) -> Response:
        return _problem(request, "unexpected", 500)

    app.add_middleware(Edge, hosts=hosts, failed=failed)
    return app


def _add_fixed_files(app: FastAPI) -> None:
    @app.get("/register.css")
    def styles() -> Response:
        return Response(app.state.pages.styles, media_type="text/css", headers=UNCHANGED)

    @app.get("/icon.svg")
    def icon() -> Response:
        return Response(app.state.pages.icon, media_type="image/svg+xml")


def _add_refusals(app: FastAPI) -> None:
    async def sign_in(request: Request, _: Exception) -> Response:
        ended = "?ended=1" if COOKIE in request.cookies else ""
        return RedirectResponse(f"/sign-in{ended}", 303)

    async def not_found(request: Request, _: Exception) -> Response:
        return _problem(request, "not_found", 404)

    async def not_ours(request: Request, _: Exception) -> Response:
        return _problem(request, "form_not_ours", 403)

    async def too_large(request: Request, _: Exception) -> Response:
        return _problem(request, "too_large", 413)

    async def not_allowed(request: Request, error: Exception) -> Response:
        assert isinstance(error, NotAllowed)
        await run_in_threadpool(_note_refusal, request, error)
        return _problem(request, "not_allowed", 403)

    async def not_opened(_: Request, error: Exception) -> Response:
        assert isinstance(error, NotOpened)
        return RedirectResponse(f"/cases/{error.case_id}/opening", 303)

    app.add_exception_handler(NotOpened, not_opened)
    app.add_exception_handler(NotAllowed, not_allowed)
    app.add_exception_handler(NotSignedIn, sign_in)
    app.add_exception_handler(FormNotOurs, not_ours)
    app.add_exception_handler(FormTooLarge, too_large)
    for kind in (NotFound, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, not_found)


def _note_refusal(request: Request, error: NotAllowed) -> None:
    """Write down who asked for what they have no right to."""
    state = request.app.state
    with transaction(state.engine) as session:
        record(
            session,
            Action.REFUSED,
            at=state.now(),
            actor=error.officer,
            subject=error.subject,
            route=error.route,
        )


def _problem(request: Request, code: str, status: int) -> Response:
    pages: Pages = request.app.state.pages
    words = pages.words(reader_language(request))
    title, text = words.text(f"problem.{code}.title"), words.text(f"problem.{code}.text")
    return pages.page("problem.html", words, status=status, title=title, text=text)
