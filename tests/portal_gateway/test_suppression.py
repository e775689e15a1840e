"""Suppression: tables in which no small number can be read or worked out, by nobody who tries."""

import itertools
from dataclasses import dataclass

from hypothesis import example, given, settings, strategies

from portal_gateway.figures.suppression import LIMIT, TOTAL, Cell, Published, publish

EXAMPLES = 100
COUNTS = strategies.sampled_from((0, 0, 1, 1, 2, 5, 9, 10, 11, 20, 40))


@dataclass(frozen=True)
class Table:
    """What is counted, and with which rows and columns."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: dict[Cell, int]


@strategies.composite
def tables(draw: strategies.DrawFn) -> Table:
    rows, columns = (names[: draw(strategies.integers(1, 3))] for names in ("abc", "xyz"))
    cells = itertools.product(rows, columns)
    return Table(tuple(rows), tuple(columns), {cell: draw(COUNTS) for cell in cells})


def could_be_others(table: Table, published: Published) -> set[Cell]:
    """Every hidden count, totals too, that is another one in some table that looks the same.

    Where it is another one anywhere, it is so in a table that differs by one at most in each
    count that is no total: what changes is made of rings on which one count rises as another
    sinks. So these are tried, all of them.
    """
    hidden = {cell for cell, count in published.counts.items() if count is None}
    others: set[Cell] = set()
    for steps in itertools.product(*(changes_of(row, table, published) for row in table.rows)):
        lines = [*steps, tuple(map(sum, zip(*steps, strict=True)))]
        change = {
            (row, column): step
            for row, line in zip((*table.rows, TOTAL), lines, strict=True)
            for column, step in zip((*table.columns, TOTAL), line, strict=True)
        }
        moved = {cell for cell, step in change.items() if step}
        if moved <= hidden:
            others |= moved
        if others == hidden:
            break
    return others


def changes_of(row: str, table: Table, published: Published) -> list[tuple[int, ...]]:
    """How a row could differ: by one here and there, and its total with that."""
    choices = [
        [step for step in (-1, 0, 1) if step == 0 or published.counts[row, column] is None]
        for column in table.columns
    ]
    # Whoever reads knows that what is hidden is one at least.
    return [
        (*steps, sum(steps))
        for steps in itertools.product(*choices)
        if all(
            step >= 0 or table.counts[row, column] > 1
            for column, step in zip(table.columns, steps, strict=True)
        )
        and (sum(steps) == 0 or published.counts[row, TOTAL] is None)
    ]


RING = Table(
    ("a", "b", "c"),
    ("x", "y", "z"),
    {("a", "x"): 1, ("a", "y"): 20, ("b", "y"): 20, ("b", "z"): 1, ("c", "z"): 20, ("c", "x"): 20},
)
"""In each direction one would have to sink below one: with every total shown, all is known."""


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@example(RING)
@given(tables())
def test_no_hidden_count_follows_from_what_is_shown(table: Table) -> None:
    published = publish(table.counts, table.rows, table.columns)

    shown = {cell: count for cell, count in published.counts.items() if count is not None}
    hidden = set(published.counts) - set(shown)
    assert could_be_others(table, published) == hidden
    assert not [cell for cell, count in shown.items() if 0 < count < LIMIT]
    assert all(shown.get(cell, count) == count for cell, count in table.counts.items())


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(tables())
def test_what_a_shown_total_leaves_for_the_hidden_ones_is_not_small(table: Table) -> None:
    published = publish(table.counts, table.rows, table.columns)
    counts = published.counts

    lines = [[(row, c) for c in (*table.columns, TOTAL)] for row in (*table.rows, TOTAL)]
    lines += [[(r, column) for r in (*table.rows, TOTAL)] for column in (*table.columns, TOTAL)]
    for *parts, total in lines:
        shown, known = counts[total], [counts[cell] for cell in parts]
        if shown is not None and None in known:
            assert shown - sum(count or 0 for count in known) >= LIMIT, total


def test_one_small_number_takes_others_along() -> None:
    counts = {("a", "x"): 3, ("a", "y"): 40, ("b", "x"): 50, ("b", "y"): 60}

    published = publish(counts, ("a", "b"), ("x", "y"))

    hidden = {cell for cell, count in published.counts.items() if count is None}
    assert {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")} >= hidden
    assert len(hidden) == 4
    assert published.counts[TOTAL, TOTAL] == 153


def test_what_is_large_everywhere_is_shown() -> None:
    counts = {("a", "x"): 10, ("a", "y"): 0, ("b", "x"): 12, ("b", "y"): 99}

    published = publish(counts, ("a", "b"), ("x", "y"))

    assert None not in published.counts.values()
    assert published.counts["a", TOTAL] == 10


def test_two_small_numbers_whose_sum_would_show_are_hidden_with_it() -> None:
    counts = {("a", "x"): 1, ("a", "y"): 1, ("b", "x"): 70, ("b", "y"): 70}

    published = publish(counts, ("a", "b"), ("x", "y"))

    assert published.counts["a", TOTAL] is None


def test_what_is_shown_of_a_row_leaves_no_small_rest() -> None:
    counts = {("a", "x"): 2, ("a", "y"): 5, ("a", "z"): 40}
    counts |= {("b", column): 20 for column in ("x", "y", "z")}

    published = publish(counts, ("a", "b"), ("x", "y", "z"))

    # 47 less 40 would say that the two hidden ones are seven people together.
    assert None in (published.counts["a", "z"], published.counts["a", TOTAL])


def test_where_one_direction_is_open_no_total_is_hidden() -> None:
    counts = RING.counts | {("a", "x"): 3}

    published = publish(counts, RING.rows, RING.columns)

    assert {cell for cell, count in published.counts.items() if count is None} == set(counts)
