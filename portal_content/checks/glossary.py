"""No text uses a word that hurts, claims too much, or means something else to a family."""

import re
from collections.abc import Iterator, Mapping

from portal_content.errors import Problem
from portal_content.library import Library
from portal_content.strings import flattened

_QUOTED = re.compile('«[^«»]*»|“[^“”]*”|„[^„“]*“|"[^"\n]*"')
"""A word may be quoted to say that it is not used."""
_MARKS = re.compile("[\N{ARABIC FATHATAN}-\N{ARABIC SUKUN}\N{ARABIC TATWEEL}]")
_ARABIC_PREFIXES = "(?:[وفبلك]{0,2}(?:ال|لل)?)"


def check(library: Library) -> Iterator[Problem]:
    """Report avoided words in pages and strings, with the line and what to do instead."""
    patterns = {lang: _pattern(library.glossary.avoided(lang)) for lang in library.languages}
    for page in library.pages.values():
        advice = library.glossary.avoided(page.lang)
        for text, offset in ((page.body, 0), (page.meta.title, -1), (page.meta.share, -1)):
            for at, word in _found(text, patterns[page.lang]):
                line = 1 if offset < 0 else page.line_at(at)
                yield Problem(page.path, line, _message(word, advice))
    for section, lang in library.strings.sections():
        if lang not in patterns:
            continue
        path = library.root / "translations" / f"{section}.{lang}.yml"
        for key, text in flattened(library.strings.section(section, lang)):
            for _, word in _found(text, patterns[lang]):
                advice = library.glossary.avoided(lang)
                yield Problem(path, 1, f"{key}: {_message(word, advice)}")


def _pattern(words: Mapping[str, str]) -> re.Pattern[str] | None:
    if not words:
        return None
    listed = "|".join(re.escape(_MARKS.sub("", word)) for word in sorted(words))
    return re.compile(rf"(?<!\w){_ARABIC_PREFIXES}(?P<word>{listed})(?!\w)", re.IGNORECASE)


def _found(text: str, pattern: re.Pattern[str] | None) -> Iterator[tuple[int, str]]:
    """Yield offset and word; marks above letters do not count, nor does what is quoted."""
    if pattern is None or not pattern.search(_MARKS.sub("", text)):
        return
    plain = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    kept = [index for index, letter in enumerate(plain) if not _MARKS.match(letter)]
    for match in pattern.finditer("".join(plain[index] for index in kept)):
        yield kept[match.start("word")], match["word"]


def _message(word: str, advice: Mapping[str, str]) -> str:
    folded = {_MARKS.sub("", listed).casefold(): text for listed, text in advice.items()}
    return f"keep away from {word}: {folded[word.casefold()]}"
