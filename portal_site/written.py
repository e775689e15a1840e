"""Finished values of written pages: what stands on them, what is to be said of them."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from portal_content.dates import day_in_words
from portal_content.languages import Language
from portal_content.pages import HOME, Page, page_address
from portal_content.search.corpus import name_of_unwritten
from portal_content.translation_states import PageState, State
from portal_site.listening import listening
from portal_site.values import Site, alternates, frame, section_links


def guidance(site: Site, page: Page, **more: Any) -> dict[str, Any]:
    """Return the values of a written page.

    Args:
        site: The build.
        page: The page.
        more: What a block of the page adds to its frame, or puts in place of this.
    """
    meta, path = page.meta, _path(page.slug)
    there = [code for code in site.library.languages if page.slug in site.written(code)]
    return frame(
        site,
        page.lang,
        path,
        title=meta.neutral_title or meta.title,
        heading=meta.title,
        description=meta.description,
        quick_exit=meta.quick_exit,
        notices=notices(site, page),
        provenance=provenance(site, page),
        hero=page.slug == HOME,
        section=meta.section,
        # The links are in `config.extra`; a page is made anew when one of them changes.
        section_made_from=site.once(
            ("section", meta.section, page.lang),
            lambda: _digest(section_links(site, meta.section, page.lang)),
        ),
        **({"alternates": alternates(site, there, path)} | listening(site, page) | more),
    )


def stub(site: Site, lang: str, slug: str) -> dict[str, Any]:
    """Return the values of a page that a language does not have yet."""
    here = [code for code in site.library.languages if (slug, code) in site.library.pages]
    links = [
        {
            "address": page_address(code, slug),
            "name": site.library.languages[code].name,
            "lang": site.library.languages[code].html_lang,
            "dir": site.library.languages[code].direction,
        }
        for code in here
    ]
    title = site.text("stub.title", lang)
    return frame(
        site,
        lang,
        _path(slug),
        title=title,
        heading=name_of_unwritten(site.library, slug, lang) or title,
        description=site.text("stub.description", lang),
        quick_exit=any(site.library.pages[slug, code].meta.quick_exit for code in here),
        noindex=True,
        stub=links,
    )


def notices(site: Site, page: Page) -> list[dict[str, Any]]:
    """Return one honest line on a page that is not as it should be, the gravest first."""
    state = site.state(page.slug, page.lang)
    lang, day = page.lang, site.settings.today
    expires = (page.meta.reviewed or day) + timedelta(days=page.meta.review_every)
    if state.state in (State.OUTDATED, State.OUTDATED_SAFETY):
        kind = state.state.value.replace("-", "_")
        return [_notice(site, page, kind) | {"source": _source_link(site, page, state)}]
    if state.state is State.CURRENT and page.meta.is_safety and day > expires:
        return [_notice(site, page, "expired")]
    if state.state is State.CURRENT:
        return []
    kind = "unreviewed" if lang == state.source else state.state.value
    return [_notice(site, page, kind)]


def _notice(site: Site, page: Page, kind: str) -> dict[str, Any]:
    strong = kind in ("outdated_safety", "expired")
    return {"text": site.text(f"notice.{kind}", page.lang), "strong": strong}


def _source_link(site: Site, page: Page, state: PageState) -> dict[str, Any]:
    """Return where the newer text stands, and under which headings it changed."""
    source = site.library.languages[state.source]
    original = site.library.pages[page.slug, state.source]
    return {
        "address": page_address(state.source, page.slug),
        "text": site.text("notice.read_source", page.lang, language=source.name),
        "lang": source.html_lang,
        "dir": source.direction,
        "sections": [
            {
                "address": page_address(state.source, page.slug, heading),
                "title": original.heading_text(heading),
            }
            for heading in state.sections
            if heading
        ],
    }


def provenance(site: Site, page: Page) -> dict[str, Any]:
    """Return where the statements of a page come from, and who looked at it when."""
    language = site.library.languages[page.lang]
    day = day_in_words(page.meta.as_of, language)
    return {
        "sources": [source.model_dump() for source in page.meta.sources],
        "as_of": site.text("as_of", page.lang, day=day),
        "reviewed": _reviewed(site, page, language),
    }


def _reviewed(site: Site, page: Page, language: Language) -> str:
    if page.meta.reviewed is None:
        return site.text("not_reviewed", page.lang)
    return site.text("reviewed", page.lang, day=day_in_words(page.meta.reviewed, language))


def _path(slug: str) -> str:
    return "" if slug == HOME else f"{slug}/"


def _digest(links: list[dict[str, str]]) -> str:
    return hashlib.sha256(json.dumps(links).encode()).hexdigest()[:16]
