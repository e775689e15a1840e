"""Documents of the content API: one model each, for the static files and for the service.

The JSON Schemas that are published beside the files are made from these models. Inside version 1 a
field is never taken out, renamed or given another meaning; fields may be added.
"""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

VERSION = "v1"


class Document(BaseModel):
    """A document, or a part of one."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Document):
    """Where the statements of a page come from."""

    document: str
    paragraphs: str


class PageSummary(Document):
    """One page as lists have it."""

    id: str
    """Never changes: P01 to P36."""
    slug: str
    section: str
    audience: tuple[str, ...]
    state: str
    """missing, outdated-safety, outdated, machine, draft or current."""
    written_in: tuple[str, ...]
    """Languages that have the page."""
    title: str | None
    """None if this language does not have the page; so are description and address."""
    description: str | None
    address: str | None
    updated: date
    """The last change that the content itself tells of."""


class PageDocument(PageSummary):
    """One page with everything on it."""

    lang: str
    text: str
    """What one reads, without marks."""
    html: str
    paragraphs: tuple[str, ...]
    """State of each paragraph, title and description first: current, or outdated if its source has
    changed since."""
    original: str
    """Language that the page is written in first."""
    sources: tuple[Source, ...]
    as_of: date
    reviewed: date | None
    """None if no person has reviewed this language of the page."""
    share: str
    """At most 600 characters, to pass on."""


class ChannelDocument(Document):
    """One official channel."""

    id: str
    kind: str
    value: str
    status: str
    placeholder: bool
    """True: not a real channel; never show it as one."""
    valid_from: date | None
    valid_to: date | None
    reviewed_on: date | None
    used_for: str
    never_used_for: str


class OrganisationDocument(Document):
    """One body or helper."""

    id: str
    kind: str
    acronym: str
    name: str
    does: str
    expect: str
    help: tuple[str, ...]
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    free_of_charge: bool
    web: str
    email: str
    placeholder: bool
    reviewed_on: date | None
    source: str


class TermDocument(Document):
    """One word of the public glossary."""

    id: str
    term: str
    plain: str


class RegistrationDocument(Document):
    """The one dated statement on whether registration is open."""

    text: str
    as_of: date


class Hour(Document):
    """When a meeting begins somewhere."""

    place: str
    zone: str
    time: str
    offset: str


class BriefingDocument(Document):
    """One meeting. It never says where exactly, nor with whom."""

    id: str
    language: str
    text_language: str
    """Language of title, summary and notes, if the own one has none."""
    address: str
    calendar: str
    sample: bool
    """True: there is no such meeting; never show it as one."""
    title: str
    neutral_title: str
    """For screens that others may see."""
    summary: str
    notes: str
    said: str
    kind: str
    kind_name: str
    themes: tuple[str, ...]
    theme_names: tuple[str, ...]
    start: datetime
    end: datetime
    time_zone: str
    when: str
    hours: tuple[Hour, ...]
    moved_from: datetime | None
    moved_from_text: str
    registration_needed: bool
    registration_closes: date | None
    registration_closes_text: str
    mode: str
    mode_name: str
    country: str
    country_name: str
    city: str
    audience: tuple[str, ...]
    audience_names: tuple[str, ...]
    women_only: bool
    women_facilitators: bool
    women_interpreters: bool
    child_friendly: bool
    languages: tuple[str, ...]
    language_names: tuple[str, ...]
    interpretation: tuple[str, ...]
    interpretation_names: tuple[str, ...]
    sign_language: bool
    support: tuple[str, ...]
    support_names: tuple[str, ...]
    access: tuple[str, ...]
    access_names: tuple[str, ...]
    capacity: int | None
    code: str
    status: str
    status_name: str
    recording: str
    recording_text: str
    summary_page: str | None
    sequence: int
    updated: datetime
    share_text: str
    sms_text: str


class AlertDocument(Document):
    """One alert."""

    id: str
    language: str
    text_language: str
    address: str
    sample: bool
    title: str
    text: str
    advice: str
    correction: str
    kind: str
    kind_name: str
    severity: str
    severity_name: str
    patterns: tuple[str, ...]
    pattern_names: tuple[str, ...]
    check_at: str
    code: str
    status: str
    status_name: str
    replaced_by: str | None
    replaced_on: date | None
    replaced_on_text: str
    withdrawn_on: date | None
    withdrawn_on_text: str
    updated: datetime
    issued: date
    issued_text: str
    expires: date
    expires_text: str
    look_again: date | None
    look_again_text: str
    corrected_on: date | None
    corrected_on_text: str
    share_text: str
    sms_text: str


class FormDocument(Document):
    """One form: what it asks, in words and as a schema of its answers."""

    id: str
    version: int
    type: str
    """What the envelope names as its type."""
    title: str
    intro: tuple[str, ...]
    """Sentences to read before the form."""
    anonymous: bool
    """True where nobody needs to say who they are."""
    assisted: bool
    """Whether somebody may fill it in with the person."""
    address: str
    steps: tuple[dict[str, Any], ...]
    """Questions in their order with label, hint, kind, options, and when they are asked."""
    consents: tuple[dict[str, Any], ...]
    answers_schema: dict[str, Any]
    """JSON Schema of what the envelope holds as answers."""


class PageList(Document):
    """All pages."""

    pages: tuple[PageSummary, ...]


class BriefingList(Document):
    """Meetings, the earliest first."""

    briefings: tuple[BriefingDocument, ...]


class AlertList(Document):
    """Alerts, the newest first."""

    alerts: tuple[AlertDocument, ...]


class ChannelList(Document):
    """Official channels; nothing that is not among them is ours."""

    channels: tuple[ChannelDocument, ...]


class OrganisationList(Document):
    """Bodies and helpers."""

    organisations: tuple[OrganisationDocument, ...]


class FormList(Document):
    """The newest version of each form."""

    forms: tuple[FormDocument, ...]


class Glossary(Document):
    """Words that are explained to everybody."""

    terms: tuple[TermDocument, ...]


class Index(Document):
    """What there is in one language."""

    version: str = VERSION
    language: str
    html_lang: str
    direction: str
    demonstration: bool
    """True: nothing here is an official service."""
    updated: date
    """The last change that any document tells of."""
    money: str = Field(description="The sentence that stands on everything.")
    documents: dict[str, str]
    """Paths below this one, by name."""
    languages: tuple[str, ...]
    """Other languages, each below its own folder."""


PUBLISHED: dict[str, type[Document]] = {
    "index": Index,
    "pages": PageList,
    "page": PageDocument,
    "briefings": BriefingList,
    "briefing": BriefingDocument,
    "alerts": AlertList,
    "alert": AlertDocument,
    "channels": ChannelList,
    "organisations": OrganisationList,
    "forms": FormList,
    "form": FormDocument,
    "glossary": Glossary,
    "registration-status": RegistrationDocument,
}
"""Models by the name of their schema."""
