"""Signing in at the Institution's own provider, where a deployer has set one."""

from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from portal_gateway.audit import Action, record
from portal_gateway.database import transaction
from portal_gateway.register.account_keeping import is_closed
from portal_gateway.register.accounts import Officer, as_name
from portal_gateway.register.openid import BACK, Begun, OpenId, OpenIdRefused
from portal_gateway.register.requests import (
    DEVICE_COOKIE,
    NotFound,
    Now,
    Printer,
    engine,
    reader_language,
)
from portal_gateway.register.signing_in import let_in

router = APIRouter()

BEGUN_COOKIE = "register-openid"
MINUTES = timedelta(minutes=10)


@router.get("/sign-in/openid")
def begin(request: Request, printer: Printer) -> Response:
    """Send the browser to the provider; it brings a cookie back that nobody else has."""
    try:
        address, begun = _provider(request).begin()
    except OpenIdRefused:
        return _refused(request, printer, 502)
    answer = RedirectResponse(address, 303)
    answer.set_cookie(
        BEGUN_COOKIE,
        begun.to_cookie(),
        max_age=int(MINUTES.total_seconds()),
        path="/sign-in/openid",
        httponly=True,
        # The provider sends the browser back: a strict cookie would stay behind.
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


@router.get(BACK)
def come_back(request: Request, printer: Printer, moment: Now) -> Response:
    """Begin a session for whoever the provider names, if they have an account here."""
    provider = _provider(request)
    try:
        begun = Begun.from_cookie(request.cookies.get(BEGUN_COOKIE, ""))
        name = as_name(provider.finish(begun, str(request.url), now=moment))
    except OpenIdRefused:
        with transaction(engine(request)) as session:
            record(session, Action.SIGN_IN_REFUSED, at=moment, openid=True)
        return _refused(request, printer, 401)
    with transaction(engine(request)) as session:
        officer = session.get(Officer, name)
        if officer is None or is_closed(officer):
            record(session, Action.SIGN_IN_REFUSED, at=moment, openid=True)
            return _refused(request, printer, 401)
        words = printer.words(officer.language or reader_language(request))
        # A page, no redirect: what a strict cookie opens is asked for from a page of ours.
        answer = printer.page("signed_in.html", words)
        let_in(request, answer, session, name, request.cookies.get(DEVICE_COOKIE, ""), now=moment)
    answer.delete_cookie(BEGUN_COOKIE, path="/sign-in/openid")
    return answer


def _provider(request: Request) -> OpenId:
    provider: OpenId | None = request.app.state.openid
    if provider is None:
        raise NotFound
    return provider


def _refused(request: Request, printer: Printer, status: int) -> Response:
    words = printer.words(reader_language(request))
    problem = words.text(
        "openid.unreachable" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "openid.refused"
    )
    return printer.page(
        "sign_in.html", words, status=status, problem=problem, chosen="", openid=True
    )
