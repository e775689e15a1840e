"""What a deployer may set about floods; the values here are those of a calm day."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class AbuseSettings(BaseModel):
    """How much is let in, and what it costs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passes: bool = True
    """Whether sending needs a pass. Without, challenges ask for next to nothing."""
    calm_bits: Annotated[int, Field(ge=0, le=18)] = 9
    """Zero bits of each of the 16 puzzles while it is calm: some 8,200 digests in all."""
    calm_passes_a_minute: Annotated[int, Field(ge=1)] = 120
    """More than this in a minute is load: every doubling doubles the work."""
    chunk_bytes_an_hour: Annotated[int, Field(ge=1_000_000)] = 10_000_000_000
    """Bytes of pieces of files that are taken in an hour, from everybody together. Pieces that no
    submission names go after two days: the disk has to hold some fifty times as much."""
    limits: bool = True
    """Whether one address may only ask so often."""
    address_header: str = ""
    """Header in which the web server in front tells the address of who asks; it must overwrite
    what a visitor sends. Empty: the address of the connection, if it is a public one."""
    plain_forms_a_minute: Annotated[float, Field(gt=0)] = 30
    """Forms without script that are taken in; those that come faster wait for their turn."""
    plain_forms_at_once: Annotated[int, Field(ge=1)] = 30
    """Forms without script that may come together before anybody waits."""
    hcaptcha_sitekey: str = ""
    """Public key of hCaptcha; empty: hCaptcha is not used and nobody's browser talks to it."""
    hcaptcha_secret: Path | None = None
    """File with the secret key of hCaptcha."""
    hcaptcha_verification_url: str = ""
    """Where tokens are checked; empty for hCaptcha's own address."""
