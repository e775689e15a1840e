"""Every section of strings has the same keys in all its languages; plurals have CLDR's forms."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel import Locale

from portal_content.errors import Problem
from portal_content.library import Library
from portal_content.strings import PLURAL_FORMS, Strings

_PLACE = re.compile(r"%\{\w+\}")
SOURCE = "en"
"""Language whose keys the others are held against."""
CONSENTS = "consents"


def check(library: Library) -> Iterator[Problem]:
    """Report keys that are missing or too many, places that differ, and wrong plural forms."""
    for section, lang in library.strings.sections():
        path = library.root / "translations" / f"{section}.{lang}.yml"
        yield from _against_source(library.strings, section, lang, path)
        own = library.strings.section(section, lang)
        for key, forms in _plurals(own):
            wanted = {*Locale.parse(lang).plural_form.tags, "other"}
            if set(forms) != wanted:
                message = f"{key} needs exactly the forms {', '.join(sorted(wanted))}"
                yield Problem(path, 1, message)


def _against_source(strings: Strings, section: str, lang: str, path: Path) -> Iterator[Problem]:
    source = dict(_texts(strings.section(section, SOURCE)))
    own = dict(_texts(strings.section(section, lang)))
    missing = source.keys() - own.keys()
    if section == CONSENTS:
        # A whole text may be missing: then nobody is asked for it in that language.
        begun = {_version_of(key) for key in own}
        missing = {key for key in missing if _version_of(key) in begun}
    for key in sorted(missing):
        yield Problem(path, 1, f"{key} is missing")
    for key in sorted(own.keys() - source.keys()):
        yield Problem(path, 1, f"{key} does not exist in {section}.{SOURCE}.yml")
    for key in sorted(source.keys() & own.keys()):
        if set(_PLACE.findall(source[key])) != set(_PLACE.findall(own[key])):
            yield Problem(path, 1, f"{key} must have the places {_PLACE.findall(source[key])}")


def _version_of(key: str) -> str:
    """Return consent and version of a key such as `C7.v1.risk`."""
    return ".".join(key.split(".")[:2])


def _is_plural(value: Any) -> bool:
    return isinstance(value, Mapping) and "other" in value and set(value) <= PLURAL_FORMS


def _texts(texts: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield texts by key; a plural counts once, with all its forms together."""
    for key, value in texts.items():
        if _is_plural(value):
            yield f"{before}{key}", " ".join(value.values())
        elif isinstance(value, Mapping):
            yield from _texts(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _plurals(texts: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, value in texts.items():
        if _is_plural(value):
            yield f"{before}{key}", value
        elif isinstance(value, Mapping):
            yield from _plurals(value, f"{before}{key}.")
