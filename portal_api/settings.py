"""Settings of the public zone: given by hand to whoever needs them, read from nowhere here."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from portal_api.abuse.settings import AbuseSettings

Sha256Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Port = Annotated[int, Field(ge=0, le=65_535)]


class ApiSettings(BaseModel):
    """Everything the public service needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path
    """Folder with content/, translations/ and theme/."""
    database_url: str
    """SQLAlchemy address: sqlite:///… or postgresql://…"""
    blobs: Path
    """Folder for pieces of sealed files."""
    key_list: Path
    """The signed key list; `<name>.previous` beside it holds the one before."""
    roots: tuple[str, ...]
    """Verification keys of the roots that sign key lists."""
    deployment: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    receipt_key: Path
    """Private key that receipts are signed with."""
    site_directory: Path | None = None
    """The built site. Without it nothing but /v1 is served: answers need its pages as shells."""
    handover_credential_sha256: Sha256Hex
    """Digest of the gateway's credential; the credential itself is not kept in this zone."""
    allowed_origin: str | None = None
    """Origin of the site if another host serves it."""
    host: str = "127.0.0.1"
    port: Port = 8400
    handover_host: str = "127.0.0.1"
    handover_port: Port = 8401
    acknowledged_grace_days: Annotated[int, Field(ge=0)] = 7
    """Days that a submission stays after the gateway has it, in case the gateway loses it."""
    unreferenced_chunk_hours: Annotated[int, Field(ge=24)] = 48
    """Hours that a piece waits for its submission; at least this long, up to a day longer."""
    mailbox_days: Annotated[int, Field(ge=1)] = 90
    """Days that an answer waits in its mailbox."""
    unconfirmed_seat_days: Annotated[int, Field(ge=1)] = 3
    """Days that a seat waits until the gateway has the submission it belongs to."""
    seat_days_after: Annotated[int, Field(ge=0)] = 14
    """Days after a meeting until its seats are forgotten."""
    abuse: AbuseSettings = AbuseSettings()
    """What keeps floods out."""
