"""Dates and hours for readers: months as their language names them, digits as it writes them."""

from datetime import date, datetime

from babel.dates import format_date

from portal_content.languages import Language
from portal_content.numbers import in_digits


def day_in_words(day: date, language: Language) -> str:
    """Return a day as "20 November 2026" in the reader's months and digits."""
    return in_digits(f"{day.day} {language.months[day.month - 1]} {day.year}", language)


def weekday(day: date, language: Language) -> str:
    """Return the name of a day of the week (CLDR)."""
    return format_date(day, "EEEE", locale=language.code)


def clock_time(moment: datetime, language: Language) -> str:
    """Return hours and minutes of a moment in its own zone, as "18:00"."""
    return in_digits(moment.strftime("%H:%M"), language)


def offset_in_words(moment: datetime, language: Language) -> str:
    """Return how far a moment's zone is from UTC, as "UTC+3"."""
    minutes = int((moment.utcoffset() or moment - moment).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    text = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    # A mark keeps the sign on its side of the digits in a line that runs from the right.
    return f"\N{LEFT-TO-RIGHT ISOLATE}{in_digits(text, language)}\N{POP DIRECTIONAL ISOLATE}"
