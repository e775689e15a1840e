"""Officers: accounts, passwords, and what slows down guessing."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Engine
from sqlmodel import Field, Session, col, delete

from portal_gateway.database import RegisterRow, open_register, save_once, transaction
from portal_gateway.register.code_key import CodeKey
from portal_gateway.register.devices import device_digest, forget_devices, is_known
from portal_gateway.register.rights import Rights, give
from portal_gateway.register.second_factor import is_enrolled, use_code
from portal_gateway.register.sessions import end_all_sessions
from portal_gateway.settings import GatewaySettings

SHORTEST_PASSWORD = 12
FREE_ATTEMPTS = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_NAME = 64

_HASHER = PasswordHasher()
# Verified when there is no such officer, so that the time taken does not tell who has an account.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZSBzYWx0IGhlcmUhIQ"
    "$3y3VO0XVnEmCzbSNFBHuHq1S4bk9mWUQ3m5sVbB1Rzg"
)


class Officer(RegisterRow, table=True):
    """Somebody with an account; what they may do stands in `rights`."""

    __tablename__ = "officer"

    name: str = Field(primary_key=True, max_length=LONGEST_NAME)
    password_hash: str
    language: str | None = Field(default=None, max_length=16)
    """Language of the pages; none until chosen."""


class SignInFailures(RegisterRow, table=True):
    """Failed attempts for one name, whether or not there is such an officer, or of one device."""

    __tablename__ = "sign_in_failures"

    name_sha256: str = Field(primary_key=True, max_length=64)
    """Digest of the name, as people type passwords into the wrong box; or of a known device."""
    failures: int = 0
    last: datetime
    blocked_until: datetime


class PasswordTooShort(ValueError):
    """A password that could be guessed."""


class SignInBlocked(Exception):
    """Too many failed attempts for this name; even the right password has to wait."""


class SignInRefused(Exception):
    """Name, password and code do not belong together."""


def create_officer(
    settings: GatewaySettings, name: str, password: str, rights: Rights | None = None
) -> None:
    """Create an officer's account, or give an existing one this password and these rights.

    A changed password ends all sessions of the officer; an unchanged one changes nothing.

    Raises:
        PasswordTooShort: If the password has fewer than 12 characters.
        ValueError: If the name is empty or longer than 64 characters.
    """
    name = usable_name(name)
    with open_register(settings) as engine, transaction(engine) as session:
        set_password(session, name, password)
        if rights is not None:
            session.flush()
            give(session, name, rights)


@dataclass(frozen=True)
class Attempt:
    """What somebody typed to sign in, and the token of their browser."""

    name: str
    password: str
    code: str = ""
    device: str = ""


def check_attempt(engine: Engine, attempt: Attempt, *, key: CodeKey, now: datetime) -> Officer:
    """Return the officer if name, password and code belong together; the code is used up.

    Who has not taken a secret over yet needs no code; `second_factor.is_enrolled` tells.

    Raises:
        SignInBlocked: If there were too many failures; nothing was checked.
        SignInRefused: If something is wrong; nobody is told what.
    """
    name = as_name(attempt.name)
    with transaction(engine) as session:
        known = is_known(session, name, attempt.device, now=now)
        counter = device_digest(attempt.device) if known else _digest(name)
        _note_attempt(session, counter, now=now)
        officer = session.get(Officer, name)
    # Outside a transaction: hashing takes long and must not hold up other writers.
    right = _verify(officer.password_hash if officer else _NOBODY, attempt.password)
    with transaction(engine) as session:
        if not right or officer is None:
            raise SignInRefused
        code = attempt.code
        if is_enrolled(session, name) and not use_code(session, key, name, code, now=now):
            raise SignInRefused
        _forget_attempts(session, counter)
    return officer


def change_password(officer: Officer, present: str, new: str) -> bool:
    """Give an officer a new password if the present one is right."""
    if not _verify(officer.password_hash, present):
        return False
    officer.password_hash = _HASHER.hash(new)
    return True


def as_name(typed: str) -> str:
    """Return a name the way it is stored: composed, trimmed, without regard to case."""
    return unicodedata.normalize("NFC", typed).strip().casefold()


def usable_name(typed: str) -> str:
    """Return a name the way it is stored.

    Raises:
        ValueError: If it is empty or longer than 64 characters.
    """
    name = as_name(typed)
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError(f"a name has 1 to {LONGEST_NAME} characters")
    return name


def count_attempt(session: Session, name: str, *, now: datetime) -> None:
    """Count an attempt of somebody who has signed in, as one at the door; `unblock` forgets it.

    Raises:
        SignInBlocked: If there were too many; nothing may be checked.
    """
    _note_attempt(session, _digest(name), now=now)


def unblock(session: Session, name: str) -> None:
    """Forget the failed attempts for a name."""
    _forget_attempts(session, _digest(name))


def set_password(session: Session, name: str, password: str) -> None:
    """Give an account a password, and make the account if there is none.

    Raises:
        PasswordTooShort: If it has fewer than 12 characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(f"a password needs at least {SHORTEST_PASSWORD} characters")
    officer = session.get(Officer, name)
    if officer is None:
        session.add(Officer(name=name, password_hash=_HASHER.hash(password)))
    elif not _verify(officer.password_hash, password):
        officer.password_hash = _HASHER.hash(password)
        end_all_sessions(session, name)
        forget_devices(session, name)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _note_attempt(session: Session, digest: str, *, now: datetime) -> None:
    """Count the attempt before it is made, so that many at once cannot slip through together."""
    session.exec(delete(SignInFailures).where(col(SignInFailures.last) < now - FORGOTTEN_AFTER))
    save_once(session, SignInFailures(name_sha256=digest, last=now, blocked_until=now))
    row = session.get_one(SignInFailures, digest, with_for_update=True)
    if now < row.blocked_until:
        raise SignInBlocked
    row.failures += 1
    row.last = now
    if row.failures >= FREE_ATTEMPTS:
        seconds = 2 ** min(row.failures - FREE_ATTEMPTS + 2, 12)
        row.blocked_until = now + min(timedelta(seconds=seconds), LONGEST_WAIT)


def _forget_attempts(session: Session, digest: str) -> None:
    session.exec(delete(SignInFailures).where(col(SignInFailures.name_sha256) == digest))


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
