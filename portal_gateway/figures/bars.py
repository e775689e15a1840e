"""Bars: where each part of a plot stands, as finished numbers for a template; no markup here."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal_gateway.figures.waiting import Line

WIDTH = 640
LABEL = 190
"""Width of the names beside the bars."""
ROW, THICK = 34, 22
ROOM_FOR_NUMBER = 22
"""A number is written into a part that is at least this wide."""


@dataclass(frozen=True)
class Part:
    """One part of a bar."""

    age: str
    x: float
    width: float
    count: int

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return self.x + self.width / 2

    @property
    def has_room(self) -> bool:
        """Whether its number fits into it."""
        return self.width >= ROOM_FOR_NUMBER


@dataclass(frozen=True)
class Bar:
    """One bar with its place."""

    name: str
    y: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Plot:
    """Bars below each other."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    thick: int = THICK


def plot(lines: Sequence[Line], *, mirrored: bool) -> Plot:
    """Lay out one bar for each line; the longest fills the width.

    Args:
        lines: What to show.
        mirrored: Whether names stand on the right, as in Arabic.
    """
    most = max((line.total for line in lines), default=1)
    scale = (WIDTH - LABEL) / most
    bars = tuple(
        Bar(line.name, number * ROW, _parts(line, scale, mirrored=mirrored))
        for number, line in enumerate(lines)
    )
    return Plot(bars, max(1, len(lines)) * ROW)


def _parts(line: Line, scale: float, *, mirrored: bool) -> tuple[Part, ...]:
    parts = []
    at = float(LABEL)
    for age, count in line.counts.items():
        width = count * scale
        if count:
            x = WIDTH - at - width if mirrored else at
            parts.append(Part(age, round(x, 2), round(width, 2), count))
        at += width
    return tuple(parts)
