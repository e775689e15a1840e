"""Export: a file for a named purpose, as far as each family agreed to it; every one is audited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from portal_gateway.audit import Action, record
from portal_gateway.connectors.consent import OWN, RECIPIENTS
from portal_gateway.exports.collecting import Exported, collect
from portal_gateway.exports.pfif import as_pfif
from portal_gateway.exports.tables import as_csv, as_json, as_xlsx
from portal_gateway.flags import TWO_PERSON
from portal_gateway.register.pages import Words
from portal_gateway.register.requests import Desk, OwnForm, Printer, SignedIn

router = APIRouter(prefix="/export")

TYPES: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pfif": "application/xml",
}
"""Kinds of files; each has a text below `handing_on.exports.formats`."""
ENDINGS = {"pfif": "xml"}
SHORTEST_REASON, LONGEST_REASON = 10, 500


@dataclass(frozen=True)
class Wanted:
    """What an officer asks for, right or not."""

    queue: str = ""
    recipient: str = OWN
    format: str = "json"
    reason: str = ""

    def problem(self, may: Sequence[str]) -> str:
        """Return the key of what has to be put right; empty if nothing has."""
        known = self.format in TYPES and self.recipient in RECIPIENTS
        if not known or self.queue not in ("", *may):
            return "exports.nothing"
        if len(self.reason.strip()) < SHORTEST_REASON:
            return "exports.reason_missing"
        return ""


@router.get("")
def ask_for_export(printer: Printer, desk: SignedIn) -> Response:
    """Answer with the form."""
    return _page(printer, desk, Wanted())


@router.post("")
def export(request: Request, printer: Printer, desk: SignedIn, form: OwnForm) -> Response:
    """Answer with the file; who took what for which purpose is written down first."""
    named = {name: form.get(name, "") for name in ("queue", "recipient", "format", "reason")}
    wanted = Wanted(**named)
    may = _queues(desk)
    problem = wanted.problem(may)
    if problem:
        return _page(printer, desk, wanted, problem=problem, status=422)
    queues = [wanted.queue] if wanted.queue else may
    found = collect(desk.session, queues, wanted.recipient, now=desk.now)
    if not found:
        return _page(printer, desk, wanted, problem="exports.nothing", status=422)
    _write_down(desk, wanted, found)
    source = request.app.state.keys.key_list.deployment
    content = _content(wanted.format, found, source=source, now=desk.now)
    ending = ENDINGS.get(wanted.format, wanted.format)
    name = f"requests-{wanted.recipient}-{desk.now:%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=TYPES[wanted.format], headers=headers)


def _queues(desk: Desk) -> list[str]:
    """Return the queues that an officer may take cases out of."""
    return sorted(desk.rights.answers - TWO_PERSON)


def _write_down(desk: Desk, wanted: Wanted, found: Sequence[Exported]) -> None:
    told = {"format": wanted.format, "recipient": wanted.recipient}
    record(
        desk.session,
        Action.EXPORTED,
        at=desk.now,
        actor=desk.officer,
        queue=wanted.queue,
        count=len(found),
        reason=wanted.reason.strip()[:LONGEST_REASON],
        **told,
    )
    for one in found:
        # A family may ask who was handed its case: each case says so by itself.
        record(
            desk.session,
            Action.EXPORTED,
            at=desk.now,
            actor=desk.officer,
            subject=one.case_id,
            **told,
        )


def _content(kind: str, found: Sequence[Exported], *, source: str, now: datetime) -> bytes:
    documents = [one.document for one in found]
    if kind == "csv":
        return as_csv(documents)
    if kind == "xlsx":
        return as_xlsx(documents, now=now)
    if kind == "pfif":
        return as_pfif(documents, source=source, now=now)
    return as_json(documents)


def _page(
    printer: Printer, desk: Desk, wanted: Wanted, *, problem: str = "", status: int = 200
) -> Response:
    words = desk.words
    return printer.page(
        "export.html",
        words,
        status=status,
        desk=desk,
        here="/export",
        problem=words.text(problem) if problem else "",
        wanted=wanted,
        fields=_fields(words, wanted, _queues(desk)),
        longest=LONGEST_REASON,
    )


def _fields(words: Words, wanted: Wanted, queues: Sequence[str]) -> list[dict[str, Any]]:
    named = {
        "queue": [("", words.text("exports.all"))]
        + [(queue, words.text(f"queues.{queue}")) for queue in queues],
        "recipient": [(one, words.text(f"connectors.recipients.{one}")) for one in RECIPIENTS],
        "format": [(kind, words.text(f"exports.formats.{kind}")) for kind in TYPES],
    }
    return [
        {
            "name": name,
            "label": words.text(f"exports.{name}"),
            "options": [
                {"value": value, "text": text, "chosen": vars(wanted)[name] == value}
                for value, text in options
            ],
        }
        for name, options in named.items()
    ]
