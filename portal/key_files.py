"""Files with private keys: written once, readable by their owner only."""

import os
from pathlib import Path

from portal.key_lists import CeremonyStopped
from portal_content.replaced_files import sync_folder
from portal_protocol.age_passphrase import WORK
from portal_protocol.notes import SigningKey
from portal_protocol.secret_files import protected

OWNER_ONLY = 0o600


def make_signer(path: Path, name: str, passphrase: str = "", *, work: int = WORK) -> SigningKey:
    """Make a key that signs.

    Args:
        path: Where the private key goes.
        name: How it is called in what it signs.
        passphrase: What opens it from now on; empty to keep it readable.
        work: Doublings of the work for a guess at it; less than WORK is for tests.

    Raises:
        CeremonyStopped: If there is such a file.
        ProtocolError: If the name cannot be used.
    """
    key = SigningKey.generate(name)
    text = f"{key.text}\n"
    write_secret_file(path, protected(text, passphrase, work=work) if passphrase else text.encode())
    return key


def write_secret_file(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, so that it survives a power cut.

    Under its name from the first byte on: on a stick a file can have no second name.

    Raises:
        CeremonyStopped: If there is one.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError as error:
        raise CeremonyStopped(f"{path} is there already; nothing was changed") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        # Half a key would stand in the way of the next try.
        path.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
