"""Files of briefings beside the pages: calendars and feeds, once a language."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from portal_content.briefings.definition import Briefing
from portal_site import feeds
from portal_site.briefings.calendars import calendar
from portal_site.briefings.document import SECTION, briefing_document, words_for
from portal_site.staging import Staging
from portal_site.values import Site
from portal_site.wording import Words

KEPT = timedelta(days=366)
"""How long a calendar keeps what is over: phones forget what a calendar no longer has."""
Documents = Mapping[str, dict[str, Any]]
"""By id of the briefing, in one language."""


def write_language(staging: Staging, output: Path) -> None:
    """Write a calendar for all, one for each audience, one for each briefing, and the feeds.

    Args:
        staging: The pages of the language.
        output: Folder of the whole site.
    """
    site, lang = staging.site, staging.lang
    folder, words = output / lang, words_for(site, lang)
    documents = {
        one.id: briefing_document(site, one, lang) for one in site.library.briefings.values()
    }
    files: dict[Path, bytes] = {}
    for file, _, fits in calendar_names(site, words):
        records = [(one, documents[one.id]) for one in _kept(site) if fits(one)]
        files[folder / file] = calendar(site, lang, words("calendar.all"), records)
    for one in site.library.briefings.values():
        records = [(one, documents[one.id])]
        path = folder / SECTION / f"{one.id}.ics"
        files[path] = calendar(site, lang, words("calendar.all"), records)
    files |= feeds.files(feed(site, lang, documents), folder / SECTION)
    feeds.write(files, stale=[*folder.glob(f"{SECTION}*.ics"), *folder.glob(f"{SECTION}/*.ics")])


def calendar_names(site: Site, words: Words) -> list[tuple[str, str, Callable[[Briefing], bool]]]:
    """Return the calendars that one can subscribe to: file, name on the page, what is in it."""
    audiences = dict.fromkeys(a for one in site.library.briefings.values() for a in one.audience)
    return [
        (f"{SECTION}.ics", words("list.all"), lambda _: True),
        *(
            (
                f"{SECTION}-{audience.replace('_', '-')}.ics",
                words(f"audiences.{audience}"),
                _for_audience(audience),
            )
            for audience in audiences
        ),
    ]


def feed(site: Site, lang: str, documents: Documents) -> feeds.Feed:
    """Return the feed of all briefings in a language, the last changed first."""
    words, base = words_for(site, lang), site.settings.base_url
    newest = sorted(
        (one for one in site.library.briefings.values() if one.id in documents),
        key=lambda one: (one.updated, one.id),
        reverse=True,
    )
    return feeds.Feed(
        id=f"urn:portal:{site.settings.deployment}:{SECTION}:{lang}",
        title=words("feed.title"),
        author=site.text("name", lang),
        lang=site.library.languages[lang].html_lang,
        home=f"{base}/{lang}/{SECTION}/",
        address=f"{base}/{lang}/{SECTION}",
        updated=datetime.combine(site.settings.today, time(), UTC),
        entries=tuple(_entry(site, one, documents[one.id]) for one in newest[: feeds.LONGEST]),
    )


def _kept(site: Site) -> list[Briefing]:
    first = site.settings.today - KEPT
    return [one for one in site.library.briefings.values() if one.end.date() >= first]


def _for_audience(audience: str) -> Callable[[Briefing], bool]:
    return lambda one: audience in one.audience


def _entry(site: Site, briefing: Briefing, document: dict[str, Any]) -> feeds.Entry:
    return feeds.Entry(
        id=f"urn:portal:{site.settings.deployment}:{SECTION}:{briefing.id}:{document['language']}",
        address=document["address"],
        title=document["title"],
        text=document["share_text"],
        updated=briefing.updated,
        terms={
            "status": [briefing.status],
            "mode": [briefing.mode],
            "language": briefing.languages,
            "start": [document["start"]],
        },
        document=("briefing", document),
    )
