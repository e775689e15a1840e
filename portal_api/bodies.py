"""Reading a request's body with a limit, without the form parser that spools to disk."""

from collections.abc import Awaitable, Callable

from fastapi import Request

from portal_api.errors import TooLarge


def body_up_to(limit: int) -> Callable[[Request], Awaitable[bytes]]:
    """Return a dependency that reads the whole body into memory.

    Args:
        limit: Bytes that are read at most; a longer body is refused as soon as that is clear.
    """

    async def read(request: Request) -> bytes:
        announced = request.headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            raise TooLarge
        body = bytearray()
        async for piece in request.stream():
            if len(body) + len(piece) > limit:
                raise TooLarge
            body += piece
        return bytes(body)

    return read
