"""Senders for the intake's benchmark: many lines kept open, driven by one process of their own.

They speak just enough HTTP to be cheap: every cycle they spend is taken from the service, which
runs on the same machine.
"""

import asyncio
import hashlib
import os
import re
import time
from collections import Counter
from dataclasses import dataclass, field

from portal_protocol.manifest import Manifest
from portal_protocol.submissions import pack_submission

VARIED = 32
"""Bytes at the end of an envelope that differ from one submission to the next."""
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)


@dataclass
class Outcome:
    """What came of a time of sending."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    """Of each answer, from the first byte sent to the last byte read."""
    receipts: dict[str, str] = field(default_factory=dict)
    """By id of the submission: what was answered."""
    errors: Counter[str] = field(default_factory=Counter)
    """Refusals by status, and broken lines."""

    def add(self, other: "Outcome") -> None:
        """Put what came of another time to it."""
        self.seconds += other.seconds
        self.milliseconds += other.milliseconds
        self.receipts |= other.receipts
        self.errors += other.errors

    @property
    def per_second(self) -> float:
        """Return how many were accepted in a second."""
        return len(self.receipts) / self.seconds

    def percentile(self, part: float) -> float:
        """Return the milliseconds within which a part of all was answered."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def send_for(seconds: float, clients: int, port: int, envelope: bytes) -> Outcome:
    """Send submissions over so many lines at once, each as soon as the one before is answered.

    Args:
        seconds: How long new ones are begun; what was begun is waited for.
        clients: How many lines.
        port: Where the service listens on this machine.
        envelope: A sealed envelope. Each submission carries it with other last bytes: whoever has
            no key cannot tell that from another envelope, and sealing each would make this a
            measurement of the senders.
    """
    return asyncio.run(_send_for(seconds, clients, port, envelope))


async def _send_for(seconds: float, clients: int, port: int, envelope: bytes) -> Outcome:
    outcome = Outcome()
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(_line(outcome, began + seconds, port, envelope))
    outcome.seconds = time.perf_counter() - began
    return outcome


async def _line(outcome: Outcome, until: float, port: int, envelope: bytes) -> None:
    while time.perf_counter() < until:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            outcome.errors["no connection"] += 1
            await asyncio.sleep(0.1)
            continue
        try:
            while time.perf_counter() < until:
                await _send_one(outcome, reader, writer, envelope)
        except (OSError, asyncio.IncompleteReadError):
            outcome.errors["line broke"] += 1
        finally:
            writer.close()


async def _send_one(
    outcome: Outcome, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, envelope: bytes
) -> None:
    name, body = submission(envelope)
    began = time.perf_counter()
    writer.write(
        b"POST /v1/submissions HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    answer = await reader.readexactly(int(length[1]) if length else 0)
    status = head[9:12].decode()
    if status == "201":
        outcome.milliseconds.append((time.perf_counter() - began) * 1000)
        outcome.receipts[name] = answer.decode()
    else:
        outcome.errors[status] += 1


def submission(envelope: bytes) -> tuple[str, bytes]:
    """Make a submission that was not sent before.

    Returns:
        Its id, and the body.
    """
    varied = envelope[:-VARIED] + os.urandom(VARIED)
    manifest = Manifest(hashlib.sha256(varied).hexdigest(), len(varied), ())
    return manifest.submission_id, pack_submission(manifest.to_bytes(), varied)
