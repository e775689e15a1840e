"""The work on a case as finished values for its page."""

from typing import Any

from sqlmodel import Session

from portal_gateway.cases import Case
from portal_gateway.register.pages import Words
from portal_gateway.register.work import LONGEST_NOTE, MOVES, assignable, assigned_to, notes


def work_view(session: Session, words: Words, case: Case) -> dict[str, Any]:
    """Return whose a case is, where it can go, and what officers noted."""
    return {
        "assigned": assigned_to(session, case.id) or "",
        "officers": assignable(session, case.queue),
        "states": [
            {"value": state, "text": words.text(f"states.{state}")} for state in MOVES[case.state]
        ],
        "longest": LONGEST_NOTE,
        "notes": [
            {"officer": note.officer, "text": note.text, "when": words.moment(note.at)}
            for note in notes(session, case.id)
        ],
    }
