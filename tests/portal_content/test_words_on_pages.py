"""What a page explains is what the portal shows."""

from pathlib import Path

import pytest

from portal_content.library import load_library

LIBRARY = load_library(Path(__file__).parents[2])


@pytest.mark.parametrize("lang", LIBRARY.languages)
def test_the_words_of_the_return_page_are_explained_as_they_are_shown(lang: str) -> None:
    body = LIBRARY.pages["after-you-write", lang].body
    shown = LIBRARY.strings.section("script", lang)["return"]["status"]

    assert set(shown) == {"received", "review", "answer", "action", "other"}
    for word in shown.values():
        assert f"- **{word}" in body
