"""Database of the protected zone: one engine a process, one transaction a step or request."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, event, insert, inspect, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import registry
from sqlmodel import Session, SQLModel, create_engine

from portal_gateway.settings import GatewaySettings

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
"""How long a writer waits for another one on SQLite."""
MIGRATION_LOCK = 7402102
JUDGEMENT_LOCK = 7402103
CODE_KEY = "code_key"
"""Under which a migration finds the file with the key of one-time codes."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a later migration can change it on both engines."""

_AT_THE_END = "at_the_end"
_INSERT: dict[str, Callable[..., Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


class RegisterRow(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """A row of the register; the zone has tables of its own, apart from any other zone's."""


def connect(url: str) -> Engine:
    """Open a database.

    Args:
        url: SQLAlchemy address. `postgresql://` means the psycopg driver. The file of a SQLite
            database is made if it is not there, readable by its owner only.

    Values are hidden from error messages: they would carry what people wrote into logs.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        _make_private(Path(address.database or ""))
        engine = create_engine(
            address, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, pool_pre_ping=True, hide_parameters=True)


def migrate(engine: Engine, *, code_key: Path | None = None) -> None:
    """Bring the tables to the newest version; harmless if they are.

    Args:
        engine: Of the register.
        code_key: File with the key of one-time codes; a register with officers from before it
            was sealed needs it once.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two processes may start at once: one migrates, the other waits.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        command.upgrade(alembic_config(connection, code_key=code_key), "head")


@contextmanager
def open_register(settings: GatewaySettings) -> Iterator[Engine]:
    """Give a command the register, its tables at the newest version, until it ends."""
    engine = connect(settings.database_url)
    try:
        migrate(engine, code_key=settings.code_key)
        yield engine
    finally:
        engine.dispose()


def alembic_config(connection: Any, *, code_key: Path | None = None) -> Config:
    """Return what Alembic needs to run this zone's migrations on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes[CODE_KEY] = code_key
    return config


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a step its session: commit when it returns, roll back when it raises."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
        for work in session.info.pop(_AT_THE_END, {}).values():
            work(session)


def at_the_end(session: Session, work: Callable[[Session], None]) -> None:
    """Let work be done right before the commit, once however often it is asked for.

    What every transaction has to wait for in turn is asked for last and held shortest.
    """
    session.info.setdefault(_AT_THE_END, {})[work.__qualname__] = work


def in_turn(session: Session, lock: int) -> None:
    """Let one transaction at a time pass here until it ends; what waited sees what was done.

    Args:
        session: Transaction that is to have its turn.
        lock: A number of the deed, the same for everybody who must wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(f"SELECT pg_advisory_xact_lock({lock:d})")
    # On SQLite every transaction has its turn from its first statement on.


def save_once(session: Session, row: RegisterRow) -> bool:
    """Insert a row unless its key is taken; safe when the same thing arrives twice at once.

    Returns:
        True if the row is new.
    """
    return insert_once(session, type(row), row.model_dump())


def insert_once(
    session: Session, table: type[RegisterRow], values: dict[str, Any], *, key: str = ""
) -> bool:
    """Insert a row unless its key is taken; as `save_once`, without an object for it.

    Args:
        session: A transaction; what is to be written in it before has been.
        table: Where to.
        values: By column; what is left out is as the table says.
        key: Column that says whether the row is there; any that must be unique if none is named.

    Returns:
        True if the row is new.
    """
    connection = session.connection()
    statement = _insert_once(table, connection.dialect.name, key)
    # What was inserted comes back; a count of rows does not, on PostgreSQL.
    return connection.execute(statement, values).first() is not None


def insert_new(
    session: Session, table: type[RegisterRow], rows: Sequence[dict[str, Any]], *, key: str
) -> set[Any]:
    """Insert the rows of one table whose key is free, in one go; as `insert_once` otherwise.

    Args:
        session: A transaction; what is to be written in it before has been.
        table: Where to.
        rows: Values by column; of two with one key the first is the one that is new.
        key: Column that says whether a row is there.

    Returns:
        The keys of those that are new.
    """
    if not rows:
        return set()
    connection = session.connection()
    statement = _insert_new(table, connection.dialect.name, key)
    # In the order of their keys: two that insert the same rows wait for each other, never both.
    ordered = sorted(rows, key=itemgetter(key))
    return set(connection.execute(statement, _one_or_all(ordered)).scalars())


def insert_all(session: Session, table: type[RegisterRow], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of one table in their order, in one go."""
    if rows:
        session.connection().execute(_insert(table), _one_or_all(rows))


def _one_or_all(rows: Sequence[dict[str, Any]]) -> Any:
    # A list of one is sent in a way made for many, which takes longer than the one statement.
    return rows if len(rows) > 1 else rows[0]


@cache
def _insert_once(table: type[RegisterRow], dialect: str, key: str) -> Any:
    # Values apart from the statement: it is made and compiled once, not for each row.
    insert_ = _INSERT[dialect](inspect(table).local_table)
    statement = insert_.on_conflict_do_nothing(index_elements=[key] if key else None)
    return statement.returning(*inspect(table).primary_key)


@cache
def _insert_new(table: type[RegisterRow], dialect: str, key: str) -> Any:
    rows = inspect(table).local_table
    statement = _INSERT[dialect](rows).on_conflict_do_nothing(index_elements=[key])
    return statement.returning(rows.c[key])


@cache
def _insert(table: type[RegisterRow]) -> Any:
    return insert(inspect(table).local_table)


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Python must not open transactions by itself: a read that later writes would fail as "busy".
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # Taking the write lock first makes writers wait for each other instead of failing.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
