"""What the scripts say exists in every language, with the same places for values."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel import Locale

ROOT = Path(__file__).parents[2]
LANGUAGES = ("ar", "en", "ku", "tr", "de", "fr")
SECTIONS = ("script", "files")
PLURAL = re.compile(r"\.(zero|one|two|few|many|other)$")
SAID = re.compile(r"""(?:say|count|list|said|note)\(\s*["`]([a-z_]+(?:\.[a-z_$\{\}]+)*)["`]""")


def flat(tree: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def texts(lang: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for section in SECTIONS:
        file = ROOT / "translations" / f"{section}.{lang}.yml"
        found |= flat(yaml.safe_load(file.read_text(encoding="utf-8")))
    return found


ENGLISH = texts("en")
COUNTED = {
    PLURAL.sub("", key) for key in ENGLISH if PLURAL.search(key) and "%{count}" in ENGLISH[key]
}


def without_plural(key: str) -> str:
    stem = PLURAL.sub("", key)
    return stem if stem in COUNTED else key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_is_there_and_none_is_empty(lang: str) -> None:
    found = texts(lang)

    assert {without_plural(key) for key in found} == {without_plural(key) for key in ENGLISH}
    assert all(text.strip() for text in found.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_has_the_same_places_for_values(lang: str) -> None:
    for key, text in texts(lang).items():
        if without_plural(key) in COUNTED:
            continue
        assert set(re.findall(r"%\{\w+\}", text)) == set(re.findall(r"%\{\w+\}", ENGLISH[key])), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_counted_sentences_have_every_plural_form_of_the_language(lang: str) -> None:
    forms = {*Locale.parse(lang).plural_form.tags, "other"}

    for stem in COUNTED:
        present = {key.rpartition(".")[2] for key in texts(lang) if without_plural(key) == stem}
        assert forms - present <= {"zero"}, stem


def own_texts(*path: str) -> set[str]:
    """Keys of a part of a section, also without the first step: scripts shorten what they say."""
    section, *steps = path
    file = ROOT / "translations" / f"{section}.en.yml"
    tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    for step in steps:
        tree = tree[step]
    keys = {key for key, _ in flat(tree)}
    return keys | {key.partition(".")[2] for key in keys} - {""}


OWN = {
    "offline.ts": own_texts("offline", "script"),
    "outbox/outbox-view.ts": own_texts("outbox"),
    "search.ts": own_texts("search"),
    "search/results-view.ts": own_texts("search"),
    "reader.ts": own_texts("search"),
    "download.ts": own_texts("carry", "download", "script"),
    "files/recorder-view.ts": own_texts("files"),
    "carry/upload-form.ts": own_texts("carry", "upload"),
    "carry/file-view.ts": own_texts("carry"),
    "carry/offline-form.ts": own_texts("carry"),
    "form/draft-view.ts": own_texts("filling"),
    "form/encrypting-form.ts": own_texts("filling") | set(ENGLISH),
    "form/go-on-later.ts": own_texts("filling"),
    "form/hand-over.ts": {f"hand_over.{key}" for key in own_texts("forms", "helper", "hand_over")},
    "form/received.ts": own_texts("form-feedback", "after") | {"title"} | set(ENGLISH),
    "form/review.ts": own_texts("filling"),
    "form/said.ts": own_texts("filling"),
    "form/steps.ts": own_texts("filling"),
    "page/seats.ts": own_texts("follow-up"),
    "return/seats-view.ts": own_texts("follow-up"),
    "return/write-again.ts": own_texts("follow-up")
    | {f"after.{key}" for key in own_texts("form-follow-up", "after")},
}
"""What a script says that does not speak from `script`."""


def test_every_key_that_a_script_names_has_a_sentence() -> None:
    scripts = ROOT / "theme" / "scripts"
    missing, count = [], 0
    for path in sorted(scripts.rglob("*.ts")):
        known = OWN.get(path.relative_to(scripts).as_posix(), set(ENGLISH))
        named = set(SAID.findall(path.read_text("utf-8")))
        count += len(named)
        missing += [
            (path.name, key)
            for key in named
            if not any(one.startswith(re.split(r"\$\{|\.$", key)[0]) for one in known)
        ]

    assert count > 30
    assert missing == []
