"""Scripts of names, as ISO 15924 calls them."""

import unicodedata

SCRIPTS = {
    "ARABIC": "Arab",
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARMENIAN": "Armn",
    "SYRIAC": "Syrc",
    "HEBREW": "Hebr",
    "GEORGIAN": "Geor",
    "ETHIOPIC": "Ethi",
}
UNDETERMINED, UNKNOWN = "Zyyy", "Zzzz"
"""Of several scripts or none; of one that is not listed here."""


def script_of(text: str) -> str:
    """Return the script that a text is written in, as four letters."""
    found = {
        SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], UNKNOWN)
        for letter in text
        if letter.isalpha()
    }
    return found.pop() if len(found) == 1 else UNDETERMINED
