"""PFIF 1.4: a mapping of a few fields, for systems that read nothing else. Never for publishing.

PFIF knows a status that presumes death; nothing here says so, and only "information sought" is
ever written. Who wrote, and how they can be reached, stays out.
Source: PFIF 1.4 (namespace of 29 May 2012).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

NAMESPACE = "http://zesty.ca/pfif/1.4"
STATUS = "information_sought"
SEXES = ("female", "male", "other")
EXPIRES = timedelta(days=365)
"""A copy that nobody brings up to date is not true for ever."""
NOTHING = "-"
ALTERNATE = ("also_known_as", "latin")
DECEMBER = 12
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_pfif(documents: Iterable[Mapping[str, Any]], *, source: str, now: datetime) -> bytes:
    """Return a PFIF file.

    Args:
        documents: Requests, filtered by consent.
        source: Name of this installation, which begins every id.
        now: The moment.
    """
    root = ET.Element("pfif:pfif", {"xmlns:pfif": NAMESPACE})
    for document in documents:
        if "person_sought" in document:
            _add_person(root, document, source, now)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add_person(root: ET.Element, document: Mapping[str, Any], source: str, now: datetime) -> None:
    sought = document["person_sought"]
    names: dict[str, str] = {name["kind"]: name["text"] for name in sought["names"]}
    age = sought.get("age_when_last_heard_of", {}).get("number")
    written = f"{document['provenance']['written_on']}T00:00:00Z"
    person = ET.SubElement(root, "pfif:person")
    _add(person, "person_record_id", f"{source}/{document['id']}")
    _add(person, "entry_date", _moment(now))
    _add(person, "expiry_date", _moment(now + EXPIRES))
    _add(person, "source_name", source)
    _add(person, "source_date", written)
    _add(person, "full_name", names.get("as_said", NOTHING))
    _add(person, "given_name", names.get("given"))
    _add(person, "family_name", names.get("family"))
    alternate = [names[kind] for kind in ALTERNATE if kind in names]
    _add(person, "alternate_names", "\n".join(alternate) or None)
    sex = sought.get("sex")
    _add(person, "sex", sex if sex in SEXES else None)
    _add(person, "date_of_birth", _date_of_birth(sought.get("birth", {})))
    _add(person, "age", None if age is None else str(age))
    _add_note(person, document, source, now)


def _add_note(person: ET.Element, document: Mapping[str, Any], source: str, now: datetime) -> None:
    last = document.get("last_contact", {})
    where = last.get("where", {})
    note = ET.SubElement(person, "pfif:note")
    _add(note, "note_record_id", f"{source}/{document['id']}.1")
    _add(note, "person_record_id", f"{source}/{document['id']}")
    _add(note, "entry_date", _moment(now))
    _add(note, "author_name", source)
    _add(note, "source_date", f"{document['provenance']['written_on']}T00:00:00Z")
    _add(note, "status", STATUS)
    _add(note, "last_known_location", where.get("text") or where.get("area"))
    _add(note, "text", last.get("when", {}).get("text") or NOTHING)


def _add(parent: ET.Element, name: str, text: str | None) -> None:
    if text:
        ET.SubElement(parent, f"pfif:{name}").text = _NOT_XML.sub("", text)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _date_of_birth(said: Mapping[str, Any]) -> str | None:
    """Return a day, month or year that is certain; PFIF has no way to say "about"."""
    if "earliest" not in said or "latest" not in said or said.get("about"):
        return None
    first, last = (date.fromisoformat(said[end]) for end in ("earliest", "latest"))
    if first == last:
        return first.isoformat()
    after = last + timedelta(days=1)
    if first.day != 1 or after.day != 1:
        return None
    if (first.month, after.month, after.year) == (1, 1, first.year + 1):
        return str(first.year)
    is_one_month = (after.year * DECEMBER + after.month) - (
        first.year * DECEMBER + first.month
    ) == 1
    return f"{first:%Y-%m}" if is_one_month else None
