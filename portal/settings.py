"""Settings: portal.toml and the environment, read once, turned into the settings of each zone."""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from portal_api.abuse.settings import AbuseSettings
from portal_api.settings import ApiSettings
from portal_gateway.connectors.settings import ConnectorSettings
from portal_gateway.settings import GatewaySettings, OpenIdSettings
from portal_site.settings import SiteSettings

ROOT = Path(__file__).resolve().parents[1]
"""Folder of the project: content, translations, theme."""
IDENTITY, RECIPIENT = ".identity", ".recipient"
"""Endings of the two halves of a key that opens submissions."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ApiPart(_Part):
    """What a deployer may set for the public service."""

    database_url: str = ""
    """SQLAlchemy address; empty for SQLite below the data folder."""
    allowed_origin: str | None = None
    """Origin of the site if it is served by another host; none if the service serves the site."""
    port: int = 8400
    handover_host: str = "127.0.0.1"
    handover_port: int = 8401
    serve_site: bool = True
    abuse: AbuseSettings = AbuseSettings()
    """What keeps floods out; the defaults are for a calm day and stop no person."""


class GatewayPart(_Part):
    """What a deployer may set for the protected service."""

    database_url: str = ""
    """SQLAlchemy address of the register; empty for SQLite below the data folder."""
    handover_url: str = ""
    """Address of the hand-over listener; empty for the one on this machine."""
    identities: Path | None = None
    """Folder with the identities, for instance a stick; empty for the protected zone's own."""
    carried: bool = False
    """Whether folders are carried between here and a machine that reaches the portal."""
    register_port: int = 8402
    intake_folder: Path | None = None
    """Folder that is looked at for sealed files which somebody brought."""
    openid: OpenIdSettings | None = None
    """Provider at which officers can sign in, too."""
    pull_every_seconds: float = Field(default=2.0, gt=0)
    connectors: tuple[ConnectorSettings, ...] = ()
    """Other systems that cases are brought to; see docs/connectors.md."""


class PortalSettings(BaseSettings):
    """Everything that can be set, from portal.toml and then from PORTAL_… variables."""

    model_config = SettingsConfigDict(
        env_prefix="PORTAL_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    environment: Literal["demonstration", "production"] = "demonstration"
    deployment: str = Field(default="iimp-demo", pattern=r"^[a-z0-9-]{1,40}$")
    """Short name in key list, bundle and derivations; it never changes after the first code."""
    data: Path = ROOT / "var"
    """Folder with keys, databases and blobs; never in git."""
    site: Path = ROOT / "site"
    """Folder that the build writes."""
    host: str = "127.0.0.1"
    base_url: str = ""
    """Address of the site in public; empty for the one on this machine."""
    api_url: str = ""
    """Address of the public service for the browser; empty if it also serves the site."""
    api: ApiPart = ApiPart()
    gateway: GatewayPart = GatewayPart()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over portal.toml; read nothing else."""
        del dotenv_settings, file_secret_settings
        toml = TomlConfigSettingsSource(settings_cls, ROOT / "portal.toml")
        return (init_settings, env_settings, toml)

    @property
    def public_url(self) -> str:
        """Address of the site, without a slash at the end."""
        return (self.base_url or f"http://{self.host}:{self.api.port}").rstrip("/")

    @property
    def register_url(self) -> str:
        """Address of the officers' register."""
        return f"http://{self.host}:{self.gateway.register_port}"


class DataFolders:
    """Where each zone keeps its things; one folder a zone, so that zones can be moved apart."""

    def __init__(self, data: Path) -> None:
        self.offline = data / "offline"
        self.public = data / "public"
        self.protected = data / "protected"
        self.roots = self.public / "roots.txt"
        self.key_list = self.public / "keys.note"
        self.release = self.public / "release.note"
        self.receipt_key = self.public / "receipts.key"
        self.log_key = self.public / "log.key"
        self.credential_digest = self.public / "handover-credential.sha256"
        self.credential = self.protected / "handover-credential"
        self.replies_key = self.protected / "replies.key"
        self.code_key = self.protected / "one-time-codes.key"
        self.letters_key = self.protected / "letters.key"
        self.old_lists = self.public / "key-lists"
        self.officer = self.protected / "demonstration-officer"
        self.officer_secret = self.protected / "demonstration-officer-codes"
        self.site_settings = data / "site.json"
        self.site_workshop = data / "build"

    def read_roots(self) -> tuple[str, ...]:
        """Return the public root keys, or nothing before keys exist."""
        if not self.roots.exists():
            return ()
        return tuple(self.roots.read_text(encoding="ascii").split())


def site_settings(settings: PortalSettings, *, downloads: bool = False) -> SiteSettings:
    """Return what the build of the site needs.

    Args:
        settings: Of this installation.
        downloads: Whether to make the files to take along.
    """
    folders = DataFolders(settings.data)
    return SiteSettings(
        root=ROOT,
        site_directory=settings.site,
        cache_directory=folders.site_workshop,
        environment=settings.environment,
        base_url=settings.public_url,
        api_url=settings.api_url,
        deployment=settings.deployment,
        roots=folders.read_roots(),
        downloads=downloads,
        key_list=folders.key_list,
        release=folders.release,
        hcaptcha_sitekey=settings.api.abuse.hcaptcha_sitekey,
    )


def api_settings(settings: PortalSettings) -> ApiSettings:
    """Return what the public service needs; it gets no path into another zone's folder."""
    folders = DataFolders(settings.data)
    database = f"sqlite:///{folders.public / 'portal.sqlite'}"
    return ApiSettings(
        root=ROOT,
        database_url=settings.api.database_url or database,
        blobs=folders.public / "blobs",
        key_list=folders.key_list,
        roots=folders.read_roots(),
        deployment=settings.deployment,
        receipt_key=folders.receipt_key,
        # The shells that its answers are put into come from the build, whoever serves the pages.
        site_directory=settings.site,
        handover_credential_sha256=folders.credential_digest.read_text(encoding="ascii").strip(),
        allowed_origin=settings.api.allowed_origin,
        host=settings.host,
        port=settings.api.port,
        handover_host=settings.api.handover_host,
        handover_port=settings.api.handover_port,
        abuse=settings.api.abuse,
    )


def gateway_settings(settings: PortalSettings) -> GatewaySettings:
    """Return what the protected service needs."""
    folders = DataFolders(settings.data)
    database = f"sqlite:///{folders.protected / 'register.sqlite'}"
    handover = f"http://{settings.api.handover_host}:{settings.api.handover_port}"
    return GatewaySettings(
        root=ROOT,
        database_url=settings.gateway.database_url or database,
        attachments=folders.protected / "attachments",
        handover_url=settings.gateway.handover_url or handover,
        handover_credential=folders.credential,
        identities=held_identities(settings),
        protected_only=settings.environment == "production",
        carried=settings.gateway.carried,
        replies_key=folders.replies_key,
        code_key=folders.code_key,
        key_list=folders.key_list,
        roots=folders.read_roots(),
        deployment=settings.deployment,
        host=settings.host,
        register_port=settings.gateway.register_port,
        intake_folder=settings.gateway.intake_folder,
        openid=settings.gateway.openid,
        pull_every_seconds=settings.gateway.pull_every_seconds,
        connectors=settings.gateway.connectors,
    )


def identity_folder(settings: PortalSettings) -> Path:
    """Return the folder that the gateway takes its identities from."""
    return settings.gateway.identities or DataFolders(settings.data).protected


def held_identities(settings: PortalSettings) -> tuple[Path, ...]:
    """Return the files of every identity that the gateway holds."""
    return tuple(sorted(identity_folder(settings).glob(f"*{IDENTITY}")))


def credential_digest(credential: str) -> str:
    """Return what the public zone keeps of the gateway's credential."""
    return hashlib.sha256(credential.encode("ascii")).hexdigest()
