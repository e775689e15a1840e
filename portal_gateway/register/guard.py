"""The one place that lets a request pass or not: every route, what it needs, who has that.

A route that is not in the table is closed to everybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import Request
from sqlmodel import Session

from portal_gateway.cases import Case, find_case
from portal_gateway.database import transaction
from portal_gateway.flags import TWO_PERSON
from portal_gateway.register.openings import is_open
from portal_gateway.register.requests import COOKIE, NotFound, NotSignedIn, engine, now
from portal_gateway.register.rights import Rights, rights_of
from portal_gateway.register.sessions import use_session

MEETINGS = "events"
"""Queue of everybody who registers for a meeting."""


class NotAllowed(Exception):
    """Somebody asked for what they have no right to."""

    def __init__(self, officer: str, route: str, subject: str = "") -> None:
        super().__init__(route)
        self.officer = officer
        self.route = route
        self.subject = subject


class NotOpened(Exception):
    """A case that a second officer has to agree to first."""

    def __init__(self, case_id: str) -> None:
        super().__init__(case_id)
        self.case_id = case_id


@dataclass(frozen=True)
class Need:
    """What a route needs of whoever asks for it.

    Args:
        holds: Whether somebody has it; of routes about a case, for the case's queue.
        about_case: Whether the route is about the case in its address.
        opened: Whether that case must be open to whoever asks, if its queue asks for two people.
    """

    holds: Callable[[Rights, str], bool]
    about_case: bool = False
    opened: bool = True


SIGNED_IN = Need(lambda _rights, _queue: True)
SOME_QUEUE = Need(lambda rights, _queue: bool(rights.reads))
READ_CASE = Need(lambda rights, queue: queue in rights.reads, about_case=True)
ANSWER_CASE = Need(lambda rights, queue: queue in rights.answers, about_case=True)
STAND_BEFORE = Need(lambda rights, queue: queue in rights.reads, about_case=True, opened=False)
READ_MEETINGS = Need(lambda rights, _queue: MEETINGS in rights.reads)
WRITE_TO_MEETINGS = Need(lambda rights, _queue: MEETINGS in rights.answers)
TAKE_OUT = Need(lambda rights, _queue: bool(rights.answers))
LOOK_ASIDE = Need(lambda rights, _queue: bool(rights.answers) or rights.administers)
AUDIT = Need(lambda rights, _queue: rights.audits)
ADMINISTER = Need(lambda rights, _queue: rights.administers)

OPEN = frozenset(
    {
        *("GET /sign-in", "POST /sign-in", "GET /register.css", "GET /icon.svg"),
        # These ask by themselves for a session of the first sign-in, which opens nothing else.
        *("GET /sign-in/code", "POST /sign-in/code"),
        # Where a deployer has set a provider; otherwise they lead nowhere.
        *("GET /sign-in/openid", "GET /sign-in/openid/back"),
    }
)
"""Routes for anybody, before they have signed in."""

NEEDS: Mapping[str, Need] = {
    "GET /": SIGNED_IN,
    "POST /sign-out": SIGNED_IN,
    "POST /language": SIGNED_IN,
    "GET /account": SIGNED_IN,
    "POST /account/leave": SIGNED_IN,
    "POST /account/password": SIGNED_IN,
    "POST /account/codes": SIGNED_IN,
    "GET /cases/{case_id}": READ_CASE,
    "POST /cases/{case_id}/reply": ANSWER_CASE,
    "POST /cases/{case_id}/reply/look": ANSWER_CASE,
    "POST /cases/{case_id}/reply/change": ANSWER_CASE,
    "POST /cases/{case_id}/reply/wording": ANSWER_CASE,
    "POST /cases/{case_id}/assign": ANSWER_CASE,
    "POST /cases/{case_id}/notes": ANSWER_CASE,
    "POST /cases/{case_id}/state": ANSWER_CASE,
    "GET /cases/{case_id}/call": READ_CASE,
    "GET /cases/{case_id}/reprisal": READ_CASE,
    "POST /cases/{case_id}/reprisal": ANSWER_CASE,
    "GET /cases/{case_id}/files/{position}/photo": READ_CASE,
    "GET /cases/{case_id}/files/{position}/sound": READ_CASE,
    "GET /cases/{case_id}/files/{position}/original": READ_CASE,
    "GET /cases/{case_id}/again/{number}/files/{position}/photo": READ_CASE,
    "GET /cases/{case_id}/again/{number}/files/{position}/sound": READ_CASE,
    "GET /cases/{case_id}/again/{number}/files/{position}/original": READ_CASE,
    "GET /openings": Need(lambda rights, _queue: bool(rights.reads & TWO_PERSON)),
    "GET /cases/{case_id}/opening": STAND_BEFORE,
    "POST /cases/{case_id}/opening": STAND_BEFORE,
    "POST /cases/{case_id}/opening/{opening_id}": STAND_BEFORE,
    "POST /find": SOME_QUEUE,
    "POST /cases/{case_id}/same-person": ANSWER_CASE,
    "GET /meetings": READ_MEETINGS,
    "GET /meetings/{briefing_id}": READ_MEETINGS,
    "POST /meetings/{briefing_id}/message": WRITE_TO_MEETINGS,
    "GET /overview": SOME_QUEUE,
    "GET /export": TAKE_OUT,
    "POST /export": TAKE_OUT,
    "GET /systems": LOOK_ASIDE,
    "POST /systems/again": LOOK_ASIDE,
    "GET /set-aside": LOOK_ASIDE,
    "POST /set-aside/{submission_id}/again": LOOK_ASIDE,
    "GET /audit": AUDIT,
    "GET /accounts": ADMINISTER,
}
"""Every other route and what it needs."""


def guard(request: Request) -> None:
    """Let a request pass, or raise.

    Raises:
        NotSignedIn: If nobody has signed in, or their session has ended.
        NotFound: If there is no such case.
        NotAllowed: If whoever asks does not have what the route needs.
        NotOpened: If a second officer has not agreed that they open this case.
    """
    route = f"{request.method} {request.scope['route'].path}"
    if route in OPEN:
        return
    moment = now(request)
    with transaction(engine(request)) as session:
        officer = use_session(session, request.cookies.get(COOKIE, ""), now=moment)
        if officer is None:
            raise NotSignedIn
        need = NEEDS.get(route)
        if need is None:
            raise NotAllowed(officer, route)
        case = _case(request, session) if need.about_case else None
        if not need.holds(rights_of(session, officer), case.queue if case else ""):
            raise NotAllowed(officer, route, case.id if case else "")
        if case and need.opened and not is_open(session, case, officer, now=moment):
            raise NotOpened(case.id)


def _case(request: Request, session: Session) -> Case:
    case = find_case(session, str(request.path_params.get("case_id", "")))
    if case is None:
        raise NotFound
    return case
