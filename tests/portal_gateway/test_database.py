"""The history of the register's tables leads to the tables the code expects."""

import stat
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel, select

from portal_content.library import Library
from portal_gateway.audit import Action, AuditEntry, record
from portal_gateway.cases import Case
from portal_gateway.database import (
    alembic_config,
    connect,
    insert_once,
    migrate,
    transaction,
)
from portal_gateway.link import Link, note_contact
from portal_gateway.tables import METADATA
from tests.portal_gateway.casework import keep_case
from tests.portal_gateway.moments import NOON


def test_the_migrations_make_exactly_the_tables_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, METADATA)

    assert differences == []


def test_the_comparison_sees_a_column_that_is_missing(engine: Engine) -> None:
    """The test above could not be trusted if it never failed."""
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE link DROP COLUMN trouble"))
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)

    assert [difference[0] for difference in differences] == ["add_column"]


def test_migrating_twice_changes_nothing_and_back_leaves_nothing(engine: Engine) -> None:
    migrate(engine)

    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")

    assert inspect(engine).get_table_names() == ["alembic_version"]


def test_the_zone_keeps_its_tables_apart_from_any_other_zone() -> None:
    assert METADATA is not SQLModel.metadata
    assert "case" not in SQLModel.metadata.tables


@pytest.mark.parametrize(
    "change", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"]
)
def test_the_database_itself_refuses_to_change_the_audit(engine: Engine, change: str) -> None:
    with transaction(engine) as session:
        record(session, Action.SIGNED_IN, at=NOON, actor="salma")

    with pytest.raises(DBAPIError, match="audit rows are never changed"), engine.begin() as writing:
        writing.execute(text(change))

    with transaction(engine) as session:
        assert session.get_one(AuditEntry, 1).action == Action.SIGNED_IN


def test_a_step_that_fails_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with transaction(engine) as session:
            session.add(Link(trouble="unreachable"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    with transaction(engine) as session:
        assert session.get(Link, 1) is None


def test_times_come_back_with_their_zone(engine: Engine) -> None:
    note_contact(engine, now=NOON)

    with transaction(engine) as session:
        assert session.get_one(Link, 1).last_contact == NOON


def test_only_the_owner_can_read_a_sqlite_register(tmp_path: Path) -> None:
    file = tmp_path / "protected" / "register.sqlite"

    engine = connect(f"sqlite:///{file}")
    migrate(engine)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    engine.dispose()
    assert modes == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_case_whose_reference_another_has_by_chance_is_not_taken_for_one_that_is_there(
    engine: Engine, library: Library
) -> None:
    taken = keep_case(engine, library)
    with transaction(engine) as session:
        there = session.get_one(Case, taken).model_dump()

    with transaction(engine) as session:
        again = insert_once(session, Case, {**there, "id": "another"}, key="submission_id")
    with pytest.raises(IntegrityError), transaction(engine) as session:
        insert_once(session, Case, {**there, "submission_id": "other"}, key="submission_id")

    assert again is False
    with transaction(engine) as session:
        assert session.exec(select(Case.submission_id)).all() == [there["submission_id"]]
