"""Requests to a receiving system: to the one configured host, over TLS, bounded in time and size.

The address comes from the deployer alone and never from a message. Still the usual traps are
shut: no redirects, no proxy from the environment, no address that only this machine's own
network answers on, such as a cloud's metadata service.
"""

import email.utils
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from portal_gateway.connectors.interface import Halted, NotDelivered, NotNow, Refused

TIMEOUT = httpx.Timeout(30, connect=10)
LARGEST_ANSWER = 4_000_000
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
SECONDS = 10
"""Digits of a number of seconds that can be meant."""

STATUS_UNAUTHORIZED, STATUS_FORBIDDEN, STATUS_GONE = 401, 403, 410
BUSY = (408, 425, 429, 502, 503, 504)
SERVER_ERRORS = 500
SUCCESS, REDIRECTS = range(200, 300), range(300, 400)


class AddressUnfit(ValueError):
    """An address that nothing must be sent to."""


@dataclass(frozen=True)
class Tls:
    """Whom to believe, and how to show who we are."""

    authorities: Path | None = None
    """File with certificates that are believed instead of the machine's own."""
    certificate: Path | None = None
    """Our certificate with its key, for receivers that ask for one."""


@dataclass(frozen=True)
class Answer:
    """What a receiver said."""

    status: int
    headers: httpx.Headers
    body: bytes


class Line:
    """The way to one receiving system.

    Args:
        url: Its address: https, or http on this machine.
        tls: Certificates.

    Raises:
        AddressUnfit: If the address is none that something may be sent to.
    """

    def __init__(self, url: str, tls: Tls | None = None) -> None:
        self._host = _checked_host(url)
        self.url = url.rstrip("/")
        self._client = httpx.Client(
            timeout=TIMEOUT, trust_env=False, follow_redirects=False, verify=_context(tls or Tls())
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def request(
        self, method: str, path: str = "", *, largest: int = LARGEST_ANSWER, **parts: Any
    ) -> Answer:
        """Ask the receiver something.

        Args:
            method: GET, POST and so on.
            path: Below the address.
            largest: Bytes that are read of the answer at most.
            **parts: As httpx names them: content, json, data, headers, auth.

        Raises:
            NotNow: If it cannot be reached, or its name leads where it must not.
        """
        if path and not path.startswith("/"):
            # A path may come from an answer; glued to a host it must not become another host.
            raise NotNow("answer_unclear", "address")
        self._check_place()
        body = bytearray()
        try:
            with self._client.stream(method, self.url + path, **parts) as answer:
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > largest:
                        raise NotNow("answer_unclear", "too long")
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise NotNow("unreachable", type(error).__name__) from error
        return Answer(answer.status_code, answer.headers, bytes(body))

    def _check_place(self) -> None:
        try:
            found = socket.getaddrinfo(self._host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NotNow("unreachable", type(error).__name__) from error
        for place in {str(one[4][0]).partition("%")[0] for one in found}:
            address = ipaddress.ip_address(place)
            if address.is_link_local or address.is_multicast or address.is_unspecified:
                raise NotNow("unreachable", "this address is not used")


def check_answer(answer: Answer, *, now: datetime) -> None:
    """Do nothing if the receiver took it.

    Raises:
        NotNow: If it is to be asked again later.
        Refused: If it will not take this message.
        Halted: If a person has to look first.
    """
    if answer.status not in SUCCESS:
        raise _trouble(answer.status, answer.headers, now)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Return how long the receiver asks to be left alone, in either way of saying it."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit() and len(said) <= SECONDS:
        return timedelta(seconds=int(said))
    try:
        moment = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta(0))


def _trouble(status: int, headers: Mapping[str, str], now: datetime) -> NotDelivered:
    named = str(status)
    if status in (STATUS_UNAUTHORIZED, STATUS_FORBIDDEN):
        return Halted("credential_refused", named)
    if status == STATUS_GONE:
        return Halted("gone", named)
    if status in REDIRECTS:
        return Halted("receiver_differs", f"{named}: it points somewhere else")
    if status in BUSY:
        return NotNow("busy", named, wait=retry_after(headers, now=now))
    if status >= SERVER_ERRORS:
        return NotNow("receiver_failed", named, wait=retry_after(headers, now=now))
    return Refused("refused", named)


def _checked_host(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK_NAMES):
        raise AddressUnfit("the address must begin with https://")
    if not host or parts.username or parts.password or parts.fragment or parts.query:
        raise AddressUnfit("an address has a host, and no user, question mark or fragment")
    return host


def _context(tls: Tls) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(tls.authorities) if tls.authorities else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls.certificate:
        context.load_cert_chain(tls.certificate)
    return context
