"""Pages for signing in and out, and for choosing the language."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from portal_gateway.audit import Action, record
from portal_gateway.database import transaction
from portal_gateway.register.accounts import (
    Attempt,
    Officer,
    SignInBlocked,
    SignInRefused,
    check_attempt,
)
from portal_gateway.register.devices import REMEMBERED, remember_device
from portal_gateway.register.pages import LANGUAGES
from portal_gateway.register.requests import (
    COOKIE,
    DEVICE_COOKIE,
    LANGUAGE_COOKIE,
    Form,
    Now,
    OwnForm,
    Printer,
    SignedIn,
    code_key,
    engine,
    reader_language,
)
from portal_gateway.register.second_factor import is_enrolled
from portal_gateway.register.sessions import Stage, begin_session, end_session

router = APIRouter()


@router.get("/sign-in")
def ask(request: Request, printer: Printer, lang: str = "", ended: str = "") -> Response:
    """Answer with the page that asks for name, password and code."""
    problem = "ended" if ended else ""
    return _page(request, printer, lang=lang, problem=problem, status=200)


@router.post("/sign-in")
def sign_in(request: Request, printer: Printer, form: Form, moment: Now) -> Response:
    """Begin a session, or say what is wrong."""
    lang = form.get("lang", "")
    device = request.cookies.get(DEVICE_COOKIE, "")
    attempt = Attempt(form.get("name", ""), form.get("password", ""), form.get("code", ""), device)
    try:
        officer = check_attempt(engine(request), attempt, key=code_key(request), now=moment)
    except SignInBlocked:
        return _page(request, printer, lang=lang, problem="blocked", status=429)
    except SignInRefused:
        with transaction(engine(request)) as session:
            # Not the name: people type passwords into the wrong box.
            record(session, Action.SIGN_IN_REFUSED, at=moment)
        return _page(request, printer, lang=lang, problem="refused", status=401)
    with transaction(engine(request)) as session:
        if lang in LANGUAGES:
            session.get_one(Officer, officer.name).language = lang
        if is_enrolled(session, officer.name):
            answer: Response = RedirectResponse("/", 303)
            let_in(request, answer, session, officer.name, device, now=moment)
        else:
            token = begin_session(session, officer.name, now=moment, stage=Stage.ENROLLING)
            answer = RedirectResponse("/sign-in/code", 303)
            set_cookie(request, answer, COOKIE, token)
    if lang in LANGUAGES:
        set_cookie(request, answer, LANGUAGE_COOKIE, lang)
    return answer


def let_in(
    request: Request,
    answer: Response,
    session: Session,
    officer: str,
    device: str,
    *,
    now: datetime,
) -> None:
    """Begin a session for somebody who has shown who they are, and remember their browser."""
    token = begin_session(session, officer, now=now)
    remembered = remember_device(session, officer, device, now=now)
    record(session, Action.SIGNED_IN, at=now, actor=officer)
    set_cookie(request, answer, COOKIE, token)
    set_cookie(request, answer, DEVICE_COOKIE, remembered, lasts=REMEMBERED)


@router.post("/sign-out")
def sign_out(desk: SignedIn, _: OwnForm) -> Response:
    """End the session."""
    end_session(desk.session, desk.token)
    record(desk.session, Action.SIGNED_OUT, at=desk.now, actor=desk.officer)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    # What the browser has kept of the register goes with the session.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@router.post("/language")
def choose_language(request: Request, desk: SignedIn, form: OwnForm) -> Response:
    """Keep the officer's language and go back to where they were."""
    answer = RedirectResponse(_own_path(form.get("back", "/")), 303)
    lang = form.get("language", "")
    if lang in LANGUAGES:
        desk.session.get_one(Officer, desk.officer).language = lang
        set_cookie(request, answer, LANGUAGE_COOKIE, lang)
    return answer


def _own_path(path: str) -> str:
    """Return a path of the register; anything else leads to the list."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if safe else "/"


def set_cookie(
    request: Request, answer: Response, name: str, value: str, *, lasts: timedelta | None = None
) -> None:
    """Set a cookie that no script reads and no other site sends.

    Without a duration it ends with the browser.
    """
    secure = request.url.scheme == "https"
    age = int(lasts.total_seconds()) if lasts else None
    answer.set_cookie(name, value, max_age=age, httponly=True, samesite="strict", secure=secure)


def _page(request: Request, printer: Printer, *, lang: str, problem: str, status: int) -> Response:
    words = printer.words(lang if lang in LANGUAGES else reader_language(request))
    text = words.text(f"sign_in.{problem}") if problem else ""
    chosen = lang if lang in LANGUAGES else ""
    openid = request.app.state.openid is not None
    return printer.page(
        "sign_in.html", words, status=status, problem=text, chosen=chosen, openid=openid
    )
