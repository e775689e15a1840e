"""Placing: which of the files that came with a form answer which of its questions.

The form part of an envelope says it by places: `"files": {"photos": [1, 2], "told": [3]}`. The
browser has a twin of `placed` (theme/scripts/form/placing.ts); both pass the cases in
tests/vectors/form_files.json.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from portal_content.forms.answers import is_asked
from portal_content.forms.definition import FILE_KINDS, Form


def placed(questions: Sequence[str]) -> dict[str, list[int]]:
    """Return the places of files by question, from 1.

    Args:
        questions: The question of each file, in the order of the envelope.
    """
    places: dict[str, list[int]] = {}
    for place, question in enumerate(questions, start=1):
        places.setdefault(question, []).append(place)
    return places


def file_questions(form: Form, answers: Mapping[str, Any]) -> list[str]:
    """Return the questions that are answered with files and are asked, given the other answers."""
    return [
        question.id
        for question in form.fields
        if question.kind in FILE_KINDS and is_asked(question, answers)
    ]


def questions_of(
    asked: Sequence[str], places: Mapping[str, Sequence[int]], count: int
) -> list[str] | None:
    """Return the question of each file.

    Args:
        asked: Questions that are answered with files.
        places: What the envelope says; if it says nothing, all files answer the only question.
        count: How many files there are.

    Returns:
        One question for each file, or none if a file has no question or two, or a question was
        not asked.
    """
    if not places:
        return [asked[0]] * count if len(asked) == 1 else ([] if count == 0 else None)
    found: dict[int, str] = {}
    for question, own in places.items():
        if question not in asked or not own:
            return None
        for place in own:
            if place in found:
                return None
            found[place] = question
    if sorted(found) != list(range(1, count + 1)):
        return None
    return [found[place] for place in sorted(found)]
