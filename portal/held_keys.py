"""Keys that the gateway holds: made here, listed, and each known by its public half beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.key_files import write_secret_file
from portal.key_lists import CeremonyStopped, read_recipient
from portal.settings import IDENTITY, RECIPIENT
from portal_protocol.age import HybridIdentity, Identity
from portal_protocol.age_passphrase import WORK, is_sealed, open_with_passphrase
from portal_protocol.errors import ProtocolError
from portal_protocol.secret_files import NAME, identity_text, protected, read_identity


@dataclass(frozen=True)
class HeldKey:
    """One file with an identity."""

    path: Path
    recipient: str | None
    """None if the public half is not beside it and the file is protected."""
    is_protected: bool

    @property
    def name(self) -> str:
        """How the key is called."""
        return self.path.stem


def make_key(
    folder: Path, name: str, passphrase: str, *, today: date, work: int = WORK
) -> tuple[Path, str]:
    """Make a key that opens submissions, protected from the first byte that touches the disk.

    Args:
        folder: Where both halves go.
        name: How it is called from now on.
        passphrase: What opens it.
        today: The day that is written into it.
        work: Doublings of the work for a guess; less than WORK is for tests.

    Returns:
        The file with the public half, and the public key.

    Raises:
        CeremonyStopped: If there is such a key, or the name cannot be used.
    """
    if not NAME.fullmatch(name):
        raise CeremonyStopped("a key is called in small letters, digits and -: intake-2027a")
    secret, public = folder / f"{name}{IDENTITY}", folder / f"{name}{RECIPIENT}"
    if not folder.is_dir():
        # Making it would fill this machine's disk while the stick is not in.
        raise CeremonyStopped(f"there is no folder {folder}")
    identity = HybridIdentity.generate()
    text = identity_text(identity, today)
    if public.exists():
        raise CeremonyStopped(f"{public} is there already; nothing was changed")
    write_secret_file(secret, protected(text, passphrase, work=work))
    opened = read_identity(open_with_passphrase(secret.read_bytes(), passphrase).decode("ascii"))
    if opened.text != identity.text:
        raise CeremonyStopped(f"{secret} was not written right; delete it and begin again")
    # Last: what is in a key list must be held, so nothing public exists of a key that is not.
    write_secret_file(public, f"{identity.recipient.text}\n".encode("ascii"))
    return public, identity.recipient.text


def held_keys(folder: Path) -> Iterator[HeldKey]:
    """Yield every key in a folder, by name.

    Raises:
        CeremonyStopped: If a file is damaged.
    """
    for path in sorted(folder.glob(f"*{IDENTITY}")):
        content = path.read_bytes()
        public = path.with_suffix(RECIPIENT)
        if is_sealed(content):
            text = read_recipient(public)[1] if public.exists() else None
            yield HeldKey(path, text, is_protected=True)
            continue
        try:
            yield HeldKey(path, recipient_of(read_identity(content.decode())), is_protected=False)
        except (ProtocolError, UnicodeDecodeError) as error:
            raise CeremonyStopped(f"{path} is damaged: {error}") from error


def recipient_of(identity: Identity) -> str:
    """Return the public key of an identity.

    Raises:
        CeremonyStopped: If it is of a kind that no key list names.
    """
    if not isinstance(identity, HybridIdentity):
        raise CeremonyStopped("a key of this kind is in no key list")
    return identity.recipient.text
