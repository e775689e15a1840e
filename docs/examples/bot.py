"""A small messaging bot on the content API: it answers "alerts", "meetings" or a page's id.

Run it against any portal:  python docs/examples/bot.py http://127.0.0.1:8400 ar alerts
It needs nothing but Python. What it prints is what a bot would send as one message.
"""

import json
import sys
import urllib.request
from typing import Any

LONGEST_MESSAGE = 600
"""Characters; every text that the portal offers for passing on fits."""


def fetch(portal: str, language: str, name: str) -> dict[str, Any]:
    """Return one document of the content API."""
    address = f"{portal.rstrip('/')}/v1/content/{language}/{name}"
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 (the portal's own)
        document: dict[str, Any] = json.load(answer)
    return document


def alerts(portal: str, language: str) -> list[str]:
    """Return the warnings that hold today, ready to send."""
    found = fetch(portal, language, "alerts?status=active")["alerts"]
    return [alert["share_text"] for alert in found]


def meetings(portal: str, language: str, **filters: str) -> list[str]:
    """Return the open meetings, ready to send; e.g. women_only="true", mode="online"."""
    query = "&".join(f"{key}={value}" for key, value in {"status": "open", **filters}.items())
    found = fetch(portal, language, f"briefings?{query}")["briefings"]
    return [meeting["share_text"] for meeting in found]


def page(portal: str, language: str, identifier: str) -> list[str]:
    """Return a page's text to pass on, and where to read all of it.

    A text that no person has reviewed says so: a bot must not hide it.
    """
    document = fetch(portal, language, f"pages/{identifier}")
    note = "" if document["state"] == "current" else f" [{document['state']}]"
    return [f"{document['title']}{note}\n{document['share']}\n{document['address']}"]


def answer(portal: str, language: str, asked: str) -> list[str]:
    """Return the messages that answer what a person asked."""
    if asked == "alerts":
        return alerts(portal, language)
    if asked == "meetings":
        return meetings(portal, language)
    return page(portal, language, asked)


def main() -> None:
    """Answer one question from the command line."""
    portal, language, asked = sys.argv[1:4]
    for message in answer(portal, language, asked):
        print(message, end="\n\n")  # noqa: T201 (this is what the example is for)


if __name__ == "__main__":
    main()
