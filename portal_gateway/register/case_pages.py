"""Pages of one case: read it, look at its photos, answer it."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from portal_content.library import Library
from portal_gateway.audit import Action, record
from portal_gateway.cases import Case, find_case
from portal_gateway.register.case_list import case_title
from portal_gateway.register.case_view import case_view, statuses
from portal_gateway.register.pages import Pages, Words
from portal_gateway.register.requests import Desk, NotFound, OwnForm, Printer, SignedIn
from portal_gateway.register.sought_view import sought_view
from portal_gateway.register.wordings import WORDINGS, ready_wording
from portal_gateway.replies import new_id
from portal_gateway.steps.replying import LONGEST_TEXT, Draft, queue_reply

router = APIRouter(prefix="/cases/{case_id}")

KINDS = ("review", "answer", "action")
ID_LENGTH = 32


@dataclass(frozen=True)
class Composed:
    """What an officer has typed, right or not."""

    id: str
    status: str
    language: str
    text: str

    def problems(self, words: Words, library: Library) -> list[str]:
        """Return what has to be put right before it can be signed."""
        found = []
        if self.status not in KINDS or self.language not in library.languages:
            found.append(words.text("reply.unclear"))
        if not self.text.strip():
            found.append(words.text("reply.missing"))
        over = len(self.text) - LONGEST_TEXT
        if over > 0:
            found.append(words.text("reply.too_long", over=over, max=LONGEST_TEXT))
        return found


@router.get("")
def read_case(printer: Printer, desk: SignedIn, case_id: str, sent: str = "") -> Response:
    """Answer with everything about a case; that it was read is written down first."""
    case = _case(desk, case_id)
    fresh = Composed(new_id(), "", case.reply_language, "")
    done = desk.words.text("reply.sent") if sent else ""
    return _case_page(printer, desk, case, fresh, done=done)


@router.post("/reply/look")
def look_at_reply(printer: Printer, desk: SignedIn, form: OwnForm, case_id: str) -> Response:
    """Answer with the reply as the person will see it, before anything is signed."""
    case = _case(desk, case_id)
    composed = _composed(form)
    problems = composed.problems(desk.words, printer.library)
    if problems:
        return _case_page(printer, desk, case, composed, problems=problems, status=422)
    return printer.page(
        "reply_preview.html",
        desk.words,
        desk=desk,
        here=f"/cases/{case.id}",
        case=case_row_of(desk.words, case),
        reply=_as_shown(printer.library, desk, composed),
        composed=composed,
    )


@router.post("/reply/wording")
def put_wording(printer: Printer, desk: SignedIn, form: OwnForm, case_id: str) -> Response:
    """Answer with the case again, a ready wording put behind what was typed."""
    case = _case(desk, case_id)
    composed, wording = _composed(form), form.get("wording", "")
    if wording not in WORDINGS or composed.language not in printer.library.languages:
        return _case_page(
            printer, desk, case, composed, problems=[desk.words.text("reply.unclear")], status=422
        )
    ready = ready_wording(printer.library, wording, composed.language, case.written_on)
    text = "\n\n".join(part for part in (composed.text.strip(), ready) if part)
    status = composed.status or WORDINGS[wording]
    return _case_page(printer, desk, case, Composed(composed.id, status, composed.language, text))


@router.post("/reply/change")
def change_reply(printer: Printer, desk: SignedIn, form: OwnForm, case_id: str) -> Response:
    """Answer with the case again, the reply as typed in its form."""
    return _case_page(printer, desk, _case(desk, case_id), _composed(form))


@router.post("/reply")
def send_reply(
    request: Request, printer: Printer, desk: SignedIn, form: OwnForm, case_id: str
) -> Response:
    """Sign the reply and put it on its way; the same one sent twice goes once."""
    case = _case(desk, case_id)
    composed = _composed(form)
    problems = composed.problems(desk.words, printer.library)
    if problems:
        return _case_page(printer, desk, case, composed, problems=problems, status=422)
    draft = Draft(**vars(composed), officer=desk.officer)
    if queue_reply(desk.session, request.app.state.keys, case, draft, now=desk.now):
        record(
            desk.session,
            Action.REPLIED,
            at=desk.now,
            actor=desk.officer,
            subject=case.id,
            reply=draft.id,
        )
    return RedirectResponse(f"/cases/{case.id}?sent=1#replies", 303)


def case_row_of(words: Words, case: Case) -> dict[str, Any]:
    """Return what tells an officer which case this is."""
    return {"href": f"/cases/{case.id}", "name": case_title(words, case), "id": case.id}


def _case(desk: Desk, case_id: str) -> Case:
    case = find_case(desk.session, case_id)
    if case is None:
        raise NotFound
    return case


def _composed(form: dict[str, str]) -> Composed:
    draft_id = form.get("draft", "")
    is_ours = len(draft_id) == ID_LENGTH and draft_id.isalnum()
    return Composed(
        draft_id if is_ours else new_id(),
        form.get("status", ""),
        form.get("language", ""),
        form.get("text", ""),
    )


def _as_shown(library: Library, desk: Desk, composed: Composed) -> dict[str, str]:
    """Return a reply in the words that the person's page uses, in the language of the reply."""
    language = library.languages[composed.language]
    return {
        "title": library.strings.text(f"script.return.status.{composed.status}", composed.language),
        "text": composed.text,
        "lang": language.html_lang,
        "direction": language.direction,
        "language": desk.words.language_name(composed.language),
        "status": desk.words.text(f"statuses.{composed.status}"),
    }


def _case_page(
    printer: Pages,
    desk: Desk,
    case: Case,
    composed: Composed,
    *,
    problems: list[str] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    library, words = printer.library, desk.words
    record(desk.session, Action.READ_CASE, at=desk.now, actor=desk.officer, subject=case.id)
    return printer.page(
        "case.html",
        words,
        status=status,
        desk=desk,
        here=f"/cases/{case.id}",
        case=case_view(desk.session, library, words, case),
        may_answer=case.queue in desk.rights.answers,
        wordings=[{"value": key, "text": words.text(f"ready.{key}")} for key in WORDINGS],
        sought=sought_view(desk, case),
        composed=composed,
        problems=problems or [],
        done=done,
        statuses=statuses(words),
        languages=[{"value": code, "text": lang.name} for code, lang in library.languages.items()],
        room=words.text("reply.room", max=LONGEST_TEXT),
        longest=LONGEST_TEXT,
    )
