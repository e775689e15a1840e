"""Database: one engine for each process, on SQLite or PostgreSQL, and its history."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, event, inspect, make_url
from sqlalchemy import create_engine as make_engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names of constraints: Alembic can change only what has a name, on SQLite too."""

BUSY_MS = 15_000
MIGRATIONS = Path(__file__).parent / "migrations"

_INSERT: dict[str, Callable[..., Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # A receipt says that the data survives a power cut: sync at every commit.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What was deleted is overwritten, not only unlinked.
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    f"PRAGMA busy_timeout = {BUSY_MS}",
)


class DatabaseNotDurable(Exception):
    """The database is set up to say "saved" before it is: no receipt can be given over it."""


def create_engine(database_url: str) -> Engine:
    """Make the engine of this process; the caller disposes of it.

    Values are hidden from error messages: they would carry what people sent into logs.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = make_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # In the full form, so that an address without a driver does not ask for another one.
    url = url.set(drivername="postgresql+psycopg")
    return make_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=30)


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest step of its history; safe to run at every start."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Several instances may start at once: one migrates, the others wait.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7402101)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_durable(engine: Engine) -> None:
    """Refuse a database that would acknowledge before it has written.

    Raises:
        DatabaseNotDurable: If PostgreSQL runs with fsync or synchronous_commit off.
    """
    if engine.dialect.name != "postgresql":
        return  # the pragmas above see to it
    with engine.connect() as connection:
        for name in ("fsync", "synchronous_commit"):
            if connection.exec_driver_sql(f"SHOW {name}").scalar_one() == "off":
                raise DatabaseNotDurable(f"PostgreSQL has {name} = off; switch it on")


def save_once(session: Session, *rows: SQLModel) -> int:
    """Insert rows of one table unless their keys are taken.

    One statement, so it is safe when the same upload arrives twice at once.

    Returns:
        How many were not there before.
    """
    if not rows:
        return 0
    return insert_once(session.connection(), type(rows[0]), *(row.model_dump() for row in rows))


def insert_once(connection: Connection, table: type[SQLModel], *values: dict[str, Any]) -> int:
    """Insert rows unless their keys are taken; as `save_once`, without objects for them.

    Args:
        connection: A transaction.
        table: Where to.
        values: Of each row, by column; at least one.

    Returns:
        How many were not there before.
    """
    # Values apart from the statement: it is made and compiled once, not for each request.
    statement = _insert_once(table, connection.dialect.name)
    # A list of one would be sent as a pipeline, which takes longer than the one statement.
    return connection.execute(statement, list(values) if len(values) > 1 else values[0]).rowcount


def insert_rows(
    connection: Connection, rows: Sequence[tuple[type[SQLModel], dict[str, Any]]]
) -> list[bool]:
    """Insert rows of any tables unless their keys are taken, as few statements as tables.

    Args:
        connection: A transaction.
        rows: Tables with the values of a row, by column.

    Returns:
        Of each row whether it was not there before, here or earlier in the list.
    """
    if len(rows) == 1:
        return [insert_once(connection, *rows[0]) == 1]
    fresh = set()
    for table in sorted({table for table, _ in rows}, key=lambda table: table.__name__):
        statement = _insert_telling(table, connection.dialect.name)
        # In the order of their keys: instances that insert the same rows wait for each other then,
        # never both at once.
        values = sorted(
            (row for one, row in rows if one is table), key=itemgetter(*_key_names(table))
        )
        fresh |= {(table, *told) for told in connection.execute(statement, values)}
    told = []
    for table, row in rows:
        key = (table, *(row[name] for name in _key_names(table)))
        told.append(key in fresh)
        fresh.discard(key)
    return told


@cache
def _insert_once(kind: type[SQLModel], dialect: str) -> Any:
    statement = _INSERT[dialect](inspect(kind).local_table).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)


@cache
def _insert_telling(kind: type[SQLModel], dialect: str) -> Any:
    table = inspect(kind).local_table
    return _INSERT[dialect](table).on_conflict_do_nothing().returning(*table.primary_key.columns)


@cache
def _key_names(kind: type[SQLModel]) -> tuple[str, ...]:
    return tuple(column.name for column in inspect(kind).local_table.primary_key.columns)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: it would leave SAVEPOINT outside of them.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Work that will write takes its turn at once; upgrading a reading transaction could fail.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
