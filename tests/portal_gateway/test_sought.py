"""Two relatives ask for one person: candidates with reasons, decided and undone by officers."""

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import col, delete, select

from portal_gateway.audit import Action
from portal_gateway.cases import Case
from portal_gateway.database import transaction
from portal_gateway.register.rights import Rights
from portal_gateway.run import Gateway, take_turn
from portal_gateway.settings import GatewaySettings
from portal_gateway.sought.keys import keys_of
from portal_gateway.sought.linkage import LEVELS, weigh
from portal_gateway.sought.persons import Decision, family_of, judge
from portal_gateway.sought.records import Record
from portal_gateway.sought.rows import NameKey, SoughtBy, SoughtPerson, Verdict
from tests.portal_api.factories import Office
from tests.portal_gateway.desks import Desk, open_desk
from tests.portal_gateway.families import ENOUGH, Family, filled_form, write
from tests.portal_gateway.moments import NOON
from tests.portal_gateway.test_follow_ups import again
from tests.portal_gateway.zones import Portal

RECORD = Record(
    "A", '["خالد محمد الحلبي"]', None, "1980-01-01/1980-12-31", "2013-03-01/2013-05-31",
    "idlib\nمعرة النعمان", None, "male",
)  # fmt: skip
KINDS = {
    "sister": {
        "person_name": "خالد محمد الحلبي", "sex": "male", "birth": {"text": "١٩٨٠"},
        "last_contact_when": {"text": "ربيع ٢٠١٣"},
        "last_contact_where": {"area": "idlib", "text": "معرة النعمان"},
    },
    "wife": {
        "person_name": "Khaled Al-Halabi", "sex": "male", "age_last_heard": "33",
        "last_contact_when": {"text": "2013-04"},
        "last_contact_where": {"area": "idlib", "text": "Maarat al-Numan"},
    },
    "cousin": {
        "person_name": "خالد الحلبي", "sex": "male",
        "last_contact_when": {"text": "2013"},
        "last_contact_where": {"area": "idlib", "text": "المعرة"},
    },
    "stranger": {
        "person_name": "خلود محمد الحلبي", "sex": "female", "birth": {"text": "1995"},
        "last_contact_when": {"text": "2019"},
        "last_contact_where": {"area": "aleppo", "text": "منبج"},
    },
}  # fmt: skip


@pytest.fixture
def desk(settings: GatewaySettings, gateway: Gateway) -> Desk:
    opened = open_desk(settings, gateway)
    assert opened.sign_in().status_code == 303
    return opened


def arrive(desk: Desk, portal: Portal, office: Office, *who: str, **also: Any) -> list[str]:
    """Let requests arrive, and return their references."""
    for one in who:
        answers = {**ENOUGH, **KINDS[one], **also}
        portal.take(
            write(office, filled_form(desk.gateway.library, "ar", answers=answers), family=Family())
        )
    take_turn(desk.gateway, now=NOON)
    return references(desk, *who)


def references(desk: Desk, *who: str) -> list[str]:
    with transaction(desk.gateway.engine) as session:
        by_name = {case.person_name: case.id for case in session.exec(select(Case)).all()}
    return [by_name[str(KINDS[one]["person_name"])] for one in who]


def sought(page: str) -> str:
    """Return the words of the part about who else seeks this person."""
    part = page.partition('id="sought"')[2].partition("</section>")[0]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", part)))


def decide(desk: Desk, one: str, other: str, verdict: str) -> int:
    path = f"/cases/{one}/same-person"
    return desk.post(path, other=other, verdict=verdict).status_code


def together(desk: Desk, case_id: str) -> set[str]:
    with transaction(desk.gateway.engine) as session:
        return {case.id for case in family_of(session, case_id)}


def test_a_second_request_is_shown_with_reasons_and_only_people_join_the_two(
    desk: Desk, portal: Portal, office: Office
) -> None:
    sister, wife, stranger = arrive(desk, portal, office, "sister", "wife", "stranger")

    shown = sought(desk.get(f"/cases/{sister}").text)
    assert "Khaled Al-Halabi" in shown
    assert "خلود" not in shown
    for reason in ("names are alike", "times of birth fit", "The same sex", "Last heard of at the"):
        assert reason in shown, reason
    assert together(desk, sister) == set()

    assert decide(desk, sister, wife, "same") == 303
    assert decide(desk, sister, wife, "same") == 303
    shown = sought(desk.get(f"/cases/{wife}").text)
    assert "The same person, said by salma" in shown
    assert together(desk, sister) == {wife}
    assert [act for act in desk.acts() if act[1] == Action.JUDGED] == [
        ("salma", Action.JUDGED, sister),
        ("salma", Action.JUDGED, wife),
    ]

    assert decide(desk, wife, sister, "open") == 303
    assert together(desk, sister) == set()
    assert "Khaled Al-Halabi" in sought(desk.get(f"/cases/{sister}").text)
    with transaction(desk.gateway.engine) as session:
        assert session.exec(select(SoughtPerson)).all() == []
    assert stranger not in together(desk, sister)


def test_who_belongs_together_follows_from_what_holds_and_keeps_its_record(
    desk: Desk, portal: Portal, office: Office
) -> None:
    sister, wife, cousin = arrive(desk, portal, office, "sister", "wife", "cousin")
    decide(desk, sister, wife, "same")
    with transaction(desk.gateway.engine) as session:
        person = session.get_one(SoughtBy, sister).person_id
    decide(desk, cousin, wife, "same")

    assert together(desk, sister) == {wife, cousin}
    with transaction(desk.gateway.engine) as session:
        assert {row.person_id for row in session.exec(select(SoughtBy)).all()} == {person}

    decide(desk, cousin, wife, "different")
    assert together(desk, sister) == {wife}
    assert together(desk, cousin) == set()
    assert "Different persons" in sought(desk.get(f"/cases/{cousin}").text)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_if_one_family_closes_its_request_the_others_stay(
    desk: Desk, portal: Portal, office: Office
) -> None:
    library, family = desk.gateway.library, Family()
    (sister,) = arrive(desk, portal, office, "sister")
    answers = {**ENOUGH, **KINDS["wife"]}
    portal.take(write(office, filled_form(library, "ar", answers=answers), family=family))
    take_turn(desk.gateway, now=NOON)
    (wife,) = references(desk, "wife")
    decide(desk, sister, wife, "same")

    closing = {"kind": "close", "closing": "keep"}
    portal.take(again(office, library, family, answers=closing))
    take_turn(desk.gateway, now=NOON)

    assert together(desk, sister) == {wife}
    assert "Closed by the family" in sought(desk.get(f"/cases/{sister}").text)
    assert "Closed by the family" not in sought(desk.get(f"/cases/{wife}").text)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_an_officer_may_not_read_is_neither_shown_nor_decided(
    desk: Desk, portal: Portal, office: Office
) -> None:
    (sister,) = arrive(desk, portal, office, "sister")
    (wife,) = arrive(desk, portal, office, "wife", age_group="under_18")
    other = replace(desk, client=desk.officer("nour", Rights.of(answer=["registration"])))

    assert "Khaled" not in sought(other.get(f"/cases/{sister}").text)
    assert decide(other, sister, wife, "same") == 404
    # A child's request is opened by two: until then not even who may read its queue decides.
    assert decide(desk, sister, wife, "same") == 404
    with transaction(desk.gateway.engine) as session:
        judge(session, Decision(sister, wife, Verdict.SAME, "salma"), now=NOON)
    assert "Khaled" not in sought(other.get(f"/cases/{sister}").text)
    assert "in a queue that you do not read" in sought(other.get(f"/cases/{sister}").text)
    assert "Khaled" not in other.post("/find", name="Halabi").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_name_is_found_in_any_spelling_and_stays_in_no_address(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office, "sister", "stranger")

    for typed in ("Halabi Khalid", "خالد حلبي", "الحلبى", "Xalid"):
        found = desk.post("/find", name=typed)
        assert found.status_code == 200
        assert "خالد محمد الحلبي" in found.text, typed
    assert "خلود" not in desk.post("/find", name="Khaled Halabi").text
    assert "no request for such a name" in desk.post("/find", name="سمير").text
    assert ("salma", Action.LOOKED_FOR_NAME, "") in desk.acts()
    assert desk.client.get("/find").status_code != 200

    # Keys that older rules made, or lost ones: a request is found all the same.
    with transaction(desk.gateway.engine) as session:
        session.exec(delete(NameKey).where(col(NameKey.key) != "MT"))
    assert "خالد محمد الحلبي" in desk.post("/find", name="Halabi").text


def test_weights_follow_from_what_is_known_and_nothing_else() -> None:
    same = replace(RECORD, id="B", name='["Khaled Halabi"]')
    unlike = replace(same, id="C", sex="female", birth="1995-01-01/1995-12-31")
    unknown = Record("D", '["خالد الحلبي"]', None, None, None, None, None, None)

    weighed = {one.id: one for one in weigh(RECORD, [same, unlike, unknown])}
    assert weighed["B"].probability > 0.95
    assert weighed["C"].probability < 0.25
    assert [one.what for one in weighed["D"].compared] == ["name"]
    assert weigh(RECORD, []) == []


@pytest.mark.parametrize("what", LEVELS)
def test_shares_of_levels_add_up(what: str) -> None:
    assert sum(m for _, m, _ in LEVELS[what]) == pytest.approx(1)
    assert sum(u for _, _, u in LEVELS[what]) == pytest.approx(1)


def test_spellings_of_a_name_share_a_key() -> None:
    pairs = [("يحيى", "Jahja"), ("خطيب", "Chatib"), ("حسين علي", "Hüseyinali")]
    pairs += [("محمد", "Mehmet"), ("خالد", "Halit"), ("جمعة", "Cuma"), ("يوسف", "Youssef")]
    for one, other in pairs:
        assert keys_of(one) & keys_of(other), (one, other)
    assert not keys_of("خالد") & keys_of("سمير")
