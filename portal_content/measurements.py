"""What programs found on the built pages: content/measurements.yml, written by `make audit`."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from portal_content.typed_files import read_typed

FILE = "content/measurements.yml"


class Measurement(BaseModel):
    """What one program found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: Literal["axe", "html", "lighthouse"]
    tool: str
    """Its name and version."""
    pages: int = Field(ge=0)
    found: int = Field(ge=0)


class Measurements(BaseModel):
    """What all programs found on one day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    checks: tuple[Measurement, ...]


def load_measurements(root: Path) -> Measurements | None:
    """Load what was found last; none if nobody has looked yet.

    Raises:
        ContentError: If the file holds something else.
    """
    path = root / FILE
    if not path.exists():
        return None
    return read_typed(path, TypeAdapter(Measurements), "what was measured")
