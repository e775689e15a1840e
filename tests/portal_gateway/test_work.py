"""Work on a case: assignment, notes, states, steps of a report of reprisal, wordings, calls."""

import html
import re
import threading
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal_content.library import Library
from portal_gateway.audit import Action
from portal_gateway.cases import Case, CaseState
from portal_gateway.database import transaction
from portal_gateway.register.openings import Answer, Opening, answer, ask
from portal_gateway.register.reprisals import (
    CONSENTS,
    WAYS,
    Step,
    Taken,
    present_step,
    problems,
    steps,
    take_step,
)
from portal_gateway.register.rights import Rights
from portal_gateway.register.wordings import WORDINGS, ready_wording
from portal_gateway.register.work import MOVES, CaseNote
from portal_gateway.run import Gateway, take_turn
from portal_gateway.settings import GatewaySettings
from portal_gateway.steps.replying import LONGEST_TEXT
from tests.portal_api.factories import Office
from tests.portal_gateway.desks import NAME, Desk, open_desk
from tests.portal_gateway.families import ENOUGH, Family, consents, filled_form, write
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.test_openings import a_case
from tests.portal_gateway.zones import Portal

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CAREFUL = {"way": "phone", "value": "+963 11 000000", "recognition_word": "زيتون"}


@pytest.fixture
def family() -> Family:
    return Family()


@pytest.fixture
def desk(
    settings: GatewaySettings, gateway: Gateway, portal: Portal, office: Office, family: Family
) -> Desk:
    """An officer before a search request that names a safe phone and a word."""
    opened = open_desk(settings, gateway)
    form = filled_form(
        gateway.library,
        answers={**ENOUGH, "safe_contact": CAREFUL},
        consents=consents(gateway.library, given=("C1", "C2", "C3")),
    )
    portal.take(write(office, form, family=family))
    take_turn(gateway, now=NOON)
    assert opened.sign_in().status_code == 303
    return opened


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


@ON_SQLITE
def test_a_case_is_given_to_somebody_noted_on_and_moved(
    desk: Desk, portal: Portal, family: Family
) -> None:
    desk.officer("omar", Rights.of(answer=["registration"]))
    desk.officer("huda", Rights.of(read=["registration"]))
    case = f"/cases/{desk.case().id}"

    desk.post(f"{case}/assign", officer="huda")
    assert "Nobody works on this yet." in desk.get(case).text
    desk.post(f"{case}/assign", officer="omar")
    desk.post(f"{case}/notes", note="Call only <b>after</b> noon.\n\nHuda knows.")
    desk.post(f"{case}/notes", note="  ")
    desk.post(f"{case}/state", state="answered")
    assert desk.case().state == CaseState.NEW
    desk.post(f"{case}/state", state="passed")
    page = desk.get(case).text
    take_turn(desk.gateway, now=later(minutes=1))

    assert "Worked on by: omar" in text_of(page)
    assert "Call only &lt;b&gt;after&lt;/b&gt; noon." in page
    assert desk.case().state == CaseState.PASSED
    acts = [act[1] for act in desk.acts()]
    assert [acts.count(a) for a in (Action.ASSIGNED, Action.NOTED, Action.MOVED)] == [1, 1, 1]
    assert all("noon" not in reply.text for reply in portal.replies(family))
    desk.post(f"{case}/assign", officer="")
    assert "Nobody works on this yet." in desk.get(case).text
    with transaction(desk.gateway.engine) as session:
        assert len(session.exec(select(CaseNote)).all()) == 1


def test_every_state_can_be_left_and_answers_are_no_move_by_hand() -> None:
    assert set(MOVES) == set(CaseState)
    assert all(MOVES.values())
    by_hand = {state for ways in MOVES.values() for state in ways}
    assert not by_hand & {CaseState.NEW, CaseState.ANSWERED, CaseState.WROTE_AGAIN}


@ON_SQLITE
def test_a_ready_wording_is_put_behind_what_was_typed(desk: Desk) -> None:
    case = f"/cases/{desk.case().id}"
    typed = {"draft": "0" * 32, "language": "tr", "text": "Merhaba,", "status": ""}

    page = desk.post(f"{case}/reply/wording", wording="talk", **typed)
    wrong = desk.post(f"{case}/reply/wording", wording="nothing", **typed)

    area = re.search(r'<textarea id="text".*?>\n(.*?)</textarea>', page.text, re.DOTALL)
    assert area is not None
    assert html.unescape(area[1]).startswith("Merhaba,\n\n20 Kasım 2026 tarihinde")
    assert 'value="action" required checked' in page.text
    assert (wrong.status_code, "Merhaba," in wrong.text) == (422, True)


@pytest.mark.parametrize("lang", ["ar", "en", "ku", "tr", "de", "fr"])
def test_wordings_are_there_in_every_language_and_name_nobody(library: Library, lang: str) -> None:
    texts = [ready_wording(library, key, lang, NOON.date()) for key in WORDINGS]

    for word in ("institution", "المؤسسة", "syri", "سور", "missing", "مفقود", "winda", "kayıp"):
        assert not [text for text in texts if word in text.lower()]
    assert all("%{" not in text and len(text) < LONGEST_TEXT / 4 for text in texts)
    assert all(("2026" in text) or ("٢٠٢٦" in text) for text in texts)


@ON_SQLITE
def test_the_screen_for_a_call_says_the_word_and_what_never_to_do(
    desk: Desk, portal: Portal, office: Office
) -> None:
    case = desk.case().id
    page = desk.get(f"/cases/{case}/call").text
    portal.take(write(office, filled_form(desk.gateway.library)))
    take_turn(desk.gateway, now=later(minutes=1))
    with transaction(desk.gateway.engine) as session:
        other = session.exec(select(Case).where(Case.id != case)).one().id
    silent = desk.get(f"/cases/{other}/call").text

    assert '<p class="word" dir="auto">زيتون</p>' in page
    assert "الكلمة التي اتفقنا عليها: «زيتون»" in page
    assert "did not ask to be called" not in page
    assert "No message is left" in text_of(page) or "Leave no message" in text_of(page)
    assert "did not ask to be called" in silent
    assert "No word was agreed" in silent
    assert "الكلمة التي اتفقنا" not in silent
    assert (NAME, Action.READ_CALL_SCREEN, case) in desk.acts()


@ON_SQLITE
def test_without_consent_to_contact_no_number_is_offered(
    desk: Desk, portal: Portal, office: Office
) -> None:
    case = desk.case().id
    asked = "does not agree to be contacted"
    assert asked not in desk.get(f"/cases/{case}").text
    form = filled_form(desk.gateway.library, answers={**ENOUGH, "safe_contact": CAREFUL})
    portal.take(write(office, form))
    take_turn(desk.gateway, now=later(minutes=1))
    with transaction(desk.gateway.engine) as session:
        other = session.exec(select(Case).where(Case.id != case)).one().id

    call = desk.get(f"/cases/{other}/call").text

    assert asked in call
    assert asked in desk.get(f"/cases/{other}").text
    assert CAREFUL["value"] not in call
    assert CAREFUL["value"] in desk.get(f"/cases/{case}/call").text


def reached(start: Step, *, without: frozenset[Step]) -> set[Step]:
    """Steps that can come after one, if some are never taken."""
    found: set[Step] = set()
    waiting = [start]
    while waiting:
        for step in WAYS[waiting.pop()]:
            if step not in found and step not in without:
                found.add(step)
                waiting.append(step)
    return found


def test_without_consent_no_report_gets_further_than_being_closed() -> None:
    agreed = frozenset({Step.CONSENT_GIVEN, Step.CONSENT_PARTIAL})
    acting = {Step.RECORDED, Step.ASSESSED, Step.VERIFIED, Step.DECIDED, Step.ACTED}

    assert not reached(Step.RECEIVED, without=agreed) & (acting | {Step.FOLLOWING_UP})
    assert reached(Step.RECEIVED, without=frozenset()) == set(Step) - {Step.RECEIVED}
    assert not reached(Step.RECEIVED, without=frozenset({Step.SAFETY_CHECKED}))
    # Whatever has been done, the person can take consent back at once.
    for step in acting | {Step.NOT_VERIFIABLE, Step.FOLLOWING_UP, *agreed}:
        assert Step.CONSENT_REFUSED in WAYS[step], step
    assert set(WAYS[Step.CONSENT_REFUSED]) == agreed | {Step.CLOSED}
    assert set(CONSENTS) == agreed | {Step.CONSENT_REFUSED}


def test_two_officers_who_take_a_step_at_once_take_it_once(engine: Engine) -> None:
    case = a_case(engine)
    outcomes: list[bool] = []

    def take(officer: str) -> None:
        with transaction(engine) as session:
            taken = Taken("safety_checked", "asked on the phone")
            present = present_step(session, case.id, lock=True)
            found = problems(present, taken, officer, colleagues=())
            if not found:
                take_step(session, session.get_one(Case, case.id), taken, officer, now=NOON)
            outcomes.append(not found)

    threads = [threading.Thread(target=take, args=(name,)) for name in ("salma", "omar", "huda")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, False, True]
    with transaction(engine) as session:
        assert [row.step for row in steps(session, case.id)] == ["safety_checked"]


@ON_SQLITE
def test_a_report_of_reprisal_goes_step_by_step_and_back_when_consent_is_withdrawn(
    desk: Desk,
) -> None:
    desk.officer("omar", Rights.of(answer=["reprisal"]))
    with transaction(desk.gateway.engine) as session:
        case = session.exec(select(Case)).one()
        case.queue = "reprisal"
        asked = ask(session, case, NAME, "because", now=NOON)
        session.flush()
        assert answer(session, asked, "omar", Answer.AGREED, now=NOON)
    path = f"/cases/{desk.case().id}/reprisal"

    def take(step: str, **form: Any) -> int:
        return desk.post(path, step=step, **{"reason": "as agreed", **form}).status_code

    refused = [take("recorded"), take("safety_checked", reason=" ")]
    taken = [take(step) for step in ("safety_checked", "consent_given", "recorded")]
    alone = [take("assessed"), take("assessed", second=NAME), take("assessed", second="huda")]
    taken += [take("assessed", second="omar"), take("verified")]
    unasked = take("decided")
    taken += [take("decided", confirmed="yes"), take("consent_refused")]
    stopped = [take("acted", confirmed="yes"), take("recorded")]
    page = text_of(desk.get(path).text)

    assert set(refused + alone + stopped + [unasked]) == {422}
    assert taken == [303] * 7
    assert "Consent refused or taken back" in page
    assert "Nothing is recorded, assessed or passed on." in page
    assert f"{NAME} + omar" in page
    assert [act[1] for act in desk.acts()].count(Action.REPRISAL_STEP) == 7
    assert desk.get(path).status_code == 200
    with transaction(desk.gateway.engine) as session:
        assert session.exec(select(Opening)).one().answered_by == "omar"
