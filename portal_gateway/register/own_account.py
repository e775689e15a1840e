"""An officer's own account: what it may do, a new password, codes on paper, ending sessions."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from portal_gateway.audit import Action, record
from portal_gateway.register.account_pages import rights_in_words
from portal_gateway.register.accounts import (
    SHORTEST_PASSWORD,
    Officer,
    SignInBlocked,
    change_password,
    count_attempt,
    unblock,
)
from portal_gateway.register.devices import forget_devices
from portal_gateway.register.pages import Pages
from portal_gateway.register.requests import COOKIE, Desk, OwnForm, Printer, SignedIn, code_key
from portal_gateway.register.second_factor import (
    new_recovery_codes,
    recovery_codes_left,
    use_code,
)
from portal_gateway.register.sessions import end_all_sessions

router = APIRouter(prefix="/account")


@router.get("")
def own_account(printer: Printer, desk: SignedIn) -> Response:
    """Answer with what the own account may do and what can be changed."""
    return _page(printer, desk)


@router.post("/leave")
def sign_out_everywhere(desk: SignedIn, _: OwnForm) -> Response:
    """End every session of this officer, on every device, and forget the devices."""
    record(desk.session, Action.SIGNED_OUT, at=desk.now, actor=desk.officer, everywhere=True)
    end_all_sessions(desk.session, desk.officer)
    forget_devices(desk.session, desk.officer)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@router.post("/password")
def new_password(printer: Printer, desk: SignedIn, form: OwnForm) -> Response:
    """Change the password if the present one is right; other sessions end."""
    words, new = desk.words, form.get("new", "")
    if len(new) < SHORTEST_PASSWORD:
        return _page(printer, desk, problem=words.text("own.short", least=SHORTEST_PASSWORD))
    officer = desk.session.get_one(Officer, desk.officer)
    problem = _refused(
        desk, lambda: change_password(officer, form.get("present", ""), new), "own.wrong"
    )
    if problem:
        return _page(printer, desk, problem=problem)
    end_all_sessions(desk.session, desk.officer, but=desk.token)
    record(desk.session, Action.CHANGED_PASSWORD, at=desk.now, actor=desk.officer)
    return _page(printer, desk, done=words.text("own.changed"))


@router.post("/codes")
def fresh_codes(request: Request, printer: Printer, desk: SignedIn, form: OwnForm) -> Response:
    """Show new codes for paper, once, to whoever has the device; the old ones are void."""
    key, code = code_key(request), form.get("code", "")
    problem = _refused(
        desk, lambda: use_code(desk.session, key, desk.officer, code, now=desk.now), "code.wrong"
    )
    if problem:
        return _page(printer, desk, problem=problem)
    record(desk.session, Action.NEW_CODES, at=desk.now, actor=desk.officer)
    codes = new_recovery_codes(desk.session, desk.officer)
    return printer.page("recovery_codes.html", desk.words, codes=codes, ahead="/account")


def _refused(desk: Desk, check: Callable[[], bool], otherwise: str) -> str:
    """Check what was typed and return what is wrong, or nothing.

    Whoever finds a computer left open must not guess on it either: attempts are counted.
    """
    try:
        count_attempt(desk.session, desk.officer, now=desk.now)
    except SignInBlocked:
        return desk.words.text("sign_in.blocked")
    if check():
        unblock(desk.session, desk.officer)
        return ""
    record(desk.session, Action.SIGN_IN_REFUSED, at=desk.now, actor=desk.officer)
    return desk.words.text(otherwise)


def _page(printer: Pages, desk: Desk, *, problem: str = "", done: str = "") -> Response:
    left = recovery_codes_left(desk.session, desk.officer)
    return printer.page(
        "own_account.html",
        desk.words,
        status=422 if problem else 200,
        desk=desk,
        here="/account",
        rights=rights_in_words(desk.words, desk.rights),
        left=desk.words.plural("own.left", left),
        least=SHORTEST_PASSWORD,
        problem=problem,
        done=done,
    )
