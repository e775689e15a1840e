"""Playing: kill somebody at a random moment under load, break lines, fill disks; and again."""

import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.kills.disks import leave_room, make_room
from tests.kills.processes import Player
from tests.kills.staging import Stage
from tests.kills.writing import END, GO, WRITERS, Families, read_letters
from tests.portal_api.running import Watch

VICTIMS = (("api",), ("gateway",), ("receiver",), ("api", "gateway"), ("gateway", "receiver"))
HOW_OFTEN = (35, 35, 10, 12, 8)
AT_THE_START = 0.15
"""Of the kills come while the victim is starting."""
LINE_BREAKS, LINE_MENDED = 0.25, 0.5
MOST_LET_THROUGH = 3000
"""Bytes of answers that a line still carries before it breaks."""
DISK_FILLS, DISK_EMPTIED = 0.12, 0.4
ROOMS = (0, 4096, 16_384, 65_536)
MOST_LETTERS = 2
"""In a cycle."""
LOOKED_FOR_EVERY = 20
"""Cycles after which the public zone is looked through for what nobody may read there."""
DAYS = 60
"""That pass in the public zone while everything is played."""
FIRST_LETTERS = 6
SHORTEST_LIFE, LONGEST_LIFE = 0.02, 0.6
"""Seconds; between them it follows from how long a letter takes on this machine."""


@dataclass
class Play:
    """Everybody on the stage."""

    stage: Stage
    chance: random.Random
    own_disks: bool
    marker: str
    counts: Counter[str] = field(default_factory=Counter)
    found: set[str] = field(default_factory=set)
    """Files of the public zone in which something readable was found."""
    longest_life: float = LONGEST_LIFE

    def __post_init__(self) -> None:
        stage = self.stage
        lines, self._to_lines = os.pipe()
        turns, self._to_families = os.pipe()
        self.api = Player("api", stage.run_api, stage.public / "log", stage.port("public"))
        self.gateway = Player("gateway", stage.run_gateway, stage.protected / "log")
        self.receiver = Player("receiver", stage.run_receiver, stage.receiver / "log")
        self.network = Player(
            "network",
            lambda _: stage.run_lines(lines),
            stage.folder / "network-log",
            stage.port("line to the receiver"),
        )
        self.families = Player(
            "families", lambda up: self._families().write(turns, up), stage.homes / "log"
        )
        self._zones = {"api": stage.public, "gateway": stage.protected, "receiver": stage.receiver}
        self._broken: set[str] = set()
        self._full: set[str] = set()

    @property
    def players(self) -> dict[str, Player]:
        """Whoever is killed, by name."""
        return {one.name: one for one in (self.api, self.gateway, self.receiver)}

    def open(self) -> None:
        """Start everybody, and see how long letters take to come through while nothing happens."""
        for one in (self.network, *self.players.values()):
            one.start()
            if not one.wait_until_up(60):
                raise RuntimeError(f"{one.name} does not start")
        self.families.start()
        began = time.monotonic()
        self._let_write(FIRST_LETTERS)
        while len(read_letters(self.stage.homes / "receipts")) < FIRST_LETTERS:
            if time.monotonic() > began + 60:
                raise RuntimeError("nothing comes through")
            time.sleep(0.01)
        each = (time.monotonic() - began) / FIRST_LETTERS
        self.longest_life = min(max(4 * each, SHORTEST_LIFE), LONGEST_LIFE)

    def cycle(self, number: int, cycles: int) -> None:
        """Let letters be written, trouble come or go, and kill somebody in the middle of it."""
        self.stage.days = number * DAYS // cycles
        self._change_lines()
        self._change_disks()
        self._let_write(self.chance.randint(0, MOST_LETTERS))
        (named,) = self.chance.choices(VICTIMS, HOW_OFTEN)
        victims = [self.players[name] for name in named]
        if self.chance.random() > AT_THE_START:
            for victim in victims:
                victim.wait_until_up(0.0 if self._full else 5.0)
        time.sleep(self.chance.uniform(0, self.longest_life))
        for victim in victims:
            victim.kill()
        if number % LOOKED_FOR_EVERY == 0:
            self.look_for_plaintext()
        for victim in victims:
            victim.start()
        for other in self.players.values():
            other.look_after()

    def close(self, seconds: float) -> None:
        """Let all trouble end, and wait until everybody who writes has done so."""
        for line in self._broken.copy():
            self._mend(line)
        for zone in self._full.copy():
            self._empty(zone)
        for player in self.players.values():
            player.look_after()
        os.write(self._to_families, END * WRITERS)
        self.wait_for(self.families.has_ended, seconds)

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait for something that has to come now that nothing stands in its way."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            for player in self.players.values():
                player.look_after()
            time.sleep(0.05)
        return True

    def look_for_plaintext(self) -> None:
        """Look through every file of the public zone."""
        watch = Watch(self.stage.public, [self.marker])
        watch.look()
        self.found |= watch.found

    def _families(self) -> Families:
        stage = self.stage
        return Families(
            folder=stage.homes,
            address=f"http://127.0.0.1:{stage.port('public')}",
            marker=self.marker,
            office=stage.office,
            library=stage.library,
            mailboxes=stage.families,
            chance=random.Random(self.chance.random()),
        )

    def _let_write(self, letters: int) -> None:
        os.write(self._to_families, GO * letters)

    def _change_lines(self) -> None:
        for line in sorted(self._broken):
            if self.chance.random() < LINE_MENDED:
                self._mend(line)
        if self.chance.random() < LINE_BREAKS:
            line = self.chance.choice(("line to the portal", "line to the receiver"))
            through = self.chance.choice((0, self.chance.randrange(MOST_LET_THROUGH)))
            self._tell_lines(line, through)
            self._broken.add(line)
            self.counts["lines_broken"] += 1

    def _mend(self, line: str) -> None:
        self._tell_lines(line)
        self._broken.discard(line)

    def _tell_lines(self, line: str, *left: int) -> None:
        command = " ".join(str(part) for part in (self.stage.port(line), *left))
        os.write(self._to_lines, f"{command}\n".encode("ascii"))

    def _change_disks(self) -> None:
        for zone in sorted(self._full):
            if self.chance.random() < DISK_EMPTIED:
                self._empty(zone)
        if self.chance.random() < DISK_FILLS:
            self._fill(self.chance.choice(sorted(self._zones)), self.chance.choice(ROOMS))

    def _fill(self, zone: str, room: int) -> None:
        if not self.own_disks:
            self.players[zone].limit_files(room)
        elif not leave_room(self._zones[zone], room):
            return
        self._full.add(zone)
        self.counts["disks_filled"] += 1

    def _empty(self, zone: str) -> None:
        if self.own_disks:
            make_room(self._zones[zone])
        else:
            self.players[zone].limit_files(resource.RLIM_INFINITY)
        self._full.discard(zone)


def show(line: str) -> None:
    """Tell whoever watches how it goes."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
