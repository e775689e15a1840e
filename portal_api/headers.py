"""Headers of every answer, and the last net for what goes wrong.

Both are plain ASGI: they see an answer as it leaves and hold nothing of it.
"""

import re
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal_api.errors import Refuse, Unknown
from portal_api.operations.events import record_failure

PERMISSIONS = (
    "camera=(), geolocation=(), microphone={microphone}, browsing-topics=(), interest-cohort=()"
)
RECORDING = re.compile(r"/[a-z-]+/(search-request|return)/(index\.html)?")
"""Pages on which a message can be spoken: those of forms that ask for one."""
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": PERMISSIONS.format(microphone="()"),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
PAGE_POLICY = "frame-ancestors 'none'"
"""A page brings its own policy with it; framing can only be forbidden in a header."""
OTHER_POLICY = "default-src 'none'; frame-ancestors 'none'"
WORKER = "/worker.js"
WORKER_POLICY = "default-src 'none'; connect-src 'self'"
"""The worker that keeps pages for reading without network fetches them under its own policy."""


class SafeHeaders:
    """Adds the fixed headers; an answer that says nothing about caching is not stored."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete the answer's headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # "Not modified" has no type of its own, and a browser puts its headers in the
                # place of those it stored: the stricter policy would then block the page's script.
                is_page = headers.get("content-type", "").startswith("text/html")
                if message["status"] != HTTPStatus.NOT_MODIFIED:
                    other = WORKER_POLICY if scope["path"] == WORKER else OTHER_POLICY
                    headers["Content-Security-Policy"] = PAGE_POLICY if is_page else other
                headers.setdefault("Cache-Control", "no-store")
                for name, value in ALWAYS.items():
                    headers[name] = value
                if RECORDING.fullmatch(scope["path"]):
                    headers["Permissions-Policy"] = PERMISSIONS.format(microphone="(self)")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class QuietFailure:
    """Turns what nobody foresaw into one constant answer, with nothing of the request in the log.

    The framework would print the error with its words, and the words may be somebody's.
    """

    def __init__(self, app: ASGIApp, *, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; answer 500 if it fails before its answer began."""
        began = False

        async def watched_send(message: Message) -> None:
            nonlocal began
            began = began or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except ClientDisconnect:
            return  # the line broke: nobody is there to be answered
        except Exception as error:  # noqa: BLE001 - the net under everything
            record_failure(error)
            if scope["type"] == "http" and not began:
                answer = self._refuse(Request(scope), Unknown)
                await answer(scope, receive, send)
