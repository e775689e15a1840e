"""The rules by which the words of a language are brought into one shape: rules.yml, beside this."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter

from portal_content.typed_files import read_typed

Words = Annotated[
    tuple[str, ...], BeforeValidator(lambda v: v.split() if isinstance(v, str) else v)
]
"""Words with spaces between them."""
_FILE = Path(__file__).with_name("rules.yml")


class LanguageRules(BaseModel):
    """The rules of one language; what each means stands at the head of rules.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prefixes: Words = ()
    articles: Words = ()
    loose: Words = ()
    suffixes: Words = ()
    rounds: int
    shortest: int
    drop: str
    first: str
    same: Mapping[str, str] = {}
    slips: Mapping[str, str] = {}
    heard: Mapping[str, str] = {}
    spellings: Mapping[str, str] = {}
    stop: Words = ()


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    letters: Mapping[str, str]
    latin: LanguageRules
    languages: Mapping[str, LanguageRules]


@cache
def _rules() -> _Rules:
    return read_typed(_FILE, TypeAdapter(_Rules), "rules of the search")


def letters() -> Mapping[str, str]:
    """Return what single letters are replaced by, beyond what Unicode takes apart itself."""
    return _rules().letters


def rules_of(lang: str) -> LanguageRules:
    """Return the rules of a language; one that has none is searched as Latin letters are."""
    return _rules().languages.get(lang, _rules().latin)


def for_browser(lang: str) -> dict[str, Any]:
    """Return the rules of a language as the browser's twin reads them."""
    return {"letters": dict(letters()), **rules_of(lang).model_dump(mode="json")}
