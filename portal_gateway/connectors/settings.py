"""What must be said of each receiving system; secrets are named by the files they lie in."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from portal_gateway.connectors.consent import OWN, RECIPIENTS

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Receiver(_Strict):
    name: Name
    """Never changes: what was handed over is remembered under it."""
    recipient: Literal[
        "own",
        "icrc_red_crescent",
        "icmp",
        "family_associations",
        "un_bodies",
        "humanitarian_organisations",
        "national",
    ]
    """Whose system it is; consent decides by that, so a wrong word here breaks a promise."""
    agreement: str = ""
    """The agreement under which others are handed anything; families were promised one."""

    @model_validator(mode="after")
    def _others_by_agreement(self) -> "_Receiver":
        if self.recipient not in RECIPIENTS:
            raise ValueError("unknown recipient")
        if self.recipient != OWN and not self.agreement.strip():
            raise ValueError("say under which agreement this recipient is handed anything")
        return self


class FolderSettings(_Receiver):
    """A folder for an air gap."""

    kind: Literal["folder"]
    folder: Path
    """It has to be there: a folder that is made by itself would hide a disk that is missing."""
    signing_key: Path
    """File with the key that signs the index: `portal keys signing`."""
    seal_to: tuple[str, ...] = ()
    """age recipients that what lies there is sealed to; none for files that anybody can read."""


class TlsSettings(_Strict):
    """Certificates; empty for what the machine believes."""

    authorities: Path | None = None
    certificate: Path | None = None


class TokenSettings(_Strict):
    """An OpenID Connect provider that gives access tokens for client credentials."""

    url: str
    """The token endpoint."""
    client_id: str
    client_secret: Path
    """File with the secret."""
    scope: str = ""
    audience: str = ""


class WebhookSettings(_Receiver):
    """An address that is sent CloudEvents; with `token` a REST interface behind OpenID Connect."""

    kind: Literal["webhook"]
    url: str
    source: str
    """Who sends, as an address, for instance that of the site."""
    signing_key: Path | None = None
    """File with the key for `v1a`; to be preferred, the receiver then holds no secret."""
    secret: Path | None = None
    """File with the shared secret for `v1`."""
    thin: bool = False
    """Say only that something changed."""
    token: TokenSettings | None = None
    tls: TlsSettings = TlsSettings()

    @model_validator(mode="after")
    def _signed(self) -> "WebhookSettings":
        if self.signing_key is None and self.secret is None:
            raise ValueError("a webhook is signed: name a signing key, a shared secret or both")
        return self


class PrimeroSettings(_Receiver):
    """A Primero v2 instance."""

    kind: Literal["primero"]
    url: str
    user: str
    password: Path
    """File with the password of the connector's user."""
    module: str = "primeromodule-cp"
    owner: str = ""
    causes: dict[str, str] = {}
    relations: dict[str, str] = {}
    languages: dict[str, str] = {}
    locations: dict[str, str] = {}
    texts: dict[str, str] = {}
    tls: TlsSettings = TlsSettings()


ConnectorSettings = Annotated[
    FolderSettings | WebhookSettings | PrimeroSettings, Field(discriminator="kind")
]


def check_names(connectors: tuple[ConnectorSettings, ...]) -> tuple[ConnectorSettings, ...]:
    """Let no two receivers have one name.

    Raises:
        ValueError: If two have.
    """
    names = [connector.name for connector in connectors]
    if len(set(names)) != len(names):
        raise ValueError("two connectors have the same name")
    return connectors
