"""A small web server for benchmarks: everything packed as well as it goes, every byte counted."""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli


@dataclass
class Serving:
    """A folder on a port."""

    address: str = ""
    sent: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, size: int) -> None:
        """Add to what was sent."""
        with self.lock:
            self.sent += size


@cache
def _packed(path: Path) -> bytes:
    packed: bytes = brotli.compress(path.read_bytes(), quality=11)
    return packed


@contextmanager
def serving_folder(folder: Path) -> Iterator[Serving]:
    """Serve a folder on a free port, everything packed when it is first asked for."""
    serving = Serving()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = folder / self.path.split("?")[0].strip("/")
            path = path / "index.html" if path.is_dir() else path
            status = HTTPStatus.OK if path.is_file() else HTTPStatus.NOT_FOUND
            content = _packed(path if path.is_file() else folder / "404.html")
            kind = mimetypes.guess_type(path.name)[0] or "text/html"
            head = (
                f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\n"
                f"Content-Encoding: br\r\nContent-Length: {len(content)}\r\n\r\n"
            ).encode()
            self.wfile.write(head + content)
            serving.count(len(head) + len(content))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    serving.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield serving
    finally:
        server.shutdown()
        server.server_close()
