"""Pages: templates with finished values, in the officer's language."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from portal_content.dates import day_in_words
from portal_content.languages import Language
from portal_content.library import Library
from portal_protocol.digits import arabic_digits

HERE = Path(__file__).parent
LANGUAGES = ("en", "ar")
"""Languages of the register, the default first."""

SECTIONS = ("register", "access", "handing_on")
"""Files of the register's words; what a key begins with stands in one of them only."""

_KIBI = 1024
_NUMBER = re.compile(r"(?:[+()/.\s-]*\d){7,}[+()/.\s-]*")
"""Digits of any script with what stands between them, as in the number of a telephone."""


class Pages:
    """Makes pages out of templates, strings and values.

    Args:
        library: Words and languages.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.styles = (HERE / "styles" / "register.css").read_bytes()
        self.icon = (HERE / "styles" / "icon.svg").read_bytes()
        self._style_version = hashlib.sha256(self.styles).hexdigest()[:12]
        self._texts = {lang: _texts(_all_words(library, lang)) for lang in LANGUAGES}
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.tests["number"] = _is_number

    def page(self, name: str, words: "Words", *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a whole page.

        Args:
            name: The template.
            words: The reader's language.
            status: HTTP status.
            **values: What the template lays out; nothing in it is markup.
        """
        language = words.language
        html = self._environment.get_template(name).render(
            t=self._texts[language.code],
            lang=language.html_lang,
            direction=language.direction,
            other=self.library.languages[other_language(language.code)],
            styles=f"/register.css?v={self._style_version}",
            **values,
        )
        return HTMLResponse(html, status)

    def words(self, lang: str) -> "Words":
        """Return the words of a language."""
        return Words(self.library, self.library.languages[lang])


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


class Words:
    """Sentences, days and numbers in one language."""

    def __init__(self, library: Library, language: Language) -> None:
        self._library = library
        self._locale = Locale.parse(language.code)
        self.language = language

    @property
    def lang(self) -> str:
        """Code of the language."""
        return self.language.code

    def text(self, key: str, **values: Any) -> str:
        """Return a sentence of the register; numbers in it are in the language's digits."""
        shown = {
            name: self.number(value) if isinstance(value, int) else value
            for name, value in values.items()
        }
        return self._library.strings.text(self._where(key), self.lang, **shown)

    def plural(self, key: str, count: int) -> str:
        """Return the form of a sentence that fits a count."""
        return self._digits(self._library.strings.plural(self._where(key), self.lang, count))

    def language_name(self, code: str) -> str:
        """Return what this language calls another one."""
        return str(self._locale.languages.get(code, code))

    def number(self, number: int) -> str:
        """Return a number in the language's digits."""
        return self._digits(str(number))

    def day(self, day: date) -> str:
        """Return a day in the language's months and digits."""
        return day_in_words(day, self.language)

    def moment(self, moment: datetime) -> str:
        """Return a day with the time in UTC."""
        time = self._digits(f"{moment:%H:%M}")
        return self.text("frame.moment", day=self.day(moment.date()), time=time)

    def size(self, size: int) -> str:
        """Return a number of bytes in KiB or MiB."""
        kibi = max(1, round(size / _KIBI))
        if kibi < _KIBI:
            return self._digits(f"{kibi} KiB")
        return self._digits(f"{size / _KIBI / _KIBI:.1f} MiB")

    def _where(self, key: str) -> str:
        """Return a key with the section that its first part stands in."""
        part = key.partition(".")[0]
        strings = self._library.strings
        for section in SECTIONS:
            if part in strings.section(section, self.lang):
                return f"{section}.{key}"
        return key

    def _digits(self, text: str) -> str:
        return arabic_digits(text) if self.language.digits == "arabic" else text


def other_language(lang: str) -> str:
    """Return the register's other language."""
    return LANGUAGES[1 - LANGUAGES.index(lang)]


def preferred_language(accept_language: str) -> str:
    """Return the register's language for somebody who has not signed in yet.

    Args:
        accept_language: Value of the header; only its first entry counts.
    """
    first = accept_language.split(",", 1)[0].strip().lower()
    return "ar" if first.startswith("ar") else LANGUAGES[0]


def _all_words(library: Library, lang: str) -> dict[str, Any]:
    return {
        name: texts
        for section in SECTIONS
        for name, texts in library.strings.section(section, lang).items()
    }


def _texts(section: Mapping[str, Any]) -> SimpleNamespace:
    """Make nested texts readable as `t.list.title`; a mapping would offer `t.items`, too."""
    return SimpleNamespace(
        **{
            key: _texts(value) if isinstance(value, Mapping) else value
            for key, value in section.items()
        }
    )
