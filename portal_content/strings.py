"""Interface strings: translations/<section>.<language>.yml, looked up by key.

python-i18n does the look-up. Its own plural rules are wrong for Arabic, which has six forms, so
the form is chosen by CLDR's rules through Babel.
"""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import i18n
import yaml
from babel import Locale
from i18n import translations

from portal_content.errors import ContentError
from portal_content.validation import load_yaml

_NAMES = itertools.count()

PLURAL_FORMS = {"zero", "one", "two", "few", "many", "other"}
"""CLDR's names; a mapping of only these is a plural."""


class StringMissing(LookupError):
    """A key that has no text in a language."""


class Strings:
    """All strings of all languages.

    Args:
        sections: Nested texts by section and language.
    """

    def __init__(self, sections: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
        self._sections = sections
        # python-i18n keeps everything in one place of the process; a name keeps two loads apart.
        self._name = f"{next(_NAMES)}:"
        for (section, lang), texts in sections.items():
            for key, text in flattened(texts):
                translations.add(f"{self._name}{section}.{key}", text, locale=lang)

    def __reduce__(self) -> tuple[type["Strings"], tuple[Any, ...]]:
        """Let another process have the strings: it keeps its own place for them."""
        return (Strings, (self._sections,))

    def text(self, key: str, lang: str, **values: Any) -> str:
        """Return the text of a key, its `%{name}` places filled.

        Raises:
            StringMissing: If there is none in this language.
        """
        if not translations.has(self._name + key, locale=lang):
            raise StringMissing(f"{key} has no text in {lang}")
        return str(i18n.t(self._name + key, locale=lang, **values))

    def plural(self, key: str, lang: str, count: int, **values: Any) -> str:
        """Return the form of a plural that fits a count, `%{count}` filled."""
        form = plural_form(lang, count)
        return self.text(f"{key}.{form}", lang, count=count, **values)

    def section(self, name: str, lang: str) -> dict[str, Any]:
        """Return a whole section, nested as in its file.

        Raises:
            StringMissing: If the section does not exist in this language.
        """
        try:
            return dict(self._sections[name, lang])
        except KeyError:
            raise StringMissing(f"{name} has no file in {lang}") from None

    def sections(self) -> list[tuple[str, str]]:
        """Return every section with its language."""
        return sorted(self._sections)


def plural_form(lang: str, count: int) -> str:
    """Return CLDR's name of the plural form a count takes in a language."""
    return str(Locale.parse(lang).plural_form(count))


def flattened(texts: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Return every text with its dotted key."""
    flat: list[tuple[str, str]] = []
    for key, value in texts.items():
        if isinstance(value, Mapping):
            flat += flattened(value, f"{before}{key}.")
        else:
            flat.append((f"{before}{key}", value))
    return flat


def load_strings(directory: Path) -> Strings:
    """Load every file of a folder.

    Raises:
        ContentError: If a file is no mapping of keys to texts.
    """
    sections: dict[tuple[str, str], Mapping[str, Any]] = {}
    for path in sorted(directory.glob("*.*.yml")):
        section, lang = path.name.split(".")[:2]
        try:
            texts = load_yaml(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise ContentError(path, f"this is not YAML: {error}") from error
        if not isinstance(texts, dict):
            raise ContentError(path, "this must be a list of keys with texts")
        for key, text in flattened(texts):
            if not isinstance(text, str):
                raise ContentError(path, f"{key} must be a text; put it in quotation marks")
        sections[section, lang] = texts
    return Strings(sections)
