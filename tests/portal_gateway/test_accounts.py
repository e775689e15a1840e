"""Who may read the register: passwords, guessing, sessions."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal_gateway.database import transaction
from portal_gateway.register.accounts import (
    FREE_ATTEMPTS,
    Attempt,
    Officer,
    PasswordTooShort,
    SignInBlocked,
    SignInFailures,
    SignInRefused,
    check_attempt,
    create_officer,
)
from portal_gateway.register.code_key import CodeKey
from portal_gateway.register.sessions import (
    OfficerSession,
    begin_session,
    form_token,
    is_form_token,
    use_session,
)
from portal_gateway.settings import GatewaySettings
from tests.portal_api.factories import Office
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import gateway_settings

PASSWORD = "a long enough pass phrase"


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> GatewaySettings:
    folder = tmp_path_factory.mktemp("keys") / "protected"
    return gateway_settings(folder, Office(), database_url=database_url, url="http://127.0.0.1:9")


@pytest.fixture
def salma(settings: GatewaySettings, engine: Engine) -> None:
    create_officer(settings, "Salma", PASSWORD)


def check_password(engine: Engine, name: str, password: str, *, now: datetime) -> Officer:
    """Sign in before there is a device for codes."""
    return check_attempt(engine, Attempt(name, password), key=CodeKey(bytes(32)), now=now)


def fail(engine: Engine, name: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            check_password(engine, name, "wrong", now=NOON)


def test_an_officer_signs_in_however_the_name_is_written(salma: None, engine: Engine) -> None:
    assert check_password(engine, " SALMA ", PASSWORD, now=NOON).name == "salma"


def test_a_name_in_arabic_is_a_name(settings: GatewaySettings, engine: Engine) -> None:
    create_officer(settings, "سلمى", PASSWORD)

    assert check_password(engine, "سلمى", PASSWORD, now=NOON).name == "سلمى"


@pytest.mark.parametrize(("name", "password"), [("salma", "wrong"), ("nobody", PASSWORD)])
def test_wrong_password_and_unknown_name_are_the_same_refusal(
    salma: None, engine: Engine, name: str, password: str
) -> None:
    with pytest.raises(SignInRefused):
        check_password(engine, name, password, now=NOON)


@pytest.mark.parametrize("name", ["salma", "nobody"])
def test_guessing_is_slowed_down_for_known_and_unknown_names_alike(
    salma: None, engine: Engine, name: str
) -> None:
    fail(engine, name, FREE_ATTEMPTS)

    with pytest.raises(SignInBlocked):
        check_password(engine, name, PASSWORD, now=later(seconds=1))
    with pytest.raises(SignInRefused):
        check_password(engine, name, "wrong", now=later(seconds=5))
    with pytest.raises(SignInBlocked):
        check_password(engine, name, PASSWORD, now=later(seconds=10))


def test_after_the_wait_the_right_password_opens_and_clears_the_count(
    salma: None, engine: Engine
) -> None:
    fail(engine, "salma", FREE_ATTEMPTS)

    check_password(engine, "salma", PASSWORD, now=later(minutes=1))

    with transaction(engine) as session:
        assert session.exec(select(SignInFailures)).all() == []
    fail(engine, "salma", FREE_ATTEMPTS - 1)


def test_many_guesses_at_once_are_counted_one_by_one(salma: None, engine: Engine) -> None:
    outcomes: list[str] = []

    def guess() -> None:
        try:
            check_password(engine, "salma", "wrong", now=NOON)
        except (SignInBlocked, SignInRefused) as outcome:
            outcomes.append(type(outcome).__name__)

    threads = [threading.Thread(target=guess) for _ in range(FREE_ATTEMPTS + 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("SignInRefused") == FREE_ATTEMPTS
    assert outcomes.count("SignInBlocked") == 7


def test_what_was_typed_as_a_name_is_stored_nowhere(salma: None, engine: Engine) -> None:
    fail(engine, "my secret password typed into the wrong box", 1)

    with transaction(engine) as session:
        (row,) = session.exec(select(SignInFailures)).all()
    assert "secret" not in str(row.model_dump())


def test_failures_are_forgotten_after_a_day(salma: None, engine: Engine) -> None:
    fail(engine, "somebody", 3)

    check_password(engine, "salma", PASSWORD, now=later(days=2))

    with transaction(engine) as session:
        assert session.exec(select(SignInFailures)).all() == []


@pytest.mark.parametrize("password", ["", "eleven char"])
def test_a_short_password_is_refused(settings: GatewaySettings, password: str) -> None:
    with pytest.raises(PasswordTooShort):
        create_officer(settings, "salma", password)


def test_a_new_password_ends_all_sessions_and_the_same_one_ends_none(
    settings: GatewaySettings, salma: None, engine: Engine
) -> None:
    with transaction(engine) as session:
        token = begin_session(session, "salma", now=NOON)

    create_officer(settings, "salma", PASSWORD)
    with transaction(engine) as session:
        still = use_session(session, token, now=NOON)
    create_officer(settings, "salma", "another long pass phrase")
    with transaction(engine) as session:
        afterwards = use_session(session, token, now=NOON)

    assert (still, afterwards) == ("salma", None)
    assert check_password(engine, "salma", "another long pass phrase", now=NOON).name == "salma"


def test_neither_password_nor_token_is_in_the_database(salma: None, engine: Engine) -> None:
    with transaction(engine) as session:
        token = begin_session(session, "salma", now=NOON)

    with transaction(engine) as session:
        kept = [*session.exec(select(Officer)).all(), *session.exec(select(OfficerSession)).all()]
    assert PASSWORD not in str(kept)
    assert token not in str(kept)


def use(session: Session, token: str, minutes: float) -> str | None:
    return use_session(session, token, now=later(minutes=minutes))


def test_a_session_ends_after_half_an_hour_without_use(salma: None, engine: Engine) -> None:
    with transaction(engine) as session:
        token = begin_session(session, "salma", now=NOON)
        in_time = use(session, token, 29)
        again = use(session, token, 58)
        too_late = use(session, token, 89)

    assert (in_time, again, too_late) == ("salma", "salma", None)


def test_a_session_ends_after_ten_hours_in_any_case(salma: None, engine: Engine) -> None:
    with transaction(engine) as session:
        token = begin_session(session, "salma", now=NOON)
        used = [use(session, token, minutes) for minutes in range(0, 640, 20)]

    assert used == ["salma"] * 31 + [None]


def test_ended_sessions_are_cleared_away(salma: None, engine: Engine) -> None:
    with transaction(engine) as session:
        begin_session(session, "salma", now=NOON)

    with transaction(engine) as session:
        begin_session(session, "salma", now=later(hours=1))

    with transaction(engine) as session:
        assert len(session.exec(select(OfficerSession)).all()) == 1


def test_a_form_token_fits_its_session_only() -> None:
    assert is_form_token("one", form_token("one"))
    assert not is_form_token("two", form_token("one"))
    assert not is_form_token("one", "")
    assert not is_form_token("one", "ö")
