"""Where pieces of sealed files are kept: what every store can do."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol


class ChunkStore(Protocol):
    """Pieces by name; a name is the hex SHA-256 of its piece, so a piece never changes."""

    def put(self, name: str, data: bytes, *, today: date) -> None:
        """Keep a piece; when this returns, it survives a power cut. A repeat does no harm."""
        ...

    def get(self, name: str) -> bytes | None:
        """Return a piece, or none if it is not stored."""
        ...

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        """Return the length in bytes of those that are stored."""
        ...

    def use(self, names: Iterable[str], *, today: date) -> None:
        """Note that pieces are needed today, so that the sweep leaves them."""
        ...

    def stale(self, *, before: date) -> Iterator[str]:
        """List pieces that nobody has sent or asked for since before a day."""
        ...

    def stale_among(self, names: Iterable[str], *, before: date) -> list[str]:
        """Return those of the names that are stale still."""
        ...

    def remove(self, names: Iterable[str]) -> None:
        """Forget pieces; those that are not stored are passed over."""
        ...

    def remove_unfinished(self) -> None:
        """Forget what a killed process left half-written."""
        ...
