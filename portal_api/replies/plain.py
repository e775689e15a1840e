"""Reading answers without script: the server opens them in memory, shows them and forgets them.

The page says so. The code is in the body of a request, never in an address.
"""

import urllib.parse

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import Engine
from sqlmodel import Session

from portal_api.abuse.asking import limited
from portal_api.answers import views
from portal_api.answers.pages import Answers
from portal_api.bodies import body_up_to
from portal_api.errors import NotAForm
from portal_api.keys.ring import KeyRing
from portal_api.plain_form.derivations import Derivations
from portal_api.plain_form.parser import FormReader
from portal_api.plain_form.service import Desk
from portal_api.replies import service
from portal_content.languages import Language
from portal_protocol.derivation import Mailbox, derive_mailbox
from portal_protocol.errors import ProtocolError, ReturnCodeCheck, ReturnCodeInvalid
from portal_protocol.notes import VerifyKey
from portal_protocol.replies import Reply, open_reply
from portal_protocol.return_code import parse_code

router = APIRouter()

MAX_BODY = 10_000
"""Bytes of a code, a language and what a browser puts around them."""
URL_ENCODED = "application/x-www-form-urlencoded"


@router.post("/mailbox", dependencies=[Depends(limited("mailbox"))])
async def read_mailbox(request: Request) -> Response:
    """Answer with the messages for a return code, or ask for the code again."""
    body = await body_up_to(MAX_BODY)(request)
    lang, typed = _fields(request.headers.get("content-type", ""), body)
    request.state.lang = lang
    answers: Answers = request.app.state.answers
    language = answers.language(lang)
    try:
        code = parse_code(typed)
    except ReturnCodeInvalid as error:
        kind = "check" if isinstance(error, ReturnCodeCheck) else "length"
        return views.code_again_page(answers, language, typed=typed, error=kind)
    derivations: Derivations = request.app.state.derivations
    return await derivations.run(_messages, request, answers, language, code)


def _messages(request: Request, answers: Answers, language: Language, code: str) -> Response:
    desk: Desk = request.app.state.desk
    keys: KeyRing = request.app.state.keys
    engine: Engine = request.app.state.engine
    mailbox = derive_mailbox(code, desk.deployment)
    with Session(engine) as session:
        sealed = [message.data for message in service.messages(session, mailbox.id)]
    replies, rejected = _opened(sealed, mailbox, keys.current.keys.replies)
    return views.messages_page(answers, language, replies, rejected=rejected)


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


def _fields(content_type: str, body: bytes) -> tuple[str, str]:
    if content_type.partition(";")[0].strip().lower() == URL_ENCODED:
        try:
            inputs = urllib.parse.parse_qs(body.decode("utf-8"), max_num_fields=20)
        except ValueError:
            raise NotAForm from None
        return inputs.get("lang", [""])[0], inputs.get("code", [""])[0]
    reader = FormReader(content_type)
    reader.feed(body)
    posted = reader.finish()
    return posted.first("lang"), posted.first("code")
