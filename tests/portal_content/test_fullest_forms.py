"""Forms filled to the full: they can be sent, and over two turns nothing is left unasked."""

import pytest

from portal_content.forms.answers import GIVEN, PARTS, check, consent_choices, from_inputs
from portal_content.forms.assistance import check_helper, filled_in_by
from portal_content.forms.definition import FILE_KINDS, Form
from portal_content.library import load_library
from tests.fullest_forms import TRACES, Filling, asked, full_inputs
from tests.projects import ROOT

LIBRARY = load_library(ROOT)
FORMS = list(LIBRARY.forms.current())
every_form = pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
TURNS = [Filling(turn, bool(turn), not turn, "a-meeting") for turn in (0, 1)]
KINDS = [
    Filling(meeting="a-meeting", chosen={"kind": kind})
    for kind in LIBRARY.forms.follow_up().steps[0].fields[0].options
]


@every_form
@pytest.mark.parametrize("filling", TURNS, ids=["first", "second"])
def test_what_is_made_can_be_sent_and_answers_every_question_asked(
    form: Form, filling: Filling
) -> None:
    inputs = full_inputs(form, LIBRARY.consents, filling)
    answers = from_inputs(form, inputs)
    given = [choice.id for choice in consent_choices(form, inputs) if choice.given]

    assert check(form, answers, given) == []
    assert check_helper(filled_in_by(form, inputs).get("helper")) == []
    wanted = [one.id for one in asked(form, filling) if one.kind not in FILE_KINDS]
    assert list(answers) == wanted
    typed = [
        value for values in inputs.values() for value in values if " " in value or "@" in value
    ]
    assert all(any(trace in text for trace in TRACES) for text in typed)


@every_form
def test_two_turns_and_every_purpose_of_writing_again_ask_everything(form: Form) -> None:
    fillings = [*TURNS, *(KINDS if form.type == "followup" else [])]

    found = {question.id for filling in fillings for question in asked(form, filling)}

    assert found == {question.id for question in form.fields}


@every_form
def test_every_part_of_a_question_and_every_consent_is_said(form: Form) -> None:
    filling = Filling(chosen={"kind": "consent"}, meeting="a-meeting")
    inputs = full_inputs(form, LIBRARY.consents, filling)

    for question in asked(form, filling):
        names = [f"{question.id}.{part}" for part in PARTS.get(question.kind, ())] or [question.id]
        assert question.kind in FILE_KINDS or set(names) <= set(inputs)
    for consent in form.consents:
        assert inputs[f"consent.{consent.id}"] == ["agree" if form.consents_when else GIVEN]
        scopes = list(LIBRARY.consents[consent.id].scopes)
        assert inputs.get(f"consent.{consent.id}.scopes", []) == scopes
