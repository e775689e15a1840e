"""What a form asks: the model of content/forms/<id>.yml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from portal_content.errors import ContentError
from portal_content.typed_files import read_typed

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Option = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
ConsentId = Annotated[str, Field(pattern=r"^C[0-9]{1,2}$")]

SubmissionType = Literal[
    "contact",
    "search",
    "support",
    "information",
    "extortion-report",
    "reprisal-report",
    "briefing-registration",
    "organisation",
    "data-rights",
    "feedback",
    "child",
    "followup",
]
"""Types of `portal_protocol.envelope`; a form is for one of them."""

Kind = Literal[
    "name",
    "text",
    "long_text",
    "number",
    "choice",
    "choices",
    "partial_date",
    "place",
    "safe_contact",
    "times",
    "briefing",
    "photos",
    "files",
    "voice",
]

FILE_KINDS = ("photos", "files", "voice")
"""Kinds whose answers travel as files beside the form, never inside it."""

LISTED_KINDS = ("choice", "choices")
"""Kinds whose answers are options of the form; only they can decide what else is asked."""

FileKind = Literal["photo", "document", "audio", "video"]

AREAS_BEYOND = ("outside_syria", "on_the_way", "unknown")
"""Places a person may have been last that are no governorate; "unknown" is a valid answer."""

GOVERNORATES = (
    "damascus",
    "rif_dimashq",
    "aleppo",
    "homs",
    "hama",
    "latakia",
    "tartus",
    "idlib",
    "deir_ez_zor",
    "raqqa",
    "hasakah",
    "daraa",
    "as_suwayda",
    "quneitra",
)
"""The fourteen governorates of the Syrian Arab Republic."""

CONTACT_WAYS = ("none", "phone", "voice_app", "text_app", "sms", "email", "organisation")
"""Safe ways to answer; "none" means that the person comes back with the return code."""

PHOTO_PROCESSING = ("reencode", "strip", "none")
"""What the browser does to a photo before it is encrypted, the most careful way first."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Strict):
    """A question is asked only if an earlier one was answered with one of these options."""

    question: Identifier
    options: Annotated[tuple[Option, ...], Field(alias="is", min_length=1)]


class FormField(_Strict):
    """One question.

    Its words are in translations/form-<form>.<language>.yml below `fields.<id>`.
    Order and wording never change what an answer means; anything that does (options, kind,
    limits, conditions) needs a new version of the form.
    """

    id: Identifier
    kind: Kind
    required: bool = False
    """With a condition: needed only where it is asked."""
    when: Condition | None = None
    notice: tuple[Option, ...] = ()
    """Options after which the question's `notice` is shown at once, before anything goes on."""
    accept: tuple[FileKind, ...] = ()
    """What may be chosen, for the kind files."""
    options: tuple[Option, ...] = ()
    preset: Option | None = None
    """Option that is chosen before anybody chooses; only ever the one that protects most."""
    max_length: int = Field(default=200, ge=1, le=4000)
    """Characters a person may type, for kinds that are typed."""
    minimum: int = 0
    maximum: int = 999

    @model_validator(mode="after")
    def _options_fit_kind(self) -> "FormField":
        if (self.kind in LISTED_KINDS) != bool(self.options):
            raise ValueError("options belong to the kinds choice and choices, and only to them")
        if len(set(self.options)) != len(self.options):
            raise ValueError("an option is listed twice")
        if not set(self.notice) <= set(self.options):
            raise ValueError("a notice is for options of its own question")
        if self.preset is not None and (self.kind != "choice" or self.preset not in self.options):
            raise ValueError("a preset is one of the options of a choice")
        if (self.kind == "files") != bool(self.accept):
            raise ValueError("accept belongs to the kind files, and only to it")
        if self.required and self.kind in FILE_KINDS:
            raise ValueError("a file can never be required")
        return self


class Step(_Strict):
    """Questions that belong together on one screen."""

    id: Identifier
    optional: bool = False
    """Folded away until the person opens it: nothing in it is needed."""
    screen: bool = False
    """Always on a screen of its own, whatever else is shown together."""
    fields: tuple[FormField, ...] = Field(min_length=1)


class FormConsent(_Strict):
    """One consent that the form asks for."""

    id: ConsentId
    required: bool = False
    screen: Identifier | None = None
    """Screen of its own that this consent stands on, apart from the others."""


class Form(_Strict):
    """A form in one version; an envelope names both."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: int = Field(ge=1)
    type: SubmissionType
    page: Annotated[str, Field(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)*$")] | None = None
    """Address below the language where it is not the id: a page may have the id as its address."""
    own_page: bool = True
    """False for a form that another page shows."""
    anonymous: bool = False
    """True where nobody needs to say who they are; the page says so."""
    assisted: bool = True
    """Whether somebody may fill it in with the person."""
    steps: tuple[Step, ...] = Field(min_length=1)
    consents: tuple[FormConsent, ...] = ()
    consents_when: Condition | None = None
    """For a form that changes what was said before: consents are asked only then, each as three
    choices (leave as it is, agree, take back), and what is left as it is does not travel."""

    @model_validator(mode="after")
    def _sound(self) -> "Form":
        ids = [field.id for field in self.fields]
        if len(set(ids)) != len(ids):
            raise ValueError("two questions have the same id")
        if any(field.required for step in self.steps if step.optional for field in step.fields):
            raise ValueError("a required question cannot stand in an optional step")
        earlier: dict[str, FormField] = {}
        for field in self.fields:
            _condition_holds_together(field, earlier)
            earlier[field.id] = field
        if self.consents_when is not None:
            _condition_is_known(self.consents_when, earlier, "consents")
        consents = [consent.id for consent in self.consents]
        if len(set(consents)) != len(consents):
            raise ValueError("a consent is listed twice")
        return self

    @property
    def address(self) -> str:
        """Address of its page below the language, without slashes around it."""
        return self.page or self.id

    @cached_property
    def fields(self) -> tuple[FormField, ...]:
        """Every question, in the order asked."""
        return tuple(field for step in self.steps for field in step.fields)

    @cached_property
    def questions(self) -> frozenset[str]:
        """Ids of all questions."""
        return frozenset(field.id for field in self.fields)


def _condition_holds_together(field: FormField, earlier: Mapping[str, FormField]) -> None:
    if field.when is not None:
        _condition_is_known(field.when, earlier, field.id)


def _condition_is_known(when: Condition, earlier: Mapping[str, FormField], what: str) -> None:
    deciding = earlier.get(when.question)
    if deciding is None or deciding.kind not in LISTED_KINDS:
        raise ValueError(f"{what} depends on no earlier question with options")
    if not set(when.options) <= set(deciding.options):
        raise ValueError(f"{what} depends on an option that {deciding.id} does not have")


class FormUnknown(LookupError):
    """An envelope names a form or a version of it that does not exist here."""


@dataclass(frozen=True)
class FormLibrary:
    """All forms in all versions that submissions may still arrive in."""

    versions: Mapping[tuple[str, int], Form]

    def get(self, form_id: str, version: int) -> Form:
        """Return exactly this version.

        Raises:
            FormUnknown: If there is no such form or no such version.
        """
        try:
            return self.versions[form_id, version]
        except KeyError:
            raise FormUnknown(f"form {form_id!r} in version {version}") from None

    def current(self) -> Iterator[Form]:
        """Return the newest version of each form, by id."""
        newest = dict(sorted(self.versions))
        for key in sorted(newest.items()):
            yield self.versions[key]

    def on_pages(self) -> Iterator[Form]:
        """Return the newest version of each form that has a page of its own."""
        return (form for form in self.current() if form.own_page)

    def follow_up(self) -> Form:
        """Return the newest version of the form for writing again, which the return page shows."""
        return next(form for form in self.current() if form.type == "followup")


def load_forms(directory: Path) -> FormLibrary:
    """Load every form definition below a folder; old versions stay as files of their own.

    Raises:
        ContentError: If a file is no valid form, or two files hold the same version.
    """
    versions: dict[tuple[str, int], Form] = {}
    for path in sorted(directory.glob("*.yml")):
        form = read_typed(path, TypeAdapter(Form), "a form")
        if (form.id, form.version) in versions:
            raise ContentError(path, f"version {form.version} of {form.id} is defined twice")
        versions[form.id, form.version] = form
    return FormLibrary(versions)
