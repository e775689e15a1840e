"""Bodies and helpers on pages: who is who, and help near people."""

from typing import Any

from babel import Locale

from portal_content.dates import day_in_words
from portal_content.organisations import Organisation, OrganisationKind
from portal_content.pages import Page
from portal_site.values import Site


def organisations_block(site: Site, page: Page) -> str:
    """Lay out the bodies that work on the missing."""
    return _block(site, page.lang, helpers=False)


def help_directory_block(site: Site, page: Page) -> str:
    """Lay out the helpers near people."""
    return _block(site, page.lang, helpers=True)


def _block(site: Site, lang: str, *, helpers: bool) -> str:
    chosen = [
        organisation
        for organisation in site.library.organisations
        if (organisation.kind is OrganisationKind.HELPER) == helpers
    ]
    return site.component(
        "organisations",
        lang,
        words=site.library.strings.section("organisations", lang),
        organisations=[_values(site, one, lang) for one in chosen],
    )


def _values(site: Site, one: Organisation, lang: str) -> dict[str, Any]:
    words, language = site.library.strings, site.library.languages[lang]
    locale = Locale.parse(lang)
    reviewed = words.text("organisations.not_reviewed", lang)
    if one.reviewed_on is not None:
        day = day_in_words(one.reviewed_on, language)
        reviewed = words.text("organisations.reviewed", lang, day=day)
    return {
        "id": one.id,
        "name": one.name[lang],
        "acronym": one.acronym,
        "does": one.does[lang],
        "expect": one.expect[lang],
        "web": one.web,
        "email": one.email,
        "help": [words.text(f"organisations.help.{kind}", lang) for kind in one.help],
        "countries": [str(locale.territories.get(code, code)) for code in one.countries],
        "languages": [str(locale.languages.get(code, code)) for code in one.languages],
        "placeholder": one.placeholder,
        "reviewed": reviewed,
    }
