"""What a form accepts keeps to its published schema, and what was typed stays as it was typed."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from portal_content.forms.answers import PARTS, check, consent_choices, from_inputs
from portal_content.forms.assistance import check_helper, filled_in_by
from portal_content.forms.definition import Form, load_forms
from portal_content.forms.schema import answers_schema
from tests.portal_content.filled_forms import Inputs, careful, filled

ROOT = Path(__file__).parents[2]
FORMS = list(load_forms(ROOT / "content" / "forms").current())
EVERY_FORM = pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
UNHURRIED = settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def problems_of(form: Form, inputs: Inputs) -> list[tuple[str, str]]:
    given_ids = [choice.id for choice in consent_choices(form, inputs) if choice.given]
    found = check_helper(filled_in_by(form, inputs).get("helper"))
    found += check(form, from_inputs(form, inputs), given_ids)
    return [(problem.input, problem.code) for problem in found]


@EVERY_FORM
@UNHURRIED
@given(data=st.data())
def test_whoever_fills_a_form_with_care_can_send_it(form: Form, data: st.DataObject) -> None:
    inputs = data.draw(careful(form))

    assert problems_of(form, inputs) == []


@EVERY_FORM
@UNHURRIED
@given(data=st.data())
def test_what_is_accepted_keeps_to_the_published_schema(form: Form, data: st.DataObject) -> None:
    schema = answers_schema(form)
    inputs = data.draw(filled(form))

    if not problems_of(form, inputs):
        Draft202012Validator(schema).validate(from_inputs(form, inputs))


@EVERY_FORM
@UNHURRIED
@given(data=st.data())
def test_an_answer_is_exactly_what_was_typed(form: Form, data: st.DataObject) -> None:
    inputs = data.draw(filled(form))

    typed = {text for values in inputs.values() for text in values} | {True}
    for question, answer in from_inputs(form, inputs).items():
        assert question in {field.id for field in form.fields}
        assert set(_texts(answer)) <= typed


@EVERY_FORM
@UNHURRIED
@given(data=st.data())
def test_every_problem_leads_to_an_input_of_the_form(form: Form, data: st.DataObject) -> None:
    inputs = data.draw(filled(form))

    names = {f"{f.id}.{part}" for f in form.fields for part in PARTS.get(f.kind, ())}
    names |= {field.id for field in form.fields}
    names |= {f"consent.{consent.id}" for consent in form.consents}
    names |= {f"helper.{part}" for part in ("read_language", "name", "organisation", "relation")}
    assert {name for name, _ in problems_of(form, inputs)} <= names


def _texts(answer: Any) -> list[Any]:
    if isinstance(answer, dict):
        return list(answer.values())
    return answer if isinstance(answer, list) else [answer]
