"""Starts a play of random kills in a process of its own, and returns what came of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.portal_api.factories import ROOT
from tests.portal_api.running import environment

OK, WRONG = 0, 1


def played(folder: Path, cycles: int, seed: int, *, seconds: float | None = None) -> dict[str, Any]:
    """Play random kills.

    Args:
        folder: An empty folder for everything.
        cycles: How many.
        seed: Of every choice.
        seconds: How long it may take; none for as long as it takes.

    Returns:
        `counts` by name, and `wrong`: examples of what must not be, by kind.
    """
    public = folder / "public"
    public.mkdir()
    command = [sys.executable, "-m", "tests.kills", str(cycles)]
    done = subprocess.run(
        [*command, "--seed", str(seed), "--folder", str(folder)],
        cwd=ROOT,
        env=environment(public),
        stdout=subprocess.PIPE,
        timeout=seconds,
        check=False,
    )
    if done.returncode not in (OK, WRONG):
        raise RuntimeError(f"the play of seed {seed} broke off: {done.returncode}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result
