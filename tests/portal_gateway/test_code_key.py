"""Secrets of one-time codes: a copy of the database opens none, and none moves to another row."""

import stat
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlmodel import select

from portal_gateway.database import alembic_config, migrate, transaction
from portal_gateway.errors import KeysUnfit
from portal_gateway.register.accounts import Officer
from portal_gateway.register.code_key import CodeKey, SecretUnreadable, read_code_key
from portal_gateway.register.second_factor import (
    SecondFactor,
    code_at,
    enrol_with,
    forget_factor,
    offered_secret,
    ready_code_key,
    use_code,
)
from tests.portal_gateway.desks import SECRET
from tests.portal_gateway.moments import NOON

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = CodeKey(bytes(range(32)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "protected" / "one-time-codes.key"


@pytest.fixture
def officers(engine: Engine) -> tuple[str, str]:
    with transaction(engine) as session:
        session.add_all(Officer(name=name, password_hash="") for name in ("salma", "omar"))
    return "salma", "omar"


def works(engine: Engine, key: CodeKey, name: str) -> bool:
    with transaction(engine) as session:
        return use_code(session, key, name, code_at(SECRET, NOON), now=NOON)


@ON_SQLITE
def test_a_sealed_secret_opens_with_its_key_at_its_own_row_only(
    engine: Engine, officers: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    salma, omar = officers
    with transaction(engine) as session:
        enrol_with(session, KEY, salma, SECRET, now=NOON)
        sealed = session.exec(select(SecondFactor.sealed_secret)).one()
        session.add(SecondFactor(officer=omar, sealed_secret=sealed, since=NOON))

    assert SECRET not in sealed
    assert KEY.open(salma, sealed) == SECRET
    assert KEY.seal(salma, SECRET) != sealed
    for key, name, text_ in ((CodeKey(bytes(32)), salma, sealed), (KEY, omar, sealed)):
        with pytest.raises(SecretUnreadable):
            key.open(name, text_)
    with pytest.raises(SecretUnreadable):
        KEY.open(salma, SECRET)

    assert not works(engine, KEY, omar)
    assert not works(engine, CodeKey(bytes(32)), salma)
    assert works(engine, KEY, salma)
    assert "code_secret_unreadable" in caplog.text
    assert "omar" not in caplog.text


@ON_SQLITE
def test_what_another_key_has_offered_is_offered_anew(
    engine: Engine, officers: tuple[str, str]
) -> None:
    salma, _ = officers
    with transaction(engine) as session:
        lost = offered_secret(session, CodeKey(bytes(32)), salma)
    with transaction(engine) as session:
        offered = offered_secret(session, KEY, salma)
    with transaction(engine) as session:
        assert offered_secret(session, KEY, salma) == offered != lost


def test_secrets_from_before_are_sealed_once_and_their_codes_stay_right(
    engine: Engine, officers: tuple[str, str], path: Path
) -> None:
    salma, omar = officers
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0012")
        row = "INSERT INTO second_factor (officer, secret, since, last_step) VALUES "
        connection.execute(text(f"{row} ('{salma}', '{SECRET}', '2026-11-01 09:00:00+00:00', 7)"))
        connection.execute(text(f"{row} ('{omar}', '{SECRET}', NULL, 0)"))
    with pytest.raises(TypeError):
        migrate(engine)

    migrate(engine, code_key=path)
    migrate(engine)

    key = ready_code_key(engine, path)
    with transaction(engine) as session:
        rows = {row.officer: row for row in session.exec(select(SecondFactor)).all()}
    assert SECRET not in str([row.model_dump() for row in rows.values()])
    since = rows[salma].since
    assert since is not None
    assert f"{since:%Y-%m-%d %H:%M}" == "2026-11-01 09:00"
    assert (rows[salma].last_step, rows[omar].since) == (7, None)
    assert works(engine, key, salma)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    with engine.begin() as connection:
        command.downgrade(alembic_config(connection, code_key=path), "0012")
        secrets = connection.execute(text("SELECT secret FROM second_factor")).scalars().all()
    assert secrets == [SECRET, SECRET]


@ON_SQLITE
def test_a_lost_key_is_said_and_never_replaced_in_silence(
    engine: Engine, officers: tuple[str, str], path: Path
) -> None:
    key = ready_code_key(engine, path)
    assert ready_code_key(engine, path) == key
    with transaction(engine) as session:
        enrol_with(session, key, officers[0], SECRET, now=NOON)

    path.unlink()
    with pytest.raises(KeysUnfit, match="bring it back"):
        ready_code_key(engine, path)
    assert not path.exists()
    path.write_text("00" * 31)
    with pytest.raises(KeysUnfit, match="damaged"):
        ready_code_key(engine, path)

    path.unlink()
    with transaction(engine) as session:
        forget_factor(session, officers[0])
    assert ready_code_key(engine, path) != key


def test_a_key_that_cannot_be_read_says_which_file(path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(KeysUnfit, match=r"one-time-codes\.key: Is a directory"):
        read_code_key(path)
