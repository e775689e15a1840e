"""Random kills of the public service, the gateway and a receiver, by the thousand.

`python -m benchmarks.kills 2000 --seed 7` plays as many as wanted, with the choices of a seed.
"""

import argparse
import json
import secrets
import sys
import tempfile
from pathlib import Path

from tests.kills.launching import played

CYCLES = 10_000
HONOURED = 1.0
"""Goal: so many of the receipts are exactly one case, one answer and one message to the receiver;
nothing else will do."""


class PromiseBroken(Exception):
    """Something was lost, doubled, left over or readable: no figure counts then."""


def measure(cycles: int = CYCLES, seed: int | None = None) -> dict[str, float]:
    """Play random kills, and reckon.

    Args:
        cycles: How many.
        seed: Of every choice; one by chance without it. It is shown, and is among the figures.

    Raises:
        PromiseBroken: If anything is not as it was promised.
    """
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    with tempfile.TemporaryDirectory(prefix="portal-kills-") as folder:
        result = played(Path(folder), cycles, seed)
    if result["wrong"]:
        raise PromiseBroken(json.dumps(result, indent=2))
    counts = {name: float(count) for name, count in result["counts"].items()}
    missing = counts["lost"] + counts["doubled"]
    return {
        "seed": float(seed),
        "seconds": result["seconds"],
        "honoured": 1 - missing / counts["receipts"],
        **counts,
    }


def main() -> None:
    """Play as many as are asked for and print what was counted."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("cycles", type=int, nargs="?", default=CYCLES)
    asked.add_argument("--seed", type=int)
    given = asked.parse_args()
    sys.stdout.write(json.dumps(measure(given.cycles, given.seed), indent=2) + "\n")


if __name__ == "__main__":
    main()
