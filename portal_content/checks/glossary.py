"""No text uses a word that hurts, claims too much, or means something else to a family."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from portal_content.errors import Problem
from portal_content.glossary import Glossary
from portal_content.library import Library
from portal_content.pages import Page

_QUOTED = re.compile('«[^«»]*»|“[^“”]*”|„[^„“]*“|"[^"\n]*"')
"""A word may be quoted to say that it is not used."""
_MARKS = re.compile("[\N{ARABIC FATHATAN}-\N{ARABIC SUKUN}\N{ARABIC TATWEEL}]")
_ARABIC_PREFIXES = "(?:[وفبلك]{0,2}(?:ال|لل)?)"
_ONE_LETTER = str.maketrans("أإآİı", "اااii")
"""Letters that people type for one another; one for one, so that offsets hold."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_GLOSSARY = "glossary.yml"
"""Lists the words itself."""


@dataclass(frozen=True)
class Avoided:
    """The words that texts of one language must not use.

    Args:
        words: Advice by word.
    """

    words: Mapping[str, str]

    def found(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield offset and message of each; vowel marks do not count, nor does what is quoted."""
        if not self.may_be_in(text):
            return
        plain = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text.translate(_ONE_LETTER))
        kept = [index for index, letter in enumerate(plain) if not _MARKS.match(letter)]
        for match in self._pattern.finditer("".join(plain[index] for index in kept)):
            start, end = kept[match.start("word")], kept[match.end("word") - 1] + 1
            advice = self._advice[_folded(match["word"])]
            word = " ".join(_MARKS.sub("", text[start:end]).split())
            yield start, f"keep away from {word}: {advice}"

    def may_be_in(self, text: str) -> bool:
        """Tell quickly whether a text needs a closer look."""
        letters = _MARKS.sub("", text.translate(_ONE_LETTER))
        return bool(self.words) and self._pattern.search(letters) is not None

    @cached_property
    def _advice(self) -> dict[str, str]:
        return {_folded(word): advice for word, advice in self.words.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        listed = "|".join(
            r"\s+".join(map(re.escape, word.split())) for word in sorted(self._advice, reverse=True)
        )
        return re.compile(rf"(?<!\w){_ARABIC_PREFIXES}(?P<word>{listed})(?!\w)", re.IGNORECASE)


def check(library: Library) -> Iterator[Problem]:
    """Report avoided words in pages, lists and strings, with the line and what to do instead."""
    avoided = avoided_words(library.glossary, library.languages)
    for page in library.pages.values():
        yield from _in_page(page, avoided[page.lang])
    for path in sorted((library.root / "content").rglob("*.yml")):
        if path.name != _GLOSSARY:
            yield from in_lists(path, avoided)
    for path in sorted((library.root / "translations").glob("*.yml")):
        lang = path.name.split(".")[1]
        if lang in avoided:
            yield from in_lists(path, {lang: avoided[lang]}, lang)


def avoided_words(glossary: Glossary, languages: Mapping[str, object]) -> dict[str, Avoided]:
    """Return the words to keep away from, by language."""
    return {lang: Avoided(glossary.avoided(lang)) for lang in languages}


def in_lists(path: Path, avoided: Mapping[str, Avoided], lang: str = "") -> Iterator[Problem]:
    """Report avoided words in a YAML file.

    Args:
        path: The file.
        avoided: The words, by language.
        lang: Language of the whole file; without it, of what stands under a language's code.
    """
    text = path.read_text(encoding="utf-8")
    if any(words.may_be_in(text) for words in avoided.values()):
        yield from _in_tree(path, yaml.compose(text, Loader=_LOADER), avoided, lang, 1)


def _in_page(page: Page, avoided: Avoided) -> Iterator[Problem]:
    meta = page.meta
    doors = " ".join(f"{door.title} {door.text}" for door in meta.doors)
    head = (meta.title, meta.neutral_title, meta.description, meta.share, doors)
    if avoided.may_be_in("\n".join(head)):
        source = page.path.read_text(encoding="utf-8").split("\n---\n", 1)[0]
        tree = yaml.compose(source.removeprefix("---\n"), Loader=_LOADER)
        yield from _in_tree(page.path, tree, {page.lang: avoided}, page.lang, 2)
    for offset, message in avoided.found(page.body):
        yield Problem(page.path, page.line_at(offset), message)


def _in_tree(
    path: Path, node: Any, avoided: Mapping[str, Avoided], lang: str, first_line: int
) -> Iterator[Problem]:
    """Follow the tree of a file; a key that is a language's code says what is below it."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = key.value if key.value in avoided else lang
            yield from _in_tree(path, value, avoided, below, first_line)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _in_tree(path, value, avoided, lang, first_line)
    elif isinstance(node, yaml.ScalarNode) and lang in avoided:
        for _, message in avoided[lang].found(node.value):
            yield Problem(path, first_line + int(node.start_mark.line), message)


def _folded(word: str) -> str:
    return " ".join(_MARKS.sub("", word.translate(_ONE_LETTER)).casefold().split())
