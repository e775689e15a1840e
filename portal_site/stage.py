"""Staging: content and translations become one plain MkDocs tree a language.

Everything multilingual happens here, so that any generator that reads MkDocs' configuration can
build a language from its tree.
"""

from collections.abc import Callable
from typing import Any

from portal_site import contents, forms, offline, search
from portal_site.alerts import pages as alerts
from portal_site.blocks import additions, body
from portal_site.briefings import pages as briefings
from portal_site.carry import pages as carry
from portal_site.print import landing
from portal_site.print.sharing import sharing_of_page
from portal_site.staging import Staging
from portal_site.values import Site, frame, surroundings
from portal_site.written import guidance, stub

SHELL = "shell"
"""Page that the public service fills with its answers."""
NOT_FOUND = "not-found"
ANSWER_MARKS = {"title": "%%PORTAL_TITLE%%", "content": "%%PORTAL_CONTENT%%"}
ROOT = "root"
"""Stands for a language in the tree of the page that offers the languages."""


def stage_language(site: Site, lang: str) -> Staging:
    """Return every page of a language.

    Args:
        site: The build.
        lang: Code of the language, or `ROOT`.

    Raises:
        ContentError: If a page asks for something that does not exist.
    """
    if lang == ROOT:
        return _stage_root(site)
    staging = Staging(site, lang)
    for slug in site.slugs:
        page = site.library.pages.get((slug, lang))
        if page is None:
            staging.page(slug, "stub.html", stub(site, lang, slug))
        else:
            more = sharing_of_page(site, page) | additions(site, page)
            values = guidance(site, page, **more)
            staging.page(slug, "main.html", values, body(site, page))
    for stage in GENERATORS:
        stage(staging)
    return staging


def options(site: Site, lang: str) -> dict[str, Any]:
    """Return what MkDocs is told about a language (or `ROOT`)."""
    code = site.first_language if lang == ROOT else lang
    return {
        "site_name": site.text("name", code),
        "site_url": f"{site.settings.base_url}/",
        "theme": {
            "name": "material",
            "custom_dir": str(site.settings.root / "theme" / "templates"),
            "language": code,
            "font": False,
        },
        "extra": surroundings(site, code),
    }


def _stage_root(site: Site) -> Staging:
    staging = Staging(site, site.first_language)
    choices = [
        {
            "code": language.code,
            "lang": language.html_lang,
            "dir": language.direction,
            "name": language.name,
            "address": f"/{language.code}/",
            "title": site.text("name", language.code),
            "line": site.text("money", language.code),
        }
        for language in site.library.languages.values()
    ]
    base = site.settings.base_url
    links = [{"lang": one["lang"], "address": base + one["address"]} for one in choices]
    values = frame(
        site,
        site.first_language,
        "",
        title=" · ".join(language.name for language in site.library.languages.values()),
        heading=site.text("name", site.first_language),
        description=site.text("languages.description", site.first_language),
        canonical=f"{base}/",
        alternates=[*links, {"lang": "x-default", "address": f"{base}/"}],
        choices=choices,
    )
    staging.page("index", "languages.html", values)
    return staging


def _stage_frames(staging: Staging) -> None:
    site, lang = staging.site, staging.lang
    title = site.text("not_found.title", lang)
    not_found = frame(site, lang, "", title=title, heading=title, description="", noindex=True)
    staging.page(NOT_FOUND, "not_found.html", not_found)
    marked = frame(
        site,
        lang,
        "",
        title=ANSWER_MARKS["title"],
        heading="",
        description="",
        noindex=True,
        quick_exit=True,
        has_form=True,
        sends=True,
        scripts=[],
        content_mark=ANSWER_MARKS["content"],
    )
    staging.page(SHELL, "shell.html", marked)


GENERATORS: tuple[Callable[[Staging], None], ...] = (
    forms.stage,
    contents.stage,
    search.stage,
    offline.stage,
    briefings.stage,
    alerts.stage,
    landing.stage,
    carry.stage,
    _stage_frames,
)
"""Each adds pages that nobody wrote by hand, once a language; a later one wins."""
