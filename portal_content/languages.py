"""The languages of the portal: content/languages.yml."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from portal_content.typed_files import read_typed

Code = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$")]


class Language(BaseModel):
    """One language that the portal speaks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    """In addresses and file names."""
    name: str
    """As its speakers call it."""
    direction: Literal["ltr", "rtl"]
    html_lang: str
    """BCP 47 tag of pages."""
    months: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]
    digits: Literal["latin", "arabic"]
    fallback: tuple[Code, ...]
    """Where a page that is missing points to, best first."""
    quick_exit: str = Field(pattern=r"^https://")
    """A harmless page of somebody else."""
    reviewed_by: tuple[str, ...] = ()
    """Who has reviewed translations; empty until a person has."""


def load_languages(path: Path) -> dict[str, Language]:
    """Load the languages by code, in the order of the file.

    Raises:
        ContentError: If the file is not a list of languages.
    """
    languages = read_typed(path, TypeAdapter(tuple[Language, ...]), "languages")
    return {language.code: language for language in languages}
