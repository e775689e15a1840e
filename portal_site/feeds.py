"""Feeds: Atom (RFC 4287) and JSON Feed 1.1, from the same entries."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"
LONGEST = 50
"""Entries of a feed."""
_ATOM_SPACE = "http://www.w3.org/2005/Atom"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Entry:
    """One thing in a feed."""

    id: str
    """Never changes, not even with the address."""
    address: str
    title: str
    text: str
    updated: datetime
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For programs: values by what they tell, e.g. {"status": ["open"]}."""
    document: tuple[str, Mapping[str, Any]] | None = None
    """Name and content of the same thing as the content API gives it out."""


@dataclass(frozen=True)
class Feed:
    """What is said about a feed as a whole."""

    id: str
    title: str
    author: str
    lang: str
    """BCP 47."""
    home: str
    """Page that shows the same."""
    address: str
    """Of the feed, without the ending."""
    updated: datetime
    """Of a feed that has no entries yet."""
    entries: tuple[Entry, ...]

    @property
    def atom_address(self) -> str:
        """Where the Atom feed is."""
        return f"{self.address}.atom"

    @property
    def json_address(self) -> str:
        """Where the JSON Feed is."""
        return f"{self.address}.feed.json"


def atom(feed: Feed) -> bytes:
    """Return a feed as Atom."""
    ET.register_namespace("", _ATOM_SPACE)
    root = ET.Element(f"{{{_ATOM_SPACE}}}feed", {_XML_LANG: feed.lang})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _time(max((e.updated for e in feed.entries), default=feed.updated)))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type=ATOM, href=feed.atom_address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home, hreflang=feed.lang)
    for entry in feed.entries:
        node = _add(root, "entry")
        _add(node, "id", entry.id)
        _add(node, "title", entry.title, type="text")
        _add(node, "updated", _time(entry.updated))
        _add(node, "link", rel="alternate", type="text/html", href=entry.address)
        for scheme, terms in entry.terms.items():
            for term in terms:
                _add(node, "category", scheme=f"urn:portal:{scheme}", term=term)
        _add(node, "content", entry.text, type="text")
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def json_feed(feed: Feed) -> bytes:
    """Return a feed as JSON Feed 1.1."""
    items = [
        {
            "id": entry.id,
            "url": entry.address,
            "title": entry.title,
            "content_text": entry.text,
            "date_modified": _time(entry.updated),
            "language": feed.lang,
            "tags": [f"{name}:{one}" for name, terms in entry.terms.items() for one in terms],
        }
        | ({} if entry.document is None else {f"_{entry.document[0]}": entry.document[1]})
        for entry in feed.entries
    ]
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.json_address,
        "language": feed.lang,
        "authors": [{"name": feed.author}],
        "items": items,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def links(feed: Feed) -> list[dict[str, str]]:
    """Return how pages point to a feed."""
    return [
        {"type": ATOM, "title": feed.title, "address": feed.atom_address},
        {"type": JSON_FEED, "title": feed.title, "address": feed.json_address},
    ]


def files(whole: Feed, address: Path) -> dict[Path, bytes]:
    """Return both forms of a feed by where they are written.

    Args:
        whole: The feed.
        address: The file, without its ending.
    """
    return {
        address.with_name(f"{address.name}.atom"): atom(whole),
        address.with_name(f"{address.name}.feed.json"): json_feed(whole),
    }


def write(contents: Mapping[Path, bytes], *, stale: list[Path]) -> None:
    """Write what changed, and take away what is no longer made.

    Args:
        contents: What to write, by path.
        stale: Files of earlier builds; those that are not made again go.
    """
    for path, content in contents.items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for path in stale:
        if path not in contents:
            path.unlink()


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM_SPACE}}}{name}", attributes)
    if text:
        element.text = text
    return element


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
