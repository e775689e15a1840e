"""What the forms for meetings, organisations, data rights, feedback and writing again ask."""

import pytest

from portal_content.forms.answers import check, from_inputs
from portal_content.forms.definition import FILE_KINDS, Form
from portal_content.forms.reading import readable_answers
from portal_content.library import load_library
from tests.projects import ROOT

LIBRARY = load_library(ROOT)
FORMS = {form.id: form for form in LIBRARY.forms.current()}
FEWEST: dict[str, dict[str, list[str]]] = {
    "briefing-registration": {
        "briefing": ["sample-online-evening"],
        "display_name": ["نور"],
        "contact_language": ["ar"],
        "interpretation": ["unknown"],
        "safe_contact.way": ["none"],
    },
    "organisation": {
        "organisation_name": ["رابطة"],
        "wishes": ["briefing"],
        "contact_language": ["ar"],
        "safe_contact.way": ["none"],
    },
    "data-rights": {
        "what": ["withdraw"],
        "contact_language": ["ku"],
        "safe_contact.way": ["none"],
    },
    "feedback": {"matter": ["feedback"], "text": ["الخط صغير."]},
    "follow-up": {"kind": ["answer"]},
}
"""As little as a person may say in each form."""


def needed(form: Form) -> list[str]:
    return [consent.id for consent in form.consents if consent.required]


@pytest.mark.parametrize("form_id", FEWEST)
def test_so_little_is_enough_and_less_is_not(form_id: str) -> None:
    form, fewest = FORMS[form_id], FEWEST[form_id]

    assert check(form, from_inputs(form, fewest), needed(form)) == []
    for name in fewest:
        less = {other: value for other, value in fewest.items() if other != name}
        problems = check(form, from_inputs(form, less), needed(form))
        assert [(problem.input, problem.code) for problem in problems] == [(name, "missing")]


def test_a_complaint_needs_no_name_and_no_way_back() -> None:
    asked = {question.id: question for question in FORMS["feedback"].fields}

    assert FORMS["feedback"].anonymous
    assert not asked["safe_contact"].required
    assert not {"writer_name", "name", "role"} & set(asked)


@pytest.mark.parametrize("form_id", ["organisation", "data-rights", "feedback"])
def test_no_list_and_no_file_is_taken(form_id: str) -> None:
    assert not [question.id for question in FORMS[form_id].fields if question.kind in FILE_KINDS]


def test_what_should_be_corrected_is_asked_only_of_those_who_correct() -> None:
    form = FORMS["data-rights"]
    typed = FEWEST["data-rights"] | {"correction": ["1984"]}

    assert "correction" not in from_inputs(form, typed)
    assert "correction" in from_inputs(form, typed | {"what": ["copy", "correct"]})


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("answer", []),
        ("correct", []),
        ("add_file", []),
        ("consent", []),
        ("contact_unsafe", ["safe_contact.way"]),
        ("close", ["closing"]),
    ],
)
def test_writing_again_needs_only_what_belongs_to_its_kind(kind: str, missing: list[str]) -> None:
    form = FORMS["follow-up"]

    problems = check(form, from_inputs(form, {"kind": [kind]}), [])

    assert [problem.input for problem in problems] == missing


def test_writing_again_never_takes_a_consent_for_needed() -> None:
    assert not [consent.id for consent in FORMS["follow-up"].consents if consent.required]


def test_officers_read_the_name_of_a_meeting_as_long_as_it_is_known() -> None:
    form = FORMS["briefing-registration"]
    meeting = next(iter(LIBRARY.briefings.values()))

    for chosen, shown in ((meeting.id, meeting.title("ar")), ("gone-from-here", "gone-from-here")):
        (section,) = readable_answers(form, LIBRARY, {"briefing": chosen}, "ar")
        (row,) = section.rows
        assert row.lines[0].words.startswith(shown)
