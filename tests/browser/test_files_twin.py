"""Browser and server write alike which file answers which question."""

import json
from pathlib import Path

from playwright.sync_api import Page

CASES = json.loads((Path(__file__).parents[1] / "vectors/form_files.json").read_text("utf-8"))


def test_places_of_files_are_written_as_in_python(protocol_page: Page) -> None:
    for case in CASES["placed"]:
        written = protocol_page.evaluate("q => portal.placed(q)", case["questions"])

        assert written == case["places"]
