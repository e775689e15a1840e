"""What a caller was told is saved is saved, whoever else wrote at the same time."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from portal_api.database import insert_rows, save_once
from portal_api.replies.tables import StoredReply
from portal_api.writer import CommitTogether, Writer, open_writer

DAY = date(2026, 11, 20)


def reply(number: int, data: bytes = b"sealed") -> StoredReply:
    return StoredReply(mailbox="ab" * 32, digest=f"{number:064}", stored_on=DAY, data=data)


def keep(number: int) -> Callable[[Session], int]:
    def work(session: Session) -> int:
        save_once(session, reply(number))
        return number

    return work


def saved(engine: Engine) -> list[int]:
    with Session(engine) as session:
        digests = session.exec(select(StoredReply.digest).order_by(col(StoredReply.digest)))
        return [int(digest) for digest in digests]


def test_a_result_is_on_disk_when_its_caller_gets_it(writer: Writer, engine: Engine) -> None:
    for number in range(20):
        writer.run(keep(number))

        assert number in saved(engine)


def test_work_that_fails_takes_back_only_what_it_did_itself(writer: Writer, engine: Engine) -> None:
    def fails(session: Session) -> None:
        save_once(session, reply(1000))
        raise LookupError("on purpose")

    def run(number: int) -> str:
        try:
            writer.run(fails if number % 5 == 0 else keep(number))
        except LookupError:
            return "failed"
        return "saved"

    with ThreadPoolExecutor(16) as callers:
        outcomes = list(callers.map(run, range(100)))

    assert outcomes == ["failed" if number % 5 == 0 else "saved" for number in range(100)]
    assert saved(engine) == [number for number in range(100) if number % 5]


def test_a_row_that_is_refused_takes_no_other_with_it(writer: Writer, engine: Engine) -> None:
    def keep_row(number: int) -> str:
        values = reply(number).model_dump() | ({"data": None} if number % 5 == 0 else {})
        try:
            return "saved" if writer.insert_once(StoredReply, values) else "was there"
        except IntegrityError:
            return "refused"

    expected = ["refused" if number % 5 == 0 else "saved" for number in range(100)]
    with ThreadPoolExecutor(16) as callers:
        assert list(callers.map(keep_row, range(100))) == expected

    assert keep_row(1) == "was there"
    assert saved(engine) == [number for number in range(100) if number % 5]


def test_twenty_who_write_the_same_at_once_leave_one_row(writer: Writer, engine: Engine) -> None:
    ready = threading.Barrier(20)

    def run(_: int) -> int:
        ready.wait()
        return writer.run(keep(7))

    with ThreadPoolExecutor(20) as callers:
        told = list(callers.map(run, range(20)))

    assert told == [7] * 20
    assert saved(engine) == [7]


def test_a_row_is_new_to_one_caller_only(writer: Writer, engine: Engine) -> None:
    ready = threading.Barrier(20)

    def keep_row(caller: int) -> bool:
        ready.wait()
        return writer.insert_once(StoredReply, reply(caller % 4).model_dump())

    with ThreadPoolExecutor(20) as callers:
        told = list(callers.map(keep_row, range(20)))

    assert sorted(told) == [False] * 16 + [True] * 4
    assert saved(engine) == [0, 1, 2, 3]


def test_rows_of_one_statement_are_new_once_and_not_if_they_were_there(engine: Engine) -> None:
    with engine.begin() as connection:
        insert_rows(connection, [(StoredReply, reply(1).model_dump())])

        rows = [(StoredReply, reply(number).model_dump()) for number in (3, 1, 2, 3)]
        assert insert_rows(connection, rows) == [True, False, True, False]
    assert saved(engine) == [1, 2, 3]


def test_a_closed_writer_has_finished_what_waited_and_takes_nothing_more(engine: Engine) -> None:
    writer = open_writer(engine)
    with ThreadPoolExecutor(8) as callers:
        told = [callers.submit(writer.run, keep(number)) for number in range(50)]
        for one in told:
            one.result()
    writer.close()

    assert saved(engine) == list(range(50))
    with pytest.raises(RuntimeError):
        writer.insert_once(StoredReply, reply(51).model_dump())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_is_told_saved_when_the_disk_is_full(engine: Engine) -> None:
    """SQLite takes back the whole transaction then, not only the work that met the limit."""
    writer = CommitTogether(engine)
    ready, wait = threading.Event(), threading.Event()

    def hold(_: Session) -> None:
        ready.set()
        wait.wait()

    def fill(session: Session) -> None:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
        save_once(session, reply(3, data=b"x" * 99_999))

    with ThreadPoolExecutor(4) as callers:
        holding = callers.submit(writer.run, hold)
        ready.wait()
        works: list[Callable[[Session], object]] = [keep(1), fill, keep(2)]
        others = [callers.submit(writer.run, work) for work in works]
        while writer._works._queue.qsize() < 3:  # noqa: SLF001 - all three must share one commit
            time.sleep(0.001)
        wait.set()
        holding.result()
        failed = [one.exception() is not None for one in others]
    writer.close()

    assert failed == [True, True, True]
    assert saved(engine) == []
