"""People find the page that answers them, in the words that they use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from portal_content.library import Library
from portal_content.search.engine import make_engine
from tests.search.relevance import measure, queries

ROOT = Path(__file__).parents[2]
LANGUAGES = ("ar", "en", "tr", "de", "fr", "ku")
NAMES = ("queries", "independent", "held_out")
SETS = [(name, lang) for name in NAMES for lang in LANGUAGES]
ENOUGH = {"ar": 60, "en": 60}
GOAL = 0.95
FLOOR = {"queries": GOAL, "independent": 0.9, "held_out": 0.75}
"""What is reached today, with some room: a change that finds less has to explain itself."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sets_are_large_enough_and_name_pages_that_exist(library: Library, lang: str) -> None:
    there = {entry["page"] or "index" for entry in make_engine(library, lang).entries}

    named = {page for name in NAMES for one in queries(name, lang) for page in one["pages"]}
    assert len(queries("queries", lang)) >= ENOUGH.get(lang, 20)
    assert named <= there


@pytest.mark.parametrize(("name", "lang"), SETS)
def test_the_right_page_is_among_the_first_five(library: Library, lang: str, name: str) -> None:
    found = measure(make_engine(library, lang), name)

    # What fails of the held-out set is not shown: nobody is to tune with it.
    assert found.at_5 >= FLOOR[name], "" if name == "held_out" else found.missed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_terminal_gives_what_the_site_gives(library: Library, lang: str) -> None:
    query = queries("queries", lang)[0]["query"]
    command = [sys.executable, "-m", "portal", "search", lang, query, "--json"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout

    expected = [result.entry["id"] for result in make_engine(library, lang).search(query, 10)]
    assert [one["id"] for one in json.loads(printed)["results"]] == expected
    assert expected
