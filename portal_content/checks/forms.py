"""A form has all its words in every language, and never asks for a consent without its text."""

from collections.abc import Iterator
from pathlib import Path

from portal_content.consents import consent_text
from portal_content.errors import Problem
from portal_content.forms.definition import Form, FormField
from portal_content.forms.words import FormWords, section_of
from portal_content.library import Library
from portal_content.strings import StringMissing


def check(library: Library) -> Iterator[Problem]:
    """Report words that a form misses, and consents that nobody could give with open eyes."""
    for form in library.forms.current():
        place = library.root / "content" / "forms" / f"{form.id}.yml"
        for wanted in form.consents:
            if wanted.id not in library.consents:
                yield Problem(place, 1, f"{wanted.id} is not in content/consents.yml")
        for lang in library.languages:
            words = FormWords(library.strings, form, lang)
            texts = library.root / "translations" / f"{section_of(form.id)}.{lang}.yml"
            yield from _words_missing(words, texts)
            yield from _consents_missing(library, form, lang, place)


def _words_missing(words: FormWords, path: Path) -> Iterator[Problem]:
    form = words.form
    needed = ["title", "neutral_title", *(f"steps.{step.id}.title" for step in form.steps)]
    for field in form.fields:
        needed.append(f"fields.{field.id}.label")
        if field.notice:
            needed.append(f"fields.{field.id}.notice")
    for key in needed:
        if not words.maybe(key):
            yield Problem(path, 1, f"{key} is missing")
    for field in form.fields:
        for option in field.options:
            if not _is_named(words, field, option):
                yield Problem(path, 1, f"fields.{field.id}.options.{option} is missing")
    for screen in {consent.screen for consent in form.consents if consent.screen}:
        if not words.of_maybe(f"screens.{screen}.title"):
            shared = path.with_name(f"forms.{words.lang}.yml")
            yield Problem(shared, 1, f"screens.{screen}.title is missing")


def _is_named(words: FormWords, field: FormField, option: str) -> bool:
    try:
        return bool(words.option(field, option))
    except StringMissing:
        return False


def _consents_missing(library: Library, form: Form, lang: str, place: Path) -> Iterator[Problem]:
    """Yield needed consents without a text; others are left out of the form in that language."""
    for wanted in form.consents:
        consent = library.consents.get(wanted.id)
        if consent is None or not wanted.required:
            continue
        try:
            consent_text(consent, library.strings, lang)
        except StringMissing as error:
            yield Problem(place, 1, f"{wanted.id} is needed to send this form, but {error}")
