"""Dates for readers: months as their language names them, digits as it writes them."""

from datetime import date

from portal_content.languages import Language
from portal_protocol.digits import arabic_digits


def day_in_words(day: date, language: Language) -> str:
    """Return a day as "20 November 2026" in the reader's months and digits."""
    text = f"{day.day} {language.months[day.month - 1]} {day.year}"
    return arabic_digits(text) if language.digits == "arabic" else text
