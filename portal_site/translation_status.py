"""The table of how far each language is: on the page about accessibility."""

from typing import Any

from portal_content.numbers import percent, whole
from portal_content.pages import Page, page_address
from portal_content.translation_states import State
from portal_site.values import Site

SIGNS = {
    State.MISSING: "–",
    State.OUTDATED_SAFETY: "⚠",
    State.OUTDATED: "↻",
    State.MACHINE: "⚙",
    State.DRAFT: "✎",
    State.CURRENT: "✓",
}
"""Beside a sign, the name of the state always stands too: in the legend and for screen readers."""


def translation_status_block(site: Site, page: Page) -> str:
    """Lay out shares of the states by language, then the state of every page in each."""
    lang = page.lang
    languages = list(site.library.languages.values())
    states = {
        (slug, one.code): site.state(slug, one.code).state
        for slug in site.slugs
        for one in languages
    }
    return site.component(
        "translation_status",
        lang,
        languages=[{"name": one.name, "lang": one.html_lang} for one in languages],
        states=[
            {
                "sign": SIGNS[state],
                "name": site.text(f"states.names.{state}", lang),
                "shares": [
                    _share([states[slug, one.code] is state for slug in site.slugs], site, lang)
                    for one in languages
                ],
            }
            for state in reversed(State)
        ],
        pages=[_row(site, slug, lang, states) for slug in _by_id(site)],
    )


def _by_id(site: Site) -> list[str]:
    sources = site.library.sources
    return sorted(site.slugs, key=lambda slug: site.library.pages[slug, sources[slug]].meta.id)


def _row(site: Site, slug: str, lang: str, states: dict[tuple[str, str], State]) -> dict[str, Any]:
    return {
        "title": site.title(slug, lang),
        "cells": [
            {
                "sign": SIGNS[states[slug, code]],
                "name": site.text(f"states.names.{states[slug, code]}", lang),
                "address": page_address(code, slug),
                "lang": site.library.languages[code].html_lang,
                "original": site.library.sources[slug] == code,
                "missing": states[slug, code] is State.MISSING,
            }
            for code in site.library.languages
        ],
    }


def _share(those: list[bool], site: Site, lang: str) -> str:
    language = site.library.languages[lang]
    if not any(those):
        return whole(0, language)
    return percent(sum(those) / len(those), language)
