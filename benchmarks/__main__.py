"""Runs every benchmark or those named, prints the ratios, keeps them in benchmarks/results/."""

import json
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import intake, kills, reach, registering, search, site_build

RESULTS = Path(__file__).parent / "results"
BENCHMARKS: dict[str, tuple[Callable[[], dict[str, float]], dict[str, float]]] = {
    "site_build": (
        site_build.measure,
        {"times_faster": site_build.FASTER, "times_smaller": site_build.SMALLER},
    ),
    "reach": (
        reach.measure,
        {
            "times_fewer_bytes": reach.FEWER_BYTES,
            "2g_times_sooner_text": reach.SOONER_TEXT,
            "slow_3g_times_sooner_text": reach.SOONER_TEXT,
        },
    ),
    "search": (search.measure, {"times_fewer_bytes": search.FEWER_BYTES}),
    "intake": (
        intake.measure,
        {"sqlite_ratio": intake.OF_THE_FLOOR, "postgresql_ratio": intake.OF_THE_FLOOR},
    ),
    "registering": (
        registering.measure,
        {
            "sqlite_routed_ratio": registering.OF_DECRYPTION,
            "postgresql_routed_ratio": registering.OF_DECRYPTION,
        },
    ),
    "kills": (kills.measure, {"honoured": kills.HONOURED}),
}
"""By name: what measures, and the least that its ratios should be."""


def main(*names: str) -> None:
    """Run some of them; without a name all."""
    console = Console()
    RESULTS.mkdir(exist_ok=True)
    for name in names or BENCHMARKS:
        measure, goals = BENCHMARKS[name]
        figures = measure()
        table = Table("", "measured", "goal", title=name)
        for figure, value in figures.items():
            goal = goals.get(figure)
            table.add_row(figure, f"{value:.2f}", f"at least {goal:.1f}" if goal else "")
        console.print(table)
        kept = {"machine": platform.platform(), "goals": goals, "measured": figures}
        text = json.dumps(kept, indent=2)
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
