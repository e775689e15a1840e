"""Reads the published documents and picks from them."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal_content.documents import VERSION

FOLDER = Path("api") / "content" / VERSION
_SAFE = re.compile(r"[A-Za-z0-9-]{1,80}")

Item = Mapping[str, Any]
Picks = Callable[[Item, str], bool]

FILTERS: Mapping[str, Mapping[str, Picks]] = {
    "pages": {
        "section": lambda item, value: item["section"] == value,
        "audience": lambda item, value: value in item["audience"],
        "state": lambda item, value: item["state"] == value,
    },
    "briefings": {
        "audience": lambda item, value: value in item["audience"],
        "language": lambda item, value: value in {*item["languages"], *item["interpretation"]},
        "women_only": lambda item, value: item["women_only"] == (value == "true"),
        "mode": lambda item, value: item["mode"] == value,
        "country": lambda item, value: item["country"] == value.upper(),
        "status": lambda item, value: item["status"] == value,
    },
    "alerts": {
        "kind": lambda item, value: item["kind"] == value,
        "status": lambda item, value: item["status"] == value,
    },
    "channels": {
        "kind": lambda item, value: item["kind"] == value,
        "status": lambda item, value: item["status"] == value,
    },
    "organisations": {
        "kind": lambda item, value: item["kind"] == value,
        "help": lambda item, value: value in item["help"],
        "country": lambda item, value: not item["countries"] or value.upper() in item["countries"],
    },
    "forms": {},
    "glossary": {},
    "registration-status": {},
}
"""By document, what its list can be picked by."""


class DocumentUnknown(LookupError):
    """There is no such document, or no such language."""


class FilterUnknown(ValueError):
    """A list cannot be picked by this."""


@dataclass(frozen=True)
class Published:
    """The documents of a built site."""

    site: Path

    def read(self, lang: str, name: str) -> bytes:
        """Return a document as it was published.

        Args:
            lang: Code of the language.
            name: e.g. "index", "pages" or "pages/P06".

        Raises:
            DocumentUnknown: If there is none.
        """
        parts = [lang, *name.split("/")]
        if not all(_SAFE.fullmatch(part) for part in parts):
            raise DocumentUnknown
        path = self.site.joinpath(FOLDER, *parts).with_suffix(".json")
        if not path.is_file():
            raise DocumentUnknown
        return path.read_bytes()

    def pick(self, lang: str, name: str, wanted: Mapping[str, str]) -> bytes:
        """Return a list with only what fits every filter.

        Args:
            lang: Code of the language.
            name: e.g. "briefings".
            wanted: Value by filter; none gives the list as it was published.

        Raises:
            DocumentUnknown: If there is no such list.
            FilterUnknown: If a filter does not exist for it.
        """
        whole = self.read(lang, name)
        filters = FILTERS.get(name)
        if filters is None:
            raise DocumentUnknown
        if unknown := wanted.keys() - filters.keys():
            raise FilterUnknown(min(unknown))
        if not wanted:
            return whole
        document = json.loads(whole)
        key = next(iter(document))
        document[key] = [
            item
            for item in document[key]
            if all(filters[one](item, value) for one, value in wanted.items())
        ]
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return text.encode() + b"\n"


def tag_of(content: bytes) -> str:
    """Return the entity tag of a document."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
