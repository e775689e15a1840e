"""Signing: keys for it, and one more signature below a text, each on its own machine."""

from collections.abc import Callable, Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from portal.key_files import make_signer
from portal.key_lists import CeremonyStopped
from portal.passphrases import read_signing_key
from portal_gateway.connectors.signatures import public_text
from portal_gateway.keys import AskPassphrase
from portal_protocol.age_passphrase import WORK
from portal_protocol.errors import NoteError, NoteMalformed, ProtocolError
from portal_protocol.notes import VerifyKey, sign_note


def make_signing_key(
    file: Path, name: str, console: Console, *, passphrase: str = "", work: int = WORK
) -> bool:
    """Make a signing key and print its public half; return False if that cannot be done.

    Args:
        file: Where the private key goes, readable by its owner only.
        name: Name of the key.
        console: Where to print the public key.
        passphrase: What opens it from now on; empty to keep it readable.
        work: Doublings of the work for a guess at it; less than WORK is for tests.
    """
    try:
        key = make_signer(file, name, passphrase, work=work)
    except (CeremonyStopped, ProtocolError) as error:
        console.print(f"No key was made: {escape(str(error))}")
        return False
    console.print("For folders (portal gateway folder check):", highlight=False)
    typer.echo(key.verify_key.text)
    console.print("For receivers of webhooks (v1a):", highlight=False)
    typer.echo(public_text(key))
    return True


def add_signature(
    path: Path, key_file: Path, ask: AskPassphrase, *, agree: Callable[[str], bool]
) -> VerifyKey | None:
    """Put a signature below a text; one by the same key is replaced.

    Args:
        path: File with the text, and the signatures that it has already.
        key_file: File with the private key.
        ask: Asks for its passphrase.
        agree: Reads the text before anything is signed, and says whether to go on.

    Returns:
        Who has signed; none if the text was not agreed to.

    Raises:
        KeysUnfit, ProtocolError, OSError, ValueError: If the key or the text is none; nothing is
            changed then.
    """
    text, signatures = parts_of(path.read_text(encoding="utf-8"))
    if not agree(text):
        return None
    key = read_signing_key(key_file, ask)
    line = sign_note(text, key).removeprefix(text + "\n")
    kept = [one for one in signatures if one != line]
    path.write_text(text + "\n" + "".join([*kept, line]), encoding="utf-8")
    return key.verify_key


def assembled(notes: Sequence[str]) -> str:
    """Return one note with the signatures of several, which holders have signed apart.

    Raises:
        NoteError: If they do not say the same, or a signature is cut off.
    """
    texts, lines = set(), dict[str, None]()
    for note in notes:
        text, signatures = parts_of(note)
        texts.add(text)
        lines |= dict.fromkeys(signatures)
    if len(texts) != 1:
        raise NoteMalformed("these notes do not say the same")
    return texts.pop() + "\n" + "".join(lines)


def parts_of(content: str) -> tuple[str, list[str]]:
    """Return a text and the signatures below it, if there are any yet.

    Raises:
        NoteError: If the last signature is cut off.
    """
    text, _, signatures = content.partition("\n\n")
    if not signatures:
        return content, []
    if not signatures.endswith("\n"):
        raise NoteError("the last signature is cut off")
    return text + "\n", signatures.splitlines(keepends=True)
