"""One-time codes: what an officer's own device shows, and codes on paper for when it is lost.

Source: RFC 6238 (time-based codes: SHA-1, six digits, thirty seconds).
"""

import hashlib
import logging
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pyotp
import segno
from sqlalchemy import CursorResult, Engine, update
from sqlmodel import Field, Session, col, delete, func, select

from portal_gateway.database import RegisterRow, transaction
from portal_gateway.errors import KeysUnfit
from portal_gateway.register.code_key import CodeKey, SecretUnreadable, read_code_key
from portal_protocol.digits import ascii_digits

log = logging.getLogger(__name__)

STEP_SECONDS = 30
CODE_LENGTH = 6
DRIFT = (-1, 0, 1)
"""Steps that an officer's clock may be off."""
ISSUER = "Register"
"""What an authenticator shows: neutral, for whoever looks at the phone."""
RECOVERY_CODES = 10
RECOVERY_LENGTH = 16
RECOVERY_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class SecondFactor(RegisterRow, table=True):
    """The secret that an officer's device makes codes from, sealed with the key in a file."""

    __tablename__ = "second_factor"

    officer: str = Field(primary_key=True, foreign_key="officer.name", max_length=64)
    sealed_secret: str = Field(max_length=128)
    since: datetime | None = None
    """When a first right code came; none while it is only offered."""
    last_step: int = 0
    """Step of the newest code that was used; an older one or the same is refused."""


class RecoveryCode(RegisterRow, table=True):
    """A code on paper; only its digest is here."""

    __tablename__ = "recovery_code"

    code_sha256: str = Field(primary_key=True, max_length=64)
    officer: str = Field(foreign_key="officer.name", index=True, max_length=64)
    used_at: datetime | None = None


def ready_code_key(engine: Engine, path: Path) -> CodeKey:
    """Return the key of the secrets; it is made when a register starts for the first time.

    Raises:
        KeysUnfit: If it is damaged, or missing although officers have devices.
    """
    with transaction(engine) as session:
        somebody = session.exec(select(SecondFactor.officer)).first()
    if somebody is not None and not path.exists():
        raise KeysUnfit(
            f"{path}: without this file nobody's one-time codes are right: bring it back, or "
            "reset every account"
        )
    return read_code_key(path)


def offered_secret(session: Session, key: CodeKey, officer: str) -> str:
    """Return the secret to take over at the first sign-in, made at the first call."""
    row = session.get(SecondFactor, officer)
    secret = _secret_of(row, key) if row else None
    if secret is None:
        secret = new_secret()
        session.merge(SecondFactor(officer=officer, sealed_secret=key.seal(officer, secret)))
    return secret


def new_secret() -> str:
    """Return a secret for one-time codes: 160 bits in base32."""
    return pyotp.random_base32()


def is_enrolled(session: Session, officer: str) -> bool:
    """Tell whether an officer has to give a code."""
    row = session.get(SecondFactor, officer)
    return row is not None and row.since is not None


def enrol(session: Session, key: CodeKey, officer: str, code: str, *, now: datetime) -> bool:
    """Take the offered secret over if the code is one of it."""
    session.flush()
    if not _use_time_code(session, key, officer, code, now=now):
        return False
    session.get_one(SecondFactor, officer, populate_existing=True).since = now
    return True


def enrol_with(session: Session, key: CodeKey, officer: str, secret: str, *, now: datetime) -> None:
    """Give an officer a secret that somebody keeps for them: demonstrations and tests."""
    row = session.get(SecondFactor, officer)
    if row is None or _secret_of(row, key) != secret:
        sealed = key.seal(officer, secret)
        session.merge(SecondFactor(officer=officer, sealed_secret=sealed, since=now))


def use_code(session: Session, key: CodeKey, officer: str, typed: str, *, now: datetime) -> bool:
    """Tell whether a code is right, and use it up: from the device, or from paper."""
    return _use_time_code(session, key, officer, typed, now=now) or _use_recovery_code(
        session, officer, typed, now=now
    )


def forget_factor(session: Session, officer: str) -> None:
    """Forget device and recovery codes; the next sign-in offers a new secret."""
    session.exec(delete(SecondFactor).where(col(SecondFactor.officer) == officer))
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.officer) == officer))


def new_recovery_codes(session: Session, officer: str) -> list[str]:
    """Return fresh codes, to be shown once; those from before are gone."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.officer) == officer))
    codes = [
        "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    session.add_all(
        RecoveryCode(code_sha256=_digest(officer, code), officer=officer) for code in codes
    )
    return ["-".join(code[at : at + 4] for at in range(0, RECOVERY_LENGTH, 4)) for code in codes]


def recovery_codes_left(session: Session, officer: str) -> int:
    """Return how many codes on paper are not used yet."""
    unused = (RecoveryCode.officer == officer, col(RecoveryCode.used_at).is_(None))
    return session.exec(select(func.count()).select_from(RecoveryCode).where(*unused)).one()


def code_at(secret: str, moment: datetime, *, steps_later: int = 0) -> str:
    """Return the code that a device shows at a moment."""
    return pyotp.TOTP(secret).generate_otp(_step(moment) + steps_later)


def address_for_device(officer: str, secret: str) -> str:
    """Return what the device reads from the square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=officer, issuer_name=ISSUER)


def square_code(address: str) -> str:
    """Return a QR code as SVG: made here, without style and script."""
    code = segno.make(address, error="m")
    return str(code.svg_inline(scale=5, border=4, light="#fff", svgclass="square", lineclass=None))


def _use_time_code(
    session: Session, key: CodeKey, officer: str, typed: str, *, now: datetime
) -> bool:
    row = session.get(SecondFactor, officer)
    secret = _secret_of(row, key) if row else None
    code = ascii_digits("".join(typed.split()))
    if secret is None or len(code) != CODE_LENGTH:
        return False
    for drift in DRIFT:
        right = code_at(secret, now, steps_later=drift)
        if secrets.compare_digest(right.encode(), code.encode()):
            return _use_step(session, officer, _step(now) + drift)
    return False


def _secret_of(row: SecondFactor, key: CodeKey) -> str | None:
    """Return an officer's secret; none if another key has sealed it, and then no code is right."""
    with suppress(SecretUnreadable):
        return key.open(row.officer, row.sealed_secret)
    # Without the error: it names the officer.
    log.error("code_secret_unreadable")
    return None


def _use_step(session: Session, officer: str, step: int) -> bool:
    """Count up in one statement: of two sign-ins with one code at once, one is refused."""
    newer = (col(SecondFactor.officer) == officer, col(SecondFactor.last_step) < step)
    return _changed(session, update(SecondFactor).where(*newer).values(last_step=step))


def _use_recovery_code(session: Session, officer: str, typed: str, *, now: datetime) -> bool:
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    unused = (
        col(RecoveryCode.code_sha256) == _digest(officer, code),
        col(RecoveryCode.used_at).is_(None),
    )
    return _changed(session, update(RecoveryCode).where(*unused).values(used_at=now))


def _changed(session: Session, statement: Any) -> bool:
    result: CursorResult[Any] = session.connection().execute(statement)
    return result.rowcount == 1


def _step(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP_SECONDS


def _digest(officer: str, code: str) -> str:
    # A code has 80 bits: a plain digest cannot be tried out.
    return hashlib.sha256(f"{officer} {code}".encode()).hexdigest()
