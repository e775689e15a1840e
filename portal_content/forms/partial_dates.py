"""Partial dates: what can be understood of the words in which somebody said when it was.

The words stay exactly as typed (rule DR-02); this only adds between which days they may lie, for
flags and for finding people. What is not understood is no reading, never a mistake.
"""

import calendar
import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from portal_content.validation import load_yaml
from portal_protocol.digits import western_digits

WORDS = Path(__file__).parent / "date_words.yml"
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
MONTHS = range(1, 13)
HIJRI = range(1300, 1500)
"""Years of the Hijri calendar that a living person may name."""
GREGORIAN = range(1850, 2150)
_YEAR = re.compile(r"(?<!\d)(\d{4})(s)?(?!\d)")
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NUMBERS = re.compile(
    r"(?<!\d)(?:(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})(?:[-/.](?P<d1>\d{1,2}))?"
    r"|(?:(?P<d2>\d{1,2})[-/. ]{1,2})?(?P<m2>\d{1,2})[-/.] ?(?P<y2>\d{4}))(?!\d)"
)
_LETTERS = str.maketrans("ٱىة", "ايه")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")


@dataclass(frozen=True)
class Reading:
    """Between which days something may have been; an open end is None."""

    earliest: date | None
    latest: date | None
    about: bool = False
    """The person was not sure, so days near to these are possible too."""


Span = tuple[date, date]


def read_partial_date(text: str, *, since: int = 0) -> Reading | None:
    """Understand what was typed, as far as possible.

    Args:
        text: In any of the portal's languages and either set of digits.
        since: Year; what names only earlier ones is not read, which saves most of the time.

    Returns:
        Nothing if there is no year in it that can be understood.
    """
    plain = _plain(western_digits(text))
    # A reading never begins later than in a year that is named.
    named = map(int, _FOUR_DIGITS.findall(plain))
    if not any(year >= since or year in HIJRI for year in named):
        return None
    found = _numbers(plain) or _words(plain)
    if found is None:
        return None
    (first, last), from_hijri = found
    about = from_hijri or _has(plain, "about")
    if _has(plain, "after"):
        return Reading(first, None, about)
    if _has(plain, "before"):
        return Reading(None, first - timedelta(days=1), about)
    return Reading(first, last, about)


def _numbers(text: str) -> tuple[Span, bool] | None:
    spans = [span for match in _NUMBERS.finditer(text) if (span := _span_of_numbers(match))]
    return (_union(spans), False) if spans else None


def _span_of_numbers(match: re.Match[str]) -> Span | None:
    year = int(match["y1"] or match["y2"])
    month = int(match["m1"] or match["m2"])
    day = int(match["d1"] or match["d2"] or 0)
    if month not in MONTHS and day in MONTHS:
        month, day = day, month  # Somebody wrote the month first.
    if year not in GREGORIAN or month not in MONTHS:
        return None
    return _days(year, month, day) or _months(year, month, month)


def _words(text: str) -> tuple[Span, bool] | None:
    """Read each year with the words before it; what stands after the last one belongs to it."""
    years = list(_YEAR.finditer(text))
    spans: list[Span] = []
    from_hijri = False
    for number, match in enumerate(years):
        start = years[number - 1].end() if number else 0
        end = match.start() if number + 1 < len(years) else len(text)
        words = text[start:end].replace(match[0], " ")
        year, is_decade = int(match[1]), bool(match[2])
        if year in HIJRI:
            from_hijri = True
            spans.append(_hijri(year))
        elif year in GREGORIAN:
            spans.append(_decade(year) if is_decade else _span_of_words(year, words))
    return (_union(spans), from_hijri) if spans else None


def _span_of_words(year: int, words: str) -> Span:
    if _has(words, "hijri_months"):
        return _months(year, 1, 12)  # Which weeks of that year it was, only a calendar knows.
    if _has(words, "months"):
        months = [number for number in MONTHS if _pattern(("months", number)).search(words)]
        day = _DAY.search(words)
        exact = _days(year, months[0], int(day[1])) if day and len(months) == 1 else None
        return exact or _months(year, months[0], months[-1])
    if _pattern(("seasons", "winter")).search(words):
        return date(year - 1, 12, 1), _months(year + 1, 2, 2)[1]
    for season, (first, last) in SEASONS.items():
        if _pattern(("seasons", season)).search(words):
            return _months(year, first, last)
    return _months(year, 1, 12)


def _days(year: int, month: int, day: int) -> Span | None:
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day), date(year, month, day)


def _months(year: int, first: int, last: int) -> Span:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _decade(year: int) -> Span:
    return date(year, 1, 1), date(year + 9, 12, 31)


def _hijri(year: int) -> Span:
    """A Hijri year lies in two Gregorian ones at most; 33 of it are about 32 of those."""
    first = int(year * 0.970224 + 621.5774)
    return date(first, 1, 1), date(first + 1, 12, 31)


def _union(spans: Sequence[Span]) -> Span:
    return min(first for first, _ in spans), max(last for _, last in spans)


def _has(text: str, kind: str) -> bool:
    return _pattern((kind,)).search(text) is not None


@functools.cache
def _date_words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = load_yaml(WORDS.read_text(encoding="utf-8"))
    return words


@functools.cache
def _pattern(place: tuple[str | int, ...]) -> re.Pattern[str]:
    """Return what finds the words of a kind, or of all kinds in it; longer ones come first."""
    listed: Any = _date_words()
    for key in place:
        listed = listed[key]
    if isinstance(listed, dict):
        listed = [word for words in listed.values() for word in words]
    plain = sorted({_plain(word) for word in listed}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)[وفبل]?(?:ال)?(?:{'|'.join(map(re.escape, plain))})(?!\w)")


def _plain(text: str) -> str:
    """Return a text without accents, vowel marks and letters that people write in two ways."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return kept.replace("\N{ARABIC TATWEEL}", "").translate(_LETTERS)
