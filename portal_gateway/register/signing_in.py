"""Pages for signing in and out, and for choosing the language."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from portal_gateway.audit import Action, record
from portal_gateway.database import transaction
from portal_gateway.register.accounts import (
    Officer,
    SignInBlocked,
    SignInRefused,
    check_password,
)
from portal_gateway.register.pages import LANGUAGES
from portal_gateway.register.requests import (
    COOKIE,
    LANGUAGE_COOKIE,
    Form,
    Now,
    OwnForm,
    Printer,
    SignedIn,
    engine,
    reader_language,
)
from portal_gateway.register.sessions import begin_session, end_session

router = APIRouter()


@router.get("/sign-in")
def ask(request: Request, printer: Printer, lang: str = "", ended: str = "") -> Response:
    """Answer with the page that asks for name and password."""
    problem = "ended" if ended else ""
    return _page(request, printer, lang=lang, problem=problem, status=200)


@router.post("/sign-in")
def sign_in(request: Request, printer: Printer, form: Form, moment: Now) -> Response:
    """Begin a session, or say what is wrong."""
    name, password = form.get("name", ""), form.get("password", "")
    lang = form.get("lang", "")
    try:
        officer = check_password(engine(request), name, password, now=moment)
    except SignInBlocked:
        return _page(request, printer, lang=lang, problem="blocked", status=429)
    except SignInRefused:
        with transaction(engine(request)) as session:
            # Not the name: people type passwords into the wrong box.
            record(session, Action.SIGN_IN_REFUSED, at=moment)
        return _page(request, printer, lang=lang, problem="refused", status=401)
    with transaction(engine(request)) as session:
        token = begin_session(session, officer.name, now=moment)
        record(session, Action.SIGNED_IN, at=moment, actor=officer.name)
        known = session.get_one(Officer, officer.name)
        if lang in LANGUAGES:
            known.language = lang
    answer = RedirectResponse("/", 303)
    _set_cookie(request, answer, COOKIE, token)
    if lang in LANGUAGES:
        _set_cookie(request, answer, LANGUAGE_COOKIE, lang)
    return answer


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
        _set_cookie(request, answer, LANGUAGE_COOKIE, lang)
    return answer


def _own_path(path: str) -> str:
    """Return a path of the register; anything else leads to the list."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if safe else "/"


def _set_cookie(request: Request, answer: Response, name: str, value: str) -> None:
    """Set a cookie that no script reads and no other site sends; it ends with the browser."""
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, httponly=True, samesite="strict", secure=secure)


def _page(request: Request, printer: Printer, *, lang: str, problem: str, status: int) -> Response:
    words = printer.words(lang if lang in LANGUAGES else reader_language(request))
    text = words.text(f"sign_in.{problem}") if problem else ""
    chosen = lang if lang in LANGUAGES else ""
    return printer.page("sign_in.html", words, status=status, problem=text, chosen=chosen)
