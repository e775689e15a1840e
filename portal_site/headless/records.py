"""Everything but pages as documents."""

from typing import Any

from portal_content.documents import (
    AlertDocument,
    AlertList,
    BriefingDocument,
    BriefingList,
    ChannelDocument,
    ChannelList,
    FormDocument,
    FormList,
    Glossary,
    OrganisationDocument,
    OrganisationList,
    RegistrationDocument,
    TermDocument,
)
from portal_content.forms.definition import Form
from portal_content.forms.offered import open_meetings
from portal_content.forms.schema import answers_schema
from portal_content.forms.view import form_view
from portal_site.alerts.document import alert_document
from portal_site.briefings.document import briefing_document
from portal_site.values import Site


def briefings(site: Site, lang: str) -> BriefingList:
    """Return every meeting, the earliest first."""
    documents = (
        BriefingDocument.model_validate(briefing_document(site, briefing, lang))
        for briefing in site.library.briefings.values()
    )
    return BriefingList(briefings=tuple(documents))


def alerts(site: Site, lang: str) -> AlertList:
    """Return every alert, the newest first."""
    documents = (
        AlertDocument.model_validate(alert_document(site, alert, lang))
        for alert in site.library.alerts.values()
    )
    return AlertList(alerts=tuple(documents))


def channels(site: Site, lang: str) -> ChannelList:
    """Return the registry of official channels."""
    names = ("id", "kind", "value", "status", "placeholder", "valid_from", "valid_to")
    documents = (
        ChannelDocument(
            **{name: getattr(channel, name) for name in (*names, "reviewed_on")},
            used_for=channel.used_for.get(lang, ""),
            never_used_for=channel.never_used_for.get(lang, ""),
        )
        for channel in site.library.channels
    )
    return ChannelList(channels=tuple(documents))


def organisations(site: Site, lang: str) -> OrganisationList:
    """Return bodies and helpers."""
    documents = (
        OrganisationDocument(
            id=one.id,
            kind=one.kind.value,
            acronym=one.acronym,
            name=one.name[lang],
            does=one.does[lang],
            expect=one.expect[lang],
            help=tuple(kind.value for kind in one.help),
            countries=one.countries,
            languages=one.languages,
            free_of_charge=one.free_of_charge,
            web=one.web,
            email=one.email,
            placeholder=one.placeholder,
            reviewed_on=one.reviewed_on,
            source=one.source,
        )
        for one in site.library.organisations
    )
    return OrganisationList(organisations=tuple(documents))


def glossary(site: Site, lang: str) -> Glossary:
    """Return the words that are explained to everybody."""
    terms = (
        TermDocument(id=term.id, term=term.terms[lang], plain=term.plain[lang])
        for term in site.library.glossary.public()
    )
    return Glossary(terms=tuple(terms))


def registration_status(site: Site, lang: str) -> RegistrationDocument:
    """Return the one dated statement on registration."""
    status = site.library.registration_status
    return RegistrationDocument(text=status.text[lang], as_of=status.as_of)


def forms(site: Site, lang: str) -> FormList:
    """Return the newest version of each form."""
    return FormList(forms=tuple(_form(site, form, lang) for form in site.library.forms.on_pages()))


def _form(site: Site, form: Form, lang: str) -> FormDocument:
    meetings = open_meetings(site.library, lang, site.settings.today)
    view = form_view(form, site.library, lang, mode="encrypting", action="", meetings=meetings)
    return FormDocument(
        id=form.id,
        version=form.version,
        type=form.type,
        title=site.library.strings.text(f"form-{form.id}.title", lang),
        intro=tuple(view["intro"]),
        anonymous=form.anonymous,
        assisted=form.assisted,
        address=f"{site.settings.base_url}/{lang}/{form.address}/",
        steps=tuple(_plain(step) for step in view["steps"]),
        consents=tuple(_plain(consent) for consent in view["consents"]),
        answers_schema=answers_schema(form),
    )


def _plain(value: Any) -> Any:
    """Return a view's value with plain JSON types only, without what is empty."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
