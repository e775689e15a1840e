"""Filters of the list: each is a page of its own, and the page's script uses the same ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal_content.briefings.definition import Briefing
from portal_site.wording import Words

ALWAYS = ("women", "online", "in-person")
"""Other pages may lead to these, so they exist even while nothing is in them."""


@dataclass(frozen=True)
class Filter:
    """One way of making the list shorter."""

    path: str
    """Below the list, e.g. "language-ku"."""
    group: str
    """Key of the heading it stands under."""
    fits: Callable[[Briefing], bool]

    def name(self, words: Words) -> str:
        """Return what readers choose."""
        kind, _, value = self.path.partition("-")
        if kind == "audience":
            return words(f"audiences.{value.replace('-', '_')}")
        if kind == "language":
            return words(f"spoken.{value}")
        if kind == "country":
            return words.country(value.upper())
        return words(f"list.{self.path.replace('-', '_')}")


def filters(briefings: Sequence[Briefing]) -> list[Filter]:
    """Return every filter that some briefing fits, and those that always exist."""
    found = [
        Filter("women", "audience", lambda one: one.women_only),
        *(
            Filter(f"audience-{value.replace('_', '-')}", "audience", _serves(value))
            for value in _values(briefings, lambda one: one.audience)
            if value != "women"
        ),
        *(
            Filter(f"language-{value}", "language", _understood(value))
            for value in _values(briefings, lambda one: one.understood)
        ),
        Filter("online", "mode", lambda one: one.mode in ("online", "hybrid")),
        Filter("in-person", "mode", lambda one: one.mode in ("in_person", "hybrid")),
        *(
            Filter(f"country-{value.lower()}", "country", _is_in(value))
            for value in _values(briefings, lambda one: (one.country,))
        ),
    ]
    return [
        one for one in found if one.path in ALWAYS or any(one.fits(record) for record in briefings)
    ]


def _values(
    briefings: Sequence[Briefing], values: Callable[[Briefing], tuple[str, ...]]
) -> list[str]:
    """Return values in the order in which briefings come, each once."""
    return list(dict.fromkeys(value for one in briefings for value in values(one)))


def _serves(audience: str) -> Callable[[Briefing], bool]:
    return lambda one: audience in one.audience


def _understood(language: str) -> Callable[[Briefing], bool]:
    return lambda one: language in one.understood


def _is_in(country: str) -> Callable[[Briefing], bool]:
    return lambda one: one.country == country
