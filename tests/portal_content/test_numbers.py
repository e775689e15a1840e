"""Numbers as the languages write them."""

from pathlib import Path

import pytest

from portal_content.languages import load_languages
from portal_content.numbers import percent, whole

LANGUAGES = load_languages(Path(__file__).parents[2] / "content" / "languages.yml")


@pytest.mark.parametrize(
    ("lang", "number", "share"),
    [
        ("ar", "١٢٬٣٤٥", "٥٠٪"),
        ("en", "12,345", "50%"),
        ("de", "12.345", "50\N{NO-BREAK SPACE}%"),
        ("tr", "12.345", "%50"),
        ("ku", "12.345", "%50"),
    ],
)
def test_a_number_has_the_digits_and_signs_of_its_language(
    lang: str, number: str, share: str
) -> None:
    written = percent(0.5, LANGUAGES[lang]).replace("\N{ARABIC LETTER MARK}", "")

    assert whole(12_345, LANGUAGES[lang]) == number
    assert written.replace("\N{LEFT-TO-RIGHT MARK}", "") == share
