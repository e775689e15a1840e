"""Families who write while the system is killed: some on a phone with script, some without.

They keep what they sent and every receipt they were given, as they would.
"""

import json
import os
import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from portal_content.library import Library
from tests.portal_api.factories import ENOUGH, Office, multipart
from tests.portal_gateway.families import MORE, Family, Sent, filled_form, write

WRITERS = 2
"""At the same time."""
WITHOUT_SCRIPT = 0.15
WITH_PHOTO = 0.3
GIVES_UP = 0.005
"""After an attempt that failed; everybody else tries again until there is a receipt."""
PAUSE = 0.01
LONGEST_ANSWER = 20
GO, END = b"w", b"."
"""What comes through the pipe: write one more, stop."""
SERIAL = re.compile(r"letter ([0-9]{6}) of")
TAKEN, TAKEN_WITHOUT_SCRIPT = 201, 200


@dataclass(frozen=True)
class Letter:
    """Something that somebody wrote."""

    serial: int
    id: str = ""
    """Of its submission; without script only the portal knows it."""
    note: str = ""
    """The receipt; empty if there is none."""


def text(serial: int, marker: str) -> str:
    """Return what a family types: to be found again in the register and nowhere before it."""
    return f"{marker} رسالة letter {serial:06} of {marker}"


def serials(said: str) -> set[int]:
    """Return the letters that are in a text."""
    return {int(found) for found in SERIAL.findall(said)}


def read_letters(path: Path) -> list[Letter]:
    """Return what families have kept, in the order in which it was."""
    if not path.exists():
        return []
    return [Letter(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


@dataclass
class Families:
    """Everybody who writes.

    Args:
        folder: Where they keep what they wrote and their receipts.
        address: Of the portal.
        marker: What every text has in it.
        mailboxes: A few codes that are used again and again: making one takes long.
        chance: Decides who does what.
    """

    folder: Path
    address: str
    marker: str
    office: Office
    library: Library
    mailboxes: Sequence[Family]
    chance: random.Random

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0

    def write(self, turns: int, is_up: Callable[[], None]) -> None:
        """Write one letter for each turn, several at once, until told to stop."""
        writers = [threading.Thread(target=self._write, args=(turns,)) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        is_up()
        for writer in writers:
            writer.join()

    def _write(self, turns: int) -> None:
        with httpx.Client(base_url=self.address, timeout=LONGEST_ANSWER, trust_env=False) as client:
            while os.read(turns, 1) == GO:
                with self._lock:
                    self._next += 1
                    serial, plain = self._next, self.chance.random() < WITHOUT_SCRIPT
                if plain:
                    self._send_plain(client, serial)
                else:
                    self._send(client, serial)

    def _send(self, client: httpx.Client, serial: int) -> None:
        sent = self._seal(serial)
        self._keep("written", Letter(serial, sent.id))
        while True:
            answer = _attempt(lambda: _take(client, sent))
            if answer is not None and answer.status_code == TAKEN:
                self._keep("receipts", Letter(serial, sent.id, answer.text))
                return
            if self.chance.random() < GIVES_UP:
                return
            time.sleep(PAUSE)

    def _send_plain(self, client: httpx.Client, serial: int) -> None:
        """Send once: the portal would make another submission of the same form."""
        inputs = ENOUGH | {"message": text(serial, self.marker), "person_name": self.marker}
        body, headers = multipart(inputs, [("a.jpg", self.marker.encode() * 500)])
        self._keep("written", Letter(serial))
        answer = _attempt(lambda: client.post("/form", content=body, headers=headers))
        if answer is not None and answer.status_code == TAKEN_WITHOUT_SCRIPT:
            self._keep("receipts", Letter(serial))

    def _seal(self, serial: int) -> Sent:
        answers: dict[str, Any] = {**MORE, "message": text(serial, self.marker)}
        answers["person_name"] = f"{self.marker} {answers['person_name']}"
        photos = [self.marker.encode() * 2000] if self.chance.random() < WITH_PHOTO else []
        family = self.chance.choice(self.mailboxes)
        form = filled_form(self.library, answers=answers)
        return write(self.office, form, family=family, photos=photos)

    def _keep(self, where: str, letter: Letter) -> None:
        line = json.dumps(vars(letter))
        with self._lock, (self.folder / where).open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _attempt(asking: Callable[[], httpx.Response]) -> httpx.Response | None:
    try:
        return asking()
    except httpx.TransportError:
        return None


def _take(client: httpx.Client, sent: Sent) -> httpx.Response:
    for name, data in sent.chunks.items():
        kept = client.put(f"/v1/chunks/{name}", content=data)
        if kept.status_code != TAKEN:
            return kept
    return client.post("/v1/submissions", content=sent.body)
