"""Opening: from what the deployer said to connectors that are ready."""

from pathlib import Path

from portal_gateway.connectors.folder import FolderConnector
from portal_gateway.connectors.interface import Connector
from portal_gateway.connectors.primero.connector import Primero
from portal_gateway.connectors.primero.instance import Instance
from portal_gateway.connectors.primero.mapping import CAUSES, Wording
from portal_gateway.connectors.settings import (
    ConnectorSettings,
    FolderSettings,
    PrimeroSettings,
    TlsSettings,
    TokenSettings,
    WebhookSettings,
)
from portal_gateway.connectors.signatures import SecretUnfit, Signer, read_secret
from portal_gateway.connectors.tokens import Tokens
from portal_gateway.connectors.web import AddressUnfit, Line, Tls
from portal_gateway.connectors.webhook import Webhook
from portal_gateway.errors import GatewayError
from portal_protocol.age import parse_recipient
from portal_protocol.errors import ProtocolError
from portal_protocol.notes import SigningKey, parse_signing_key


class ConnectorUnfit(GatewayError):
    """A connector cannot be opened as it is set; the message names it and what is wrong."""


def open_connectors(settings: tuple[ConnectorSettings, ...]) -> tuple[Connector, ...]:
    """Open every connector; nothing is sent yet.

    Raises:
        ConnectorUnfit: If a file is missing or an address is none.
    """
    return tuple(_open(one) for one in settings)


def _open(settings: ConnectorSettings) -> Connector:
    try:
        match settings:
            case FolderSettings():
                return _folder(settings)
            case WebhookSettings():
                return _webhook(settings)
            case PrimeroSettings():
                return _primero(settings)
    except OSError as error:
        raise ConnectorUnfit(f"{settings.name}: {error.filename}: {error.strerror}") from error
    except (AddressUnfit, SecretUnfit, ProtocolError, UnicodeDecodeError) as error:
        raise ConnectorUnfit(f"{settings.name}: {error}") from error


def _folder(settings: FolderSettings) -> FolderConnector:
    seal_to = tuple(parse_recipient(text) for text in settings.seal_to)
    if len({recipient.post_quantum for recipient in seal_to}) > 1:
        raise ConnectorUnfit(f"{settings.name}: seal_to mixes age1pq1… with older recipients")
    return FolderConnector(
        name=settings.name,
        recipient=settings.recipient,
        folder=settings.folder,
        key=_signing_key(settings.signing_key),
        seal_to=seal_to,
    )


def _webhook(settings: WebhookSettings) -> Webhook:
    signer = Signer(
        key=_signing_key(settings.signing_key) if settings.signing_key else None,
        secret=read_secret(_secret(settings.secret)) if settings.secret else b"",
    )
    return Webhook(
        name=settings.name,
        recipient=settings.recipient,
        line=Line(settings.url, _tls(settings.tls)),
        signer=signer,
        source=settings.source,
        tokens=_tokens(settings.token, settings.tls) if settings.token else None,
        thin=settings.thin,
    )


def _tokens(settings: TokenSettings, tls: TlsSettings) -> Tokens:
    return Tokens(
        line=Line(settings.url, _tls(tls)),
        client_id=settings.client_id,
        client_secret=_secret(settings.client_secret),
        scope=settings.scope,
        audience=settings.audience,
    )


def _primero(settings: PrimeroSettings) -> Primero:
    line = Line(settings.url, _tls(settings.tls))
    wording = Wording(
        causes={**CAUSES, **settings.causes},
        relations=settings.relations,
        languages=settings.languages,
        locations=settings.locations,
        texts=settings.texts,
    )
    instance = Instance(line, settings.user, _secret(settings.password), settings.module)
    return Primero(settings.name, settings.recipient, instance, wording, settings.owner)


def _tls(settings: TlsSettings) -> Tls:
    return Tls(settings.authorities, settings.certificate)


def _signing_key(path: Path) -> SigningKey:
    return parse_signing_key(_secret(path))


def _secret(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()
