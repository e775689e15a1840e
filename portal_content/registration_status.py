"""The one dated statement on whether families can register: content/registration_status.yml."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from portal_content.errors import ContentError


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
    try:
        return RegistrationStatus.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise ContentError(path, f"this is not a registration status: {error}") from error
