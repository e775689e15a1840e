"""Names in other spellings, scripts and orders, and names that only look alike."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from portal_gateway.names.compare import compare
from portal_gateway.names.known import NAMES
from portal_gateway.sought.keys import keys_of
from tests.projects import ROOT

VECTORS = Path(__file__).parents[1] / "vectors"


def pairs(name: str) -> list[tuple[str, ...]]:
    """Return pairs of names with what they are."""
    lines = (VECTORS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("#")]


PAIRS = pairs("name_pairs")


@pytest.mark.parametrize(("label", "one", "other"), PAIRS)
def test_pairs_are_told_apart_as_people_would(label: str, one: str, other: str) -> None:
    assert compare(one, other).candidate == (label == "same"), compare(one, other)


@pytest.mark.parametrize(("label", "one", "other"), PAIRS)
def test_it_does_not_matter_which_name_comes_first(label: str, one: str, other: str) -> None:
    assert compare(one, other).score == compare(other, one).score


@pytest.mark.parametrize(
    ("name", "least", "least_right"),
    [
        ("names_tuned", 0.99, 0.99),
        ("names_kinds", 0.99, 0.99),
        ("names_held_out", 0.98, 0.99),
        ("names_third", 0.99, 0.98),
        ("names_fourth", 0.985, 0.96),
        ("names_fifth", 0.99, 0.98),
        ("names_sixth", 0.98, 0.98),
        ("names_seventh", 0.99, 0.99),
        ("names_eighth", 0.99, 0.99),
        ("names_ninth", 0.99, 0.97),
    ],
)
def test_of_hundreds_of_pairs_most_are_found_and_few_wrongly(
    name: str, least: float, least_right: float
) -> None:
    told = [(label == "same", compare(one, other).candidate) for label, one, other in pairs(name)]

    # Which ones fail is not shown: nobody is to tune with what is held out.
    found = sum(same and candidate for same, candidate in told)
    assert len(pairs("names_tuned")) + len(pairs("names_held_out")) >= 500
    assert found / sum(same for same, _ in told) >= least
    assert found / sum(candidate for _, candidate in told) >= least_right


@pytest.mark.parametrize("name", [file.stem for file in sorted(VECTORS.glob("name*.tsv"))])
def test_what_is_found_alike_is_found_in_the_register_too(name: str) -> None:
    alike = [(one, other) for _, one, other in pairs(name) if compare(one, other).candidate]

    # The register compares only what has a key in common.
    assert alike
    assert all(keys_of(one) & keys_of(other) for one, other in alike)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("سالم الحلبي", "Salim Halabi"),
        ("فارس الحلبي", "Firas Al Halabi"),
        ("Abu Ali", "أم علي"),
        ("كريم الحلبي", "كريمة الحلبي"),
    ],
)
def test_known_names_of_like_letters_stay_apart(one: str, other: str) -> None:
    assert not compare(one, other).candidate


@pytest.mark.parametrize("name", ["", "١٢٣", "--", "\u202e", "د."])
def test_what_holds_no_name_is_like_nothing(name: str) -> None:
    assert compare(name, "محمد الخطيب").score == 0.0


def test_spellings_of_one_known_name_are_found_in_the_register() -> None:
    loaded = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    groups = [names.split(", ") for names in loaded if ", " in names]

    assert len(groups) > 30
    for first, *others in groups:
        for other in others:
            assert compare(first, other).candidate, (first, other)
            assert keys_of(first) & keys_of(other), (first, other)


def test_reasons_name_what_only_one_has_whichever_comes_first() -> None:
    long, short = "محمد أنور خالد قطان", "أنور قطان"
    for one, other, code in ((short, long, "only_in_other"), (long, short, "only_in_one")):
        reasons = [r for r in compare(one, other).reasons if r.code.startswith("only_in")]
        assert {(r.code, r.one or r.other) for r in reasons} == {(code, "محمد"), (code, "خالد")}
        assert all(r.one if code == "only_in_one" else r.other for r in reasons)


def test_a_name_of_one_part_has_no_first_name_to_differ() -> None:
    assert all(r.code != "first_name_different" for r in compare("الحلبي", "أنور الحلبي").reasons)


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
