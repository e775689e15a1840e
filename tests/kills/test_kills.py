"""Killed at random moments under load, with broken lines and full disks: nothing is lost."""

import secrets
from pathlib import Path

import pytest

from tests.kills.launching import played

CYCLES = 300
FEWEST_OF_EACH = 20
"""Kills of each part; far more are to be expected."""
FEWEST_PROMISES = 100


@pytest.mark.alone
@pytest.mark.timeout(1200)
def test_nothing_is_lost_or_doubled_or_readable_however_often_somebody_is_killed(
    tmp_path: Path,
) -> None:
    seed = secrets.randbelow(1_000_000)

    result = played(tmp_path, CYCLES, seed, seconds=1100)

    counts = result["counts"]
    assert result["wrong"] == {}, f"python -m tests.kills {CYCLES} --seed {seed}: {result}"
    for part in ("api", "gateway", "receiver"):
        assert counts[f"kills_of_{part}"] >= FEWEST_OF_EACH
    assert counts["receipts"] >= FEWEST_PROMISES
    assert counts["receipts_without_script"] > 0
    assert counts["cases"] == counts["answers"] == counts["received"] >= counts["receipts"]
    assert counts["lines_broken"] > 0
    assert counts["disks_filled"] > 0
