"""Ready wordings of answers, in the six languages: a start, which an officer reads and changes."""

from collections.abc import Mapping
from datetime import date

from portal_content.dates import day_in_words
from portal_content.library import Library

WORDINGS: Mapping[str, str] = {
    "reading": "review",
    "talk": "action",
    "more": "action",
    "passed": "review",
    "added": "answer",
    "closed": "answer",
}
"""Wordings by key, with the kind of answer each belongs to; texts stand below `wordings`."""


def ready_wording(library: Library, key: str, lang: str, written_on: date) -> str:
    """Return a wording with its places filled.

    Args:
        library: Words and languages.
        key: One of `WORDINGS`.
        lang: Language of the answer.
        written_on: Day on which the family wrote; the only thing that is filled in. Names and
            references are not: the answer says nothing that the family did not say itself.
    """
    day = day_in_words(written_on, library.languages[lang])
    return library.strings.text(f"wordings.{key}", lang, day=day)
