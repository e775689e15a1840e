"""Key lists one after the other: the next one prepared, signed ones published, old ones kept."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from portal.settings import RECIPIENT, DataFolders, PortalSettings
from portal_api.keys.ring import ACCEPTED_DAYS
from portal_content.replaced_files import replace_whole
from portal_protocol.age import HybridRecipient
from portal_protocol.errors import ProtocolError
from portal_protocol.key_list import KeyList, open_key_list, parse_key_list
from portal_protocol.notes import VerifyKey, parse_verify_key
from portal_protocol.secret_files import NAME, fingerprint

FIRST_LIST = "0" * 64
"""What the first key list names as its predecessor."""
VALID_DAYS = 92
"""Days that a list is valid if nothing else is said: a quarter of a year."""
MOST_DAYS = 366
FORM_GRACE_DAYS = 3
"""Days after its end for which a form in a file still seals to its list (ADR 0016)."""
FEWEST = 2
"""Recipients of a list: the one in use and the reserve."""
SIGNERS = ("receipts", "log", "replies", "letters")
_OLD = re.compile(r"[0-9]{4,9}\.note")


class CeremonyStopped(Exception):
    """Something does not fit, so nothing was changed; the message says what."""


@dataclass(frozen=True)
class Term:
    """When a recipient stands in key lists."""

    since: date
    until: date
    """The last day of the last list that names it."""
    out: date | None = None
    """The day of the first list that does not name it any more; none while it is in use."""

    @property
    def free(self) -> date | None:
        """The first day on which no page and no form in a file seals to it any more."""
        if self.out is None:
            return None
        pages = self.out + timedelta(days=ACCEPTED_DAYS)
        forms = self.until + timedelta(days=FORM_GRACE_DAYS)
        return max(pages, forms) + timedelta(days=1)


def first_list(
    deployment: str,
    recipients: Mapping[str, str],
    signers: Mapping[str, VerifyKey],
    *,
    today: date,
    days: int = VALID_DAYS,
) -> KeyList:
    """Return the first list of a deployment, for the roots to sign.

    Args:
        deployment: Its short name.
        recipients: Public keys by name.
        signers: The keys of SIGNERS by name.
        today: The day it begins.
        days: Days that it is valid.

    Raises:
        CeremonyStopped: If something is missing.
    """
    missing = [name for name in SIGNERS if name not in signers]
    if missing:
        raise CeremonyStopped(f"public keys are missing: {', '.join(missing)}")
    chosen = {name: signers[name] for name in SIGNERS}
    return _checked(
        KeyList(
            deployment=deployment,
            serial=1,
            issued=today,
            expires=today + timedelta(days=days),
            recipients=tuple(recipients.items()),
            previous=FIRST_LIST,
            **chosen,
        )
    )


def next_list(
    current: KeyList,
    *,
    new: Mapping[str, str],
    out: Collection[str],
    today: date,
    days: int = VALID_DAYS,
) -> KeyList:
    """Return the list after this one, for the roots to sign.

    Args:
        current: The list in use.
        new: Public keys that come in, by name.
        out: Names of those that go out. What is sealed to them is taken for some days more.
        today: The day it begins.
        days: Days that it is valid.

    Raises:
        CeremonyStopped: If it could not be right.
    """
    kept = {name: text for name, text in current.recipients if name not in out}
    if unknown := set(out) - {name for name, _ in current.recipients}:
        raise CeremonyStopped(f"the list in use names no {', '.join(sorted(unknown))}")
    if known := set(kept) & set(new):
        raise CeremonyStopped(f"the list in use names {', '.join(sorted(known))} already")
    if today < current.issued:
        raise CeremonyStopped(f"the list in use is of {current.issued}: look at this clock")
    following = replace(
        current,
        serial=current.serial + 1,
        issued=today,
        expires=today + timedelta(days=days),
        recipients=(*new.items(), *kept.items()),
        previous=current.digest,
    )
    return _checked(following)


def read_recipient(path: Path) -> tuple[str, str]:
    """Return name and text of a public key that `portal keys make` has written.

    Raises:
        CeremonyStopped: If it is none.
    """
    try:
        text = path.read_text(encoding="ascii").strip()
        HybridRecipient.from_text(text)
    except (OSError, UnicodeDecodeError, ProtocolError) as error:
        raise CeremonyStopped(f"{path.name} is no public key: {error}") from error
    if path.suffix != RECIPIENT or not NAME.fullmatch(path.stem):
        raise CeremonyStopped(f"{path.name}: a public key is called like intake-2027a{RECIPIENT}")
    return path.stem, text


def open_with_roots(settings: PortalSettings, note: str) -> KeyList:
    """Read a list that enough of this installation's roots have signed.

    Raises:
        CeremonyStopped: If it is none.
    """
    roots = [parse_verify_key(root) for root in DataFolders(settings.data).read_roots()]
    if not roots:
        raise CeremonyStopped(f"there are no root keys in {DataFolders(settings.data).roots}")
    try:
        return open_key_list(note, roots, deployment=settings.deployment)
    except ProtocolError as error:
        raise CeremonyStopped(f"this list is not to be believed: {error}") from error


def current_list(settings: PortalSettings) -> KeyList | None:
    """Return the list in use, or none before the first.

    Raises:
        CeremonyStopped: If what lies there is not to be believed.
    """
    path = DataFolders(settings.data).key_list
    return open_with_roots(settings, path.read_text(encoding="utf-8")) if path.exists() else None


def all_lists(settings: PortalSettings) -> list[KeyList]:
    """Return every list that was published here, in order.

    Raises:
        CeremonyStopped: If one of them is not to be believed.
    """
    folders = DataFolders(settings.data)
    old = [path for path in folders.old_lists.glob("*.note") if _OLD.fullmatch(path.name)]
    lists = [open_with_roots(settings, path.read_text(encoding="utf-8")) for path in old]
    current = current_list(settings)
    found = {one.serial: one for one in (*lists, *([current] if current else []))}
    return [found[serial] for serial in sorted(found)]


def term(lists: Sequence[KeyList], recipient: str) -> Term | None:
    """Return when a recipient stands in lists; none if it never did."""
    naming = [one for one in lists if recipient in {text for _, text in one.recipients}]
    if not naming:
        return None
    later = [one for one in lists if one.serial > naming[-1].serial]
    until = max(one.expires for one in naming)
    return Term(naming[0].issued, until, later[0].issued if later else None)


def publish_list(settings: PortalSettings, note: str, *, today: date) -> tuple[KeyList, bool]:
    """Put a signed list in the place of the one in use, which is kept beside it.

    Returns:
        The list, and False if it was in use already.

    Raises:
        CeremonyStopped: If it does not follow the list in use; nothing is changed then.
    """
    new = open_with_roots(settings, note)
    current = current_list(settings)
    folders = DataFolders(settings.data)
    if current is not None and current.digest == new.digest:
        return new, False
    expected = (current.serial + 1, current.digest) if current else (1, FIRST_LIST)
    if (new.serial, new.previous) != expected:
        raise CeremonyStopped(f"list {new.serial} does not follow the list in use")
    if not new.issued <= today <= new.expires:
        raise CeremonyStopped(f"it is valid from {new.issued} to {new.expires}: look at the clock")
    folders.old_lists.mkdir(parents=True, exist_ok=True)
    if current is not None:
        before = folders.key_list.read_text(encoding="utf-8")
        replace_whole(folders.old_lists / f"{current.serial:04}.note", before)
        # The public service looks for it here, also when it was not running just now.
        replace_whole(folders.key_list.with_name(folders.key_list.name + ".previous"), before)
    replace_whole(folders.old_lists / f"{new.serial:04}.note", note)
    replace_whole(folders.key_list, note)
    return new, True


def described(keys: KeyList) -> list[str]:
    """Return a list in lines that people read aloud and compare before they sign."""
    lines = [f"Key list {keys.serial} of {keys.deployment}: {keys.issued} to {keys.expires}"]
    lines += [f"  sealed to {name}: {fingerprint(text)}" for name, text in keys.recipients]
    named = [(name, getattr(keys, name)) for name in SIGNERS]
    lines += [f"  {name}: {key.name}, {fingerprint(key.text)}" for name, key in named]
    return [*lines, f"  the list before: {keys.previous[:16]}"]


def _checked(keys: KeyList) -> KeyList:
    days = (keys.expires - keys.issued).days
    if not ACCEPTED_DAYS < days <= MOST_DAYS:
        raise CeremonyStopped(f"a list is valid for {ACCEPTED_DAYS + 1} to {MOST_DAYS} days")
    if len(keys.recipients) < FEWEST:
        raise CeremonyStopped("a list names the key in use and the reserve")
    try:
        return parse_key_list(keys.to_text())
    except ProtocolError as error:
        raise CeremonyStopped(f"this would be no key list: {error}") from error
