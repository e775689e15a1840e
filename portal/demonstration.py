"""Keys for a demonstration: made once, kept outside git, never fit for production."""

import os
import secrets
from datetime import date, datetime, timedelta
from pathlib import Path

from portal.key_lists import FIRST_LIST
from portal.settings import DataFolders, PortalSettings, credential_digest, gateway_settings
from portal_gateway.database import open_register, transaction
from portal_gateway.register.accounts import create_officer
from portal_gateway.register.rights import EVERY_QUEUE, Rights
from portal_gateway.register.second_factor import enrol_with, new_secret, ready_code_key
from portal_protocol.age import HybridIdentity
from portal_protocol.key_list import KeyList
from portal_protocol.notes import SigningKey, parse_signing_key, sign_note

VALID_DAYS = 365
IDENTITIES = ("intake.identity", "reserve.identity")
"""Kept without a passphrase, so that nobody is asked for one; production refuses such files."""
OFFICERS = {
    "officer": EVERY_QUEUE,
    "colleague": EVERY_QUEUE,
    "auditor": Rights.of(audit=True),
    "administrator": Rights.of(administer=True),
}
"""Accounts of a demonstration; two officers, since some cases need two."""


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read; an existing one is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def make_keys(settings: PortalSettings, *, today: date) -> bool:
    """Make every key a demonstration needs, unless they are there.

    Roots, recipients, and the keys for replies and letters would be made on offline machines
    by different people; here one folder stands for each place.

    Returns:
        True if keys were made, False if they were there.
    """
    folders = DataFolders(settings.data)
    if folders.key_list.exists():
        return False
    roots = [_signing_key(folders.offline / f"root{n}.key", f"demo/root{n}") for n in range(3)]
    receipts = _signing_key(folders.receipt_key, "demo/receipts")
    log = _signing_key(folders.log_key, "demo/log")
    replies = _signing_key(folders.replies_key, "demo/replies")
    letters = _signing_key(folders.letters_key, "demo/letters")
    recipients = [_identity(folders.protected / name).recipient.text for name in IDENTITIES]
    _credential(folders)
    keys = KeyList(
        deployment=settings.deployment,
        serial=1,
        issued=today,
        expires=today + timedelta(days=VALID_DAYS),
        recipients=tuple((f"r{n}", text) for n, text in enumerate(recipients)),
        receipts=receipts.verify_key,
        log=log.verify_key,
        replies=replies.verify_key,
        letters=letters.verify_key,
        previous=FIRST_LIST,
    )
    folders.roots.write_text(
        "".join(f"{root.verify_key.text}\n" for root in roots), encoding="ascii"
    )
    # Last: its presence says that everything above is complete.
    folders.key_list.write_text(sign_note(keys.to_text(), roots[0], roots[2]), encoding="utf-8")
    return True


def officer_password(folders: DataFolders) -> str:
    """Return the demonstration officers' password, made at the first call."""
    write_secret(folders.officer, secrets.token_urlsafe(12))
    return folders.officer.read_text(encoding="utf-8").strip()


def officer_secret(folders: DataFolders) -> str:
    """Return what the demonstration officers' one-time codes are made from."""
    write_secret(folders.officer_secret, new_secret())
    return folders.officer_secret.read_text(encoding="ascii").strip()


def make_officers(settings: PortalSettings, *, now: datetime) -> None:
    """Make the demonstration's accounts: two officers, who watches over them, who keeps accounts.

    They share one password and one secret for one-time codes, so that one person can play them.
    """
    folders = DataFolders(settings.data)
    password, secret = officer_password(folders), officer_secret(folders)
    protected = gateway_settings(settings)
    for name, rights in OFFICERS.items():
        create_officer(protected, name, password, rights)
    with open_register(protected) as engine:
        key = ready_code_key(engine, protected.code_key)
        with transaction(engine) as session:
            for name in OFFICERS:
                enrol_with(session, key, name, secret, now=now)


def _signing_key(path: Path, name: str) -> SigningKey:
    write_secret(path, SigningKey.generate(name).text)
    return parse_signing_key(path.read_text(encoding="utf-8").strip())


def _identity(path: Path) -> HybridIdentity:
    write_secret(path, HybridIdentity.generate().text)
    return HybridIdentity.from_text(path.read_text(encoding="utf-8").strip())


def _credential(folders: DataFolders) -> None:
    write_secret(folders.credential, secrets.token_urlsafe(32))
    credential = folders.credential.read_text(encoding="utf-8").strip()
    folders.public.mkdir(parents=True, exist_ok=True)
    folders.credential_digest.write_text(credential_digest(credential) + "\n", encoding="ascii")
