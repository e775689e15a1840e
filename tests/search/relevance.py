"""Measuring the search: how often the right page is first, and among the first five."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from portal_content.search.engine import SearchEngine

FOLDER = Path(__file__).parent
FIRST_FIVE = 5


@dataclass(frozen=True)
class Relevance:
    """What a set of queries showed."""

    queries: int
    at_1: float
    at_5: float
    missed: tuple[str, ...]


def queries(name: str, lang: str) -> list[dict[str, Any]]:
    """Return a set of queries, e.g. "queries" in "ar"."""
    loaded: list[dict[str, Any]] = yaml.safe_load(
        (FOLDER / f"{name}.{lang}.yml").read_text(encoding="utf-8")
    )
    return loaded


def measure(engine: SearchEngine, name: str) -> Relevance:
    """Search for everything in a set."""
    first = five = 0
    missed, asked = [], queries(name, engine.lang)
    for one in asked:
        results = engine.search(one["query"], FIRST_FIVE)
        found = [result.entry["page"] or "index" for result in results]
        first += found[:1] != [] and found[0] in one["pages"]
        if any(page in one["pages"] for page in found):
            five += 1
        else:
            missed.append(one["query"])
    return Relevance(len(asked), first / len(asked), five / len(asked), tuple(missed))
