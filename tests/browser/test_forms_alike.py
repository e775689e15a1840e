"""Every form: the browser decides as Python does, on the same generated inputs."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from playwright.sync_api import Page

from portal_content.forms.answers import check, consent_choices, from_inputs
from portal_content.forms.assistance import check_helper, filled_in_by
from portal_content.forms.definition import Form
from portal_content.forms.emptiness import left_empty
from portal_content.forms.view import script_definition
from portal_content.library import load_library
from tests.portal_content.filled_forms import Inputs, filled

LIBRARY = load_library(Path(__file__).parents[2])
FORMS = list(LIBRARY.forms.current())
EXAMPLES = 150
"""Inputs of each form that both are asked about."""

IN_THE_BROWSER = """([form, filled]) => filled.map((entries) => {
    const inputs = new Map(entries)
    const answers = portal.answers.fromInputs(form, inputs)
    return {
        answers,
        by: portal.helper.filledInBy(form, inputs),
        consents: portal.answers.consentChoices(form, inputs).map(({ id, given }) => [id, given]),
        problems: portal.answers.check(form, answers, inputs)
            .concat(portal.emptiness.leftEmpty(form, inputs, false))
            .map(({ input, code, values }) => [input, code, values]),
    }
})"""


def in_python(form: Form, inputs: Inputs) -> dict[str, Any]:
    answers = from_inputs(form, inputs)
    by = filled_in_by(form, inputs)
    choices = consent_choices(form, inputs)
    given_ids = [choice.id for choice in choices if choice.given]
    found = check_helper(by.get("helper")) + check(form, answers, given_ids)
    found += left_empty(form, inputs, files=False)
    problems = [[problem.input, problem.code, dict(problem.values)] for problem in found]
    consents = [[choice.id, choice.given] for choice in choices]
    return {"answers": answers, "by": by, "consents": consents, "problems": problems}


def some_inputs(form: Form) -> list[Inputs]:
    """Let Hypothesis generate inputs; a page is then asked about all of them in one call."""
    generated: list[Inputs] = []

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(filled(form))
    def keep(inputs: Inputs) -> None:
        generated.append(inputs)

    keep()
    return generated


@pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
def test_both_read_the_same_answers_and_find_the_same_problems(
    protocol_page: Page, form: Form
) -> None:
    definition = script_definition(form, LIBRARY, "en")
    generated = some_inputs(form)

    sent = [list(inputs.items()) for inputs in generated]
    found = protocol_page.evaluate(IN_THE_BROWSER, [definition, sent])

    differing = [
        (inputs, in_browser, in_python(form, inputs))
        for inputs, in_browser in zip(generated, found, strict=True)
        if in_browser != in_python(form, inputs)
    ]
    assert min(differing, key=lambda one: len(str(one[0])), default=None) is None
    assert len(generated) >= EXAMPLES
