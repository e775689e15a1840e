"""Lists of briefings: those that come, whole or through a filter, and those that were."""

from collections.abc import Sequence
from typing import Any

from portal_content.briefings.definition import Briefing
from portal_content.numbers import whole
from portal_content.pages import Page
from portal_site.briefings.document import SECTION, address, briefing_document, words_for
from portal_site.briefings.files import calendar_names, feed
from portal_site.briefings.filters import Filter, filters
from portal_site.values import Site
from portal_site.wording import Words

_GROUPS = ("audience", "language", "mode", "country")


def coming(site: Site) -> list[Briefing]:
    """Return the briefings that are not over, the next first."""
    today = site.settings.today
    return [one for one in site.library.briefings.values() if not one.is_past(today)]


def over(site: Site) -> list[Briefing]:
    """Return the briefings that are over, the last first."""
    today = site.settings.today
    past = [one for one in site.library.briefings.values() if one.is_past(today)]
    return past[::-1]


def briefings_block(site: Site, page: Page) -> str:
    """Lay out the briefings that come."""
    return site.component("briefings", page.lang, list=coming_values(site, page.lang, None))


def archive_block(site: Site, page: Page) -> str:
    """Lay out the briefings that are over, with what was said."""
    words = words_for(site, page.lang)
    items = [_item(site, one, words, ()) for one in over(site)]
    return site.component("briefings_archive", page.lang, items=items, none=words("archive.none"))


def coming_values(site: Site, lang: str, chosen: Filter | None) -> dict[str, Any]:
    """Return the values of the list.

    Args:
        site: The build.
        lang: Code of the reader's language.
        chosen: The filter of the page; none for the whole list.
    """
    words, all_coming = words_for(site, lang), coming(site)
    known = filters(list(site.library.briefings.values()))
    shown = [one for one in all_coming if chosen is None or chosen.fits(one)]
    return {
        "whole": chosen is None,
        "choose": words("list.choose"),
        "all": _link(words, "", words("list.all"), all_coming, current=chosen is None),
        "groups": [
            {"title": words(f"list.{group}"), "links": _links(words, group, known, chosen)}
            for group in _GROUPS
        ],
        "count": words.count("count", len(shown)),
        "none": words("list.none"),
        "items": [_item(site, one, words, known) for one in shown],
        "calendars": {
            "title": words("list.calendars"),
            "text": words("list.calendars_text"),
            "links": [
                {"name": name, "address": f"/{lang}/{file}"}
                for file, name, _ in calendar_names(site, words)
            ],
        },
        "feeds": {
            "title": words("list.feeds"),
            "links": [
                {"name": "Atom", "address": feed(site, lang, {}).atom_address},
                {"name": "JSON Feed", "address": feed(site, lang, {}).json_address},
            ],
        },
    }


def _links(
    words: Words, group: str, known: Sequence[Filter], chosen: Filter | None
) -> list[dict[str, Any]]:
    """Return the filters of a group that something fits now, and the one that is chosen."""
    now = coming(words.site)
    links = []
    for one in known:
        if one.group != group:
            continue
        fitting = [briefing for briefing in now if one.fits(briefing)]
        current = chosen is not None and chosen.path == one.path
        if fitting or current:
            links.append(_link(words, one.path, one.name(words), fitting, current=current))
    return links


def _link(
    words: Words, path: str, name: str, fitting: Sequence[Briefing], *, current: bool
) -> dict[str, Any]:
    below = f"{path}/" if path else ""
    return {
        "path": path,
        "address": f"/{words.lang}/{SECTION}/{below}",
        "name": name,
        "number": whole(len(fitting), words.language),
        "count": words.count("count", len(fitting)),
        "current": current,
    }


def _item(site: Site, briefing: Briefing, words: Words, known: Sequence[Filter]) -> dict[str, Any]:
    document = briefing_document(site, briefing, words.lang)
    language = site.library.languages[document["text_language"]]
    place = (document["city"], document["country_name"])
    moved = document["moved_from_text"]
    return document | {
        "href": address(briefing, words.lang),
        "html_lang": language.html_lang,
        "dir": language.direction,
        "place": words("separator").join(filter(None, place)),
        "spoken": words("separator").join(document["language_names"]),
        "served": words("separator").join(document["audience_names"]),
        "was": words("page.was", moment=moved) if moved else "",
        "women": words("list.women") if briefing.women_only else "",
        "filters": " ".join(one.path for one in known if one.fits(briefing)),
    }
