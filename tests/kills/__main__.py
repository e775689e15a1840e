"""Plays random kills in a process of its own; prints what was counted, and what is wrong, as JSON.

`python -m tests.kills 300 --seed 7 --folder FOLDER`. The same seed makes the same choices; when
exactly each kill comes is the machine's matter.
"""

import argparse
import gc
import json
import os
import random
import secrets
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.kills.disks import have_own_disks
from tests.kills.playing import DAYS, Play, show
from tests.kills.reckoning import is_over, is_purged, reckon, try_again_by_hand
from tests.kills.staging import Stage

SHOWN_EVERY = 100
TIME_TO_END = 240.0
"""Seconds after the last kill in which everything has to come to rest."""
ROUNDS_BY_HAND = 5


def play(folder: Path, cycles: int, seed: int, *, disks: bool = True) -> dict[str, Any]:
    """Play so many cycles, let everything come to rest, and reckon.

    Args:
        folder: An empty folder, for everything.
        cycles: How many.
        seed: Of every choice.
        disks: Whether to have disks of our own if the system allows them.

    Returns:
        `counts`, and `wrong`: examples of what must not be, by kind.
    """
    stage = Stage(folder)
    zones = (stage.public, stage.protected, stage.receiver)
    own_disks = disks and have_own_disks(zones)
    stage.write_settings()
    gc.freeze()  # what was imported is not copied into each process
    marker = f"canary{secrets.token_hex(6)}"
    play_ = Play(stage, random.Random(seed), own_disks, marker)
    play_.open()
    began = time.monotonic()
    for number in range(cycles):
        play_.cycle(number, cycles)
        if (number + 1) % SHOWN_EVERY == 0:
            show(f"{number + 1} of {cycles} cycles, {time.monotonic() - began:.0f} seconds")
    seconds = time.monotonic() - began
    by_hand = _come_to_rest(play_)
    result = reckon(stage, marker, play_.found)
    counts = result.counts
    counts.update(play_.counts)
    for player in play_.players.values():
        counts[f"kills_of_{player.name}"] = player.killed
        counts[f"ends_of_{player.name}"] = player.ended_by_itself
    counts.update({f"{name}_until_a_person_came": times for name, times in by_hand.items()})
    counts.update(cycles=cycles, own_disks=int(own_disks))
    return {"seed": seed, "seconds": seconds, "counts": counts, "wrong": result.wrong}


def _come_to_rest(play_: Play) -> Counter[str]:
    """Wait until nothing is left to do, then let the public zone forget and stop everybody."""
    stage, by_hand = play_.stage, Counter[str]()
    play_.close(TIME_TO_END)
    for _ in range(ROUNDS_BY_HAND):
        play_.wait_for(lambda: is_over(stage), TIME_TO_END)
        again = try_again_by_hand(stage)
        by_hand.update(again)
        if not again.total():
            break
    play_.api.kill()
    stage.days = DAYS + 10
    play_.api.start()
    play_.wait_for(lambda: is_purged(stage), TIME_TO_END)
    for player in (*play_.players.values(), play_.network):
        player.kill()
    # Opened once more, as at each start: what a kill left half written is cleared away.
    play_.gateway.start()
    play_.gateway.wait_until_up()
    play_.gateway.kill()
    return by_hand


def main() -> None:
    """Read what is asked for, and play."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("cycles", type=int)
    asked.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    asked.add_argument("--folder", type=Path, required=True)
    asked.add_argument("--no-disks", action="store_true", help="limit files, fill no disk")
    given = asked.parse_args()
    show(f"seed {given.seed}")
    result = play(given.folder, given.cycles, given.seed, disks=not given.no_disks)
    sys.stdout.write(json.dumps(result, indent=2, sort_keys=True) + "\n")
    sys.stdout.flush()
    # No child and no half-open file may hold the end up.
    os._exit(1 if result["wrong"] else 0)


if __name__ == "__main__":
    main()
