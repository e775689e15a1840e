"""Emptiness: a form that adds to what was written before must add something.

The browser has a twin of this module (theme/scripts/form/emptiness.ts).
"""

from portal_content.forms.answers import Inputs, consent_choices, from_inputs, is_asked
from portal_content.forms.definition import Form
from portal_content.forms.problems import Problem


def left_empty(form: Form, inputs: Inputs, *, files: bool) -> list[Problem]:
    """Return the problem of a form that was chosen a purpose for and then says nothing.

    Sent like that, somebody would wait for an answer to a message that holds none.

    Args:
        form: Only one that changes consents can be left empty; others have questions of their own.
        inputs: What the page sends.
        files: Whether a file answers a question that is asked.
    """
    if form.consents_when is None:
        return []
    purpose = form.consents_when.question
    answers = from_inputs(form, inputs)
    said = files or set(answers) - {purpose} or consent_choices(form, inputs)
    if purpose not in answers or said:
        return []
    asked = [one for one in form.fields if one.id != purpose and is_asked(one, answers)]
    if not asked:
        return [Problem(f"consent.{form.consents[-1].id}", "nothing_changed")]
    # Where something is needed, the question says so itself.
    needed = any(one.required for one in asked)
    return [] if needed else [Problem(asked[0].id, "nothing_written")]
