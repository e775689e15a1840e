"""Who may do what: every route of the register, asked by everybody who has an account."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from portal_gateway.audit import Action
from portal_gateway.database import transaction
from portal_gateway.register import guard
from portal_gateway.register.accounts import create_officer
from portal_gateway.register.app import FEATURES
from portal_gateway.register.rights import (
    EVERY_QUEUE,
    OfficerRight,
    Rights,
    RightsClash,
    give,
    rights_of,
)
from portal_gateway.run import Gateway, take_turn
from portal_gateway.settings import GatewaySettings
from tests.portal_api.factories import Office
from tests.portal_gateway.desks import PASSWORD, Desk, open_desk
from tests.portal_gateway.families import filled_form, write
from tests.portal_gateway.moments import NOON
from tests.portal_gateway.zones import Portal

PEOPLE = {
    "reader": Rights.of(read=["registration"]),
    "worker": Rights.of(answer=["registration"]),
    "elsewhere": Rights.of(answer=["support"]),
    "everywhere": EVERY_QUEUE,
    "auditor": Rights.of(audit=True),
    "administrator": Rights.of(administer=True),
    "nobody": Rights(),
}
ALL = set(PEOPLE)
WORKERS, READERS = {"worker", "everywhere"}, {"reader", "worker", "everywhere"}
MAY = (
    (r"GET /$|POST /(sign-out|language)$|(GET|POST) /account(/|$)", ALL),
    (r"(GET|POST) /cases/[^/]+/opening", READERS),
    (r"GET /openings", {"everywhere"}),
    (r"GET /cases/[^/]+/(call|reprisal)", READERS),
    (r"POST /cases/(?![^/]+/opening)", WORKERS),
    (r"GET /cases/(?![^/]+/(opening|call|reprisal))", READERS),
    (r"POST /find$", {"reader", "worker", "elsewhere", "everywhere"}),
    (r"(GET|POST) /meetings", {"everywhere"}),
    (r"GET /overview$", READERS | {"elsewhere"}),
    (r"(GET|POST) /export$", WORKERS | {"elsewhere"}),
    (r"(GET|POST) /(set-aside|systems)", {"worker", "elsewhere", "everywhere", "administrator"}),
    (r"GET /audit", {"auditor"}),
    (r"GET /accounts$", {"administrator"}),
)
"""Written down once more, apart from the table of the guard: who may, by address."""


LEAVES_NO_TRACE = {"GET /", "GET /account", "POST /language", "POST /account/password"}
"""The list says so if there is one; the others show and change nothing but the own account."""
LEAVES_NO_TRACE |= {"GET /export", "POST /export"}
"""Without a purpose, as here, no file is made; what is taken with one stands in test_exports."""


@pytest.fixture
def desk(settings: GatewaySettings, gateway: Gateway, portal: Portal, office: Office) -> Desk:
    """A register with one registration in it."""
    opened = open_desk(settings, gateway)
    portal.take(write(office, filled_form(gateway.library), photos=[b"no photo"]))
    take_turn(gateway, now=NOON)
    return opened


def every_route() -> list[str]:
    return sorted(
        f"{method} {route.path}"
        for feature in FEATURES
        for route in feature.router.routes
        for method in route.methods
    )


def allowed(route: str) -> set[str]:
    found = [who for pattern, who in MAY if re.match(pattern, route)]
    assert len(found) == 1, f"{route} stands in no rule of this test, or in several"
    return found[0]


def test_the_guard_knows_every_route_and_no_other() -> None:
    fixed = {"GET /register.css", "GET /icon.svg"}

    assert set(guard.NEEDS) | guard.OPEN == set(every_route()) | fixed
    assert not set(guard.NEEDS) & guard.OPEN


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_everybody_gets_what_their_rights_say_from_every_route(desk: Desk) -> None:
    case = desk.case()
    wrong: list[str] = []

    for name, rights in PEOPLE.items():
        signed_in = desk.officer(name, rights)
        for route in every_route():
            if route in guard.OPEN or route in ("POST /sign-out", "POST /account/leave"):
                continue
            before = len(desk.acts())
            status = ask(signed_in, route, case.id)
            if (status != 403) != (name in allowed(route)):
                wrong.append(f"{name} {route}: {status}")
            acts = [act[:2] for act in desk.acts()[before:]]
            assert (acts[-1:] == [(name, Action.REFUSED)]) == (name not in allowed(route)), route
            # Nothing of a family is read that is not written down.
            assert acts or route in LEAVES_NO_TRACE or status in (303, 404), route

    assert wrong == []


def ask(client: TestClient, route: str, case_id: str) -> int:
    """Ask as a page of ours would, and return the status; 403 means only: not allowed."""
    method, path = route.split(" ")
    values = {"case_id": case_id, "position": "1", "number": "1"}
    others = dict.fromkeys(("opening_id", "briefing_id", "submission_id"), "x")
    path = path.format_map(values | others)
    if method == "GET":
        return client.get(path).status_code
    page = client.get("/", follow_redirects=True)
    token = re.search(r'form_token" value="([0-9a-f]{64})"', page.text)
    form = {"form_token": token[1] if token else ""}
    answer = client.post(path, data=form)
    # A form without the token of a page is refused, too, but says so.
    return 0 if "Nothing was changed" in answer.text else answer.status_code


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_list_holds_the_own_queues_only(desk: Desk) -> None:
    names = ("worker", "elsewhere", "auditor", "administrator", "nobody")
    reference = desk.case().id[:3]

    shown = {name: desk.officer(name, PEOPLE[name]).get("/") for name in names}

    assert reference in shown["worker"].text
    assert reference not in shown["elsewhere"].text
    assert "There is nothing here for you yet" in shown["nobody"].text
    assert shown["auditor"].headers["location"] == "/audit"
    assert shown["administrator"].headers["location"] == "/accounts"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_right_that_is_taken_away_is_gone_with_the_next_request(desk: Desk) -> None:
    client = desk.officer("worker", PEOPLE["worker"])
    path = f"/cases/{desk.case().id}"
    assert client.get(path).status_code == 200

    with transaction(desk.gateway.engine) as session:
        give(session, "worker", PEOPLE["elsewhere"])

    assert client.get(path).status_code == 403
    assert desk.acts()[-1] == ("worker", Action.REFUSED, desk.case().id)


def test_nobody_looks_after_accounts_and_reads_cases(
    settings: GatewaySettings, engine: Engine
) -> None:
    with pytest.raises(RightsClash):
        Rights.of(read=["support"], administer=True)
    with pytest.raises(RightsClash):
        Rights.of(audit=True, administer=True)
    with pytest.raises(RightsClash):
        Rights.of(answer=["no such queue"])
    create_officer(settings, "both", PASSWORD, EVERY_QUEUE)

    # A row that somebody put in by hand opens nothing.
    with transaction(engine) as session:
        session.add(OfficerRight(officer="both", right="administer"))
    with transaction(engine) as session:
        assert rights_of(session, "both") == Rights(administers=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_audit_page_names_who_and_what_and_never_what_was_written(desk: Desk) -> None:
    worker, auditor = (desk.officer(name, PEOPLE[name]) for name in ("worker", "auditor"))
    case = desk.case()
    for _ in range(60):
        worker.get("/")
    worker.get(f"/cases/{case.id}")

    page = auditor.get("/audit").text
    spaced = f"{case.id[:3].lower()} {case.id[3:6]} {case.id[6:]}"
    about = auditor.get("/audit", params={"about": spaced}).text
    older = re.search(r'href="(/audit\?before=\d+)" rel="next"', page)

    assert "read this case" in page
    assert case.person_name not in page + about
    assert re.findall(r"</bdi>: (.*?) <bdi", about) == ["read this case", "registered this case"]
    assert older is not None
    assert "registered this case" in auditor.get(older[1]).text
    assert "Nothing fits this" in auditor.get("/audit?who=somebody").text


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PORTAL_DATA": str(tmp_path / "var"), "COLUMNS": "200"}
        words = [sys.executable, "-m", "portal", *arguments]
        if arguments[0] == "register":
            words[3:4] = ["register", "account"]
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)

    return run


def test_accounts_are_kept_at_a_terminal(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    assert command("keys", "demonstration").returncode == 0
    added = command("register", "add", "Salma", "--answer", "support", "--read", "child")
    again = command("register", "add", "salma")
    clash = command("register", "add", "Omar", "--administrator", "--answer", "all")
    given = command("register", "give", "salma", "--auditor")
    listed = command("register", "list")
    command("register", "reset", "salma")
    closed = command("register", "close", "salma")
    empty = command("register", "list")

    assert re.search(r"name: salma   password: \S{16}", added.stdout)
    assert (again.returncode, clash.returncode) == (1, 1)
    assert "already" in again.stderr
    assert "reads neither cases nor the audit" in clash.stderr
    assert given.stdout == "salma: audit\n"
    assert "salma" in listed.stdout
    assert closed.returncode == 0
    assert "salma" not in empty.stdout
    assert "omar" not in empty.stdout


def test_every_address_that_names_a_case_needs_a_right_to_that_case() -> None:
    about_cases = {route for route in guard.NEEDS if "{case_id}" in route}

    assert len(about_cases) > 5
    assert all(guard.NEEDS[route].about_case for route in about_cases)
