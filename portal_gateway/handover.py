"""The portal's hand-over listener, as the gateway reaches out to it.

Everything that comes from there is suspect: sizes are limited before bytes are held, and what
the bytes are is checked by the steps.
"""

import base64
import json
import re
from collections.abc import Sequence
from typing import Any

import httpx

from portal_gateway.errors import NotWhole, TryLater
from portal_gateway.lines import OutgoingReply
from portal_protocol.chunks import CHUNK_SIZE

PAGE = 100
"""Submissions asked for at a time."""
LARGEST_LIST = 1_000_000
LARGEST_DELIVERY = 300_000
"""Manifest and envelope with their length; both are far smaller."""
SEATS_TOGETHER = 500
TIMEOUT = httpx.Timeout(30, connect=10)

_ID = re.compile(r"[0-9a-f]{64}")
_NOT_FOUND = 404


class Handover:
    """Talks to the hand-over listener; every method may raise TryLater.

    Args:
        url: Address of the listener.
        credential: What it asks for.
    """

    def __init__(self, url: str, credential: str) -> None:
        headers = {"Authorization": f"Bearer {credential}"}
        # No proxy, no .netrc: the environment must not decide where this credential goes.
        self._client = httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def waiting(self, *, after: str = "") -> list[str]:
        """Return ids of submissions that wait, in order, from behind `after`."""
        query = f"?limit={PAGE}" + (f"&after={after}" if after else "")
        try:
            answer = self._get(f"/handover/submissions{query}", LARGEST_LIST) or b""
            ids = json.loads(answer)["submissions"]
        except (ValueError, KeyError, TypeError, RecursionError, NotWhole) as error:
            raise TryLater("answer_unclear") from error
        if not isinstance(ids, list):
            raise TryLater("answer_unclear")
        return [i for i in _ids(ids) if i > after]

    def delivery(self, submission_id: str) -> bytes:
        """Return manifest and envelope as they were sent.

        Raises:
            NotWhole: If the portal does not have it any more, or hands over far too much.
        """
        data = self._get(f"/handover/submissions/{submission_id}", LARGEST_DELIVERY)
        if data is None:
            raise NotWhole("submission_gone")
        return data

    def chunk(self, name: str) -> bytes:
        """Return one chunk.

        Raises:
            NotWhole: If the portal does not have it, or hands over more than a chunk can be.
        """
        data = self._get(f"/handover/chunks/{name}", CHUNK_SIZE)
        if data is None:
            raise NotWhole("chunk_missing")
        return data

    def acknowledge(self, submission_id: str) -> None:
        """Tell the portal that it may forget a submission; one it has forgotten is no trouble."""
        path = f"/handover/submissions/{submission_id}/acknowledgement"
        try:
            answer = self._client.post(path)
        except httpx.TransportError as error:
            raise TryLater("unreachable") from error
        if answer.status_code != _NOT_FOUND:
            _check(answer)

    def push(self, replies: Sequence[OutgoingReply]) -> None:
        """Hand sealed replies over; handing over the same ones again changes nothing."""
        body = [
            {"mailbox": reply.mailbox, "data": base64.b64encode(reply.sealed).decode("ascii")}
            for reply in replies
        ]
        try:
            answer = self._client.post("/handover/replies", json={"replies": body})
        except httpx.TransportError as error:
            raise TryLater("unreachable") from error
        _check(answer)

    def seats(self, briefing: str) -> tuple[list[str], list[str]]:
        """Return ids of the seats at a meeting, and of the waiting list in its order."""
        try:
            answer = self._get(f"/handover/seats/{briefing}", LARGEST_LIST) or b""
            found = json.loads(answer)
            held, waiting = found["held"], found["waiting"]
        except (ValueError, KeyError, TypeError, RecursionError, NotWhole) as error:
            raise TryLater("answer_unclear") from error
        if not isinstance(held, list) or not isinstance(waiting, list):
            raise TryLater("answer_unclear")
        return _ids(held), _ids(waiting)

    def confirm_seats(self, briefing: str, seats: Sequence[str]) -> None:
        """Tell the portal that registrations have arrived; telling it again changes nothing."""
        for start in range(0, len(seats), SEATS_TOGETHER):
            body = {"seats": list(seats[start : start + SEATS_TOGETHER])}
            try:
                answer = self._client.post(f"/handover/seats/{briefing}/confirmation", json=body)
            except httpx.TransportError as error:
                raise TryLater("unreachable") from error
            _check(answer)

    def _get(self, path: str, largest: int) -> bytes | None:
        data = bytearray()
        try:
            with self._client.stream("GET", path) as answer:
                if answer.status_code == _NOT_FOUND:
                    return None
                _check(answer)
                for piece in answer.iter_bytes():
                    data += piece
                    if len(data) > largest:
                        raise NotWhole("too_large")
        except httpx.TransportError as error:
            raise TryLater("unreachable") from error
        except httpx.DecodingError as error:
            raise TryLater("answer_unclear") from error
        return bytes(data)


def _ids(values: list[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str) and _ID.fullmatch(value)]


def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    refused = answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
    raise TryLater("credential_refused" if refused else "answer_unclear")
