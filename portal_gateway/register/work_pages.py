"""Pages of the work on a case: whose it is, notes, states, and the screen for a call."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from portal_content.library import Library
from portal_gateway.audit import Action, record
from portal_gateway.cases import Case, find_case
from portal_gateway.follow_ups import safe_contact
from portal_gateway.register.again_view import contact_rows, must_not_contact
from portal_gateway.register.case_list import case_title
from portal_gateway.register.requests import Desk, NotFound, OwnForm, Printer, SignedIn
from portal_gateway.register.work import (
    LONGEST_NOTE,
    add_note,
    assign,
    move,
)

router = APIRouter(prefix="/cases/{case_id}")

SAYINGS = ("hello", "word", "listening", "free", "later")
"""What is said in a call, in this order; each has a text below `calling`."""


@router.post("/assign")
def assign_case(desk: SignedIn, form: OwnForm, case_id: str) -> Response:
    """Give the case to somebody, or to nobody."""
    case = _case(desk, case_id)
    officer = form.get("officer", "")
    if assign(desk.session, case, officer, now=desk.now):
        _note(desk, Action.ASSIGNED, case, to=officer)
    return _back(case)


@router.post("/notes")
def write_note(desk: SignedIn, form: OwnForm, case_id: str) -> Response:
    """Add a note among officers; the family never sees it."""
    case = _case(desk, case_id)
    text = form.get("note", "").strip()
    if text and len(text) <= LONGEST_NOTE:
        note = add_note(desk.session, case, desk.officer, text, now=desk.now)
        _note(desk, Action.NOTED, case, note=note.id)
    return _back(case)


@router.post("/state")
def move_case(desk: SignedIn, form: OwnForm, case_id: str) -> Response:
    """Move the case on by hand; a way that is not there changes nothing."""
    case = _case(desk, case_id)
    before = case.state
    if move(case, form.get("state", "")):
        _note(desk, Action.MOVED, case, before=str(before), after=str(case.state))
    return _back(case)


@router.get("/call")
def call_screen(printer: Printer, desk: SignedIn, case_id: str) -> Response:
    """Answer with what a call needs: the safe way, the word to say, and what to say."""
    case = _case(desk, case_id)
    _note(desk, Action.READ_CALL_SCREEN, case)
    contact, since = safe_contact(desk.session, case)
    contact = contact or {}
    library, words = printer.library, desk.words
    language = library.languages[case.reply_language]
    changed = words.text("again.contact_since", day=words.day(since)) if since else ""
    return printer.page(
        "call.html",
        words,
        desk=desk,
        here=f"/cases/{case.id}/call",
        case={"href": f"/cases/{case.id}", "name": case_title(words, case)},
        agreed=not must_not_contact(desk.session, case),
        may_call=contact.get("way", "none") not in ("none", ""),
        changed=changed,
        word=contact.get("recognition_word", ""),
        rows=contact_rows(library, words, contact),
        sayings=_sayings(library, case.reply_language, contact.get("recognition_word", "")),
        said_in={"lang": language.html_lang, "direction": language.direction},
        language=words.language_name(case.reply_language),
    )


def _sayings(library: Library, lang: str, word: str) -> list[str]:
    """Return what to say; nothing of a word if none was agreed."""
    said = [key for key in SAYINGS if word or key != "word"]
    return [library.strings.text(f"calling.{key}", lang, word=word) for key in said]


def _case(desk: Desk, case_id: str) -> Case:
    case = find_case(desk.session, case_id)
    if case is None:
        raise NotFound
    return case


def _note(desk: Desk, action: Action, case: Case, **detail: str) -> None:
    record(desk.session, action, at=desk.now, actor=desk.officer, subject=case.id, **detail)


def _back(case: Case) -> Response:
    return RedirectResponse(f"/cases/{case.id}#work", 303)
