"""Releases: list the files to take along, sign the list, publish it, check a file against it."""

from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from portal.commands.signing import add_signature
from portal.settings import DataFolders, PortalSettings
from portal_gateway.errors import KeysUnfit
from portal_gateway.keys import AskPassphrase, nobody_to_ask
from portal_protocol.errors import NoteMalformed, ProtocolError
from portal_protocol.notes import SigningKey, parse_signing_key, parse_verify_key, sign_note
from portal_protocol.releases import Release, make_release, open_release, parse_release
from portal_site.carry.files import offered
from portal_site.carry.pages import DOWNLOAD, RELEASE


def make_list(settings: PortalSettings, target: Path, console: Console, *, today: date) -> bool:
    """Write the list of the files of the built site, for the roots to sign.

    Returns:
        False if the site has none.
    """
    files = offered(settings.site / DOWNLOAD)
    if not files:
        console.print("The site has no files to take along. Run: portal build --downloads")
        return False
    release = make_release(settings.deployment, today, files.items())
    target.write_text(release.to_text(), encoding="utf-8")
    console.print(f"{len(files)} files are listed in {escape(str(target))}. Now two roots sign it.")
    return True


def sign_list(
    path: Path, key_file: Path, console: Console, ask: AskPassphrase = nobody_to_ask
) -> bool:
    """Put one more signature under a list; this happens where the root key lives, offline.

    Returns:
        False if the file is no list, or the key no key; nothing is changed then.
    """
    seen: list[Release] = []

    def agree(text: str) -> bool:
        seen.append(parse_release(text))
        return True

    try:
        signer = add_signature(path, key_file, ask, agree=agree)
    except (KeysUnfit, ProtocolError, OSError, ValueError) as error:
        console.print(f"Nothing was signed: {escape(str(error))}", soft_wrap=True)
        return False
    if signer is None:
        return False
    console.print(f"Signed by {signer.name}: {len(seen[0].files)} files, {seen[0].issued}.")
    return True


def publish(settings: PortalSettings, path: Path, console: Console) -> bool:
    """Put a signed list beside the files that it names; the next build keeps it.

    Returns:
        False if it is not signed by enough roots, or names other files.
    """
    try:
        note = path.read_text(encoding="utf-8")
        release = _open(settings, note)
    except (ProtocolError, OSError, ValueError) as error:
        console.print(f"Not published: {escape(str(error))}", soft_wrap=True)
        return False
    files = offered(settings.site / DOWNLOAD)
    others = [name for name, content in files.items() if release.find(content) is None]
    if others or not files:
        named = ", ".join(others) or "there are no files on the site"
        console.print(f"Not published: the list does not name {named}.", soft_wrap=True)
        return False
    _write(settings, note)
    console.print(f"Published: {len(files)} files, signed on {release.issued}.")
    return True


def check_file(settings: PortalSettings, file: Path, note: Path | None, console: Console) -> bool:
    """Say whether a file is in the signed list.

    Args:
        settings: Of this installation; it knows the roots.
        file: The file in question.
        note: The signed list; the published one if none is given.
        console: Where to say it.
    """
    listed = note or DataFolders(settings.data).release
    try:
        release = _open(settings, listed.read_text(encoding="utf-8"))
        content = file.read_bytes()
    except (ProtocolError, OSError, ValueError) as error:
        console.print(f"This cannot be checked: {escape(str(error))}", soft_wrap=True)
        return False
    found = release.find(content)
    if found is None:
        console.print("No: this file is not in the signed list. Do not use it.")
        return False
    console.print(f"Yes: this is {found.name}, in the list that was signed on {release.issued}.")
    return True


def sign_for_demonstration(settings: PortalSettings, *, today: date) -> None:
    """Sign the files with the roots of the demonstration, if they are on this machine."""
    folders = DataFolders(settings.data)
    keys = [folders.offline / f"root{number}.key" for number in (0, 2)]
    files = offered(settings.site / DOWNLOAD)
    if not files or not all(key.is_file() for key in keys):
        return
    text = make_release(settings.deployment, today, files.items()).to_text()
    _write(settings, sign_note(text, *(_key(path) for path in keys)))


def _key(path: Path) -> SigningKey:
    return parse_signing_key(path.read_text(encoding="utf-8").strip())


def _write(settings: PortalSettings, note: str) -> None:
    for place in (DataFolders(settings.data).release, settings.site / DOWNLOAD / RELEASE):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(note, encoding="utf-8")


def _open(settings: PortalSettings, note: str) -> Release:
    roots = [parse_verify_key(text) for text in DataFolders(settings.data).read_roots()]
    if not roots:
        raise NoteMalformed("there are no root keys here")
    return open_release(note, roots, deployment=settings.deployment)
