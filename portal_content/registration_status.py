"""The one dated statement on whether families can register: content/registration_status.yml."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from portal_content.typed_files import read_typed


class RegistrationStatus(BaseModel):
    """What is known about registration, and since when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    source: str
    confirmed_open: bool
    text: Mapping[str, str]
    """By language."""


def load_registration_status(path: Path) -> RegistrationStatus:
    """Load the statement.

    Raises:
        ContentError: If the file is not such a statement.
    """
    return read_typed(path, TypeAdapter(RegistrationStatus), "a registration status")
