"""The page that lists all pages of a language, by section."""

from typing import Any

from portal_content.pages import page_address
from portal_site.staging import Staging
from portal_site.values import Site, alternates, frame

CONTENTS = "pages"
"""Path of the page."""
SECTIONS = ("search", "trust", "support", "meetings", "institution")
"""In the order in which a reader is likely to need them."""


def stage(staging: Staging) -> None:
    """Add the page."""
    site, lang = staging.site, staging.lang
    title, path = site.text("contents.title", lang), f"{CONTENTS}/"
    values = frame(
        site,
        lang,
        path,
        title=title,
        heading=title,
        description=site.text("contents.description", lang),
        alternates=alternates(site, list(site.library.languages), path),
        sections=sections(site, lang),
    )
    staging.page(CONTENTS, "contents.html", values)


def sections(site: Site, lang: str) -> list[dict[str, Any]]:
    """Return the written pages of a language by section."""
    written = site.written(lang)
    return [
        {
            "title": site.text(f"sections.{name}", lang),
            "pages": [
                {
                    "title": site.library.pages[slug, lang].meta.title,
                    "description": site.library.pages[slug, lang].meta.description,
                    "address": page_address(lang, slug),
                }
                for slug in site.in_section(name)
                if slug in written
            ],
        }
        for name in SECTIONS
        if any(slug in written for slug in site.in_section(name))
    ]
