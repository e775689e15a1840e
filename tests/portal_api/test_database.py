"""The history leads to what the models say, on both engines, and says nothing about arrival."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect
from sqlmodel import Session, SQLModel

import portal_api.app  # noqa: F401 - every table is known once the app is
from portal_api.database import DatabaseNotDurable, check_durable, create_engine, upgrade
from portal_api.submissions.tables import Submission

DAY = date(2026, 11, 20)
OURS = {"submission", "submission_chunk", "reply", "seat", "seat_book"}


def described(engine: Engine) -> dict[str, Any]:
    """Return everything the database knows of its tables, in an order of our own."""
    look = inspect(engine)
    return {
        name: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"])
                for column in look.get_columns(name)
            ],
            "key": look.get_pk_constraint(name),
            "foreign": look.get_foreign_keys(name),
            "unique": look.get_unique_constraints(name),
            "indexes": sorted(
                (index["name"] or "", index["column_names"]) for index in look.get_indexes(name)
            ),
            "made": _made(engine, name),
        }
        for name in look.get_table_names()
        if name != "alembic_version"
    }


def _made(engine: Engine, name: str) -> str:
    if engine.dialect.name != "sqlite":
        return ""
    with engine.connect() as connection:
        question = "SELECT sql FROM sqlite_master WHERE name = ?"
        made = connection.exec_driver_sql(question, (name,)).scalar_one()
    return "WITHOUT ROWID" if made.rstrip().endswith("WITHOUT ROWID") else "with row numbers"


def test_the_history_and_the_models_make_the_same_database(
    engine: Engine, database_url: str
) -> None:
    from_history = described(engine)
    with engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name in OURS:
                table.drop(connection)
        _make(connection)

    from_models = described(engine)

    assert set(from_history) == OURS
    assert from_history == from_models


def _make(connection: Connection) -> None:
    for table in SQLModel.metadata.sorted_tables:
        if table.name in OURS:
            table.create(connection)


def test_starting_again_changes_nothing(engine: Engine) -> None:
    before = described(engine)

    upgrade(engine)

    assert described(engine) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_keeps_no_row_numbers_syncs_and_wipes(engine: Engine) -> None:
    with engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }

    assert {table["made"] for table in described(engine).values()} == {"WITHOUT ROWID"}
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
    }


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_says_saved_too_early_is_refused(database_url: str) -> None:
    hasty = create_engine(f"{database_url}?options=-c%20synchronous_commit%3Doff")
    try:
        with pytest.raises(DatabaseNotDurable):
            check_durable(hasty)
    finally:
        hasty.dispose()


def test_an_error_of_the_database_does_not_repeat_what_was_to_be_saved(engine: Engine) -> None:
    with Session(engine) as session:
        row = Submission(id="words of a person", received_on=DAY, manifest=b"", envelope=b"")
        row.received_on = None  # type: ignore[assignment]  # as a bug of ours could
        session.add(row)
        with pytest.raises(Exception) as raised:  # noqa: PT011 - each engine has its own
            session.commit()
    assert "words of a person" not in str(raised.value).split("DETAIL")[0]
