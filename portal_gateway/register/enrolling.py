"""The first sign-in: an officer's device takes the secret over, codes on paper are shown once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import Response

from portal_gateway.audit import Action, record
from portal_gateway.register.accounts import Officer
from portal_gateway.register.code_key import CodeKey
from portal_gateway.register.pages import Pages, Words
from portal_gateway.register.requests import (
    COOKIE,
    DEVICE_COOKIE,
    Form,
    FormNotOurs,
    NotSignedIn,
    Now,
    Printer,
    Transaction,
    code_key,
    pages,
    reader_language,
)
from portal_gateway.register.second_factor import (
    address_for_device,
    enrol,
    new_recovery_codes,
    offered_secret,
    square_code,
)
from portal_gateway.register.sessions import (
    Stage,
    end_session,
    form_token,
    is_form_token,
    use_session,
)
from portal_gateway.register.signing_in import let_in

router = APIRouter(prefix="/sign-in/code")


@dataclass(frozen=True)
class Newcomer:
    """Somebody whose password was right and who has no device yet."""

    name: str
    words: Words
    token: str
    session: Session
    key: CodeKey
    now: datetime


def newcomer(request: Request, session: Transaction, moment: Now) -> Newcomer:
    """Let only somebody pass who is at their first sign-in.

    Raises:
        NotSignedIn: If the password was not given, or they have a device already.
    """
    token = request.cookies.get(COOKIE, "")
    name = use_session(session, token, now=moment, stage=Stage.ENROLLING)
    if name is None:
        raise NotSignedIn
    lang = session.get_one(Officer, name).language or reader_language(request)
    words = pages(request).words(lang)
    return Newcomer(name, words, token, session, code_key(request), moment)


AtFirstSignIn = Annotated[Newcomer, Depends(newcomer)]


@router.get("")
def show_secret(printer: Printer, person: AtFirstSignIn) -> Response:
    """Answer with the square code and the secret in letters."""
    return _page(printer, person)


@router.post("")
def take_over(request: Request, printer: Printer, person: AtFirstSignIn, form: Form) -> Response:
    """Begin the session if the device shows a right code; answer with codes for paper.

    Raises:
        FormNotOurs: If the form does not come from the page before.
    """
    if not is_form_token(person.token, form.get("form_token", "")):
        raise FormNotOurs
    if not enrol(person.session, person.key, person.name, form.get("code", ""), now=person.now):
        return _page(printer, person, problem=person.words.text("code.wrong"), status=401)
    record(person.session, Action.ENROLLED, at=person.now, actor=person.name)
    codes = new_recovery_codes(person.session, person.name)
    end_session(person.session, person.token)
    answer = printer.page("recovery_codes.html", person.words, codes=codes, ahead="/")
    device = request.cookies.get(DEVICE_COOKIE, "")
    let_in(request, answer, person.session, person.name, device, now=person.now)
    return answer


def _page(printer: Pages, person: Newcomer, *, problem: str = "", status: int = 200) -> Response:
    secret = offered_secret(person.session, person.key, person.name)
    return printer.page(
        "enrol.html",
        person.words,
        status=status,
        problem=problem,
        form_token=form_token(person.token),
        # Made of numbers by the library; nothing in it was typed by anybody.
        square=Markup(square_code(address_for_device(person.name, secret))),  # noqa: S704 (SVG made here)
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )
