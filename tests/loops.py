"""Running what is asynchronous where another loop may already be running."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

import anyio

Given = TypeVarTuple("Given")
Got = TypeVar("Got")


def run_apart(function: Callable[[*Given], Awaitable[Got]], *given: *Given) -> Got:
    """Return what an asynchronous function returns, run in a thread and a loop of its own.

    The driver of the tests' browser keeps a loop running in the thread of the tests, from the
    first test on that opens a page; a second loop there refuses to start.
    """
    with ThreadPoolExecutor(max_workers=1) as alone:
        return alone.submit(lambda: anyio.run(function, *given)).result()
