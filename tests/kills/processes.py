"""Processes that are killed: forked from one that has imported everything, so they start fast.

Only a process without threads may fork them. Whoever forks must have no database open: its locks
would be the child's, too.
"""

import ctypes
import os
import resource
import select
import signal
import socket
import time
import traceback
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
LONGEST_START = 5.0
"""Seconds after which a process is not waited for any more: it may not be able to start now."""
OWNER_ONLY = 0o600


class Player:
    """A part of the system that runs as a process of its own, again and again.

    Args:
        name: For the results.
        work: What the process does, until it is killed.
        log: File that takes what it says.
        port: Where it listens; none if it tells by itself that it is up.
    """

    def __init__(
        self, name: str, work: Callable[[Callable[[], None]], None], log: Path, port: int = 0
    ) -> None:
        self.name = name
        self._work, self._log, self._port = work, log, port
        self._process = 0
        self._told = -1
        self._has_told = False
        self._largest = resource.RLIM_INFINITY
        self.killed = 0
        self.ended_by_itself = 0

    def start(self) -> None:
        """Start it; it has the limits that hold now."""
        reading, telling = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            _be(lambda: self._work(lambda: _tell(telling)), self._log, self._largest)
        os.close(telling)
        self._process, self._told, self._has_told = process, reading, False

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        if self._is_gone():
            self.ended_by_itself += 1
            return
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        self._forget()
        self.killed += 1

    def look_after(self) -> None:
        """Start it again if it has ended by itself, as the system's service manager does."""
        if self._process and self._is_gone():
            self.ended_by_itself += 1
            self.start()

    def has_ended(self) -> bool:
        """Tell whether a process that ends when its work is done has ended."""
        return not self._process or self._is_gone()

    def limit_files(self, largest: int) -> None:
        """Let no file that it writes to grow beyond so many bytes, from now on."""
        self._largest = largest
        if self._process and not self._is_gone():
            limits = (largest, resource.RLIM_INFINITY)
            resource.prlimit(self._process, resource.RLIMIT_FSIZE, limits)

    def wait_until_up(self, longest: float = LONGEST_START) -> bool:
        """Wait until it does its work; False if it does not come so far."""
        deadline = time.monotonic() + longest
        while time.monotonic() < deadline and not self.has_ended():
            if self._is_up():
                return True
            time.sleep(0.002)
        return False

    def _is_up(self) -> bool:
        if not self._port:
            self._has_told = self._has_told or bool(select.select([self._told], [], [], 0)[0])
            return self._has_told
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", self._port)) == 0

    def _is_gone(self) -> bool:
        if not self._process:
            return True
        ended, _ = os.waitpid(self._process, os.WNOHANG)
        if ended:
            self._forget()
        return bool(ended)

    def _forget(self) -> None:
        os.close(self._told)
        self._process, self._told = 0, -1


def _tell(telling: int) -> None:
    os.write(telling, b".")


def _be(work: Callable[[], None], log: Path, largest: int) -> None:
    """Do a child's work and end; nothing of what the parent would do next may happen here."""
    status = 1
    try:
        # Nobody is left behind if whoever plays this is killed.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
        for standard in (1, 2):
            os.dup2(output, standard)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        work()
        status = 0
    except BaseException:  # noqa: BLE001 (whatever it was, the parent's code must not go on here)
        traceback.print_exc()
    finally:
        os._exit(status)


def reserve_port() -> socket.socket:
    """Hold a port for processes that come and go.

    The socket never listens, so that one which does may have the port; nobody else is given it.
    """
    holding = socket.socket()
    holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holding.bind(("127.0.0.1", 0))
    return holding
