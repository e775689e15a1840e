"""What the protected service must be told; nothing here reads the environment."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from portal_gateway.connectors.settings import ConnectorSettings, check_names


class OpenIdSettings(BaseModel):
    """A provider at which officers can sign in, and how the register is known there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    """Address of the provider, exactly as its tokens name it."""
    client_id: str
    client_secret: Path
    """File with the client's secret; only the service may read it."""
    register_url: str
    """Address under which officers' browsers reach the register."""
    claim: str = "preferred_username"
    """Which claim is the name of the account here."""
    acr: str = ""
    """Authentication context that a token must have, for instance one with two factors."""


class GatewaySettings(BaseModel):
    """Settings of the gateway and its register, read once and passed by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path
    """Folder with content/ and translations/."""
    database_url: str
    """SQLAlchemy address of the register: SQLite or PostgreSQL."""
    attachments: Path
    """Folder for sealed deliveries and opened files; only the service may read it."""
    handover_url: str
    """Address of the portal's hand-over listener."""
    handover_credential: Path
    """File with the credential that the hand-over listener asks for."""
    identities: tuple[Path, ...]
    """Files with the age identities that open submissions; each is tried. None on a machine that
    only carries."""
    protected_only: bool = False
    """Whether keys must be protected by a passphrase."""
    replies_key: Path
    """File with the private key that signs replies."""
    code_key: Path
    """File with the key that seals the secrets of officers' one-time codes; made if missing."""
    key_list: Path
    """File with the signed key list that families' browsers use."""
    roots: tuple[str, ...]
    """Public root keys that must have signed the key list."""
    deployment: str
    """Short name that the key list must carry."""
    host: str = "127.0.0.1"
    register_port: int = 8402
    register_hosts: tuple[str, ...] = ()
    """Names under which officers reach the register, beside `host` and the loopback names."""
    carried: bool = False
    """Whether no line leads to the portal and folders are carried instead."""
    intake_folder: Path | None = None
    """Folder that is looked at for sealed files which somebody brought; none for no such folder."""
    openid: OpenIdSettings | None = None
    """Where officers sign in beside name, password and code; none if nowhere else."""
    pull_every_seconds: float = Field(default=2.0, gt=0)
    connectors: tuple[ConnectorSettings, ...] = ()
    """Other systems that cases are brought to."""

    _names = field_validator("connectors")(check_names)
