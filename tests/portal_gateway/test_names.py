"""Names in other spellings, scripts and orders, and names that only look alike."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from portal_gateway.names.compare import compare
from tests.projects import ROOT

PAIRS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parents[1] / "vectors" / "name_pairs.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("label", "one", "other"), PAIRS)
def test_pairs_are_told_apart_as_people_would(label: str, one: str, other: str) -> None:
    assert compare(one, other).candidate == (label == "same"), compare(one, other)


@pytest.mark.parametrize(("label", "one", "other"), PAIRS)
def test_it_does_not_matter_which_name_comes_first(label: str, one: str, other: str) -> None:
    assert compare(one, other).score == compare(other, one).score


@pytest.mark.parametrize("name", ["", "١٢٣", "--", "\u202e", "د."])
def test_what_holds_no_name_is_like_nothing(name: str) -> None:
    assert compare(name, "محمد الخطيب").score == 0.0


def test_the_command_gives_score_and_reasons() -> None:
    names = ("محمد عبد الرحمن الخطيب", "Khatib Mohamad Abdulrahman")
    done = subprocess.run(
        [sys.executable, "-m", "portal", "register", "compare", *names, "--json", "--lang", "ar"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    told = json.loads(done.stdout)
    assert told["candidate"] is True
    assert {reason["code"] for reason in told["reasons"]} == {"alike", "moved"}
    assert all(reason["text"] for reason in told["reasons"])
