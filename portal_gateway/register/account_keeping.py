"""Keeping accounts: added, given rights, reset and closed by whoever runs the machine.

Each act is written into the audit under the name of the terminal's user.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from portal_gateway.audit import Action, record
from portal_gateway.register.accounts import Officer, set_password, unblock, usable_name
from portal_gateway.register.devices import forget_devices
from portal_gateway.register.rights import Rights, give, rights_of
from portal_gateway.register.second_factor import forget_factor
from portal_gateway.register.sessions import end_all_sessions

CLOSED = "closed"
"""No hash: no password opens an account with it."""


class AccountUnknown(LookupError):
    """There is no account of this name."""


class AccountExists(ValueError):
    """There is an account of this name already."""


@dataclass(frozen=True)
class Terminal:
    """Who works at a terminal, in which transaction."""

    session: Session
    user: str
    now: datetime

    def note(self, action: Action, account: str, **detail: object) -> None:
        """Write an act down."""
        actor = f"@{self.user}"[:64]
        record(self.session, action, at=self.now, actor=actor, subject=account, **detail)


def add_account(terminal: Terminal, typed_name: str, rights: Rights) -> tuple[str, str]:
    """Make an account and return its name and first password.

    Raises:
        AccountExists: If there is one of this name that is not closed.
        ValueError: If the name cannot be used.
    """
    name = usable_name(typed_name)
    known = terminal.session.get(Officer, name)
    if known is not None and known.password_hash != CLOSED:
        raise AccountExists(name)
    password = _first_password()
    set_password(terminal.session, name, password)
    terminal.session.flush()
    give(terminal.session, name, rights)
    terminal.note(Action.ACCOUNT_ADDED, name, rights=_in_short(rights))
    return name, password


def give_rights(terminal: Terminal, typed_name: str, rights: Rights) -> str:
    """Let somebody have these rights and no others; they hold from the next request on.

    Raises:
        AccountUnknown: If there is no such account.
    """
    officer = _officer(terminal.session, typed_name)
    give(terminal.session, officer.name, rights)
    terminal.note(Action.ACCOUNT_CHANGED, officer.name, rights=_in_short(rights))
    return officer.name


def reset_account(terminal: Terminal, typed_name: str) -> tuple[str, str]:
    """Give somebody a new first password; sessions, device and codes on paper are gone.

    Raises:
        AccountUnknown: If there is no such account.
    """
    officer = _officer(terminal.session, typed_name)
    password = _first_password()
    set_password(terminal.session, officer.name, password)
    unblock(terminal.session, officer.name)
    forget_factor(terminal.session, officer.name)
    terminal.note(Action.ACCOUNT_CHANGED, officer.name, reset=True)
    return officer.name, password


def unblock_account(terminal: Terminal, typed_name: str) -> str:
    """Let somebody try again at once after too many failed attempts.

    Raises:
        AccountUnknown: If there is no such account.
    """
    officer = _officer(terminal.session, typed_name)
    unblock(terminal.session, officer.name)
    terminal.note(Action.ACCOUNT_CHANGED, officer.name, unblocked=True)
    return officer.name


def close_account(terminal: Terminal, typed_name: str) -> str:
    """Take all rights and the password away; the name stays for the audit.

    Raises:
        AccountUnknown: If there is no such account.
    """
    officer = _officer(terminal.session, typed_name)
    officer.password_hash = CLOSED
    give(terminal.session, officer.name, Rights())
    end_all_sessions(terminal.session, officer.name)
    forget_factor(terminal.session, officer.name)
    forget_devices(terminal.session, officer.name)
    terminal.note(Action.ACCOUNT_CLOSED, officer.name)
    return officer.name


def accounts(session: Session) -> list[tuple[str, Rights]]:
    """Return every account that is not closed, with what it may do."""
    officers = session.exec(select(Officer).order_by(col(Officer.name))).all()
    kept = [officer for officer in officers if officer.password_hash != CLOSED]
    return [(officer.name, rights_of(session, officer.name)) for officer in kept]


def is_closed(officer: Officer) -> bool:
    """Tell whether an account is closed: nothing opens it, whoever vouches for its name."""
    return officer.password_hash == CLOSED


def _officer(session: Session, typed_name: str) -> Officer:
    officer = session.get(Officer, usable_name(typed_name))
    if officer is None:
        raise AccountUnknown(typed_name)
    return officer


def _first_password() -> str:
    return secrets.token_urlsafe(12)


def _in_short(rights: Rights) -> list[str]:
    return [f"{right}:{queue}" if queue else str(right) for right, queue in rights.rows]
