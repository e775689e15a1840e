"""Officers' accounts at a terminal of the protected zone."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from portal.settings import PortalSettings, gateway_settings
from portal_gateway.database import connect, migrate, transaction
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


@app.command("add")
def add(
    name: Name,
    *,
    answer: Answer = None,
    read: Read = None,
    auditor: Auditor = False,
    administrator: Administrator = False,
) -> None:
    """Make an account and print its first password, once."""
    with _terminal() as terminal:
        rights = _rights(answer, read, auditor=auditor, administrator=administrator)
        stored, password = add_account(terminal, name, rights)
    _print_password(stored, password)


@app.command("give")
def give(
    name: Name,
    *,
    answer: Answer = None,
    read: Read = None,
    auditor: Auditor = False,
    administrator: Administrator = False,
) -> None:
    """Let somebody have these rights and no others; without an option, none."""
    with _terminal() as terminal:
        rights = _rights(answer, read, auditor=auditor, administrator=administrator)
        stored = give_rights(terminal, name, rights)
    Console().print(f"{stored}: {_in_words(rights)}", highlight=False, markup=False)


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
    _print_password(stored, password)


@app.command("unblock")
def unblock(name: Name) -> None:
    """Let somebody try again at once after too many failed attempts."""
    with _terminal() as terminal:
        stored = unblock_account(terminal, name)
    Console().print(f"{stored} can try again.", highlight=False, markup=False)


@app.command("close")
def close(name: Name) -> None:
    """Take rights and password away; what they did stays in the audit under their name."""
    with _terminal() as terminal:
        stored = close_account(terminal, name)
    Console().print(f"{stored} is closed.", highlight=False, markup=False)


@contextmanager
def _terminal() -> Iterator[Terminal]:
    """Give a command its transaction; what cannot be done is said and ends with code 1."""
    engine = connect(gateway_settings(PortalSettings()).database_url)
    try:
        migrate(engine)
        with transaction(engine) as session:
            yield Terminal(session, getpass.getuser(), datetime.now(UTC))
    except AccountUnknown as error:
        raise SystemExit(f"There is no account {error}.") from error
    except AccountExists as error:
        raise SystemExit(f"There is an account {error} already.") from error
    except RightsClash as error:
        raise SystemExit(f"Nothing was changed: {error}.") from error
    finally:
        engine.dispose()


def _rights(
    answer: list[str] | None, read: list[str] | None, *, auditor: bool, administrator: bool
) -> Rights:
    return Rights.of(
        answer=_queues(answer), read=_queues(read), audit=auditor, administer=administrator
    )


def _queues(typed: list[str] | None) -> list[str]:
    return list(ALL_QUEUES) if typed and "all" in typed else list(typed or ())


def _in_words(rights: Rights) -> str:
    said = [f"{right} {queue}".strip() for right, queue in rights.rows]
    return ", ".join(said) or "nothing"


def _print_password(name: str, password: str) -> None:
    Console().print(f"name: {name}   password: {password}", highlight=False, markup=False)
    Console().print("This is shown once. Hand it over in person.")
