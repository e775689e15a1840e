"""Everything in content/ and translations/, loaded once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from portal_content.alerts.definition import Alert, load_alerts
from portal_content.briefings.definition import Briefing, load_briefings
from portal_content.channels import Channel, load_channels
from portal_content.consents import Consent, known_digest, load_consents
from portal_content.figures import Figure, load_figures
from portal_content.forms.definition import FormLibrary, load_forms
from portal_content.glossary import Glossary, load_glossary
from portal_content.handouts.definition import Handout, load_handouts
from portal_content.languages import Language, load_languages
from portal_content.organisations import Organisation, load_organisations
from portal_content.pages import Page, load_pages, source_languages
from portal_content.registration_status import RegistrationStatus, load_registration_status
from portal_content.strings import Strings, load_strings


@dataclass(frozen=True)
class Library:
    """What the zones read; nobody changes it."""

    root: Path
    languages: Mapping[str, Language]
    strings: Strings
    forms: FormLibrary
    consents: Mapping[str, Consent]
    channels: tuple[Channel, ...]
    organisations: tuple[Organisation, ...]
    glossary: Glossary
    figures: tuple[Figure, ...]
    registration_status: RegistrationStatus
    pages: Mapping[tuple[str, str], Page]
    """By slug and language."""
    sources: Mapping[str, str]
    """Language that each page is written in first, by slug."""
    briefings: Mapping[str, Briefing]
    """By id, the earliest first."""
    alerts: Mapping[str, Alert]
    """By id, the newest first."""
    handouts: Mapping[str, Handout]
    """By id, the newest first."""

    @cached_property
    def consent_languages(self) -> Mapping[str, frozenset[str]]:
        """Languages in which the current text of a consent exists, by its id."""
        return {
            name: frozenset(
                lang for lang in self.languages if known_digest(consent, self.strings, lang)
            )
            for name, consent in self.consents.items()
        }


def load_library(root: Path) -> Library:
    """Load the tree below a folder that holds content/ and translations/.

    Raises:
        ContentError: If a file cannot be used.
    """
    content = root / "content"
    pages = load_pages(content)
    return Library(
        root=root,
        languages=load_languages(content / "languages.yml"),
        strings=load_strings(root / "translations"),
        forms=load_forms(content / "forms"),
        consents=load_consents(content / "consents.yml"),
        channels=load_channels(content / "channels.yml"),
        figures=load_figures(content / "figures.yml"),
        glossary=load_glossary(content / "glossary.yml"),
        organisations=load_organisations(content / "organisations.yml"),
        registration_status=load_registration_status(content / "registration_status.yml"),
        pages=pages,
        sources=source_languages(pages),
        briefings=load_briefings(content / "briefings"),
        alerts=load_alerts(content / "alerts"),
        handouts=load_handouts(content / "handouts"),
    )
