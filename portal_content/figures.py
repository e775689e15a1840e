"""Figures that a source states: content/figures.yml, each with its period."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from portal_content.languages import Code
from portal_content.typed_files import read_typed


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FigurePart(_Part):
    """One bar."""

    id: str = Field(pattern=r"^[a-z_]+$")
    """Its name is the string figures.parts.<id>."""
    count: int = Field(ge=0)


class Period(_Part):
    """First and last day that a figure speaks of."""

    start: date
    end: date


class FigureSource(_Part):
    """Where a figure stands."""

    document: Mapping[Code, str]
    paragraphs: str


class Figure(_Part):
    """One figure; its title is the string figures.titles.<id>."""

    id: str = Field(pattern=r"^[a-z-]+$")
    period: Period
    parts: Annotated[tuple[FigurePart, ...], Field(min_length=1)]
    total: int
    source: FigureSource

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if sum(part.count for part in self.parts) != self.total:
            raise ValueError("the parts do not add up to the total")
        return self


def load_figures(path: Path) -> tuple[Figure, ...]:
    """Load the figures in the order of the file.

    Raises:
        ContentError: If the file is not a list of figures.
    """
    return read_typed(path, TypeAdapter(tuple[Figure, ...]), "figures")
