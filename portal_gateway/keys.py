"""Keys of the protected zone, read once at the start and checked against the public key list."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from portal_gateway.errors import KeysUnfit
from portal_gateway.settings import GatewaySettings
from portal_protocol.age import HybridIdentity, Identity, parse_identity
from portal_protocol.errors import ProtocolError
from portal_protocol.key_list import KeyList, open_key_list
from portal_protocol.notes import SigningKey, parse_signing_key, parse_verify_key


@dataclass(frozen=True)
class Keys:
    """What opens submissions and signs replies."""

    identities: tuple[Identity, ...] = field(repr=False)
    replies: SigningKey = field(repr=False)
    key_list: KeyList


def load_keys(settings: GatewaySettings) -> Keys:
    """Read the keys.

    Raises:
        KeysUnfit: If a file is missing or damaged, if families' browsers would not believe the
            replies key, or if no identity here can open what they seal.
    """
    try:
        key_list = open_key_list(
            settings.key_list.read_text(encoding="utf-8"),
            [parse_verify_key(root) for root in settings.roots],
            deployment=settings.deployment,
        )
        identities = tuple(parse_identity(_secret(path)) for path in settings.identities)
        replies = parse_signing_key(_secret(settings.replies_key))
    except OSError as error:
        raise KeysUnfit(f"{error.filename}: {error.strerror}") from error
    except (ProtocolError, UnicodeDecodeError) as error:
        raise KeysUnfit(f"a key file is damaged: {error}") from error
    if replies.verify_key != key_list.replies:
        raise KeysUnfit("families would not believe replies signed with this key")
    listed = {text for _, text in key_list.recipients}
    held = {i.recipient.text for i in identities if isinstance(i, HybridIdentity)}
    if not listed & held:
        raise KeysUnfit("no identity here opens what is sealed to the key list")
    return Keys(identities, replies, key_list)


def read_credential(settings: GatewaySettings) -> str:
    """Return what the hand-over listener asks for.

    Raises:
        KeysUnfit: If the file cannot be read.
    """
    try:
        return _secret(settings.handover_credential)
    except OSError as error:
        raise KeysUnfit(f"{error.filename}: {error.strerror}") from error


def days_left(keys: Keys, today: date) -> int:
    """Return for how many days browsers still accept the key list."""
    return (keys.key_list.expires - today).days


def _secret(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()
