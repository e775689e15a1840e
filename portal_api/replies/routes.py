"""HTTP face of mailboxes for the script: a token in a header, nothing in the address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request
from fastapi.responses import Response
from sqlalchemy import Engine
from sqlmodel import Session

from portal_api.abuse.asking import limited
from portal_api.replies import service
from portal_api.replies.service import OpenMailbox
from portal_api.writer import Writer

router = APIRouter(prefix="/v1/mailbox", dependencies=[Depends(limited("mailbox"))])


async def mailbox(authorization: Annotated[str, Header()] = "") -> OpenMailbox:
    """Give a request the mailbox that its token opens."""
    return service.open_mailbox(authorization)


Mailbox = Annotated[OpenMailbox, Depends(mailbox)]


@router.get("")
def read_mailbox(request: Request, mailbox: Mailbox) -> Response:
    """Answer with the messages; unknown and empty mailboxes look alike."""
    engine: Engine = request.app.state.engine
    with Session(engine) as session:
        body = service.as_padded_json(mailbox, service.messages(session, mailbox.id))
    return Response(body, media_type="application/json")


@router.delete("/{number}", status_code=204, response_class=Response)
def delete_message(
    request: Request, mailbox: Mailbox, number: Annotated[int, Path(ge=0, lt=1 << 53)]
) -> None:
    """Delete a message; the answer is the same whether it was there."""
    writer: Writer = request.app.state.writer
    writer.run(lambda session: service.remove(session, mailbox, number))
