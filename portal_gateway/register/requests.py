"""What every route may ask for: a transaction, the officer, a form that came from our page."""

import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlmodel import Session

from portal_gateway.database import transaction
from portal_gateway.flags import TWO_PERSON
from portal_gateway.register.accounts import Officer
from portal_gateway.register.code_key import CodeKey
from portal_gateway.register.pages import LANGUAGES, Pages, Words, preferred_language
from portal_gateway.register.rights import Rights, rights_of
from portal_gateway.register.sessions import form_token, is_form_token, use_session

COOKIE = "register-session"
LANGUAGE_COOKIE = "register-language"
"""Which language was used last, so that the page for signing in speaks it."""
DEVICE_COOKIE = "register-device"
"""Says that an officer has signed in with this browser before; it opens nothing."""
LARGEST_FORM = 65_536
"""Bytes; the longest answer in Arabic, percent-encoded, fits three times."""


class NotSignedIn(Exception):
    """Nobody has signed in, or the session has ended."""


class FormNotOurs(Exception):
    """A form that does not come from a page of this session."""


class FormTooLarge(Exception):
    """More than any form of ours can hold."""


class NotFound(Exception):
    """An address that leads nowhere."""


@dataclass(frozen=True)
class Desk:
    """An officer at work: who, in which language, in which transaction."""

    officer: str
    words: Words
    token: str
    session: Session
    now: datetime
    rights: Rights

    @property
    def places(self) -> list[dict[str, str]]:
        """Pages that the bar leads to: those that this officer may see."""
        rights = self.rights
        all_places = (
            ("/", "frame.cases", bool(rights.reads)),
            ("/openings", "opening.list_title", bool(rights.reads & TWO_PERSON)),
            ("/meetings", "frame.meetings", "events" in rights.reads),
            ("/overview", "overview.place", bool(rights.reads)),
            ("/export", "exports.place", bool(rights.answers)),
            ("/systems", "connectors.place", bool(rights.answers) or rights.administers),
            ("/set-aside", "frame.set_aside", bool(rights.answers) or rights.administers),
            ("/audit", "audit_page.title", rights.audits),
            ("/accounts", "rights.title", rights.administers),
        )
        return [{"href": h, "text": self.words.text(key)} for h, key, may in all_places if may]

    @property
    def form_token(self) -> str:
        """What every form on a page for this officer carries."""
        return form_token(self.token)


def now(request: Request) -> datetime:
    """Return the time; tests put another clock into the app's state."""
    moment: datetime = request.app.state.now()
    return moment


def pages(request: Request) -> Pages:
    """Return what makes pages."""
    made: Pages = request.app.state.pages
    return made


def engine(request: Request) -> Engine:
    """Return the database."""
    opened: Engine = request.app.state.engine
    return opened


def code_key(request: Request) -> CodeKey:
    """Return the key that the secrets of one-time codes are sealed with."""
    key: CodeKey = request.app.state.code_key
    return key


def in_transaction(request: Request) -> Iterator[Session]:
    """Give a request its session: commit when it returns, roll back when it raises."""
    with transaction(engine(request)) as session:
        yield session


Now = Annotated[datetime, Depends(now)]
Printer = Annotated[Pages, Depends(pages)]
# scope="function" commits before the answer leaves: what an officer sees was written down first.
Transaction = Annotated[Session, Depends(in_transaction, scope="function")]


def desk_of(request: Request, session: Session, moment: datetime) -> Desk:
    """Return the desk of whoever has signed in.

    Raises:
        NotSignedIn: If nobody has.
    """
    token = request.cookies.get(COOKIE, "")
    name = use_session(session, token, now=moment)
    if name is None:
        raise NotSignedIn
    officer = session.get_one(Officer, name)
    lang = officer.language or reader_language(request)
    rights = rights_of(session, name)
    return Desk(name, pages(request).words(lang), token, session, moment, rights)


def signed_in(request: Request, session: Transaction, moment: Now) -> Desk:
    """Let nobody pass who has not signed in."""
    return desk_of(request, session, moment)


SignedIn = Annotated[Desk, Depends(signed_in)]


def reader_language(request: Request) -> str:
    """Return the language for a reader of whom only the browser is known."""
    remembered = request.cookies.get(LANGUAGE_COOKIE, "")
    if remembered in LANGUAGES:
        return remembered
    return preferred_language(request.headers.get("accept-language", ""))


async def read_form(request: Request) -> dict[str, str]:
    """Read a form's fields into memory; of several with one name the last counts.

    Raises:
        FormTooLarge: If it is longer than any form of ours.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise FormTooLarge
    pairs = urllib.parse.parse_qsl(
        body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=32
    )
    # Browsers send line ends as CR LF; a NUL cannot be typed and cannot be stored.
    return {name: value.replace("\r\n", "\n").replace("\x00", "") for name, value in pairs}


Form = Annotated[dict[str, str], Depends(read_form)]


def own_form(desk: SignedIn, form: Form) -> dict[str, str]:
    """Let only a form pass that comes from a page of this session.

    Raises:
        FormNotOurs: If it does not.
    """
    if not is_form_token(desk.token, form.get("form_token", "")):
        raise FormNotOurs
    return form


OwnForm = Annotated[dict[str, str], Depends(own_form)]
