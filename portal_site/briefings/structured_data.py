"""What search engines read of a briefing: an Event of schema.org as JSON-LD."""

from typing import Any

from portal_content.briefings.definition import Briefing
from portal_site.values import Site

_SCHEMA = "https://schema.org/"
_STATUS = {"moved": "EventRescheduled", "cancelled": "EventCancelled"}
_ATTENDANCE = {
    "online": "OnlineEventAttendanceMode",
    "in_person": "OfflineEventAttendanceMode",
    "hybrid": "MixedEventAttendanceMode",
}


def structured_data(site: Site, briefing: Briefing, document: dict[str, Any]) -> dict[str, Any]:
    """Return the event; of where it takes place only the country and, if it is safe, the city.

    Args:
        site: The build.
        briefing: The record.
        document: The same as `briefing_document` gives it.
    """
    event = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": document["address"],
        "url": document["address"],
        "name": document["title"],
        "description": document["summary"],
        "startDate": document["start"],
        "endDate": document["end"],
        "eventStatus": _SCHEMA + _STATUS.get(briefing.status, "EventScheduled"),
        "eventAttendanceMode": _SCHEMA + _ATTENDANCE[briefing.mode],
        "location": _locations(document),
        "inLanguage": list(briefing.languages),
        "isAccessibleForFree": True,
        "organizer": {"@type": "Organization", "name": site.text("name", document["language"])},
    }
    if briefing.status == "moved":
        event["previousStartDate"] = document["moved_from"]
    if briefing.capacity is not None:
        event["maximumAttendeeCapacity"] = briefing.capacity
    if briefing.status == "full":
        event["remainingAttendeeCapacity"] = 0
    return event


def _locations(document: dict[str, Any]) -> list[dict[str, Any]]:
    # The page is the only address there is: the link to join goes to those who registered.
    virtual = {"@type": "VirtualLocation", "url": document["address"]}
    postal = {"@type": "PostalAddress", "addressCountry": document["country"]}
    if document["city"]:
        postal["addressLocality"] = document["city"]
    name = document["city"] or document["country_name"]
    place = {"@type": "Place", "name": name, "address": postal}
    return {"online": [virtual], "in_person": [place], "hybrid": [place, virtual]}[document["mode"]]
