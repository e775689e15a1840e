"""Texts of a briefing that people pass on: 600 characters, and one short message."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from portal_content.briefings.definition import Briefing
from portal_content.dates import clock_time
from portal_protocol.digits import arabic_digits
from portal_site.short_messages import first_that_fits, within
from portal_site.wording import HERE, PLACES, Words

LONGEST = 600
"""Characters of a text to pass on, its address included."""
_UNUSUAL = ("full", "moved", "cancelled", "done")
"""States that a short message must not leave out."""


def share_text(document: Mapping[str, Any], words: Words) -> str:
    """Return a text to pass on: what, when, how, for whom, whether it still holds, where to check.

    Args:
        document: What `briefing_document` has gathered so far.
        words: Of the reader's language.
    """
    place = words("separator").join(filter(None, (document["city"], document["country_name"])))
    spoken = words("separator").join(document["language_names"])
    moved = document["moved_from_text"]
    needed = [
        document["title"],
        f"{words('page.when')}: {document['when']}",
        *([words("page.was", moment=moved)] if moved else []),
        f"{words('page.how')}: {document['mode_name']} ({place})",
        f"{words('page.languages')}: {spoken}",
        f"{words('page.status')}: {document['status_name']}",
        words.site.text("money", words.lang),
        f"{words('text.check')} {document['address']}",
        f"{words('page.code')}: {document['code']}",
    ]
    wished = [
        words("list.women") if document["women_only"] else "",
        document["summary"],
    ]
    return within(LONGEST, needed, [line for line in wished if line])


def sms_text(briefing: Briefing, document: Mapping[str, Any], words: Words) -> str:
    """Return what fits one short message: day, hour in Damascus, how, and whether it holds.

    It never has the title: there is no room, and others may see the message.
    """
    start = briefing.starts.astimezone(ZoneInfo(PLACES[HERE]))
    day = f"{start.day}/{start.month}/{start.year}"
    what = words("text.sample_meeting") if briefing.sample else words("text.meeting")
    holds = f" {words(f'text.statuses.{briefing.status}')}" if briefing.status in _UNUSUAL else ""
    core = words(
        "text.sms",
        meeting=what + holds,
        day=arabic_digits(day) if words.language.digits == "arabic" else day,
        time=clock_time(start, words.language),
        place=words(f"places.{HERE}"),
        mode=words(f"text.modes.{briefing.mode}"),
    )
    host = urlsplit(document["address"]).netloc
    return first_that_fits(f"{core} {host}/{words.lang}/briefings", f"{core} {host}", core)
