"""A line that breaks: everything passes through, and what is on its way can be cut off."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PORTION = 16_384


@dataclass
class Line:
    """What went over the line, and when it breaks next."""

    url: str = ""
    sent: int = 0
    """Bytes from the browser so far."""
    breaks_at: list[int] = field(default_factory=list)
    """How many bytes from the browser pass before each cut; then every connection is closed."""
    breaks: int = 0
    refuses: int = 0
    """How many connections after each cut are closed as soon as they are opened.

    A browser repeats a cut request by itself, once and at once: if that gets through, no script
    ever hears of the cut.
    """
    _to_refuse: int = 0
    _open: list[socket.socket] = field(default_factory=list)

    def passed(self, portion: bytes) -> bool:
        """Count a portion from the browser; False if the line breaks now."""
        self.sent += len(portion)
        if self.breaks_at and self.sent >= self.breaks_at[0]:
            self.breaks_at.pop(0)
            self.breaks += 1
            self._to_refuse = self.refuses
            self.cut()
            return False
        return True

    def takes(self) -> bool:
        """Whether the next connection is carried; False while the line is still down."""
        if self._to_refuse == 0:
            return True
        self._to_refuse -= 1
        return False

    def cut(self) -> None:
        """Close everything that is open, in the middle of whatever it was."""
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def carry(self, near: socket.socket, far: socket.socket) -> None:
        """Pass on in both directions until one end closes."""
        self._open += [near, far]
        back = threading.Thread(target=_pump, args=(far, near, lambda _: True), daemon=True)
        back.start()
        _pump(near, far, self.passed)
        back.join()
        for end in (near, far):
            end.close()


def _pump(source: socket.socket, target: socket.socket, may_pass: Callable[[bytes], bool]) -> None:
    with suppress(OSError):
        while (portion := source.recv(PORTION)) and may_pass(portion):
            target.sendall(portion)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def breaking_line(to: str) -> Iterator[Line]:
    """Carry everything for an address to a server, as long as the line holds."""
    server = socket.create_server(("127.0.0.1", 0))
    line = Line(f"http://127.0.0.1:{server.getsockname()[1]}")
    port = urlsplit(to).port

    def accept() -> None:
        with suppress(OSError):
            while True:
                near, _ = server.accept()
                if not line.takes():
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", port))
                threading.Thread(target=line.carry, args=(near, far), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield line
    finally:
        server.shutdown(socket.SHUT_RDWR)  # Closing alone would not wake whoever accepts.
        server.close()
        line.cut()
