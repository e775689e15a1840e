"""Behind a code without script: the server opens messages in memory, shows and forgets them.

The page says so. The code is in the body of a request, never in an address.
"""

import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import Response
from sqlalchemy import Engine
from sqlmodel import Session

from portal_api.abuse.asking import limited
from portal_api.answers import views
from portal_api.answers.mailbox_views import Opened, SeatAt, give_back_page, messages_page
from portal_api.answers.pages import Answers
from portal_api.bodies import body_up_to
from portal_api.errors import NotAForm
from portal_api.keys.ring import KeyRing
from portal_api.plain_form.derivations import Derivations
from portal_api.plain_form.parser import FormReader
from portal_api.plain_form.service import Desk
from portal_api.replies import service
from portal_api.seats import service as seats
from portal_api.seats.service import Plan
from portal_api.writer import Writer
from portal_content.forms.offered import meetings_with_seats
from portal_content.languages import Language
from portal_content.library import Library
from portal_protocol.derivation import Mailbox, derive_mailbox
from portal_protocol.errors import ProtocolError, ReturnCodeInvalid
from portal_protocol.notes import VerifyKey
from portal_protocol.replies import Reply, open_reply
from portal_protocol.return_code import parse_code
from portal_protocol.seats import seat_id, seat_token

router = APIRouter()

MAX_BODY = 10_000
"""Bytes of a code, a language and what a browser puts around them."""
URL_ENCODED = "application/x-www-form-urlencoded"
FIELDS = ("lang", "code", "meeting", "sure")


@router.post("/mailbox", dependencies=[Depends(limited("mailbox"))])
async def read_mailbox(request: Request) -> Response:
    """Answer with what is behind a return code, or ask for the code again."""
    return await _behind_code(request, _messages)


@router.post("/mailbox/seat", dependencies=[Depends(limited("mailbox"))])
async def give_back_seat(request: Request) -> Response:
    """Ask once more whether a seat is to be given back; with the answer yes, give it back."""
    return await _behind_code(request, _give_back)


@dataclass(frozen=True)
class Asking:
    """A request that came with a code that can be one."""

    app: FastAPI
    language: Language
    code: str
    fields: Mapping[str, str]

    def meetings(self) -> list[tuple[str, str]]:
        """Return the meetings at which somebody may have a seat."""
        state = self.app.state
        return meetings_with_seats(state.library, self.language.code, state.today())

    def plan(self, meeting: str) -> Plan:
        """Return what holds for a meeting now.

        Raises:
            NotFound: If there is no such meeting, or nobody has to register for it.
        """
        library: Library = self.app.state.library
        return seats.plan(library.briefings, meeting, now=self.app.state.now())


async def _behind_code(request: Request, answer: Callable[[Asking, Mailbox], Response]) -> Response:
    body = await body_up_to(MAX_BODY)(request)
    fields = _fields(request.headers.get("content-type", ""), body)
    request.state.lang = fields["lang"]
    answers: Answers = request.app.state.answers
    language = answers.language(fields["lang"])
    try:
        code = parse_code(fields["code"])
    except ReturnCodeInvalid as error:
        return views.code_again_page(answers, language, typed=fields["code"], error=error)
    asking = Asking(request.app, language, code, fields)
    derivations: Derivations = request.app.state.derivations
    return await derivations.run(_derive_and, answer, asking)


def _derive_and(answer: Callable[[Asking, Mailbox], Response], asking: Asking) -> Response:
    desk: Desk = asking.app.state.desk
    return answer(asking, derive_mailbox(asking.code, desk.deployment))


def _messages(asking: Asking, mailbox: Mailbox, said: str = "") -> Response:
    state = asking.app.state
    keys: KeyRing = state.keys
    engine: Engine = state.engine
    with Session(engine) as session:
        sealed = [message.data for message in service.messages(session, mailbox.id)]
        seats_at = [_seat_at(session, asking, mailbox, meeting) for meeting in asking.meetings()]
    replies, rejected = _opened(sealed, mailbox, keys.current.keys.replies)
    opened = Opened(asking.code, replies, rejected, seats_at, said)
    return messages_page(state.answers, asking.language, opened)


def _give_back(asking: Asking, mailbox: Mailbox) -> Response:
    state, meeting = asking.app.state, asking.fields["meeting"]
    plan = asking.plan(meeting)
    if asking.fields["sure"] != "yes":
        engine: Engine = state.engine
        named = dict(asking.meetings())
        with Session(engine) as session:
            at = _seat_at(session, asking, mailbox, (meeting, named.get(meeting, meeting)))
        return give_back_page(state.answers, asking.language, asking.code, at)
    writer: Writer = state.writer
    seat = seat_id(seat_token(mailbox.proof, meeting))
    writer.run(lambda session: seats.give_back(session, plan, seat))
    answers: Answers = state.answers
    return _messages(asking, mailbox, answers.text("follow-up.seat.given", asking.language))


def _seat_at(session: Session, asking: Asking, mailbox: Mailbox, named: tuple[str, str]) -> SeatAt:
    meeting, name = named
    seat = seat_id(seat_token(mailbox.proof, meeting))
    return SeatAt(meeting, name, seats.look(session, asking.plan(meeting), seat))


def _opened(sealed: list[bytes], mailbox: Mailbox, key: VerifyKey) -> tuple[list[Reply], int]:
    """Return what the Institution has signed, oldest first, and how many others there are."""
    opened: dict[int, Reply] = {}
    rejected = 0
    for data in sealed:
        try:
            reply = open_reply(data, mailbox.identity, key, mailbox_id=mailbox.id)
        except ProtocolError:
            rejected += 1
            continue
        # The same number twice with different words: one of them is not what it says.
        if opened.setdefault(reply.seq, reply) != reply:
            rejected += 1
    return [opened[seq] for seq in sorted(opened)], rejected


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() == URL_ENCODED:
        try:
            inputs = urllib.parse.parse_qs(body.decode("utf-8"), max_num_fields=20)
        except ValueError:
            raise NotAForm from None
        return {name: inputs.get(name, [""])[0] for name in FIELDS}
    reader = FormReader(content_type)
    reader.feed(body)
    posted = reader.finish()
    return {name: posted.first(name) for name in FIELDS}
