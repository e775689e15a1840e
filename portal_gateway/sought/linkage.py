"""How much speaks for two requests seeking one person: Fellegi and Sunter's weights, by Splink.

Each thing that is compared has levels; each level says how often it holds of one person (m) and of
two different ones (u). What is not known says nothing. The shares are judgements, written down
beside each level, not learnt: a model learnt from families' requests would have to be kept and
explained, and there is no list of true pairs. See docs/decisions/0019.

Splink's SQLite backend runs in memory and writes nothing to disk; it is given our measures as
functions, because no library knows how Arabic names are spelt.
"""

import json
import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any

from splink import SettingsCreator
from splink.backends.sqlite import SQLiteAPI
from splink.comparison_level_library import CustomLevel, ElseLevel, NullLevel
from splink.comparison_library import CustomComparison
from splink.internals.realtime import compare_records

from portal_gateway.names.compare import CANDIDATE, Likeness, compare
from portal_gateway.names.words import parts_of
from portal_gateway.sought.records import Record, span_of

BEFORE_LOOKING = 0.001
"""Of the requests with a name of like letters, how many seek the same person."""
STRONG = 0.93
"""Names that are alike in every part."""
NARROW_DAYS = 45
NEAR_DAYS = {"birth": 800, "last_contact": 200}
SURE = 0.85
"""From here on two words for a place are one place."""

Levels = tuple[tuple[str, float, float], ...]
"""Name of a level, m and u; the surest first, the last one is all the rest."""

LEVELS: dict[str, Levels] = {
    "name": (
        ("strong", 0.55, 0.0004),
        ("alike", 0.30, 0.003),
        ("one_part", 0.10, 0.02),
        ("unlike", 0.05, 0.9766),
    ),
    "mother": (("alike", 0.85, 0.01), ("unlike", 0.15, 0.99)),
    "birth": (
        ("same_days", 0.35, 0.002),
        ("overlap", 0.50, 0.10),
        ("near", 0.10, 0.15),
        ("apart", 0.05, 0.748),
    ),
    "last_contact": (
        ("same_days", 0.40, 0.01),
        ("overlap", 0.40, 0.12),
        ("near", 0.15, 0.17),
        ("apart", 0.05, 0.70),
    ),
    "place": (("alike", 0.50, 0.03), ("same_area", 0.30, 0.10), ("apart", 0.20, 0.87)),
    "birthplace": (("alike", 0.55, 0.04), ("same_area", 0.25, 0.10), ("apart", 0.20, 0.86)),
    "sex": (("same", 0.99, 0.75), ("other", 0.01, 0.25)),
}
"""What is compared. Most missing persons are men, so the same sex says little."""

logging.getLogger("splink").setLevel(logging.ERROR)
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Compared:
    """One thing that was compared."""

    what: str
    """A key of `LEVELS`."""
    level: str
    weight: float
    """Above 0 it speaks for one person, below 0 against."""


@dataclass(frozen=True)
class Weighed:
    """What came of comparing a request with another one."""

    id: str
    probability: float
    compared: tuple[Compared, ...]
    """What is known of both, what says most first."""


def weigh(record: Record, others: Sequence[Record]) -> list[Weighed]:
    """Compare a request with others.

    Returns:
        One for each of the others, the likeliest first.
    """
    if not others:
        return []
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    with _ONE_AT_A_TIME, closing(memory) as connection:
        for what, measure in _MEASURES.items():
            connection.create_function(f"{what}_level", 2, measure, deterministic=True)
        found = compare_records(
            _rows([record], "new"),
            _rows(others, "known"),
            _settings(),
            SQLiteAPI(connection, register_udfs=False),
        )
        rows: list[dict[str, Any]] = found.as_record_list()
    weighed = [_weighed(row) for row in rows]
    return sorted(weighed, key=lambda one: (-one.probability, one.id))


def name_likeness(these: str, those: str) -> Likeness:
    """Return the greatest likeness between two lists of names, as they are in records."""
    return max(
        (compare(one, other) for one in json.loads(these) for other in json.loads(those)),
        key=lambda likeness: likeness.score,
    )


@lru_cache(maxsize=1)
def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        probability_two_random_records_match=BEFORE_LOOKING,
        comparisons=[_comparison(what, levels) for what, levels in LEVELS.items()],
        blocking_rules_to_generate_predictions=[],
        retain_intermediate_calculation_columns=True,
    )


def _comparison(what: str, levels: Levels) -> CustomComparison:
    """Return a comparison of Splink's: level `n` holds where our measure says so."""
    *told, rest = levels
    steps: list[Any] = [NullLevel(what)]
    for place, (label, m, u) in enumerate(told):
        sql = f"{what}_level({what}_l, {what}_r) = {place}"
        steps.append(CustomLevel(sql, label).configure(m_probability=m, u_probability=u))
    steps.append(ElseLevel().configure(m_probability=rest[1], u_probability=rest[2]))
    return CustomComparison(output_column_name=what, comparison_levels=steps)


def _rows(records: Sequence[Record], source: str) -> list[dict[str, Any]]:
    return [{**asdict(record), "source_dataset": source} for record in records]


def _weighed(row: dict[str, Any]) -> Weighed:
    compared = [
        # Splink counts levels from the bottom; -1 is what is not known.
        Compared(what, levels[len(levels) - 1 - row[f"gamma_{what}"]][0], row[f"mw_{what}"])
        for what, levels in LEVELS.items()
        if row[f"gamma_{what}"] >= 0
    ]
    compared.sort(key=lambda one: -abs(one.weight))
    return Weighed(row["id_r"], row["match_probability"], tuple(compared))


def _name_level(these: str, those: str) -> int:
    found = name_likeness(these, those)
    pairs = sum(reason.code == "alike" for reason in found.reasons)
    if found.score < CANDIDATE:
        return 3
    if pairs == 1:
        return 2
    return 0 if found.score >= STRONG else 1


def _mother_level(one: str, other: str) -> int:
    return 0 if compare(one, other).score >= CANDIDATE else 1


def _span_level(what: str, one: str, other: str) -> int:
    (first, last), (from_, to) = span_of(one), span_of(other)
    if first <= to and from_ <= last:
        narrow = max(_days(first, last), _days(from_, to)) <= NARROW_DAYS
        return 0 if narrow else 1
    gap = _days(last, from_) if last < from_ else _days(to, first)
    return 2 if gap <= NEAR_DAYS[what] else 3


def _days(first: date, last: date) -> int:
    return (last - first).days


def _place_level(one: str, other: str) -> int:
    (area, words), (other_area, other_words) = one.split("\n", 1), other.split("\n", 1)
    these, those = parts_of(words), parts_of(other_words)
    if any(compare(x.written, y.written).score >= SURE for x in these for y in those):
        return 0
    return 1 if area and area == other_area else 2


_MEASURES = {
    "name": _name_level,
    "mother": _mother_level,
    "birth": lambda one, other: _span_level("birth", one, other),
    "last_contact": lambda one, other: _span_level("last_contact", one, other),
    "place": _place_level,
    "birthplace": _place_level,
    "sex": lambda one, other: int(one != other),
}
