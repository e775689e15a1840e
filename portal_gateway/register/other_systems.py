"""Other systems: how each receiver is, what could not be delivered, and one more try."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from portal_gateway.audit import Action, record
from portal_gateway.connectors.health import Entry, Health, health, unfinished
from portal_gateway.connectors.outbox import redrive
from portal_gateway.connectors.settings import ConnectorSettings, FolderSettings
from portal_gateway.register.case_list import spaced
from portal_gateway.register.pages import Words
from portal_gateway.register.requests import NotFound, OwnForm, Printer, SignedIn

router = APIRouter(prefix="/systems")


@router.get("")
def show_systems(request: Request, printer: Printer, desk: SignedIn, again: str = "") -> Response:
    """Answer with the health of every receiver and with what waits for a person."""
    words, session = desk.words, desk.session
    record(session, Action.READ_SYSTEMS, at=desk.now, actor=desk.officer)
    known: tuple[ConnectorSettings, ...] = request.app.state.connectors
    return printer.page(
        "systems.html",
        words,
        desk=desk,
        here="/systems",
        done=words.text("connectors.started") if again else "",
        systems=[_system(words, one, health(session, one.name)) for one in known],
        dead=[_entry(words, entry) for entry in unfinished(session, dead_only=True)],
    )


@router.post("/again")
def try_again(request: Request, desk: SignedIn, form: OwnForm) -> Response:
    """Try a receiver again, or one case that it did not take."""
    name, case_id = form.get("connector", ""), form.get("case", "")
    if name not in [one.name for one in request.app.state.connectors]:
        raise NotFound
    redrive(desk.session, connector=name, case_id=case_id, now=desk.now)
    record(
        desk.session,
        Action.REDROVE,
        at=desk.now,
        actor=desk.officer,
        subject=case_id[:16],
        connector=name,
    )
    return RedirectResponse("/systems?again=1", 303)


def _system(words: Words, settings: ConnectorSettings, found: Health) -> dict[str, Any]:
    state = found.state
    mood = "halted" if state.halted else "resting" if state.reason else "well"
    facts = [
        ("recipient", words.text(f"connectors.recipients.{settings.recipient}")),
        ("folder", _folder(words, settings)),
        ("waiting", words.number(found.waiting)),
        ("oldest", words.moment(found.oldest) if found.oldest else ""),
        ("dead", words.number(found.dead) if found.dead else ""),
        ("delivered", words.number(found.delivered)),
        ("left_out", words.number(found.files_left_out) if found.files_left_out else ""),
        ("last", _last(words, found)),
        ("resume", words.moment(state.resume_at) if mood == "resting" and state.resume_at else ""),
    ]
    return {
        "name": found.name,
        "mood": mood,
        "state": words.text(f"connectors.{mood}"),
        "why": words.text(f"connectors.reasons.{state.reason}") if state.reason else "",
        "detail": state.detail,
        "facts": [
            {"label": words.text(f"connectors.{key}"), "value": value}
            for key, value in facts
            if value
        ],
        "again": mood != "well",
    }


def _folder(words: Words, settings: ConnectorSettings) -> str:
    """Say who can read a folder: it is carried about, and may be lost on the way."""
    if not isinstance(settings, FolderSettings):
        return ""
    return words.text("connectors.sealed" if settings.seal_to else "connectors.unsealed")


def _last(words: Words, found: Health) -> str:
    last = found.state.last_delivery
    return words.moment(last) if last else words.text("connectors.never")


def _entry(words: Words, entry: Entry) -> dict[str, Any]:
    return {
        "connector": entry.connector,
        "case": entry.case_id,
        "reference": spaced(entry.case_id),
        "version": words.text("connectors.version", version=entry.version),
        "attempts": words.plural("connectors.attempts", entry.attempts),
        "reason": words.text(f"connectors.reasons.{entry.reason or 'unexpected'}"),
        "detail": entry.detail,
        "since": words.moment(entry.changed),
    }
