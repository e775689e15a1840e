"""How far a translation stands behind: computed from what it was made from, never claimed."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from portal_content.checks import identities, reviews, sentences, translations
from portal_content.errors import ContentError
from portal_content.library import Library, load_library
from portal_content.paragraphs import paragraphs
from portal_content.recording import record
from portal_content.translation_states import ParagraphState, State, page_state

ROOT = Path(__file__).parents[2]
ABOUT = Path("content/institution/about.ar.md")
ABOUT_EN = Path("content/institution/about.en.md")
SAFETY = Path("content/trust/protect-yourself.ar.md")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("content", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def edit(path: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(
        pattern, replacement, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE
    )
    assert count == 1
    path.write_text(text, encoding="utf-8")


def review(path: Path) -> None:
    edit(path, r"^reviewed: null", "reviewed: 2026-11-01")
    edit(path, r"^translation_state: draft", "translation_state: human")


def state(copy: Path, slug: str, lang: str) -> State:
    return page_state(load_library(copy), slug, lang).state


def test_a_paragraph_ends_at_an_empty_line_unless_what_follows_belongs_to_it() -> None:
    text = 'One\nstill one.\n\n!!! note "Box"\n    in\n\n    still in\n\n\n- a\n- b\n\nLast\n'

    found = paragraphs(text)

    assert [part.text.split("\n")[0] for part in found] == ["One", '!!! note "Box"', "- a", "Last"]
    assert all(text[part.offset :].startswith(part.text) for part in found)


def test_line_breaks_do_not_change_a_paragraph_and_words_do() -> None:
    assert paragraphs("one\ntwo")[0].digest == paragraphs("one  two")[0].digest
    assert paragraphs("one two")[0].digest != paragraphs("one three")[0].digest


def test_a_page_nobody_reviewed_is_a_draft_in_every_language(copy: Path) -> None:
    library = load_library(copy)

    assert page_state(library, "about", "ar").state is State.DRAFT
    assert page_state(library, "about", "en").state is State.DRAFT


def test_a_page_that_does_not_exist_is_missing(copy: Path) -> None:
    (copy / ABOUT_EN).unlink()

    assert state(copy, "about", "en") is State.MISSING


def test_a_reviewed_translation_is_current_until_its_source_changes(copy: Path) -> None:
    review(copy / ABOUT_EN)
    assert state(copy, "about", "en") is State.CURRENT

    edit(copy / ABOUT, r"^description: .*", "description: شيء آخر")

    assert state(copy, "about", "en") is State.OUTDATED


def test_a_machine_translation_says_so_until_a_person_made_it_theirs(copy: Path) -> None:
    edit(copy / ABOUT_EN, r"^translation_state: draft", "translation_state: machine")
    assert state(copy, "about", "en") is State.MACHINE

    edit(copy / ABOUT_EN, r"^reviewed: null", "reviewed: 2026-11-01")

    assert state(copy, "about", "en") is State.MACHINE


def test_a_safety_page_that_fell_behind_is_told_from_others(copy: Path) -> None:
    edit(copy / SAFETY, r"^## ", "## كلمة ")

    assert state(copy, "protect-yourself", "de") is State.OUTDATED_SAFETY


def test_only_the_paragraph_that_changed_is_outdated_and_its_heading_is_named(copy: Path) -> None:
    before = len(load_library(copy).pages["about", "en"].paragraphs())
    edit(copy / ABOUT, r"(\{#funding\}\n\n)", r"\1كلمات ")

    found = page_state(load_library(copy), "about", "en")

    assert found.paragraphs.count(ParagraphState.OUTDATED) == 1
    assert len(found.paragraphs) == before
    assert found.sections == ("funding",)
    assert found.added == 1


def test_a_new_paragraph_of_the_source_is_missing_and_nothing_else_is_outdated(copy: Path) -> None:
    edit(copy / ABOUT, r"(\{#funding\}\n)", r"\1\nفقرة جديدة.\n")

    found = page_state(load_library(copy), "about", "en")

    assert found.state is State.OUTDATED
    assert set(found.paragraphs) == {ParagraphState.CURRENT}
    assert found.added == 1


def test_recording_makes_it_current_again_and_changes_nothing_else(copy: Path) -> None:
    review(copy / ABOUT_EN)
    edit(copy / ABOUT, r"(\{#funding\}\n\n)", r"\1كلمات ")
    library = load_library(copy)
    before = (copy / ABOUT_EN).read_text(encoding="utf-8")

    assert record(library, library.pages["about", "en"])

    after = (copy / ABOUT_EN).read_text(encoding="utf-8")
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert len(changed) == 1
    assert state(copy, "about", "en") is State.CURRENT
    again = load_library(copy)
    assert not record(again, again.pages["about", "en"])


def test_a_translation_with_other_paragraphs_is_refused_and_reported(copy: Path) -> None:
    edit(copy / ABOUT_EN, r"(\{#funding\}\n)", r"\1\nOne more.\n")
    library = load_library(copy)

    with pytest.raises(ContentError, match=r"make them the same"):
        record(library, library.pages["about", "en"])
    assert [p for p in translations.check(library) if "each must stand for one" in p.message]
    assert page_state(library, "about", "en").state is State.OUTDATED


@pytest.mark.parametrize(
    ("path", "pattern", "replacement", "message"),
    [
        (ABOUT_EN, r"^made_from: >-\n(?:  .*\n)+", "", "run: portal content record about en"),
        (ABOUT_EN, r"^translation_state: draft", "translation_state: original", "already"),
        (ABOUT_EN, r"^id: P02", "id: P03", "id and section must be those"),
        (ABOUT, r"^(translation_state: original)", r"\1\nmade_from: ab", "is for translations"),
        (
            ABOUT,
            r"^translation_state: original",
            "translation_state: human",
            "must be the original",
        ),
    ],
)
def test_a_translation_that_cannot_be_compared_is_reported(
    copy: Path, path: Path, pattern: str, replacement: str, message: str
) -> None:
    edit(copy / path, pattern, replacement)

    found = list(translations.check(load_library(copy)))

    assert any(message in problem.message and problem.path == copy / path for problem in found)


def test_a_sentence_that_is_too_long_is_reported_with_its_line(copy: Path) -> None:
    edit(copy / ABOUT_EN, r"(\{#funding\}\n\n)", r"\1" + "word " * 21 + "end. ")
    library = load_library(copy)
    lines = (copy / ABOUT_EN).read_text(encoding="utf-8").splitlines()

    found = list(sentences.check(library))

    assert [lines[problem.line - 1].startswith("word word") for problem in found] == [True]
    assert "22 words" in found[0].message


def test_the_words_of_this_site_can_be_held_against_their_source() -> None:
    library: Library = load_library(ROOT)

    assert list(translations.check(library)) == []
    assert list(sentences.check(library)) == []


def test_the_last_change_is_what_the_content_itself_tells(copy: Path) -> None:
    edit(copy / ABOUT, r"^reviewed: null", "reviewed: 2026-10-01\nupdated: 2026-11-05")

    assert load_library(copy).pages["about", "ar"].meta.changed == date(2026, 11, 5)


def test_a_review_that_is_overdue_is_reported_and_an_id_belongs_to_one_page(copy: Path) -> None:
    edit(copy / SAFETY, r"^reviewed: null", "reviewed: 2025-01-01")
    edit(copy / ABOUT, r"^id: P02", "id: P03")
    library = load_library(copy)

    assert [problem.message for problem in reviews.check(library)] == [
        "this safety page was due for review on 2025-04-01"
    ]
    assert any("P03 is the id of page" in problem.message for problem in identities.check(library))


def test_the_thirty_six_pages_are_all_there_in_arabic_and_english() -> None:
    library = load_library(ROOT)
    wanted = {f"P{number:02}" for number in range(1, 37)}
    everywhere = ["P01", "P02", "P04", "P06", "P07", "P08", "P10", "P11", "P14", "P18"]

    by_language = {
        lang: {page.meta.id for page in library.pages.values() if page.lang == lang}
        for lang in library.languages
    }

    assert by_language["ar"] == by_language["en"] == wanted
    for lang in library.languages:
        assert by_language[lang] >= {*everywhere, "P25", "P26", "P31", "P35"}
