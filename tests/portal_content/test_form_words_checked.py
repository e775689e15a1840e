"""A form without its words, or a consent without its text, never reaches a reader unseen."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from portal_content.checks import forms, strings
from portal_content.forms.offered import offered_consents
from portal_content.forms.view import form_view, script_definition
from portal_content.library import load_library

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("content", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def leave_out(path: Path, *keys: str) -> None:
    texts = yaml.safe_load(path.read_text(encoding="utf-8"))
    place = texts
    for key in keys[:-1]:
        place = place[key]
    del place[keys[-1]]
    path.write_text(yaml.safe_dump(texts, allow_unicode=True), encoding="utf-8")


def found(root: Path) -> list[str]:
    library = load_library(root)
    every = [*forms.check(library), *strings.check(library)]
    return [str(problem).removeprefix(f"{root}/") for problem in every]


@pytest.mark.parametrize(
    ("file", "keys", "message"),
    [
        ("form-child", ("title",), "title is missing"),
        ("form-child", ("steps", "you", "title"), "steps.you.title is missing"),
        ("form-child", ("fields", "wish", "label"), "fields.wish.label is missing"),
        ("form-child", ("fields", "wish", "notice"), "fields.wish.notice is missing"),
        (
            "form-child",
            ("fields", "wish", "options", "help_now"),
            "fields.wish.options.help_now is missing",
        ),
        ("forms", ("screens", "national", "title"), "screens.national.title is missing"),
    ],
)
def test_a_word_that_is_missing_in_one_language_is_found(
    copy: Path, file: str, keys: tuple[str, ...], message: str
) -> None:
    assert found(copy) == []

    leave_out(copy / f"translations/{file}.tr.yml", *keys)

    assert f"translations/{file}.tr.yml:1: {message}" in found(copy)


def test_a_consent_without_text_is_not_offered_in_that_language_and_nowhere_else(
    copy: Path,
) -> None:
    leave_out(copy / "translations/consents.tr.yml", "C7", "v1")
    library = load_library(copy)
    form = library.forms.get("search-request", 1)

    offered = {
        lang: {consent.id for consent in offered_consents(form, library, lang)}
        for lang in ("tr", "ar")
    }

    assert offered["ar"] - offered["tr"] == {"C7"}
    for consents in (
        form_view(form, library, "tr", mode="plain", action="")["consents"],
        script_definition(form, library, "tr")["consents"],
    ):
        assert {consent["id"] for consent in consents} == offered["tr"]
    assert found(copy) == []


def test_half_a_text_is_no_text(copy: Path) -> None:
    leave_out(copy / "translations/consents.tr.yml", "C7", "v1", "risk")

    assert "translations/consents.tr.yml:1: C7.v1.risk is missing" in found(copy)


def test_a_form_cannot_need_a_consent_that_nobody_can_read(copy: Path) -> None:
    leave_out(copy / "translations/consents.tr.yml", "C1")

    problems = found(copy)

    assert any(re.match(r"content/forms/child\.yml:1: C1 is needed", one) for one in problems)
