"""What people type: words that mean the same, and what they ask a page. Editors keep these lists.

One file a language: translations/synonyms/<language>.yml.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from portal_content.typed_files import read_typed

Phrase = Annotated[str, Field(min_length=1, max_length=80)]


class Synonyms(BaseModel):
    """The list of one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    same: tuple[Annotated[tuple[Phrase, ...], Field(min_length=2)], ...] = ()
    """Groups of words or phrases, each of which finds what the others find."""
    asked: Mapping[str, tuple[Phrase, ...]] = {}
    """What people type when they look for a page, by its path."""


def load_synonyms(folder: Path) -> dict[str, Synonyms]:
    """Load the lists by language.

    Raises:
        ContentError: If a file is no such list.
    """
    adapter = TypeAdapter(Synonyms)
    return {
        path.stem: read_typed(path, adapter, "words that people type")
        for path in sorted(folder.glob("*.yml"))
    }
