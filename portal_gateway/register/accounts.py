"""Officers: accounts, passwords, and what slows down guessing."""

import hashlib
import unicodedata
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Engine
from sqlmodel import Field, Session, col, delete

from portal_gateway.database import RegisterRow, connect, migrate, save_once, transaction
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
    """Somebody who may read the register."""

    __tablename__ = "officer"

    name: str = Field(primary_key=True, max_length=LONGEST_NAME)
    password_hash: str
    language: str | None = Field(default=None, max_length=16)
    """Language of the pages; none until chosen."""


class SignInFailures(RegisterRow, table=True):
    """Failed attempts for one name, whether or not there is such an officer."""

    __tablename__ = "sign_in_failures"

    name_sha256: str = Field(primary_key=True, max_length=64)
    """Only the digest: people type passwords into the wrong box."""
    failures: int = 0
    last: datetime
    blocked_until: datetime


class PasswordTooShort(ValueError):
    """A password that could be guessed."""


class SignInBlocked(Exception):
    """Too many failed attempts for this name; even the right password has to wait."""


class SignInRefused(Exception):
    """Name and password do not belong together."""


def create_officer(settings: GatewaySettings, name: str, password: str) -> None:
    """Create an officer's account, or give an existing one this password.

    A changed password ends all sessions of the officer; an unchanged one changes nothing.

    Raises:
        PasswordTooShort: If the password has fewer than 12 characters.
        ValueError: If the name is empty or longer than 64 characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(f"a password needs at least {SHORTEST_PASSWORD} characters")
    name = as_name(name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError(f"a name has 1 to {LONGEST_NAME} characters")
    engine = connect(settings.database_url)
    try:
        migrate(engine)
        with transaction(engine) as session:
            _set_password(session, name, password)
    finally:
        engine.dispose()


def check_password(engine: Engine, name: str, password: str, *, now: datetime) -> Officer:
    """Return the officer if the password is theirs.

    Raises:
        SignInBlocked: If there were too many failures for this name; nothing was checked.
        SignInRefused: If it is wrong or there is no such officer.
    """
    name = as_name(name)
    with transaction(engine) as session:
        _note_attempt(session, name, now=now)
        officer = session.get(Officer, name)
    # Outside a transaction: hashing takes long and must not hold up other writers.
    if not _verify(officer.password_hash if officer else _NOBODY, password) or officer is None:
        raise SignInRefused
    with transaction(engine) as session:
        session.exec(delete(SignInFailures).where(col(SignInFailures.name_sha256) == _digest(name)))
    return officer


def as_name(typed: str) -> str:
    """Return a name the way it is stored: composed, trimmed, without regard to case."""
    return unicodedata.normalize("NFC", typed).strip().casefold()


def _set_password(session: Session, name: str, password: str) -> None:
    officer = session.get(Officer, name)
    if officer is None:
        session.add(Officer(name=name, password_hash=_HASHER.hash(password)))
    elif not _verify(officer.password_hash, password):
        officer.password_hash = _HASHER.hash(password)
        end_all_sessions(session, name)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _note_attempt(session: Session, name: str, *, now: datetime) -> None:
    """Count the attempt before it is made, so that many at once cannot slip through together."""
    session.exec(delete(SignInFailures).where(col(SignInFailures.last) < now - FORGOTTEN_AFTER))
    digest = _digest(name)
    save_once(session, SignInFailures(name_sha256=digest, last=now, blocked_until=now))
    row = session.get_one(SignInFailures, digest, with_for_update=True)
    if now < row.blocked_until:
        raise SignInBlocked
    row.failures += 1
    row.last = now
    if row.failures >= FREE_ATTEMPTS:
        seconds = 2 ** min(row.failures - FREE_ATTEMPTS + 2, 12)
        row.blocked_until = now + min(timedelta(seconds=seconds), LONGEST_WAIT)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
