"""The list of cases: filter, pages, and nothing that tells more than is needed to choose one."""

import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import String, cast
from sqlmodel import col, func, select
from starlette.responses import RedirectResponse, Response

from portal_gateway.audit import Action, record
from portal_gateway.cases import Case, CaseState
from portal_gateway.flags import FLAGS, TWO_PERSON
from portal_gateway.register.notices import contact_line, notices
from portal_gateway.register.pages import Pages, Words
from portal_gateway.register.requests import Desk, Printer, SignedIn
from portal_gateway.register.rights import ALL_QUEUES, Rights

router = APIRouter()

PAGE_SIZE = 25
LAST_PAGE = 10_000
SEARCH = "search"
KNOWN = {
    "queue": ALL_QUEUES,
    "state": tuple(CaseState),
    "flag": tuple(FLAGS),
}
"""What can be filtered by, and the values there are."""


@dataclass(frozen=True)
class Filter:
    """What an officer wants to see; empty means all."""

    queue: str = ""
    state: str = ""
    flag: str = ""

    def query(self, page: int = 1) -> str:
        """Return the address of a page of this list."""
        chosen = {name: value for name, value in vars(self).items() if value}
        if page > 1:
            chosen["page"] = str(page)
        return "/?" + urllib.parse.urlencode(chosen) if chosen else "/"

    def conditions(self) -> list[Any]:
        """Return the conditions of the query."""
        wanted: list[Any] = []
        if self.queue:
            wanted.append(col(Case.queue) == self.queue)
        if self.state:
            wanted.append(col(Case.state) == self.state)
        if self.flag:
            # The list of flags is stored as JSON; a quoted name is in it exactly if it is set.
            wanted.append(cast(col(Case.flags), String).contains(f'"{self.flag}"'))
        return wanted


def read_filter(queue: str = "", state: str = "", flag: str = "") -> Filter:
    """Return the filter of an address; a value that does not exist means all."""
    return Filter(
        queue if queue in KNOWN["queue"] else "",
        state if state in KNOWN["state"] else "",
        flag if flag in KNOWN["flag"] else "",
    )


@router.get("/")
def list_cases(
    request: Request,
    printer: Printer,
    desk: SignedIn,
    wanted: Annotated[Filter, Depends(read_filter)],
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
) -> Response:
    """Answer with one page of the list."""
    session, words = desk.session, desk.words
    if not desk.rights.reads:
        return _without_cases(printer, desk)
    record(session, Action.READ_LIST, at=desk.now, actor=desk.officer, page=page, **vars(wanted))
    count, cases = _find(desk, wanted, page)
    return printer.page(
        "list.html",
        words,
        desk=desk,
        here="/",
        notices=notices(desk, request.app.state.keys),
        contact=contact_line(session, words),
        count=words.plural("list.count", count),
        filtered=wanted != Filter(),
        filters=_filters(words, wanted, desk.rights),
        cases=[case_row(words, case) for case in cases],
        pager=_pager(words, wanted, page, count),
    )


def case_row(words: Words, case: Case) -> dict[str, Any]:
    """Return what a list shows of a case; of those that two officers open, nothing typed."""
    shut = case.queue in TWO_PERSON
    return {
        "href": f"/cases/{case.id}",
        "name": words.text(f"types.{case.type}") if shut else case_title(words, case),
        "reference": spaced(case.id),
        "received": words.day(case.registered_at.date()),
        "received_iso": case.registered_at.date().isoformat(),
        "language": words.language_name(case.language),
        "queue": words.text(f"queues.{case.queue}"),
        "state": words.text(f"states.{case.state}"),
        "state_code": case.state,
        "flags": flag_words(words, case.flags),
    }


def case_title(words: Words, case: Case) -> str:
    """Return how a case is called: by the person sought, else by the form; empty if nameless."""
    if case.type == SEARCH:
        return case.person_name
    return case.person_name or words.text(f"types.{case.type}")


def flag_words(words: Words, flags: Sequence[str]) -> list[dict[str, str]]:
    """Return flags with their words, the most pressing first."""
    return [{"code": flag, "text": words.text(f"flags.{flag}")} for flag in FLAGS if flag in flags]


def spaced(reference: str) -> str:
    """Return a reference in groups of three, as it is read aloud."""
    return " ".join(reference[start : start + 3] for start in range(0, len(reference), 3))


def own_cases(rights: Rights) -> Any:
    """Return the condition of queries that look into cases: what somebody may read alone.

    Nobody finds out by a name that it stands in a case which two officers open.
    """
    return col(Case.queue).in_(sorted(rights.reads - TWO_PERSON))


def _without_cases(printer: Pages, desk: Desk) -> Response:
    """Lead those who read no cases to their own place."""
    if desk.rights.audits:
        return RedirectResponse("/audit", 303)
    if desk.rights.administers:
        return RedirectResponse("/accounts", 303)
    title, text = (desk.words.text(f"rights.{part}") for part in ("none_title", "none_text"))
    return printer.page("problem.html", desk.words, desk=desk, here="/", title=title, text=text)


def _find(desk: Desk, wanted: Filter, page: int) -> tuple[int, Sequence[Case]]:
    session = desk.session
    queues = col(Case.queue).in_(sorted(desk.rights.reads))
    conditions = [queues, *wanted.conditions()]
    count = session.exec(select(func.count()).select_from(Case).where(*conditions)).one()
    newest = (
        select(Case)
        .where(*conditions)
        .order_by(col(Case.registered_at).desc(), col(Case.id))
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    return count, session.exec(newest).all()


def _filters(words: Words, wanted: Filter, rights: Rights) -> list[dict[str, Any]]:
    sections = {"queue": "queues", "state": "states", "flag": "flags"}
    return [
        {
            "name": name,
            "label": words.text(f"list.{name}"),
            "options": [
                {
                    "value": value,
                    "text": words.text(f"{sections[name]}.{value}"),
                    "chosen": vars(wanted)[name] == value,
                }
                for value in values
            ],
        }
        for name, values in _choices(rights).items()
    ]


def _choices(rights: Rights) -> Mapping[str, Sequence[str]]:
    return {**KNOWN, "queue": [queue for queue in KNOWN["queue"] if queue in rights.reads]}


def _pager(words: Words, wanted: Filter, page: int, count: int) -> dict[str, str] | None:
    pages = max(1, -(-count // PAGE_SIZE))
    if pages == 1 and page == 1:
        return None
    return {
        "text": words.text("list.page", page=page, pages=pages),
        "newer": wanted.query(min(page - 1, pages)) if page > 1 else "",
        "older": wanted.query(page + 1) if page < pages else "",
    }
