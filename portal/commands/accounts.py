"""Officers' accounts at a terminal of the protected zone."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from portal.settings import PortalSettings, gateway_settings
from portal_gateway.database import open_register, transaction
from portal_gateway.register.account_keeping import (
    AccountExists,
    AccountUnknown,
    Terminal,
    accounts,
    add_account,
    close_account,
    give_rights,
    reset_account,
    unblock_account,
)
from portal_gateway.register.rights import ALL_QUEUES, Rights, RightsClash

app = typer.Typer(no_args_is_help=True, help="Add officers, give them queues, reset, close.")

Name = Annotated[str, typer.Argument(help="The officer's name.")]
Answer = Annotated[
    list[str] | None,
    typer.Option(help=f"A queue whose cases they read and answer: {', '.join(ALL_QUEUES)}; or all"),
]
Read = Annotated[list[str] | None, typer.Option(help="A queue whose cases they only read; or all")]
Auditor = Annotated[bool, typer.Option(help="See who read and wrote what.")]
Administrator = Annotated[bool, typer.Option(help="See accounts and what was set aside; no case.")]


Work = Callable[[Terminal, str, Rights], list[str]]
"""What a command does with a name and rights, and the lines that it prints once that is kept."""


def _with_rights(work: Work) -> Callable[..., None]:
    """Make a command of it that takes a name and the options for rights."""

    def run(
        name: Name,
        *,
        answer: Answer = None,
        read: Read = None,
        auditor: Auditor = False,
        administrator: Administrator = False,
    ) -> None:
        with _terminal() as terminal:
            rights = Rights.of(
                answer=_queues(answer),
                read=_queues(read),
                audit=auditor,
                administer=administrator,
            )
            lines = work(terminal, name, rights)
        _print(*lines)

    run.__doc__ = work.__doc__
    return run


@app.command("add")
@_with_rights
def add(terminal: Terminal, name: str, rights: Rights) -> list[str]:
    """Make an account and print its first password, once."""
    return _with_password(*add_account(terminal, name, rights))


@app.command("give")
@_with_rights
def give(terminal: Terminal, name: str, rights: Rights) -> list[str]:
    """Let somebody have these rights and no others; without an option, none."""
    return [f"{give_rights(terminal, name, rights)}: {_in_words(rights)}"]


@app.command("list")
def list_accounts() -> None:
    """Show every account and what it may do."""
    with _terminal() as terminal:
        found = accounts(terminal.session)
    table = Table("Account", "May")
    for name, rights in found:
        table.add_row(name, _in_words(rights))
    Console().print(table, markup=False)


@app.command("reset")
def reset(name: Name) -> None:
    """Print a new first password, once; sessions end, and a block for failed attempts too."""
    with _terminal() as terminal:
        stored, password = reset_account(terminal, name)
    _print(*_with_password(stored, password))


@app.command("unblock")
def unblock(name: Name) -> None:
    """Let somebody try again at once after too many failed attempts."""
    with _terminal() as terminal:
        stored = unblock_account(terminal, name)
    _print(f"{stored} can try again.")


@app.command("close")
def close(name: Name) -> None:
    """Take rights and password away; what they did stays in the audit under their name."""
    with _terminal() as terminal:
        stored = close_account(terminal, name)
    _print(f"{stored} is closed.")


@contextmanager
def _terminal() -> Iterator[Terminal]:
    """Give a command its transaction; what cannot be done is said and ends with code 1."""
    register = open_register(gateway_settings(PortalSettings()))
    try:
        with register as engine, transaction(engine) as session:
            yield Terminal(session, getpass.getuser(), datetime.now(UTC))
    except AccountUnknown as error:
        raise SystemExit(f"There is no account {error}.") from error
    except AccountExists as error:
        raise SystemExit(f"There is an account {error} already.") from error
    except RightsClash as error:
        raise SystemExit(f"Nothing was changed: {error}.") from error


def _queues(typed: list[str] | None) -> list[str]:
    return list(ALL_QUEUES) if typed and "all" in typed else list(typed or ())


def _in_words(rights: Rights) -> str:
    said = [f"{right} {queue}".strip() for right, queue in rights.rows]
    return ", ".join(said) or "nothing"


def _with_password(name: str, password: str) -> list[str]:
    return [
        f"name: {name}   password: {password}",
        "This is shown once. Hand it over in person.",
    ]


def _print(*lines: str) -> None:
    for line in lines:
        Console().print(line, highlight=False, markup=False)
