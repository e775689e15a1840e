"""The audit: a chain that shows every change, on both databases."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from portal_gateway.audit import Action, AuditEntry, acts_about, record
from portal_gateway.audit_check import (
    Anchor,
    AnchorsUnreadable,
    Finding,
    append_anchor,
    newest,
    read_anchors,
    verify,
)
from portal_gateway.database import alembic_config, migrate, transaction
from tests.portal_gateway.moments import NOON, later


def act(engine: Engine, count: int = 6) -> None:
    for number in range(count):
        with transaction(engine) as session:
            record(
                session,
                Action.READ_CASE,
                at=later(seconds=number),
                actor="سلمى",
                subject=f"CASE{number}",
                file=number,
            )


def findings(engine: Engine, anchors: list[Anchor] | None = None) -> list[tuple[Finding, int]]:
    return [(one.finding, one.number) for one in verify(engine, anchors or []).found]


def tamper(engine: Engine, *statements: str) -> None:
    """Change the audit as somebody does who owns the database."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_entry_no_{verb}"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement))


def test_what_nobody_touched_is_whole_however_often_it_is_checked(engine: Engine) -> None:
    assert findings(engine) == []
    act(engine)

    verdict = verify(engine)

    assert (verdict.rows, verdict.newest.number, verdict.found) == (6, 6, ())


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["UPDATE audit_entry SET actor = 'x' WHERE number = 3"], [(Finding.ALTERED, 3)]),
        (["UPDATE audit_entry SET detail = '{}' WHERE number = 3"], [(Finding.ALTERED, 3)]),
        (["DELETE FROM audit_entry WHERE number IN (3, 4)"], [(Finding.REMOVED, 5)]),
        (["DELETE FROM audit_entry WHERE number > 4"], [(Finding.SHORTENED, 6)]),
        (["DELETE FROM audit_entry"], [(Finding.SHORTENED, 6)]),
        (
            [f"UPDATE audit_entry SET number = {new} WHERE number = {old}" for old, new in
             ((3, 99), (4, 3), (99, 4))],
            [(Finding.MOVED, 3), (Finding.MOVED, 4), (Finding.INSERTED, 5)],
        ),
    ],
    ids=["altered", "detail", "removed", "tail", "all", "order"],
)  # fmt: skip
def test_every_kind_of_change_is_found_where_it_was_made(
    engine: Engine, statements: list[str], expected: list[tuple[Finding, int]]
) -> None:
    act(engine)

    tamper(engine, *statements)

    assert findings(engine) == expected


def test_a_row_that_the_register_did_not_write_is_found(engine: Engine) -> None:
    act(engine, 2)

    with engine.begin() as connection:
        columns = "number, at, actor, action, subject, detail, previous_hash, hash"
        connection.execute(
            text(
                f"INSERT INTO audit_entry ({columns}) SELECT 3, at, actor, action, subject, "
                "detail, 'f', hash FROM audit_entry WHERE number = 1"
            )
        )

    assert findings(engine) == [(Finding.ALTERED, 3), (Finding.LENGTHENED, 2)]


def test_a_chain_cut_short_or_written_anew_is_found_by_what_was_kept_elsewhere(
    engine: Engine, tmp_path: Path
) -> None:
    act(engine)
    file = tmp_path / "anchors"
    with transaction(engine) as session:
        append_anchor(file, newest(session), now=NOON)
    act(engine, 1)
    kept = read_anchors(file)
    assert findings(engine, kept) == []

    # Whoever owns the database makes a clean, shorter chain of it.
    tamper(engine, "DELETE FROM audit_entry", "DELETE FROM audit_head")
    act(engine, 3)
    shorter = findings(engine, kept)
    act(engine, 4)

    assert findings(engine) == []
    assert shorter == [(Finding.SHORTENED, 6)]
    assert findings(engine, kept) == [(Finding.NOT_ANCHORED, 6)]
    file.write_text("nonsense\n")
    with pytest.raises(AnchorsUnreadable):
        read_anchors(file)


def test_many_at_once_make_one_chain(engine: Engine) -> None:
    def work() -> None:
        act(engine, 5)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    verdict = verify(engine)
    assert (verdict.rows, verdict.newest.number, verdict.found) == (30, 30, ())


def test_what_is_rolled_back_leaves_neither_row_nor_gap(engine: Engine) -> None:
    def fail() -> None:
        with transaction(engine) as session:
            record(session, Action.READ_CASE, at=NOON, subject="A")
            assert [one.subject for one in acts_about(session, "A", limit=5)] == ["A"]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    act(engine, 2)

    assert (verify(engine).rows, findings(engine)) == (2, [])


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 'x'", "TRUNCATE"])
def test_after_migrating_the_database_still_refuses(engine: Engine, statement: str) -> None:
    act(engine, 1)
    if statement == "TRUNCATE":
        sqlite = engine.dialect.name == "sqlite"
        statement = "DELETE FROM audit_entry" if sqlite else "TRUNCATE audit_entry"

    with pytest.raises(DBAPIError, match="never changed"), engine.begin() as connection:
        connection.execute(text(statement))


def test_rows_from_before_the_chain_are_bound_by_the_migration(engine: Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0005")
        for number in (2, 3, 7):
            connection.execute(
                text(
                    "INSERT INTO audit_entry (number, at, action, subject, detail) VALUES "
                    f"({number}, '2026-01-0{number} 10:00:00+00:00', 'signed_in', 'é', '{{}}')"
                )
            )

    migrate(engine)
    act(engine, 1)

    verdict = verify(engine)
    assert (verdict.rows, verdict.newest.number, verdict.found) == (4, 8, ())
    tamper(engine, "DELETE FROM audit_entry WHERE number = 3")
    assert findings(engine) == [(Finding.REMOVED, 7)]


def portal(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal", "register", "audit", *arguments],
        env={"PORTAL_DATA": str(data), "COLUMNS": "200", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_says_what_is_wrong_and_fails(
    tmp_path: Path, engine: Engine, settings_of: Callable[[Engine], Path], database_url: str
) -> None:
    act(engine)
    data = settings_of(engine)
    anchors = tmp_path / "anchors"

    noted = portal(data, "anchor", str(anchors))
    whole = portal(data, "verify", "--anchors", str(anchors))
    tamper(engine, "UPDATE audit_entry SET actor = 'x' WHERE number = 2")
    broken = portal(data, "verify")
    unread = portal(data, "verify", "--anchors", str(tmp_path / "nothing"))

    assert anchors.read_text().startswith(noted.stdout.strip())
    assert (whole.returncode, broken.returncode, unread.returncode) == (0, 1, 2)
    assert "The audit is whole: 6 rows, 1 noted rows compared." in whole.stdout
    assert "Row 2 was altered." in broken.stdout
    assert "NOT WHOLE" in broken.stdout


@pytest.fixture
def settings_of(tmp_path: Path) -> Callable[[Engine], Path]:
    """Return the data folder whose register a database is."""

    def place(engine: Engine) -> Path:
        data = tmp_path / "var"
        for folder in ("protected", "public"):
            (data / folder).mkdir(parents=True, exist_ok=True)
        database: Any = engine.url.database
        (data / "protected" / "register.sqlite").symlink_to(database)
        return data

    return place


def test_a_row_says_when_and_who_exactly(engine: Engine) -> None:
    act(engine, 1)

    with transaction(engine) as session:
        row = session.get_one(AuditEntry, 1)

    assert (row.at, row.actor, row.subject, row.detail) == (NOON, "سلمى", "CASE0", {"file": 0})
