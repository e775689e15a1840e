"""Who else seeks the same person, as finished values for the page of a case."""

from typing import Any

from portal_gateway.cases import Case
from portal_gateway.follow_ups import follow_ups
from portal_gateway.register.case_list import case_row, own_cases
from portal_gateway.register.pages import Words
from portal_gateway.register.requests import Desk
from portal_gateway.sought.candidates import Candidate, candidates
from portal_gateway.sought.persons import family_of, standing
from portal_gateway.sought.records import SEARCH
from portal_gateway.sought.rows import Judgement, Verdict

LEAST = 0.05
"""Bits; what weighs less says nothing."""


def sought_view(desk: Desk, case: Case) -> dict[str, Any] | None:
    """Return candidates, what was decided and the requests for one person; none for other forms."""
    if case.type != SEARCH:
        return None
    found = candidates(desk.session, case, own_cases(desk.rights))
    family = family_of(desk.session, case.id)
    seen = [other for other in family if other.queue in desk.rights.reads]
    return {
        "may_judge": case.queue in desk.rights.answers,
        "waiting": desk.words.plural("sought.waiting", len(found)) if found else "",
        "candidates": [_candidate(desk, one) for one in found],
        "decided": _decided(desk, case),
        "family": [
            {**case_row(desk.words, other), "closed": _is_closed(desk, other)} for other in seen
        ],
        "hidden": desk.words.plural("sought.hidden", len(family) - len(seen))
        if len(family) > len(seen)
        else "",
    }


def _candidate(desk: Desk, one: Candidate) -> dict[str, Any]:
    words, compared = desk.words, one.weighed.compared
    return {
        **case_row(words, one.case),
        "id": one.case.id,
        "may_judge": one.case.queue in desk.rights.answers,
        "likely": words.text("sought.likely", percent=round(100 * one.weighed.probability)),
        "for": [_reason(words, c.what, c.level) for c in compared if c.weight > LEAST],
        "against": [_reason(words, c.what, c.level) for c in compared if c.weight < -LEAST],
        "names": [
            words.text(f"likeness.{r.code}", one=r.one, other=r.other) for r in one.names.reasons
        ],
    }


def _reason(words: Words, what: str, level: str) -> str:
    return words.text(f"sought.reasons.{what}_{level}")


def _decided(desk: Desk, case: Case) -> list[dict[str, Any]]:
    held = standing(desk.session, case.id).items()
    rows = [(desk.session.get_one(Case, other), said) for other, said in held]
    return [
        {
            **case_row(desk.words, other),
            "id": other.id,
            "text": _said(desk.words, said),
            "may_judge": other.queue in desk.rights.answers,
        }
        for other, said in rows
        if said.verdict != Verdict.OPEN and other.queue in desk.rights.reads
    ]


def _said(words: Words, said: Judgement) -> str:
    key = f"sought.said.{said.verdict}"
    return words.text(key, officer=said.officer, day=words.day(said.at.date()))


def _is_closed(desk: Desk, case: Case) -> bool:
    return any(one.answers.get("kind") == "close" for one in follow_ups(desk.session, case.id))
