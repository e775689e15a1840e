"""The words of the field: complete in every language, and kept to by every text."""

import re
import shutil
from pathlib import Path

import pytest

from portal_content.checks import glossary
from portal_content.checks.glossary import avoided_words
from portal_content.errors import ContentError
from portal_content.glossary import load_glossary
from portal_content.languages import load_languages
from portal_content.library import load_library

ROOT = Path(__file__).parents[2]
GLOSSARY = load_glossary(ROOT / "content" / "glossary.yml")
LANGUAGES = load_languages(ROOT / "content" / "languages.yml")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("content", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_every_word_has_a_term_and_an_explanation_in_every_language() -> None:
    assert [term.number for term in GLOSSARY.terms] == list(range(1, 69))
    assert len({term.id for term in GLOSSARY.terms}) == len(GLOSSARY.terms)
    for term in GLOSSARY.terms:
        assert set(term.terms) == set(term.plain) == set(LANGUAGES), term.id
        assert set(term.avoid) <= set(LANGUAGES), term.id
    assert set(GLOSSARY.avoid_everywhere) == set(LANGUAGES)


def test_words_that_would_only_hurt_are_not_shown_to_families() -> None:
    shown = {term.id for term in GLOSSARY.public()}

    assert "return-of-remains" not in shown
    assert "search-request" in shown


def test_an_explanation_is_short_and_does_not_explain_a_word_by_itself() -> None:
    for term in GLOSSARY.terms:
        for lang, text in term.plain.items():
            assert all(len(part.split()) <= 20 for part in re.split(r"(?<=[.!?])\s", text)), text
            assert term.terms[lang].casefold() not in text.casefold(), text


def test_no_term_is_itself_a_word_to_keep_away_from() -> None:
    avoided = avoided_words(GLOSSARY, LANGUAGES)
    for term in GLOSSARY.terms:
        for lang in LANGUAGES:
            text = f"{term.terms[lang]}. {term.plain[lang]}"
            assert list(avoided[lang].found(text)) == [], text


def test_a_list_that_misses_an_explanation_is_refused_with_its_line(tmp_path: Path) -> None:
    text = (ROOT / "content" / "glossary.yml").read_text(encoding="utf-8")
    spoiled = tmp_path / "glossary.yml"
    spoiled.write_text(text.replace("  public: true\n", "", 1), encoding="utf-8")

    with pytest.raises(ContentError, match=r"glossary\.yml:\d+: .*public is missing"):
        load_glossary(spoiled)


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("ar", "وللشهيد بيت", ["شهيد"]),
        ("ar", "هو ارهابي", ["ارهابي"]),
        ("ar", "قالوا: أُغلِقَت القضيّة", ["أغلقت القضية"]),
        ("ar", "استشهد بكلام", []),
        ("tr", "GAİPLİK kararı", ["GAİPLİK"]),
        ("fr", "le regroupement\nfamilial", ["regroupement familial"]),
        ("de", "Die Verschollenen", ["Verschollenen"]),
        ("en", "the case is closed to the public", []),
        ("en", "You can move on to the next question.", []),
        ("ar", "لا نقول «شهيد» أبداً", []),
    ],
)
def test_a_word_is_found_however_it_is_written_and_only_as_a_word(
    lang: str, text: str, found: list[str]
) -> None:
    messages = [message for _, message in avoided_words(GLOSSARY, LANGUAGES)[lang].found(text)]

    assert [re.sub("^keep away from (.*?): .*$", r"\1", message) for message in messages] == found


def test_the_line_of_a_word_in_front_matter_is_named(copy: Path) -> None:
    page = copy / "content" / "institution" / "about.en.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("description: Who", "description: The corpse who"), "utf-8")
    line = 1 + page.read_text(encoding="utf-8").splitlines().index(
        next(row for row in text.splitlines() if row.startswith("description:")).replace(
            "Who", "The corpse who", 1
        )
    )

    found = list(glossary.check(load_library(copy)))

    assert [(problem.path, problem.line) for problem in found] == [(page, line)]


def test_a_list_of_content_is_held_to_the_words_of_each_language(copy: Path) -> None:
    alert = copy / "content" / "alerts" / "sample-list-of-names.yml"
    text = alert.read_text(encoding="utf-8")
    alert.write_text(text.replace("Eine Namensliste wird", "Eine Leiche wird"), encoding="utf-8")

    (problem,) = glossary.check(load_library(copy))

    assert problem.path == alert
    assert "Leiche" in alert.read_text(encoding="utf-8").splitlines()[problem.line - 1]


@pytest.mark.parametrize(
    ("path", "sentence", "word"),
    [
        ("institution/about.ar.md", "هو شهيد.", "شهيد"),
        ("institution/about.ar.md", "وبالشَّهِيدِ نفسه.", "شهيد"),
        ("institution/about.en.md", "This brings Closure.", "Closure"),
        ("home/index.de.md", "Ihr Aktenzeichen ist da.", "Aktenzeichen"),
        ("home/index.fr.md", "Le regroupement familial aide.", "regroupement familial"),
        ("home/index.tr.md", "Bir gaiplik kararı.", "gaiplik"),
        ("home/index.ku.md", "Ew şehîd e.", "şehîd"),
    ],
)
def test_a_word_to_keep_away_from_is_reported_with_its_line(
    copy: Path, path: str, sentence: str, word: str
) -> None:
    page = copy / "content" / path
    text = page.read_text(encoding="utf-8").rstrip("\n")
    page.write_text(f"{text}\n\n{sentence}\n", encoding="utf-8")
    line = len(page.read_text(encoding="utf-8").splitlines())

    found = list(glossary.check(load_library(copy)))

    assert [(problem.path, problem.line) for problem in found] == [(page, line)]
    assert word in found[0].message
    assert ": " in found[0].message


def test_a_string_of_the_interface_is_held_to_the_same_words(copy: Path) -> None:
    strings = copy / "translations" / "site.en.yml"
    text = strings.read_text(encoding="utf-8")
    strings.write_text(text.replace("Main pages", "Main pages of the corpse"), encoding="utf-8")

    found = list(glossary.check(load_library(copy)))

    assert [str(problem.path) for problem in found] == [str(strings)]
    assert "corpse" in strings.read_text(encoding="utf-8").splitlines()[found[0].line - 1]


def test_a_word_may_be_quoted_to_say_that_it_is_not_used_and_others_may_contain_it(
    copy: Path,
) -> None:
    page = copy / "content" / "institution" / "about.en.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text + '\nWe never say "closure". An enclosure stays.\n', encoding="utf-8")

    assert list(glossary.check(load_library(copy))) == []


def test_the_texts_of_this_site_keep_to_the_words() -> None:
    assert list(glossary.check(load_library(ROOT))) == []
