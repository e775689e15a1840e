"""The network between two processes: passes everything on until it is told to break."""

import asyncio
import os
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

PIECE = 65_536
NO_LINGER = struct.pack("ii", 1, 0)
"""Closing sends a reset, as a line that breaks does; nothing that waits is still sent."""


@dataclass
class Line:
    """Connections from one port to another."""

    target: int
    left: int | None = None
    """Bytes of answers that still come through; then it is broken. None if it is whole."""
    ends: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def broken(self) -> bool:
        return self.left is not None and self.left <= 0

    def break_(self) -> None:
        """Break every connection; new ones are broken at once."""
        self.left = 0
        for end in self.ends.copy():
            _reset(end)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        if self.broken:
            _reset(writer)
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _reset(writer)
            return
        self.ends |= {writer, back}
        try:
            await asyncio.gather(self._there(reader, back), self._back(there, writer))
        finally:
            self.ends -= {writer, back}

    async def _there(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                writer.write(piece)
                await writer.drain()
        _reset(writer)

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                if self.left is not None:
                    piece = piece[: max(self.left, 0)]
                    self.left -= len(piece)
                writer.write(piece)
                await writer.drain()
                if self.broken:
                    # What was let through shall arrive: an answer that ends in its middle.
                    self.ends.discard(writer)
                    writer.close()
                    self.break_()
                    return
        _reset(writer)


def carry_lines(commands: int, lines: Mapping[int, int]) -> None:
    """Serve lines until the process is ended.

    Args:
        commands: What is read here are lines: a port, and how many bytes of answers still come
            through it; without a number it is whole again.
        lines: To which port each port leads.
    """
    asyncio.run(_carry_lines(commands, {port: Line(target) for port, target in lines.items()}))


async def _carry_lines(commands: int, lines: Mapping[int, Line]) -> None:
    servers = [
        await asyncio.start_server(line.carry, "127.0.0.1", port) for port, line in lines.items()
    ]
    told = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    with os.fdopen(commands, "rb") as pipe:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), pipe)
        while command := await told.readline():
            port, *left = (int(part) for part in command.split())
            lines[port].left = left[0] if left else None
            if left == [0]:
                lines[port].break_()
    for server in servers:
        server.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None:
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    writer.transport.abort()
