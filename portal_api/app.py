"""The public service: everything wired together, nothing on import."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from starlette.responses import Response

from portal_api import site_files
from portal_api.abuse.gate import Gate
from portal_api.abuse.hcaptcha import open_captcha
from portal_api.abuse.ledger import open_ledger
from portal_api.abuse.rate_limits import RateLimits
from portal_api.abuse.routes import router as passes
from portal_api.abuse.waiting_room import WaitingRoom
from portal_api.answers.pages import Answers
from portal_api.chunks.routes import router as chunks
from portal_api.clock import current_day, current_moment, current_seconds
from portal_api.content.routes import router as content_api
from portal_api.content.service import Published
from portal_api.errors import ApiError, add_errors
from portal_api.exits.routes import router as exits
from portal_api.headers import QuietFailure, SafeHeaders
from portal_api.keys.ring import KeyRing
from portal_api.keys.routes import router as keys
from portal_api.operations.store import Store, open_store
from portal_api.plain_form.derivations import Derivations
from portal_api.plain_form.routes import router as plain_form
from portal_api.plain_form.service import Desk
from portal_api.replies.plain import router as plain_mailbox
from portal_api.replies.routes import router as mailbox
from portal_api.search.routes import router as search
from portal_api.search.service import Searches
from portal_api.seats.routes import router as seats
from portal_api.settings import ApiSettings
from portal_api.site_files import SiteFiles
from portal_api.submissions.routes import router as submissions
from portal_api.submissions.service import Intake
from portal_api.uploads.routes import router as uploads
from portal_content.library import Library, load_library
from portal_protocol.notes import parse_signing_key
from portal_protocol.passes import HEADER as PASS_HEADER

PREFLIGHT_SECONDS = 600
_ROUTERS = (
    submissions,  # Looked through in this order: what a busy hour is about comes first.
    chunks,
    passes,
    keys,
    content_api,
    uploads,
    mailbox,
    seats,
    plain_form,
    plain_mailbox,
    search,
    exits,
    site_files.router,  # It takes every address that is left, so it comes last.
)


def create_app(
    settings: ApiSettings, store: Store | None = None, *, library: Library | None = None
) -> FastAPI:
    """Wire the public service together.

    Args:
        settings: Everything it needs to know.
        store: A store that is shared with the hand-over; without one the app opens and closes
            its own.
        library: Content that is loaded already.

    Raises:
        ProtocolError: If key list or receipt key are not valid.
        ContentError: If content or translations cannot be used.
        OSError: If a file of the settings is missing.
    """
    key_ring = KeyRing(settings.key_list, roots=settings.roots, deployment=settings.deployment)
    receipt_key = parse_signing_key(settings.receipt_key.read_text(encoding="utf-8").strip())
    content = library or load_library(settings.root)
    used = store or open_store(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        if store is None:
            used.close()

    app = FastAPI(openapi_url=None, lifespan=lifespan)
    state = app.state
    state.engine, state.writer, state.chunks = used.engine, used.writer, used.chunks
    state.keys = key_ring
    state.intake = Intake(used.writer, used.chunks, key_ring, receipt_key)
    state.desk = Desk(content, state.intake, settings.deployment)
    state.answers = Answers(content, settings.site_directory)
    state.derivations = Derivations()
    state.site = SiteFiles(settings.site_directory) if settings.site_directory else None
    state.published = Published(settings.site_directory) if settings.site_directory else None
    state.searches = Searches(settings.site_directory) if settings.site_directory else None
    state.library = content
    state.today, state.now, state.seconds = current_day, current_moment, current_seconds
    _add_abuse_control(app, settings, used)
    for router in _ROUTERS:
        app.include_router(router)
    _add_edges(app, settings.allowed_origin)
    return app


def _add_abuse_control(app: FastAPI, settings: ApiSettings, store: Store) -> None:
    """Give the app its gate and what counts who asks."""
    state = app.state
    state.abuse = settings.abuse
    state.limits = RateLimits()
    state.ledger = open_ledger(store.engine)
    state.room = WaitingRoom(settings.abuse, state.ledger)
    state.gate = Gate(settings.abuse, state.ledger, open_captcha(settings.abuse))


def _add_edges(app: FastAPI, allowed_origin: str | None) -> None:
    """Add what stands around every route; what is added last sees a request first."""

    def refuse(request: Request, error: type[ApiError]) -> Response:
        answers: Answers = app.state.answers
        return answers.refusal(request, error)

    add_errors(app, refuse)
    app.add_middleware(QuietFailure, refuse=refuse)
    if allowed_origin:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=[allowed_origin],
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", PASS_HEADER],
            expose_headers=["Retry-After"],
            max_age=PREFLIGHT_SECONDS,
        )
    app.add_middleware(SafeHeaders)
