"""Checking: do the opened answers fit exactly the version of the form they were given to?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired

from pydantic import BaseModel, ConfigDict, Field, ValidationError, with_config
from typing_extensions import TypedDict

from portal_content.forms import assistance
from portal_content.forms.answers import check
from portal_content.forms.definition import Form, FormUnknown
from portal_content.forms.offered import offered_consents
from portal_content.forms.placing import file_questions, questions_of
from portal_content.library import Library
from portal_gateway.errors import SetAside
from portal_protocol.envelope import Envelope
from portal_protocol.manifest import MOST_FILES

FOLLOW_UP = "followup"
MOST_PROBLEMS = 5
"""Problems named to a technician; the first ones tell enough."""

HELPER_PART = rf"^({'|'.join(assistance.PARTS)})$"

Mode = Literal["self", "assisted", "phone", "paper"]


@with_config(ConfigDict(extra="forbid", strict=True))
class ConsentChoice(TypedDict):
    """A consent as the envelope carries it; a form has a dozen, so no object is made of each."""

    id: Annotated[str, Field(pattern=r"^C[0-9]{1,2}$")]
    version: Annotated[int, Field(ge=1, le=9999)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    given: bool
    scopes: NotRequired[Annotated[list[str], Field(max_length=32)]]


class FilledForm(BaseModel):
    """The form part of an envelope."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Annotated[str, Field(max_length=64)]
    version: Annotated[int, Field(ge=1, le=9999)]
    mode: Mode
    helper: dict[Annotated[str, Field(pattern=HELPER_PART)], str] | None = None
    answers: dict[str, Any]
    files: dict[
        Annotated[str, Field(max_length=64)],
        Annotated[list[Annotated[int, Field(ge=1, le=MOST_FILES)]], Field(max_length=MOST_FILES)],
    ] = Field(default_factory=dict)
    """Places of the files that answer a question, from 1 in the order of the envelope."""
    consents: Annotated[list[ConsentChoice], Field(max_length=32)]


@dataclass(frozen=True)
class Checked:
    """An opened submission that the register can take."""

    envelope: Envelope
    form: Form
    filled: FilledForm
    file_questions: tuple[str, ...]
    """The question that each file answers, in the order of the envelope."""
    reply_language: str


def check_envelope(envelope: Envelope, library: Library) -> Checked:
    """Check an opened envelope.

    Raises:
        SetAside: If its form is not known in that version, or the answers do not fit it.
    """
    filled = _filled(envelope.form)
    try:
        form = library.forms.get(filled.id, filled.version)
    except FormUnknown as error:
        # The name is not repeated: whoever wrote it could have put anything into it.
        raise SetAside("form_unknown", f"version {filled.version}") from error
    if envelope.type != form.type or envelope.lang not in library.languages:
        raise SetAside("form_invalid", "type or language")
    helped = {"self": False, "assisted": True}.get(filled.mode, filled.helper is not None)
    if helped != (filled.helper is not None):
        raise SetAside("form_invalid", "mode, helper")
    _check_answers(form, filled, library, envelope.lang)
    questions = _questions_of_files(form, filled, envelope)
    language = filled.answers.get("contact_language", envelope.lang)
    reply_language = language if language in library.languages else envelope.lang
    return Checked(envelope, form, filled, questions, reply_language)


def _filled(value: Mapping[str, Any]) -> FilledForm:
    try:
        return FilledForm.model_validate(value)
    except ValidationError as error:
        places = sorted({str(problem["loc"][0]) for problem in error.errors() if problem["loc"]})
        known = [place for place in places if place in FilledForm.model_fields]
        raise SetAside("form_invalid", ", ".join(known) or "unknown part") from error


def _check_answers(form: Form, filled: FilledForm, library: Library, lang: str) -> None:
    given = [choice["id"] for choice in filled.consents if choice["given"]]
    problems = assistance.check_helper(filled.helper) + check(form, filled.answers, given)
    if problems:
        own = form.questions | {"consent", "helper"}
        named = [
            f"{problem.input if problem.input.split('.')[0] in own else '?'}: {problem.code}"
            for problem in problems[:MOST_PROBLEMS]
        ]
        raise SetAside("answers_invalid", "; ".join(named))
    asked = {consent.id for consent in offered_consents(form, library, lang)}
    chosen = [choice["id"] for choice in filled.consents]
    # Who writes again changes what they name; what they do not name stays as it was.
    complete = set(chosen) <= asked if form.type == FOLLOW_UP else set(chosen) == asked
    if not complete or len(set(chosen)) != len(chosen):
        raise SetAside("consents_differ")
    for choice in filled.consents:
        scopes = choice.get("scopes")
        if scopes and not set(scopes).issubset(library.consents[choice["id"]].scopes):
            raise SetAside("consents_differ")


def _questions_of_files(form: Form, filled: FilledForm, envelope: Envelope) -> tuple[str, ...]:
    """Return the question of each file; one that nobody asked for keeps the submission out."""
    if not filled.files and not envelope.files:
        return ()
    asked = file_questions(form, filled.answers)
    found = questions_of(asked, filled.files, len(envelope.files))
    if found is None:
        raise SetAside("files_not_asked")
    return tuple(found)
