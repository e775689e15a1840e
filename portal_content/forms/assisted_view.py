"""The first screen of a form: who fills it in, and what a helper says of themself."""

from typing import Any

from portal_content.forms.assistance import HELPER_LENGTH, MODES, PARTS
from portal_content.forms.controls import control, line, with_options
from portal_content.forms.words import FormWords
from portal_content.languages import Language

OTHER, SELF = "other", "self"


def who_question(words: FormWords) -> tuple[str, list[dict[str, Any]]]:
    """Return label and controls of the question who fills the form in."""
    options = [(mode, words.of(f"helper.who.{mode}")) for mode in MODES]
    asked = with_options(control("mode", "radios"), options)
    asked["preset"] = [SELF]
    return words.of("helper.who.label"), [asked]


def helper_questions(
    words: FormWords, languages: list[Language]
) -> list[tuple[str, str, str, list[dict[str, Any]]]]:
    """Return part, label, hint and controls of each question to a helper."""
    questions = []
    for part in PARTS:
        made = line(f"helper.{part}", HELPER_LENGTH)
        if part == "read_language":
            named = [(language.code, language.name) for language in languages]
            offered = [*named, (OTHER, words.of(f"options.{OTHER}"))]
            made = with_options(control(f"helper.{part}", "select"), offered)
        label, hint = words.of(f"helper.{part}.label"), words.of_maybe(f"helper.{part}.hint")
        questions.append((part, label, hint, [made]))
    return questions
