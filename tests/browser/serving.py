"""A web server for tests: one function answers everything, under the policy of the real pages."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "
    "img-src 'self'; media-src blob:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes
    token: str
    """Value of the Authorization header."""
    shown: str = ""
    """Value of the header that shows a pass."""


@dataclass(frozen=True)
class Answer:
    body: bytes | str = b""
    status: int = 200
    kind: str = "text/plain"
    retry_after: str = ""


def page(body: str) -> Answer:
    return Answer(body, kind="text/html")


def script(body: bytes) -> Answer:
    return Answer(body, kind="text/javascript")


NOT_FOUND = Answer(status=404)


@contextmanager
def serving(answer: Callable[[Request], Answer | None]) -> Iterator[str]:
    """Serve on a free port and give the address; None closes the line without an answer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if len(body) < length:  # The line was cut while it was being sent.
                self.close_connection = True
                return
            token = self.headers.get("Authorization", "")
            shown = self.headers.get("Portal-Pass", "")
            made = answer(Request(self.command, self.path, body, token, shown))
            if made is None:
                self.close_connection = True
                return
            content = made.body.encode() if isinstance(made.body, str) else made.body
            self.send_response(made.status)
            self.send_header("Content-Type", f"{made.kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(content)))
            if made.retry_after:
                self.send_header("Retry-After", made.retry_after)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - names of the base class

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
