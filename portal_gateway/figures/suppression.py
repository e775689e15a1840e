"""Suppression: a table of counts in which no small number can be read or worked out.

A count under the limit is hidden. So is every other count without which it could be worked out
from the totals. The check is exact: the equations of a table are a network from rows over columns
and totals back to rows, and a hidden count is safe if something in that network can move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LIMIT = 10
TOTAL = "*"
"""Row or column of totals."""

Cell = tuple[str, str]
"""Row and column."""


@dataclass(frozen=True)
class Published:
    """A table with what may be shown of it; a hidden count is None."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[Cell, int | None]
    """With the totals."""


def publish(counts: Mapping[Cell, int], rows: Sequence[str], columns: Sequence[str]) -> Published:
    """Return a table without anything from which a small number could be worked out.

    Args:
        counts: By row and column; what is missing is nought.
        rows: In their order.
        columns: In their order.
    """
    table = _with_totals(counts, rows, columns)
    hidden = {cell for cell, count in table.items() if 0 < count < LIMIT}
    while True:
        weak = next((cell for cell in sorted(hidden) if not _is_safe(cell, table, hidden)), None)
        if weak is None:
            break
        more = _next_to_hide(weak, table, hidden)
        if more is None:
            break
        hidden.add(more)
    shown = {cell: None if cell in hidden else count for cell, count in table.items()}
    return Published(tuple(rows), tuple(columns), shown)


def _with_totals(
    counts: Mapping[Cell, int], rows: Sequence[str], columns: Sequence[str]
) -> dict[Cell, int]:
    table = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    for row in rows:
        table[row, TOTAL] = sum(table[row, column] for column in columns)
    for column in (*columns, TOTAL):
        table[TOTAL, column] = sum(table[row, column] for row in rows)
    return table


def _is_safe(cell: Cell, table: Mapping[Cell, int], hidden: set[Cell]) -> bool:
    """Tell whether a hidden count could be another one, and does not stand in a small sum."""
    return _can_move(cell, table, hidden) and all(
        _hidden_sum_is_large(line, table, hidden) for line in _lines(cell, table)
    )


def _lines(cell: Cell, table: Mapping[Cell, int]) -> list[list[Cell]]:
    row, column = cell
    return [
        [one for one in table if one[0] == row],
        [one for one in table if one[1] == column],
    ]


def _hidden_sum_is_large(
    line: Sequence[Cell], table: Mapping[Cell, int], hidden: set[Cell]
) -> bool:
    """A total less what is shown is the sum of what is hidden: that must not be small either."""
    total = max(line, key=lambda one: (one[0] == TOTAL) + (one[1] == TOTAL))
    if total in hidden:
        return True
    inner = [one for one in line if one in hidden]
    return not inner or sum(table[one] for one in inner) >= LIMIT


def _can_move(cell: Cell, table: Mapping[Cell, int], hidden: set[Cell]) -> bool:
    """Tell whether all totals could hold with another count here.

    Whoever reads knows that a hidden count is at least one, so nothing can sink below that.
    """
    start, end = _arc(cell)
    others = [(*_arc(one), table[one]) for one in hidden if one != cell]
    up = _reaches(end, start, others)
    return up or (table[cell] > 1 and _reaches(start, end, others))


def _arc(cell: Cell) -> tuple[str, str]:
    """Return where a count leads in the network: row, column, total of columns, and back."""
    row, column = cell
    if row == TOTAL and column == TOTAL:
        return "all columns", "all rows"
    if column == TOTAL:
        return "all rows", f"row {row}"
    if row == TOTAL:
        return f"column {column}", "all columns"
    return f"row {row}", f"column {column}"


def _reaches(start: str, end: str, arcs: Sequence[tuple[str, str, int]]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for one, other, count in arcs:
            steps = [other] if one == here else []
            steps += [one] if other == here and count > 1 else []
            for step in steps:
                if step == end:
                    return True
                if step not in seen:
                    seen.add(step)
                    waiting.append(step)
    return False


def _next_to_hide(weak: Cell, table: Mapping[Cell, int], hidden: set[Cell]) -> Cell | None:
    """Return the count that is missed least: it helps, is small, and is rather no total."""
    open_ = [cell for cell, count in table.items() if cell not in hidden and count > 0]
    small = [line for line in _lines(weak, table) if not _hidden_sum_is_large(line, table, hidden)]
    if small:
        candidates = [cell for cell in open_ if cell in small[0]]
    else:
        near = _connected(weak, hidden)
        candidates = [cell for cell in open_ if any(_share_a_line(cell, one) for one in near)]
    return min(candidates, key=lambda c: (TOTAL in c, table[c], c), default=None)


def _connected(cell: Cell, hidden: set[Cell]) -> set[Cell]:
    """Return the hidden counts that hang together with one over their rows and columns."""
    found, waiting = {cell}, [cell]
    while waiting:
        here = waiting.pop()
        more = {one for one in hidden - found if _share_a_line(one, here)}
        found |= more
        waiting += more
    return found


def _share_a_line(one: Cell, other: Cell) -> bool:
    return one[0] == other[0] or one[1] == other[1]
