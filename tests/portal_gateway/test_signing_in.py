"""Signing in with a password and a device: enrolment, codes, what guessing cannot do."""

import html
import io
import re
import threading
from datetime import datetime

import pytest
import segno
import zxingcpp
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from portal_gateway.audit import Action
from portal_gateway.database import transaction
from portal_gateway.register.account_keeping import Terminal, close_account, reset_account
from portal_gateway.register.accounts import (
    FREE_ATTEMPTS,
    Attempt,
    SignInRefused,
    check_attempt,
    create_officer,
)
from portal_gateway.register.code_key import CodeKey
from portal_gateway.register.rights import EVERY_QUEUE, Rights
from portal_gateway.register.second_factor import (
    RecoveryCode,
    SecondFactor,
    address_for_device,
    code_at,
    enrol_with,
    new_recovery_codes,
    square_code,
    use_code,
)
from portal_gateway.run import Gateway
from portal_gateway.settings import GatewaySettings
from tests.portal_api.factories import Office
from tests.portal_gateway.desks import NAME, PASSWORD, SECRET, Desk, open_desk
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import gateway_settings

KEY = CodeKey(bytes(range(32)))
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(settings: GatewaySettings, gateway: Gateway) -> Desk:
    return open_desk(settings, gateway)


@pytest.fixture
def salma(
    tmp_path_factory: pytest.TempPathFactory, database_url: str, engine: Engine
) -> GatewaySettings:
    """An officer with a device, without the pages."""
    folder = tmp_path_factory.mktemp("keys") / "protected"
    settings = gateway_settings(folder, Office(), database_url=database_url, url="http://127.0.0.1")
    create_officer(settings, NAME, PASSWORD, EVERY_QUEUE)
    with transaction(engine) as session:
        enrol_with(session, KEY, NAME, SECRET, now=NOON)
    return settings


def attempt(engine: Engine, code: str, now: datetime = NOON) -> bool:
    try:
        check_attempt(engine, Attempt(NAME, PASSWORD, code), key=KEY, now=now)
    except SignInRefused:
        return False
    return True


def token_on(page: str) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


@ON_SQLITE
def test_the_first_sign_in_takes_a_device_over_and_opens_nothing_before(desk: Desk) -> None:
    create_officer(desk.settings, "omar", PASSWORD, EVERY_QUEUE)
    client = TestClient(desk.app, base_url="http://127.0.0.1", follow_redirects=False)
    first = client.post("/sign-in", data={"name": "omar", "password": PASSWORD, "lang": "ar"})
    assert first.headers["location"] == "/sign-in/code"
    assert client.get("/").headers["location"] == "/sign-in?ended=1"

    page = client.get("/sign-in/code").text
    secret = "".join(re.findall(r'ltr">([A-Z2-7 ]{32,})</bdi>', page)[0].split())
    form = {"form_token": token_on(page)}
    wrong = client.post("/sign-in/code", data=form | {"code": "000 000"})
    foreign = client.post("/sign-in/code", data={"code": code_at(secret, NOON)})
    shown = (
        str(int("٠" + code_at(secret, NOON)))
        .zfill(6)
        .translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    )
    right = client.post("/sign-in/code", data=form | {"code": shown})

    assert "ربط جهاز" in page
    assert "<svg" in page
    assert (wrong.status_code, foreign.status_code, right.status_code) == (401, 403, 200)
    assert len(re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", right.text)) == 10
    assert client.get("/").status_code == 200
    assert client.get("/sign-in/code").headers["location"].startswith("/sign-in")
    assert [act[:2] for act in desk.acts()][:2] == [("omar", "enrolled"), ("omar", "signed_in")]


def test_a_code_works_once_and_only_near_its_time(salma: GatewaySettings, engine: Engine) -> None:
    code = code_at(SECRET, NOON)

    assert not attempt(engine, "")
    assert not attempt(engine, code_at(SECRET, later(minutes=2)))
    assert attempt(engine, code)
    assert not attempt(engine, code)
    # Not the one before it either, although it would still be in time.
    assert not attempt(engine, code_at(SECRET, NOON, steps_later=-1))
    assert attempt(engine, code_at(SECRET, NOON, steps_later=1), later(seconds=31))


def test_one_code_used_twice_at_once_opens_once(salma: GatewaySettings, engine: Engine) -> None:
    opened: list[bool] = []

    def sign_in() -> None:
        with transaction(engine) as session:
            opened.append(use_code(session, KEY, NAME, code_at(SECRET, NOON), now=NOON))

    threads = [threading.Thread(target=sign_in) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(opened) == [False] * 4 + [True]


def test_a_code_on_paper_opens_once_and_lies_here_as_a_digest_only(
    salma: GatewaySettings, engine: Engine
) -> None:
    with transaction(engine) as session:
        first, second, *rest = new_recovery_codes(session, NAME)
    with transaction(engine) as session:
        kept = str([row.model_dump() for row in session.exec(select(RecoveryCode)).all()])

    assert attempt(engine, f" {first.lower().replace('-', ' ')} ")
    assert not attempt(engine, first)
    assert attempt(engine, second)
    assert len(rest) == 8
    assert not any(part in kept for code in (first, second, *rest) for part in code.split("-"))
    with transaction(engine) as session:
        new_recovery_codes(session, NAME)
    assert not attempt(engine, rest[0])


@ON_SQLITE
def test_guessing_from_elsewhere_never_keeps_an_officer_out(desk: Desk) -> None:
    assert desk.sign_in().status_code == 303
    stranger = TestClient(desk.app, base_url="http://127.0.0.1", follow_redirects=False)
    wrong = {"name": NAME, "password": "wrong one here", "code": "123456"}

    statuses = [stranger.post("/sign-in", data=wrong).status_code for _ in range(7)]
    again = desk.sign_in()

    assert statuses == [401] * FREE_ATTEMPTS + [429, 429]
    assert again.status_code == 303
    # The device that is known is slowed down for its own mistakes.
    own = [desk.client.post("/sign-in", data=wrong).status_code for _ in range(6)]
    assert own == [401] * FREE_ATTEMPTS + [429]


@ON_SQLITE
def test_a_browser_of_somebody_else_is_no_known_device(desk: Desk) -> None:
    omar = desk.officer("omar", EVERY_QUEUE)
    wrong = {"name": NAME, "password": "wrong one here"}
    for _ in range(FREE_ATTEMPTS):
        omar.post("/sign-in", data=wrong)

    assert omar.post("/sign-in", data=wrong).status_code == 429
    assert desk.sign_in().status_code == 429


@ON_SQLITE
def test_signing_out_everywhere_ends_every_session_at_once(desk: Desk) -> None:
    desk.sign_in()
    elsewhere = TestClient(desk.app, base_url="http://127.0.0.1", follow_redirects=False)
    form = {"name": NAME, "password": PASSWORD, "code": desk.code()}
    assert elsewhere.post("/sign-in", data=form).status_code == 303
    assert elsewhere.get("/").status_code == 200

    answer = desk.post("/account/leave")

    assert answer.headers["location"] == "/sign-in"
    assert elsewhere.get("/").headers["location"] == "/sign-in?ended=1"
    assert (NAME, Action.SIGNED_OUT, "") in desk.acts()


@ON_SQLITE
def test_an_officer_changes_the_password_and_makes_new_codes(desk: Desk) -> None:
    desk.sign_in()
    elsewhere = desk.officer(NAME, EVERY_QUEUE)
    new = "quite another pass phrase"

    wrong = desk.post("/account/password", present="not it at all", new=new)
    short = desk.post("/account/password", present=PASSWORD, new="short")
    right = desk.post("/account/password", present=PASSWORD, new=new)
    no_code = desk.post("/account/codes", code="000000")
    desk.clock.now = later(minutes=2)
    codes = desk.post("/account/codes", code=desk.code())

    assert (wrong.status_code, short.status_code, no_code.status_code) == (422, 422, 422)
    assert "Your password is changed" in right.text
    assert elsewhere.get("/").status_code == 303
    assert len(re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", codes.text)) == 10
    assert "10 codes are left" in desk.get("/account").text
    form = {"name": NAME, "password": new, "code": desk.code()}
    assert desk.client.post("/sign-in", data=form).status_code == 303


@ON_SQLITE
def test_on_a_computer_left_open_nobody_guesses_codes(desk: Desk) -> None:
    desk.sign_in()

    answers = [desk.post("/account/codes", code=f"{n:06}").text for n in range(FREE_ATTEMPTS + 1)]

    assert all("not the code" in answer for answer in answers[:-1])
    assert "too many attempts" in answers[-1]
    assert desk.acts().count((NAME, Action.SIGN_IN_REFUSED, "")) == FREE_ATTEMPTS


@ON_SQLITE
def test_a_device_reads_the_square(database_url: str) -> None:
    address = address_for_device("سلمى", SECRET)
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="png", scale=6, border=4)

    (read,) = zxingcpp.read_barcodes(Image.open(picture))

    assert read.text == address
    assert address.startswith("otpauth://totp/Register:")
    svg = square_code(address)
    assert svg.startswith("<svg")
    assert "style=" not in svg
    assert "script" not in html.unescape(svg)


def test_an_account_that_is_reset_takes_a_device_over_again(
    salma: GatewaySettings, engine: Engine
) -> None:
    with transaction(engine) as session:
        _, password = reset_account(Terminal(session, "root", NOON), NAME)
    with transaction(engine) as session:
        assert session.get(SecondFactor, NAME) is None
    assert check_attempt(engine, Attempt(NAME, password), key=KEY, now=NOON).name == NAME

    with transaction(engine) as session:
        close_account(Terminal(session, "root", NOON), NAME)
    with pytest.raises(SignInRefused):
        check_attempt(engine, Attempt(NAME, "closed"), key=KEY, now=NOON)
    with pytest.raises(SignInRefused):
        check_attempt(engine, Attempt(NAME, password), key=KEY, now=NOON)


@ON_SQLITE
def test_somebody_without_rights_has_an_account_and_nothing_else(desk: Desk) -> None:
    client = desk.officer("nobody", Rights())

    assert client.get("/account").status_code == 200
    assert client.get("/meetings").status_code == 403
