"""What stands around every page: fixed headers, known host names, one answer for any mistake.

Plain ASGI: it sees an answer as it leaves and holds nothing of it.
"""

import logging
from collections.abc import Awaitable, Callable, Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With none at all, browsers would not say where a form came from either.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
OWN_PAGES = ("same-origin", "none")
"""Values of Sec-Fetch-Site: from a page of ours, or typed by the person."""


class Edge:
    """Guards and completes every request to the register.

    Args:
        app: What is behind it.
        hosts: Names under which officers reach the register; any other is refused, so that a
            page elsewhere cannot pretend to be it by a name that points here.
        failed: Makes the page for a mistake that nobody foresaw.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Collection[str],
        failed: Callable[[Request], Awaitable[Response]],
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if it may pass, and complete the headers of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = False

        async def complete(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(scope=message)
                headers.setdefault("Cache-Control", "no-store")
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        if not self._may_pass(scope):
            await Response(status_code=403)(scope, receive, complete)
            return
        try:
            await self._app(scope, receive, complete)
        except Exception as error:  # noqa: BLE001 (the net under every page)
            # The class only: a message could quote what somebody wrote.
            log.error("page_failed error=%s", type(error).__name__)  # noqa: TRY400 (as above)
            if not began:
                page = await self._failed(Request(scope))
                await page(scope, receive, complete)

    def _may_pass(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        host = headers.get("host", "").rsplit(":", 1)[0] or headers.get("host", "")
        if host not in self._hosts:
            return False
        reads = scope["method"] in ("GET", "HEAD")
        return reads or headers.get("sec-fetch-site", "none") in OWN_PAGES
