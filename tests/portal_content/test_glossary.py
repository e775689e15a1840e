"""The words of the field: complete in every language, and kept to by every text."""

import re
import shutil
from pathlib import Path

import pytest

from portal_content.checks import glossary
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


def test_every_word_has_a_term_in_every_language_and_public_ones_an_explanation() -> None:
    assert len(GLOSSARY.terms) >= 60
    assert len({term.id for term in GLOSSARY.terms}) == len(GLOSSARY.terms)
    for term in GLOSSARY.terms:
        assert set(term.terms) == set(LANGUAGES), term.id
        assert set(term.plain) in (set(LANGUAGES), set()), term.id
    assert len(GLOSSARY.public()) >= 40


def test_an_explanation_is_short() -> None:
    for term in GLOSSARY.public():
        for text in term.plain.values():
            assert all(len(part.split()) <= 20 for part in re.split(r"(?<=[.!?])\s", text)), text


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
    assert "menu.title" in found[0].message


def test_a_word_may_be_quoted_to_say_that_it_is_not_used_and_others_may_contain_it(
    copy: Path,
) -> None:
    page = copy / "content" / "institution" / "about.en.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text + '\nWe never say "closure". An enclosure stays.\n', encoding="utf-8")

    assert list(glossary.check(load_library(copy))) == []


def test_the_texts_of_this_site_keep_to_the_words() -> None:
    assert list(glossary.check(load_library(ROOT))) == []
