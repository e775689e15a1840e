"""Which file answers which question: the cases that browser and server share."""

import json
from pathlib import Path
from typing import Any

import pytest

from portal_content.forms.placing import placed, questions_of

CASES = json.loads((Path(__file__).parents[1] / "vectors/form_files.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["placed"])
def test_places_are_written_as_the_browser_writes_them(case: dict[str, Any]) -> None:
    assert placed(case["questions"]) == case["places"]


@pytest.mark.parametrize("case", CASES["read"])
def test_every_file_has_one_question_that_was_asked_or_nothing_is_read(
    case: dict[str, Any],
) -> None:
    found = questions_of(case["asked"], case["places"], case["count"])

    assert found == case["questions"]
