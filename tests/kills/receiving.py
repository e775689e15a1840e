"""A receiving system that is killed, too: a stand-in with a database of its own on disk.

It keeps what Standard Webhooks asks of a receiver: the signature is checked, a message is known
by its id, and the answer is given when the message is on disk.
"""

import base64
import sqlite3
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal_gateway.connectors.signatures import public_text
from tests.portal_gateway.receivers import KEY

TABLES = """
CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, body BLOB NOT NULL, times INTEGER);
CREATE TABLE IF NOT EXISTS contradiction (id TEXT);
"""
TAKE = """
INSERT INTO message VALUES (?, ?, 1) ON CONFLICT (id) DO UPDATE SET times = times + 1
RETURNING body
"""


def open_received(path: Path) -> sqlite3.Connection:
    """Open what a receiver has taken."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(TABLES)
    return connection


def receive(path: Path, port: int, is_up: Callable[[], None]) -> None:
    """Take messages until the process is ended."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = 401
            if _is_signed(dict(self.headers.items()), body):
                status = _take(path, self.headers["webhook-id"], body)
            self.send_response_only(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    open_received(path).close()
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        server.daemon_threads = True
        is_up()
        server.serve_forever()


def _take(path: Path, message_id: str, body: bytes) -> int:
    """Take a message once, and say so only when it is on disk."""
    try:
        connection = open_received(path)
        try:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                (known,) = connection.execute(TAKE, (message_id, body)).fetchone()
                if known != body:
                    connection.execute("INSERT INTO contradiction VALUES (?)", (message_id,))
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return 507
    return 204


def _is_signed(headers: Mapping[str, str], body: bytes) -> bool:
    public = base64.b64decode(public_text(KEY).removeprefix("whpk_"))
    signatures = dict(one.split(",", 1) for one in headers["webhook-signature"].split(" "))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signatures["v1a"]), text)
    except InvalidSignature:
        return False
    return True
