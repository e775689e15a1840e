"""Calendars (RFC 5545, RFC 7986) that phones subscribe to; nothing in them says what it is about.

The hours are written with the zone of the briefing, and once more in words, because old phones
reckon with old rules of summer time.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from icalendar import Calendar, Event, Timezone, vDuration, vText, vUri

from portal_content.briefings.definition import Briefing
from portal_site.briefings.document import words_for
from portal_site.values import Site
from portal_site.wording import HERE, PLACES, Words

REFRESH = timedelta(hours=12)
_STATUS = {"planned": "TENTATIVE", "cancelled": "CANCELLED"}
"""Others are certain; what is moved or full is said in the description."""


def calendar(
    site: Site, lang: str, name: str, records: Sequence[tuple[Briefing, dict[str, Any]]]
) -> bytes:
    """Return a calendar.

    Args:
        site: The build.
        lang: Code of the reader's language.
        name: What the phone calls it.
        records: Briefings with their documents in this language.
    """
    whole = Calendar()
    whole.add("prodid", "-//Outreach Portal//Briefings//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    tag = {"LANGUAGE": site.library.languages[lang].html_lang}
    for key in ("name", "x-wr-calname"):
        whole.add(key, vText(name), parameters=tag)
    whole.add("x-wr-timezone", PLACES[HERE])
    whole.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", vDuration(REFRESH))
    years = [briefing.start.year for briefing, _ in records]
    for zone in dict.fromkeys(briefing.zone for briefing, _ in records):
        whole.add_component(_zone(zone, min(years) - 1, max(years) + 1))
    words = words_for(site, lang)
    for briefing, document in records:
        whole.add_component(_event(site, briefing, document, words))
    text: bytes = whole.to_ical()
    return text


@cache
def _zone(name: str, first_year: int, last_year: int) -> Timezone:
    """Return the changes of the clock in a zone; all those since 1970 would fill pages."""
    first, last = date(first_year, 1, 1), date(last_year + 1, 1, 1)
    return Timezone.from_tzid(name, first_date=first, last_date=last)


def _event(site: Site, briefing: Briefing, document: dict[str, Any], words: Words) -> Event:
    event = Event()
    tag = {"LANGUAGE": site.library.languages[words.lang].html_lang}
    # The same in every language and at every address: it is one meeting.
    event.add("uid", f"{briefing.id}@{site.settings.deployment}")
    event.add("sequence", briefing.sequence)
    event.add("dtstamp", briefing.updated)
    event.add("last-modified", briefing.updated)
    event.add("dtstart", briefing.starts)
    event.add("dtend", briefing.ends)
    event.add("summary", _summary(document, words), parameters=tag)
    event.add("description", _description(document, words), parameters=tag)
    event.add("location", _location(document, words), parameters=tag)
    event.add("url", vUri(document["address"]))
    event.add("status", _STATUS.get(briefing.status, "CONFIRMED"))
    event.add("transp", "TRANSPARENT" if briefing.status == "cancelled" else "OPAQUE")
    event.add("x-portal-status", briefing.status)
    event.add("x-portal-mode", briefing.mode)
    event.add("x-portal-languages", ",".join(briefing.languages))
    return event


def _summary(document: dict[str, Any], words: Words) -> str:
    """Return the title; many phones do not show that something is cancelled."""
    title: str = document["neutral_title"]
    if document["status"] in ("cancelled", "moved"):
        return words("text.changed_title", status=document["status_name"], title=title)
    return title


def _description(document: dict[str, Any], words: Words) -> str:
    moved = document["moved_from_text"]
    spoken = words("separator").join(document["language_names"])
    lines = [
        words("sample_notice") if document["sample"] else "",
        document["when"],
        words("page.was", moment=moved) if moved else "",
        f"{words('page.how')}: {document['mode_name']}",
        f"{words('page.languages')}: {spoken}",
        f"{words('page.status')}: {document['status_name']}",
        f"{words('text.check')} {document['address']}",
    ]
    return "\n".join(line for line in lines if line)


def _location(document: dict[str, Any], words: Words) -> str:
    if document["mode"] == "online":
        return str(document["mode_name"])
    return words("separator").join(filter(None, (document["city"], document["country_name"])))
