"""People find the page that answers them, in the words that they use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from portal_content.library import Library
from portal_content.search.corpus import name_of_unwritten
from portal_content.search.engine import make_engine
from tests.search.relevance import measure, queries

ROOT = Path(__file__).parents[2]
LANGUAGES = ("ar", "en", "tr", "de", "fr", "ku")
NAMES = ("queries", "independent", "held_out", "fresh", "second")
FURTHER = [
    *(("third", "ar"), ("fourth", "ar"), ("fourth", "en")),
    *(("fifth", "ar"), ("fifth", "en"), ("sixth", "ar")),
    *(("seventh", lang) for lang in LANGUAGES),
]
"""Sets that only some languages have."""
SETS = [(name, lang) for name in NAMES for lang in LANGUAGES] + FURTHER
HELD_OUT = {"held_out", "second", "fifth", "seventh"}
ENOUGH = {"ar": 60, "en": 60}
GOAL = 0.95
FLOOR = {
    "queries": GOAL,
    "independent": 0.9,
    "held_out": 0.75,
    "fresh": GOAL,
    "second": 0.9,
    "third": GOAL,
    "fourth": 0.87,
    "fifth": GOAL,
    "sixth": GOAL,
    "seventh": GOAL,
}
"""What is reached today, with some room: a change that finds less has to explain itself."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sets_are_large_enough_and_name_pages_that_exist(library: Library, lang: str) -> None:
    there = {entry["page"] or "index" for entry in make_engine(library, lang).entries}

    names = [name for name, language in SETS if language == lang]
    named = {page for name in names for one in queries(name, lang) for page in one["pages"]}
    assert len(queries("queries", lang)) >= ENOUGH.get(lang, 20)
    assert named <= there


@pytest.mark.parametrize(("name", "lang"), SETS)
def test_the_right_page_is_among_the_first_five(library: Library, lang: str, name: str) -> None:
    found = measure(make_engine(library, lang), name)

    # What fails of the held-out sets is not shown: nobody is to tune with them.
    assert found.at_5 >= FLOOR[name], "" if name in HELD_OUT else found.missed


def test_words_typed_without_spaces_are_found_as_if_there_were_some(library: Library) -> None:
    typed = [
        ("ar", "مفقود منذ عشر سنوات"),
        # The longest word at the beginning, with a suffix that belongs to the next, leads nowhere.
        ("ar", "استمارة البحث"),
        ("en", "missing person"),
        ("de", "Hilfe Familien"),
    ]
    for lang, query in typed:
        engine = make_engine(library, lang)
        apart, joined = engine.search(query, 3), engine.search(query.replace(" ", ""), 3)
        assert joined, lang
        assert [one.entry["id"] for one in joined] == [one.entry["id"] for one in apart]


def test_arabic_in_latin_letters_and_digits_is_read_as_it_sounds(library: Library) -> None:
    engine = make_engine(library, "ar")
    for typed, meant in (("mo3ta2al", "معتقل"), ("3ndi m3lomat", "عندي معلومات")):
        found = [one.entry["id"] for one in engine.search(typed, 3)]
        assert found == [one.entry["id"] for one in engine.search(meant, 3)]


def test_a_word_that_is_known_without_its_prefix_is_not_taken_for_one_that_looks_like_it(
    library: Library,
) -> None:
    """With its prefix, "they answer" has the consonants of "mail"."""
    found = [one.entry["page"] for one in make_engine(library, "ar").search("بيردوا", 5)]

    assert "contact" not in found


def test_what_is_left_of_a_word_is_not_taken_for_a_short_one_that_it_meets_by_chance(
    library: Library,
) -> None:
    """Of "I marry" a "husband" is left, of "it takes long" a "length"."""
    engine = make_engine(library, "ar")
    married = [one.entry["page"] for one in engine.search("اتزوج", 5)]

    assert married[0] == "women"
    assert "search-request" not in married
    assert engine.search("قديش بتطول", 1)[0].entry["page"] == "after-you-write"


def test_a_slip_in_one_of_the_first_letters_is_forgiven(library: Library) -> None:
    found = [one.entry["page"] for one in make_engine(library, "ar").search("اخنفاء", 5)]

    assert "enforced-disappearance" in found


def test_words_that_only_share_two_consonants_do_not_hide_the_word_itself(library: Library) -> None:
    found = [one.entry["page"] for one in make_engine(library, "ar").search("لقاءات الأسر", 5)]

    assert {"briefings", "briefings/summaries"} <= set(found)
    assert "information" not in found


@pytest.mark.parametrize("lang", ["tr", "de", "fr", "ku"])
def test_what_only_other_languages_have_is_found_and_says_so(library: Library, lang: str) -> None:
    asked = {"tr": "Kızılhaç", "de": "Rotes Kreuz", "fr": "Croix-Rouge", "ku": "Xaça Sor"}
    assert ("who-is-who", lang) not in library.pages

    first = make_engine(library, lang).search(asked[lang], 1)[0].entry
    assert first["page"] == "who-is-who"
    assert first["title"] == library.strings.text("unwritten.who-is-who", lang)
    assert "العربية" in first["summary"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_terminal_gives_what_the_site_gives(library: Library, lang: str) -> None:
    query = queries("queries", lang)[0]["query"]
    command = [sys.executable, "-m", "portal", "search", lang, query, "--json"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout

    expected = [result.entry["id"] for result in make_engine(library, lang).search(query, 10)]
    assert [one["id"] for one in json.loads(printed)["results"]] == expected
    assert expected


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_that_a_language_lacks_has_a_name_there(library: Library, lang: str) -> None:
    found = {entry["page"] or "index" for entry in make_engine(library, lang).entries}

    assert set(library.sources) - found == set()
    assert name_of_unwritten(library, "a-page-that-nobody-named", lang) is None
