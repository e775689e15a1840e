"""Numbers for readers: digits and signs as their language writes them."""

from babel.numbers import format_decimal, format_percent

from portal_content.languages import Language
from portal_protocol.digits import arabic_digits


def in_digits(text: str, language: Language) -> str:
    """Return a text with its digits as a language writes them."""
    return arabic_digits(text) if language.digits == "arabic" else text


def whole(number: int, language: Language) -> str:
    """Return a whole number with the digits and the grouping of a language."""
    if language.digits == "arabic":
        # Babel chooses the signs that go with the digits, but writes the digits as they are.
        text = format_decimal(number, locale=language.code, numbering_system="arab")
        return arabic_digits(text)
    return format_decimal(number, locale=language.code)


def percent(share: float, language: Language) -> str:
    """Return a share, 0 to 1, as whole percent."""
    text = format_percent(share, locale=language.code)
    return arabic_digits(text).replace("%", "٪") if language.digits == "arabic" else text
