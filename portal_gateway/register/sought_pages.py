"""Deciding whether two requests seek one person, and finding requests by a name."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from portal_gateway.audit import Action, record
from portal_gateway.cases import find_case
from portal_gateway.register.case_list import case_row, own_cases
from portal_gateway.register.openings import is_open
from portal_gateway.register.requests import NotFound, OwnForm, Printer, SignedIn
from portal_gateway.sought.candidates import found_by_name
from portal_gateway.sought.persons import Decision, judge
from portal_gateway.sought.records import SEARCH
from portal_gateway.sought.rows import Verdict

LONGEST_NAME = 200

router = APIRouter()


@router.post("/cases/{case_id}/same-person")
def decide(desk: SignedIn, form: OwnForm, case_id: str) -> Response:
    """Keep what an officer says of this request and another one that they may answer."""
    case, other = (find_case(desk.session, one) for one in (case_id, form.get("other", "")))
    said = form.get("verdict", "")
    if case is None or other is None or case.id == other.id or said not in set(Verdict):
        raise NotFound
    if not is_open(desk.session, other, desk.officer, now=desk.now):
        raise NotFound
    if other.queue not in desk.rights.answers or {case.type, other.type} != {SEARCH}:
        raise NotFound
    decision = Decision(case.id, other.id, Verdict(said), desk.officer)
    if judge(desk.session, decision, now=desk.now):
        for about, with_ in ((case, other), (other, case)):
            record(
                desk.session, Action.JUDGED, at=desk.now, actor=desk.officer, subject=about.id,
                other=with_.id, verdict=said,
            )  # fmt: skip
    return RedirectResponse(f"/cases/{case.id}#sought", 303)


@router.post("/find")
def find_name(printer: Printer, desk: SignedIn, form: OwnForm) -> Response:
    """Answer with the requests for somebody of a name; what was typed stays in no address."""
    typed = form.get("name", "").strip()[:LONGEST_NAME]
    cases = found_by_name(desk.session, typed, own_cases(desk.rights))
    record(
        desk.session, Action.LOOKED_FOR_NAME, at=desk.now, actor=desk.officer,
        cases=[case.id for case in cases],
    )  # fmt: skip
    return printer.page(
        "found.html",
        desk.words,
        desk=desk,
        here="/",
        typed=typed,
        count=desk.words.plural("sought.found", len(cases)) if cases else "",
        cases=[case_row(desk.words, case) for case in cases],
    )
