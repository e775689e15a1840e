"""Deriving from a return code is slow on purpose; here that must not be a way to stop the service.

One derivation takes some 20 ms and 19 MiB.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import anyio
import anyio.to_thread

from portal_api.errors import Busy

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 2
WAITING = 100
"""Requests that may wait: some seconds. More are asked to come back."""


class Derivations:
    """Runs work that derives, a few at once, in threads."""

    def __init__(self) -> None:
        self._limiter = anyio.CapacityLimiter(AT_ONCE)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Wait for a turn and run work in a thread.

        Raises:
            Busy: If too many wait already.
        """
        if self._limiter.statistics().tasks_waiting >= WAITING:
            raise Busy
        return await anyio.to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self._limiter)
