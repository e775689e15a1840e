"""Writing: a result means that it is on disk.

SQLite takes one writer at a time, and every commit waits for the disk. So one thread commits
everything that waits together: the disk is waited for once, not once for each person. On PostgreSQL
each work has its own transaction; only single rows, which come most often and can neither wait for
each other nor fail in two ways, go together there too.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import Session, SQLModel

from portal_api.database import insert_once, insert_rows

T = TypeVar("T")
W = TypeVar("W", bound="_Waiting | _Row")

TOGETHER = 64
"""Works that share one commit at most."""
WAITING = 256
"""Works that wait at most; more callers wait for a place."""


class Writer(Protocol):
    """Runs work in a transaction and returns when it is committed."""

    def run(self, work: Callable[[Session], T]) -> T:
        """Run work; a returned value means committed, a raised error means rolled back."""
        ...

    def insert_once(self, table: type[SQLModel], values: dict[str, Any]) -> bool:
        """Insert a row unless its key is taken; return, when committed, whether it was not there.

        For what comes often and is one statement: it needs no session and no savepoint, because
        a statement that fails leaves nothing behind.
        """
        ...

    def close(self) -> None:
        """Finish what waits, then stop."""
        ...


def open_writer(engine: Engine) -> Writer:
    """Return the writer that suits the database; the caller closes it."""
    if engine.dialect.name == "sqlite":
        return CommitTogether(engine)
    return CommitEach(engine)


class CommitEach:
    """Each work in a transaction of its own; rows that wait at the same time share one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rows = _OneThread(self._insert)

    def run(self, work: Callable[[Session], T]) -> T:
        """Run work in the caller's thread."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            return work(session)

    def insert_once(self, table: type[SQLModel], values: dict[str, Any]) -> bool:
        """Hand a row to the inserting thread and wait for its commit.

        Raises:
            RuntimeError: If the writer is closed.
        """
        is_new: bool = self._rows.wait_for(_Row(table, values))
        return is_new

    def close(self) -> None:
        """Commit rows that wait; no other work is left when its caller is gone."""
        self._rows.close()

    def _insert(self, rows: list["_Row"]) -> None:
        try:
            with self._engine.begin() as connection:
                fresh = insert_rows(connection, [(row.table, row.values) for row in rows])
        except (DataError, IntegrityError) as error:
            # One of them is not a row as it has to be, and took the others with it.
            if len(rows) == 1:
                rows[0].future.set_exception(error)
                return
            for row in rows:
                self._insert([row])
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody may be told "saved"
            for row in rows:
                row.future.set_exception(error)
        else:
            for row, is_new in zip(rows, fresh, strict=True):
                row.future.set_result(is_new)


class CommitTogether:
    """One thread writes; works that wait at the same time share a commit.

    Each work stands in a savepoint, so one that fails takes back only what it did itself.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writes=True)
        self._works = _OneThread(self._commit)

    def run(self, work: Callable[[Session], T]) -> T:
        """Hand work to the writing thread and wait for its commit.

        Raises:
            RuntimeError: If the writer is closed.
        """
        result: T = self._works.wait_for(_Waiting(work))
        return result

    def insert_once(self, table: type[SQLModel], values: dict[str, Any]) -> bool:
        """Hand a row to the writing thread and wait for its commit; raises as `run`."""

        def insert(session: Session) -> bool:
            return insert_once(session.connection(), table, values) == 1

        result: bool = self._works.wait_for(_Waiting(insert, undoes_itself=True))
        return result

    def close(self) -> None:
        """Commit what waits, then stop the thread."""
        self._works.close()

    def _commit(self, batch: list["_Waiting"]) -> None:
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                for waiting in batch:
                    waiting.run(session)
                    _check_transaction(session)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody may be told "saved"
            for waiting in batch:
                waiting.future.set_exception(error)
            return
        for waiting in batch:
            waiting.tell()


class _OneThread(Generic[W]):
    """A thread that takes everything that waits together."""

    def __init__(self, commit: Callable[[list[W]], None]) -> None:
        self._commit = commit
        self._queue: queue.Queue[W | None] = queue.Queue(WAITING)
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def wait_for(self, waiting: W) -> Any:
        """Return what came of it, or raise what went wrong."""
        with self._closing:
            if self._closed:
                raise RuntimeError("the writer is closed")
            self._queue.put(waiting)
        return waiting.future.result()

    def close(self) -> None:
        """Finish what waits, then stop."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, goes_on = self._with_those_behind(first)
            self._commit(batch)
            if not goes_on:
                return

    def _with_those_behind(self, first: W) -> tuple[list[W], bool]:
        batch = [first]
        while len(batch) < TOGETHER:
            try:
                following = self._queue.get_nowait()
            except queue.Empty:
                break
            if following is None:
                return batch, False
            batch.append(following)
        return batch, True


class _TransactionLost(Exception):
    """SQLite gave up the whole transaction, not only one savepoint: the disk is full or broken."""


def _check_transaction(session: Session) -> None:
    # The driver's commit() is silent when there is nothing left to commit. Without this, those
    # who wrote before a full disk was met would be told "saved".
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    if not driver.in_transaction:
        raise _TransactionLost


@dataclass(frozen=True)
class _Row:
    """A row with its caller."""

    table: type[SQLModel]
    values: dict[str, Any]
    future: Future[bool] = field(default_factory=Future)


class _Waiting:
    """A work with its caller."""

    def __init__(self, work: Callable[[Session], Any], *, undoes_itself: bool = False) -> None:
        self._work = work
        self._undoes_itself = undoes_itself
        self._result: Any = None
        self._error: Exception | None = None
        self.future: Future[Any] = Future()

    def run(self, session: Session) -> None:
        """Run the work, in a savepoint if it needs one; keep what came of it until the commit."""
        try:
            with nullcontext() if self._undoes_itself else session.begin_nested():
                self._result = self._work(session)
        except Exception as error:  # noqa: BLE001 - it belongs to the caller, who raises it
            self._error = error

    def tell(self) -> None:
        """Give the caller the result, after the commit."""
        if self._error is not None:
            self.future.set_exception(self._error)
        else:
            self.future.set_result(self._result)
