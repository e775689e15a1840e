"""Keys of the protected zone, read once at the start and checked against the public key list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from portal_gateway.errors import KeysUnfit
from portal_gateway.known_lists import ListFile
from portal_gateway.settings import GatewaySettings
from portal_protocol.age import Identity
from portal_protocol.age_passphrase import is_sealed, open_with_passphrase
from portal_protocol.errors import PassphraseWrong, ProtocolError
from portal_protocol.key_list import KeyList
from portal_protocol.notes import SigningKey, parse_signing_key, parse_verify_key
from portal_protocol.secret_files import read_identity, read_secret

AskPassphrase = Callable[[str], str]
"""Returns the passphrase that somebody gives for the key with this name."""
TRIES = 3
"""Passphrases asked for before a key is given up."""


@dataclass(frozen=True)
class Keys:
    """What opens submissions and signs replies."""

    identities: tuple[Identity, ...] = field(repr=False)
    replies: SigningKey = field(repr=False)
    lists: ListFile = field(repr=False)

    @property
    def key_list(self) -> KeyList:
        """The key list that families use now; a new one needs no restart."""
        return self.lists.current


def nobody_to_ask(name: str) -> str:
    """Stand for a service that nobody sits at.

    Raises:
        KeysUnfit: Always.
    """
    raise KeysUnfit(f"{name} is protected and nobody was there to type its passphrase")


class SecretFiles:
    """Opens files with keys; a passphrase that was given opens every file that it fits.

    Args:
        ask: Asks for a passphrase; what it returns is kept in memory and nowhere else.
        protected_only: Whether to refuse keys that anybody who copies the file can use.
    """

    def __init__(self, ask: AskPassphrase, *, protected_only: bool = False) -> None:
        self._ask = ask
        self._protected_only = protected_only
        self._given: list[str] = []

    def read(self, path: Path) -> str:
        """Return the text of a file.

        Raises:
            KeysUnfit: If it is not protected and has to be.
            PassphraseWrong: If no passphrase that was given fits; it names the file.
            ProtocolError: If it is damaged.
            OSError: If it cannot be read.
        """
        content = path.read_bytes()
        if not is_sealed(content):
            if self._protected_only:
                raise KeysUnfit(f"{path.name} is not protected by a passphrase")
            return content.decode("ascii")
        for passphrase in self._passphrases(path.name):
            try:
                return open_with_passphrase(content, passphrase).decode("ascii")
            except PassphraseWrong:
                continue
        raise PassphraseWrong(path.name)

    def _passphrases(self, name: str) -> Iterator[str]:
        """Yield what was given before, also what did not fit then, and what is given now."""
        yield from tuple(self._given)
        for _ in range(TRIES):
            self._given.append(self._ask(name))
            yield self._given[-1]


def load_keys(settings: GatewaySettings, ask: AskPassphrase = nobody_to_ask) -> Keys:
    """Read the keys.

    Args:
        settings: Where they are.
        ask: Asks for the passphrase of those that are protected.

    Raises:
        KeysUnfit: If a file is missing or damaged, if families' browsers would not believe the
            replies key, or if no identity here can open what they seal.
    """
    files = SecretFiles(ask, protected_only=settings.protected_only)
    try:
        lists = ListFile(
            settings.key_list,
            [parse_verify_key(root) for root in settings.roots],
            deployment=settings.deployment,
        )
        identities = tuple(read_identity(files.read(path)) for path in settings.identities)
        replies = parse_signing_key(read_secret(files.read(settings.replies_key)))
    except OSError as error:
        raise KeysUnfit(f"{error.filename}: {error.strerror}") from error
    except PassphraseWrong as error:
        raise KeysUnfit(f"no passphrase that was given opens {error}") from error
    except (ProtocolError, UnicodeDecodeError) as error:
        raise KeysUnfit(f"a key file is damaged: {error}") from error
    if replies.verify_key != lists.current.replies:
        raise KeysUnfit("families would not believe replies signed with this key")
    listed = {text for _, text in lists.current.recipients}
    held = {identity.recipient.text for identity in identities}
    if not listed & held:
        raise KeysUnfit("no identity here opens what is sealed to the key list")
    return Keys(identities, replies, lists)


def read_credential(settings: GatewaySettings) -> str:
    """Return what the hand-over listener asks for.

    Raises:
        KeysUnfit: If the file cannot be read.
    """
    try:
        return settings.handover_credential.read_text(encoding="ascii").strip()
    except OSError as error:
        raise KeysUnfit(f"{error.filename}: {error.strerror}") from error


def days_left(keys: Keys, today: date) -> int:
    """Return for how many days browsers still accept the key list."""
    return (keys.key_list.expires - today).days
