"""Official channels: content/channels.yml, the one place where a contact is written down."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from portal_content.typed_files import read_typed


class Channel(BaseModel):
    """A way the Institution uses, or used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Literal[
        "domain",
        "email",
        "email_domain",
        "phone",
        "messenger",
        "social",
        "postal",
        "event",
        "role",
    ]
    value: str
    status: Literal["active", "retired", "compromised"]
    placeholder: bool
    """True until the deployer has set the real value."""
    valid_from: date | None = None
    valid_to: date | None = None
    reviewed_on: date | None = None
    source: str = ""
    used_for: Mapping[str, str]
    """By language."""
    never_used_for: Mapping[str, str]


def load_channels(path: Path) -> tuple[Channel, ...]:
    """Load the registry.

    Raises:
        ContentError: If the file is not a list of channels.
    """
    return read_typed(path, TypeAdapter(tuple[Channel, ...]), "channels")
