"""Words of the field in all languages, and the words to keep away from: content/glossary.yml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from portal_content.languages import Code
from portal_content.typed_files import read_typed

ByLanguage = Annotated[Mapping[Code, str], Field(min_length=1)]


class Term(BaseModel):
    """One thing and what it is called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    number: int = Field(ge=1)
    """Place in the list that translators work from."""
    terms: ByLanguage
    """The word to use, by language."""
    public: bool
    """Whether families read it; others are for those who write and translate."""
    plain: ByLanguage
    """How it is explained to a family."""
    avoid: Mapping[Code, tuple[str, ...]] = {}
    """Words that must not stand for it, though a dictionary may offer them."""


class Glossary(BaseModel):
    """All words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    terms: tuple[Term, ...]
    avoid_everywhere: Mapping[Code, Mapping[str, str]]
    """Words that no text may use, each with what to do instead, by language."""

    def public(self) -> tuple[Term, ...]:
        """Return the words that are explained to everybody."""
        return tuple(term for term in self.terms if term.public)

    def avoided(self, lang: str) -> dict[str, str]:
        """Return the words that texts of a language must not use, each with advice."""
        words = dict(self.avoid_everywhere.get(lang, {}))
        for term in self.terms:
            for word in term.avoid.get(lang, ()):
                words[word] = f"→ {term.terms[lang]}"
        return words


def load_glossary(path: Path) -> Glossary:
    """Load the words.

    Raises:
        ContentError: If the file is no glossary.
    """
    return read_typed(path, TypeAdapter(Glossary), "a glossary")
