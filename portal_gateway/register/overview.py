"""Overview: what waits how long, and the figures of a year, as pictures with tables beside them."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from portal_gateway.audit import Action, record
from portal_gateway.figures.bars import plot
from portal_gateway.figures.suppression import TOTAL, Published
from portal_gateway.figures.waiting import AGES, Line, lines, waiting_cases
from portal_gateway.figures.yearly import figures_of, years
from portal_gateway.register.pages import Words
from portal_gateway.register.requests import Printer, SignedIn

router = APIRouter(prefix="/overview")

LAST_YEAR = 9999


@router.get("")
def show_overview(
    printer: Printer, desk: SignedIn, year: Annotated[int, Query(ge=0, le=LAST_YEAR)] = 0
) -> Response:
    """Answer with what waits in the officer's queues and with the figures of a year."""
    session, words = desk.session, desk.words
    record(session, Action.READ_OVERVIEW, at=desk.now, actor=desk.officer)
    cases = waiting_cases(session, desk.rights.reads)
    by_queue, by_language = (lines(cases, by, now=desk.now) for by in ("queue", "language"))
    known = years(session)
    chosen = year if year in known else next(iter(known), 0)
    return printer.page(
        "overview.html",
        words,
        desk=desk,
        here="/overview",
        ages=[{"code": age, "text": words.text(f"overview.ages.{age}")} for age in AGES],
        charts=[
            _chart(words, "overview.by_queue", by_queue, lambda q: words.text(f"queues.{q}")),
            _chart(words, "overview.by_language", by_language, words.language_name),
        ]
        if cases
        else [],
        years=[{"value": one, "text": words.number(one), "chosen": one == chosen} for one in known],
        figures=_figures(words, figures_of(session, chosen)) if chosen else None,
    )


def _chart(
    words: Words, key: str, found: Sequence[Line], name_of: Callable[[str], str]
) -> dict[str, Any]:
    title = words.text(key)
    by = key.rpartition("_")[2]
    named = {line.name: name_of(line.name) for line in found}
    return {
        "id": by,
        "title": title,
        "picture": words.text("overview.picture", title=title),
        "heading": words.text(f"overview.{by}"),
        "plot": plot(found, mirrored=words.language.direction == "rtl"),
        "names": named,
        "numbers": {n: words.number(n) for line in found for n in line.counts.values()},
        "rows": [
            {
                "name": named[line.name],
                "counts": [words.number(count) for count in line.counts.values()],
                "total": words.number(line.total),
                "longest": words.plural("overview.days", line.longest),
            }
            for line in found
        ],
    }


def _figures(words: Words, published: Published) -> dict[str, Any] | None:
    """Return the table of a year; nothing if there is nobody who may be counted."""
    if not published.rows:
        return None

    def shown(row: str, column: str) -> str:
        count = published.counts[row, column]
        return words.text("overview.hidden") if count is None else words.number(count)

    columns = [*published.columns, TOTAL]
    total = words.text("overview.total")
    return {
        "columns": [total if one == TOTAL else words.language_name(one) for one in columns],
        "rows": [
            {
                "name": total if row == TOTAL else words.text(f"types.{row}"),
                "counts": [shown(row, column) for column in columns],
            }
            for row in (*published.rows, TOTAL)
        ],
    }
