"""Passphrases: typed at a terminal, or read from a descriptor by a service; never from elsewhere.

What stands on a command line or in the environment is seen by other users and kept in histories.
"""

import getpass
import os
from pathlib import Path

from portal_gateway.errors import KeysUnfit
from portal_gateway.keys import AskPassphrase, SecretFiles, nobody_to_ask
from portal_gateway.server import keep_private
from portal_protocol.notes import SigningKey, parse_signing_key
from portal_protocol.secret_files import LEAST_LETTERS, read_secret

TERMINAL = Path("/dev/tty")
LARGEST = 10_000
"""Bytes that are read from a descriptor."""


def asker(descriptor: int = -1) -> AskPassphrase:
    """Return what asks for passphrases.

    Args:
        descriptor: Where a service reads them, one a line; negative to ask at the terminal.
    """
    if descriptor >= 0:
        return _Given(descriptor)
    return _typed if has_terminal() else nobody_to_ask


def has_terminal() -> bool:
    """Tell whether somebody sits at a terminal."""
    try:
        os.close(os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def choose_passphrase() -> str:
    """Let somebody choose a passphrase and type it twice.

    Raises:
        KeysUnfit: If nobody is there, it is too short, or the second was another one.
    """
    if not has_terminal():
        raise KeysUnfit("a passphrase is typed at a terminal, and this is none")
    keep_private()
    chosen = getpass.getpass("New passphrase: ")
    if len(chosen) < LEAST_LETTERS:
        raise KeysUnfit(f"a passphrase has at least {LEAST_LETTERS} letters; take seven words")
    if getpass.getpass("The same once more: ") != chosen:
        raise KeysUnfit("the second passphrase was another one")
    return chosen


def read_signing_key(path: Path, ask: AskPassphrase) -> SigningKey:
    """Read a private key for signing, protected or not.

    Raises:
        KeysUnfit: If nobody is there to type its passphrase.
        ProtocolError: If it is none, or no passphrase fits.
        OSError: If it cannot be read.
    """
    return parse_signing_key(read_secret(SecretFiles(ask).read(path)))


def _typed(name: str) -> str:
    keep_private()
    return getpass.getpass(f"Passphrase of {name}: ")


class _Given:
    """Passphrases that come through a descriptor; each line is handed out once."""

    def __init__(self, descriptor: int) -> None:
        try:
            with os.fdopen(descriptor, "rb") as given:
                text = given.read(LARGEST).decode()
        except (OSError, UnicodeDecodeError) as error:
            raise KeysUnfit(f"no passphrase can be read from descriptor {descriptor}") from error
        self._lines = [line for line in text.splitlines() if line]

    def __call__(self, name: str) -> str:
        if not self._lines:
            raise KeysUnfit(f"no passphrase that was given opens {name}")
        return self._lines.pop(0)
