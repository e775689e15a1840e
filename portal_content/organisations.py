"""Bodies that work on the missing, and helpers near people: content/organisations.yml."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from portal_content.languages import Code
from portal_content.typed_files import read_typed

ByLanguage = Annotated[Mapping[Code, str], Field(min_length=1)]


class OrganisationKind(StrEnum):
    """What sort of body."""

    INSTITUTION = "institution"
    """The Institution that this portal is for."""
    STATE = "state"
    RED_CROSS = "red_cross"
    UNITED_NATIONS = "united_nations"
    INTERGOVERNMENTAL = "intergovernmental"
    ASSOCIATION = "association"
    """Of families, victims or survivors."""
    HELPER = "helper"
    """Gives support near people; stands in the directory of help."""


class Help(StrEnum):
    """Kinds of help (Secretary-General's report, paragraphs 15 and 32)."""

    PROTECTION = "protection"
    LIVELIHOOD = "livelihood"
    REINTEGRATION = "reintegration"
    PSYCHOSOCIAL = "psychosocial"
    LEGAL = "legal"
    DOCUMENTS = "documents"
    EDUCATION = "education"
    HOUSING_LAND_PROPERTY = "housing_land_property"
    CHILDREN = "children"


class Organisation(BaseModel):
    """One body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    kind: OrganisationKind
    acronym: str = ""
    """Latin letters that tell it from bodies with similar names."""
    name: ByLanguage
    does: ByLanguage
    """What it does."""
    expect: ByLanguage
    """What a family can expect, and what not."""
    help: tuple[Help, ...] = ()
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = ()
    """ISO 3166 codes; empty if it works anywhere."""
    languages: tuple[Code, ...] = ()
    free_of_charge: bool
    web: str = Field(default="", pattern=r"^$|^[a-z0-9.-]+$")
    """Host name alone, without a protocol."""
    email: str = Field(default="", pattern=r"^$|^[^@\s]+@[^@\s]+$")
    """Address for one purpose that a page speaks of; whoever runs this portal checks it again."""
    placeholder: bool = False
    """True until whoever runs this portal has set the real entry."""
    reviewed_on: date | None = None
    """When a person last checked the entry."""
    source: str


def load_organisations(path: Path) -> tuple[Organisation, ...]:
    """Load the bodies in the order of the file.

    Raises:
        ContentError: If the file is not a list of bodies.
    """
    return read_typed(path, TypeAdapter(tuple[Organisation, ...]), "organisations")
