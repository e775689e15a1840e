"""The page of a report of reprisal: how far it is, which steps can come next, and who took each."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from portal_gateway.audit import Action, record
from portal_gateway.cases import Case, find_case
from portal_gateway.register.case_list import case_title, spaced
from portal_gateway.register.pages import Pages
from portal_gateway.register.reprisals import (
    CONFIRMED_AGAIN,
    LONGEST_REASON,
    QUEUE,
    SECOND_PERSON,
    WAYS,
    Taken,
    present_step,
    problems,
    steps,
    take_step,
)
from portal_gateway.register.requests import Desk, NotFound, OwnForm, Printer, SignedIn
from portal_gateway.register.work import assignable

router = APIRouter(prefix="/cases/{case_id}/reprisal")

NOTHING = Taken("", "")


@router.get("")
def read_steps(printer: Printer, desk: SignedIn, case_id: str) -> Response:
    """Answer with the steps taken and those that can come next."""
    return _page(printer, desk, _case(desk, case_id), NOTHING)


@router.post("")
def next_step(printer: Printer, desk: SignedIn, form: OwnForm, case_id: str) -> Response:
    """Take a step, or say what it lacks."""
    case = _case(desk, case_id)
    taken = Taken(
        form.get("step", ""),
        form.get("reason", ""),
        form.get("second", ""),
        confirmed=form.get("confirmed") == "yes",
    )
    present = present_step(desk.session, case.id, lock=True)
    colleagues = assignable(desk.session, case.queue)
    found = problems(present, taken, desk.officer, colleagues=colleagues)
    if found:
        return _page(printer, desk, case, taken, found=found)
    row = take_step(desk.session, case, taken, desk.officer, now=desk.now)
    _note(desk, Action.REPRISAL_STEP, case, step=row.step, came_from=row.came_from)
    return RedirectResponse(f"/cases/{case.id}/reprisal", 303)


def _case(desk: Desk, case_id: str) -> Case:
    case = find_case(desk.session, case_id)
    if case is None or case.queue != QUEUE:
        raise NotFound
    return case


def _note(desk: Desk, action: Action, case: Case, **detail: str) -> None:
    record(desk.session, action, at=desk.now, actor=desk.officer, subject=case.id, **detail)


def _page(
    printer: Pages, desk: Desk, case: Case, taken: Taken, *, found: list[str] | None = None
) -> Response:
    _note(desk, Action.READ_REPRISAL, case)
    words = desk.words
    present = present_step(desk.session, case.id)
    ways = WAYS[present]
    colleagues = [name for name in assignable(desk.session, case.queue) if name != desk.officer]
    return printer.page(
        "reprisal.html",
        words,
        status=422 if found else 200,
        desk=desk,
        here=f"/cases/{case.id}/reprisal",
        case={
            "href": f"/cases/{case.id}",
            "name": case_title(words, case),
            "reference": spaced(case.id),
        },
        present=words.text(f"reprisal.steps.{present}"),
        hint=words.text(f"reprisal.hints.{present}"),
        ways=[{"value": step, "text": words.text(f"reprisal.steps.{step}")} for step in ways],
        needs_second=bool(SECOND_PERSON & set(ways)),
        needs_yes=bool(CONFIRMED_AGAIN & set(ways)),
        colleagues=colleagues,
        taken=taken,
        problems=[
            words.text(f"reprisal.problems.{key}", max=LONGEST_REASON) for key in found or ()
        ],
        history=_history(desk, case),
        longest=LONGEST_REASON,
    )


def _history(desk: Desk, case: Case) -> list[dict[str, Any]]:
    """Return the steps taken, the newest first."""
    words = desk.words
    return [
        {
            "step": words.text(f"reprisal.steps.{row.step}"),
            "who": " + ".join(filter(None, (row.officer, row.second))),
            "reason": row.reason,
            "when": words.moment(row.at),
        }
        for row in reversed(steps(desk.session, case.id))
    ]
