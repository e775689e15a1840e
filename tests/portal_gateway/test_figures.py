"""Figures: what waits how long, what a year has brought, how other systems are."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from portal_content.library import Library
from portal_gateway.cases import Case, CaseState
from portal_gateway.connectors.interface import Refused
from portal_gateway.connectors.outbox import claim_next, note_failure, queue_missing
from portal_gateway.connectors.settings import FolderSettings
from portal_gateway.database import transaction
from portal_gateway.figures.bars import LABEL, WIDTH, plot
from portal_gateway.figures.waiting import Line, lines, waiting_cases
from portal_gateway.figures.yearly import figures_of, years
from portal_gateway.register.rights import ALL_QUEUES, Rights
from portal_gateway.run import Gateway
from portal_gateway.settings import GatewaySettings
from tests.portal_gateway.casework import EVERYTHING, keep_case, write_again
from tests.portal_gateway.desks import Desk, open_desk
from tests.portal_gateway.moments import NOON, later

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ON_SQLITE
def test_what_waits_is_counted_by_how_long(engine: Engine, library: Library) -> None:
    old = keep_case(engine, library, at=NOON)
    keep_case(engine, library, at=later(days=38), lang="ku")
    answered = keep_case(engine, library, at=NOON)
    again = keep_case(engine, library, at=NOON)
    write_again(engine, again, at=later(days=35))
    with transaction(engine) as session:
        session.get_one(Case, answered).state = CaseState.ANSWERED
        session.get_one(Case, again).state = CaseState.WROTE_AGAIN
        session.get_one(Case, old).state = CaseState.IN_REVIEW

    with transaction(engine) as session:
        cases = waiting_cases(session, ALL_QUEUES)
        assert waiting_cases(session, ["support"]) == []
    (by_queue,) = lines(cases, "queue", now=later(days=40))
    by_language = lines(cases, "language", now=later(days=40))

    assert by_queue.counts == {"days_2": 1, "days_7": 1, "days_30": 0, "older": 1}
    assert (by_queue.total, by_queue.longest) == (3, 40)
    assert [(line.name, line.total) for line in by_language] == [("ar", 2), ("ku", 1)]


def test_bars_fill_the_width_and_are_mirrored_for_arabic() -> None:
    long = Line("a", {"days_2": 3, "days_7": 1}, 5)
    short = Line("b", {"days_2": 0, "days_7": 2}, 5)

    straight, mirrored = (plot([long, short], mirrored=m) for m in (False, True))

    first, second = straight.bars[0].parts
    assert (first.x, round(second.x + second.width)) == (LABEL, WIDTH)
    assert len(straight.bars[1].parts) == 1
    assert [
        round(p.x + p.width + o.x)
        for p, o in zip((first, second), mirrored.bars[0].parts, strict=True)
    ] == [WIDTH, WIDTH]


@ON_SQLITE
def test_only_who_agreed_counts_in_the_figures_of_a_year(engine: Engine, library: Library) -> None:
    silent = {consent: scopes for consent, scopes in EVERYTHING.items() if consent != "C10"}
    for number in range(12):
        keep_case(engine, library, at=later(minutes=number))
    keep_case(engine, library, given=silent)
    asked = keep_case(engine, library, given=silent)
    write_again(engine, asked, given={"C10": ()})
    left = keep_case(engine, library)
    write_again(engine, left, taken_back=["C10"])
    gone = keep_case(engine, library)
    write_again(engine, gone, answers={"kind": "close", "closing": "delete"})
    keep_case(engine, library, at=later(days=300))

    with transaction(engine) as session:
        assert years(session) == [2027, 2026]
        found = figures_of(session, 2026)
        later_on = figures_of(session, 2027)

    assert found.counts["search", "ar"] == 13
    assert later_on.counts["search", "ar"] is None


@pytest.fixture
def desk(
    settings: GatewaySettings, gateway: Gateway, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    place = tmp_path_factory.mktemp("stick")
    folder = FolderSettings(
        kind="folder", name="stick", recipient="own", folder=place, signing_key=place
    )
    safe = folder.model_copy(update={"name": "safe", "seal_to": ("age1pq1",)})
    desk = open_desk(settings.model_copy(update={"connectors": (folder, safe)}), gateway)
    desk.sign_in()
    yield desk
    desk.client.close()


@ON_SQLITE
def test_the_overview_is_a_picture_with_its_table_and_no_script(desk: Desk) -> None:
    for number in range(3):
        keep_case(desk.gateway.engine, desk.gateway.library, at=later(days=-number * 10))
    supporter = desk.officer("rami", Rights.of(read=["support"]))

    page = desk.get("/overview").text

    assert page.count('role="img"') == 2
    assert "<script" not in page
    assert "style=" not in page
    assert page.count('<th scope="row"><bdi>Registration') == 1
    assert "<td>hidden</td>" in page
    assert "Nothing waits." in supporter.get("/overview").text
    supporter.close()
    assert ("salma", "read_overview", "") in desk.acts()


@ON_SQLITE
def test_the_figures_of_each_year_can_be_asked_for_and_are_mirrored_in_arabic(desk: Desk) -> None:
    for number in range(12):
        keep_case(desk.gateway.engine, desk.gateway.library, at=later(minutes=number))
    for number in range(14):
        keep_case(desk.gateway.engine, desk.gateway.library, at=later(days=300, minutes=number))

    def shown(query: str) -> tuple[list[str], set[str]]:
        page = desk.get(f"/overview{query}").text
        year = page.partition('id="year"')[2]
        counts = re.findall(r"<td>([^<]+)</td>", year)
        return re.findall(r'<option value="(\d+)" selected', year), set(counts)

    assert shown("") == (["2027"], {"14"})
    assert shown("?year=2026") == (["2026"], {"12"})
    assert shown("?year=1999") == (["2027"], {"14"})

    first = re.compile(r'<rect class="age age--\d" x="([\d.]+)" y=[^>]*width="([\d.]+)"')
    left = [float(x) for x, _ in first.findall(desk.get("/overview").text)]
    desk.post("/language", language="ar", back="/")
    arabic = desk.get("/overview").text
    right = [float(x) + float(width) for x, width in first.findall(arabic)]
    assert min(left) == LABEL
    assert round(max(right)) == WIDTH - LABEL
    assert "١٤" in arabic


@ON_SQLITE
def test_a_folder_says_who_can_read_what_lies_in_it(desk: Desk) -> None:
    for language, unsealed, sealed in (
        ("en", "Whoever has the folder can read it.", "Only whoever holds the key can read it."),
        ("ar", "يقرؤه كل من بيده المجلّد.", "لا يقرؤه إلا من معه المفتاح."),
    ):
        desk.post("/language", language=language, back="/")
        stick, _, safe = desk.get("/systems").text.partition("safe")

        assert (unsealed in stick, sealed in stick) == (True, False)
        assert (unsealed in safe, sealed in safe) == (False, True)


@ON_SQLITE
def test_the_health_of_other_systems_is_seen_and_a_person_tries_again(desk: Desk) -> None:
    engine = desk.gateway.engine
    assert "Works" in desk.get("/systems").text
    case = keep_case(engine, desk.gateway.library)
    queue_missing(engine, "stick", now=NOON)
    claimed = claim_next(engine, "stick", now=NOON)
    assert claimed is not None
    note_failure(engine, claimed, Refused("refused", "422 /age"), now=NOON, chance=lambda: 1.0)

    page = desk.get("/systems").text
    assert "1 thing on the way to other systems waits for a person." in desk.get("/").text
    done = desk.post("/systems/again", connector="stick", case=case)
    unknown = desk.post("/systems/again", connector="elsewhere")

    assert "does not take this case as it is" in page
    assert "422 /age" in page
    assert case in page
    assert not re.search("عبد الرحمن", page)
    assert done.headers["location"] == "/systems?again=1"
    assert unknown.status_code == 404
    assert claim_next(engine, "stick", now=later(minutes=1)) is not None
    assert "Nothing waits for a person here." in desk.get("/systems?again=1").text
    assert "on the way to other systems" not in desk.get("/").text
    assert ("salma", "redrove", case) in desk.acts()
