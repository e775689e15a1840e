"""Writing: a result means that it is on disk.

SQLite takes one writer at a time, and every commit waits for the disk. So one thread commits
everything that waits together: the disk is waited for once, not once for each person. PostgreSQL
does this by itself, so there each work has its own transaction.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from typing import Any, Protocol, TypeVar

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from portal_api.database import insert_once

T = TypeVar("T")

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
    """Each work in a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, work: Callable[[Session], T]) -> T:
        """Run work in the caller's thread."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            return work(session)

    def insert_once(self, table: type[SQLModel], values: dict[str, Any]) -> bool:
        """Insert in the caller's thread."""
        with self._engine.begin() as connection:
            return insert_once(connection, table, values) == 1

    def close(self) -> None:
        """Do nothing: no work is left when its caller is gone."""


class CommitTogether:
    """One thread writes; works that wait at the same time share a commit.

    Each work stands in a savepoint, so one that fails takes back only what it did itself.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writes=True)
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(WAITING)
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    def run(self, work: Callable[[Session], T]) -> T:
        """Hand work to the writing thread and wait for its commit.

        Raises:
            RuntimeError: If the writer is closed.
        """
        result: T = self._wait_for(_Waiting(work))
        return result

    def insert_once(self, table: type[SQLModel], values: dict[str, Any]) -> bool:
        """Hand a row to the writing thread and wait for its commit; raises as `run`."""

        def insert(session: Session) -> bool:
            return insert_once(session.connection(), table, values) == 1

        result: bool = self._wait_for(_Waiting(insert, undoes_itself=True))
        return result

    def _wait_for(self, waiting: "_Waiting") -> Any:
        with self._closing:
            if self._closed:
                raise RuntimeError("the writer is closed")
            self._queue.put(waiting)
        return waiting.future.result()

    def close(self) -> None:
        """Commit what waits, then stop the thread."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, goes_on = self._with_those_behind(first)
            self._commit(batch)
            if not goes_on:
                return

    def _with_those_behind(self, first: "_Waiting") -> tuple[list["_Waiting"], bool]:
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


class _TransactionLost(Exception):
    """SQLite gave up the whole transaction, not only one savepoint: the disk is full or broken."""


def _check_transaction(session: Session) -> None:
    # The driver's commit() is silent when there is nothing left to commit. Without this, those
    # who wrote before a full disk was met would be told "saved".
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    if not driver.in_transaction:
        raise _TransactionLost


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
