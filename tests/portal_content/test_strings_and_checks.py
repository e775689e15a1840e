"""Strings with right plurals, and rules that find what misleads readers."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from portal_content.checks import check_content
from portal_content.dates import day_in_words
from portal_content.errors import ContentError
from portal_content.library import load_library
from portal_content.strings import StringMissing, load_strings, plural_form

ROOT = Path(__file__).parents[2]
ABOUT = "content/institution/about.en.md"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of content and translations that a test may spoil."""
    for name in ("content", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def spoil(path: Path, pattern: str, replacement: str) -> None:
    text = path.read_text(encoding="utf-8")
    changed = re.sub(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def problems(root: Path, *, production: bool = False) -> list[str]:
    found = check_content(load_library(root), production=production)
    return [str(problem).removeprefix(f"{root}/") for problem in found]


@pytest.mark.parametrize(
    ("count", "form"),
    [
        (0, "zero"),
        (1, "one"),
        (2, "two"),
        (3, "few"),
        (10, "few"),
        (11, "many"),
        (99, "many"),
        (100, "other"),
        (103, "few"),
    ],
)
def test_arabic_takes_the_plural_form_that_cldr_names(count: int, form: str) -> None:
    assert plural_form("ar", count) == form


def test_a_plural_is_filled_and_a_missing_text_is_no_text_of_another_language(
    tmp_path: Path,
) -> None:
    (tmp_path / "x.en.yml").write_text(
        "files:\n  one: one file\n  other: '%{count} files'\nonly: yes!\n"
    )
    (tmp_path / "x.ar.yml").write_text("files:\n  two: ملفان\n")
    strings = load_strings(tmp_path)

    assert strings.plural("x.files", "en", 1) == "one file"
    assert strings.plural("x.files", "en", 5) == "5 files"
    assert strings.plural("x.files", "ar", 2) == "ملفان"
    with pytest.raises(StringMissing):
        strings.text("x.only", "ar")


def test_a_string_that_yaml_takes_for_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.en.yml").write_text("answer: yes\n")

    with pytest.raises(ContentError, match=r"x\.en\.yml: answer must be a text"):
        load_strings(tmp_path)


def test_months_are_the_levantine_ones_in_arabic_digits() -> None:
    languages = load_library(ROOT).languages

    assert day_in_words(date(2026, 11, 20), languages["ar"]) == "٢٠ تشرين الثاني/نوفمبر ٢٠٢٦"
    assert day_in_words(date(2026, 11, 20), languages["en"]) == "20 November 2026"


def test_the_content_has_no_problems() -> None:
    assert problems(ROOT) == []


@pytest.mark.parametrize(
    ("path", "pattern", "replacement", "message"),
    [
        (ABOUT, r"\]\(page:[a-z-]+", "](page:nowhere", "there is no page nowhere"),
        (ABOUT, r"\{#[a-z-]+\}$", "{#another-id}", "headings differ"),
        (ABOUT, r"^---\n\n", "---\n\nGB29NWBK60161331926819\n\n", "looks like a way to pay"),
        (ABOUT, r"^title: ", "title: PayPal ", "looks like a way to pay"),
        (
            "content/organisations.yml",
            r"acronym: IIMP",
            "acronym: PayPal",
            "looks like a way to pay",
        ),
        ("translations/site.de.yml", r"^skip: ", "skip: patreon ", "looks like a way to pay"),
        (ABOUT, r"^---\n\n", "---\n\n![A face](/face.jpg)\n\n", "shows no pictures"),
        (ABOUT, r"^---\n\n", '---\n\n<img src="/face.jpg" alt="">\n\n', "shows no pictures"),
        (ABOUT, r"^---\n\n", "---\n\nhelp@agency.org\n\n", "help@agency.org is not in content"),
        (ABOUT, r"^---\n\n", "---\n\n+٩٦٣ ٩١١ ٢٢٢ ٣٣٣\n\n", "is not in content/channels.yml"),
        (
            "translations/form-reprisal-report.ar.yml",
            r"reprisals@ohchr",
            "reprisals@ohchr-un",
            "reprisals@ohchr-un.org is not in content",
        ),
        ("translations/site.de.yml", r"^quick_exit: .*\n", "", "quick_exit is missing"),
        ("translations/site.de.yml", r"%\{day\}", "day", "must have the places"),
        ("translations/script.ar.yml", r"^ +few: .*\n", "", "needs exactly the forms"),
    ],
)
def test_a_spoiled_file_is_named_with_what_is_wrong(
    copy: Path, path: str, pattern: str, replacement: str, message: str
) -> None:
    spoil(copy / path, pattern, replacement)

    found = problems(copy)

    assert any(one.startswith(path) and message in one for one in found), found


def test_a_template_is_no_way_to_pay_either(copy: Path) -> None:
    template = copy / "theme" / "templates" / "main.html"
    template.parent.mkdir(parents=True)
    template.write_text("<p>\nGB29 NWBK 6016 1331 9268 19</p>", encoding="utf-8")

    found = [problem for problem in problems(copy) if "way to pay" in problem]

    assert len(found) == 1
    assert "theme/templates/main.html:2:" in found[0]


def test_placeholders_are_a_problem_only_for_real_use(copy: Path) -> None:
    assert problems(copy) == []
    assert any("still a placeholder" in one for one in problems(copy, production=True))


@pytest.mark.parametrize(
    ("pattern", "replacement", "message"),
    [
        (r"^sources:\n(?:  - .*\n)+", "sources: []\n", r"9: .*sources is empty"),
        (r"^as_of: .*\n", "", r"2: .*as_of is missing"),
        (r"^title:", "titel:", r"2: .*titel is not known"),
        (r"\A---\n", "", r"1: .*starts with front matter"),
        (r"^order: .*", "order: [", r"\d+: .*not YAML"),
    ],
)
def test_a_page_without_its_source_or_date_is_refused_with_its_file(
    copy: Path, pattern: str, replacement: str, message: str
) -> None:
    spoil(copy / ABOUT, pattern, replacement)

    with pytest.raises(ContentError, match=rf"about\.en\.md:{message}"):
        load_library(copy)
