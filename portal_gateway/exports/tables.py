"""Tables: one line a request, as CSV or for a spreadsheet; no cell is ever run as a formula.

Beside them JSON, which keeps everything as the published schema has it.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from portal_content.forms.exchange import NAME_KINDS, SECTIONS, field_name

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula begins with, in any of the ways that some spreadsheet understands."""
MARK = "'"
LIST_MARK = "; "
LONGEST_CELL = 32_767
PARTS: Mapping[str, tuple[str, ...]] = {
    "birth": ("text", "unknown", "earliest", "latest", "about"),
    "when": ("text", "unknown", "earliest", "latest", "about"),
    "where": ("area", "text"),
    "birthplace": ("area", "text"),
    "age_when_last_heard_of": ("text", "number"),
    "missing_in_family": ("text", "number"),
    "safe_contact": ("way", "value"),
}


def columns() -> list[str]:
    """Return the heading of each column: the path of a field in the published schema."""
    paths = ["id", "version", "state"]
    paths += [f"person_sought.names.{kind}" for kind in NAME_KINDS.values()]
    for section, questions in SECTIONS.items():
        for name in map(field_name, questions):
            parts = PARTS.get(name, ())
            paths += [f"{section}.{name}.{part}" for part in parts] or [f"{section}.{name}"]
    paths += ["consents", "provenance.language", "provenance.written_on"]
    return [*paths, "provenance.registered_on"]


def as_json(documents: Iterable[Mapping[str, Any]]) -> bytes:
    """Return a JSON list of documents of the published schema."""
    return json.dumps(list(documents), ensure_ascii=False, indent=2).encode() + b"\n"


def as_csv(documents: Iterable[Mapping[str, Any]]) -> bytes:
    """Return a CSV file that spreadsheets read as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns())
    for document in documents:
        writer.writerow([harmless(cell) for cell in _row(document)])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(documents: Iterable[Mapping[str, Any]], *, now: datetime) -> bytes:
    """Return an XLSX file; every cell is a text, whatever it looks like."""
    out = io.BytesIO()
    # In memory only: its way of saving memory writes what families wrote into temporary files.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": now.replace(tzinfo=None)})
    sheet = book.add_worksheet()
    for number, row in enumerate([columns(), *map(_row, documents)]):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell[:LONGEST_CELL])
    book.close()
    return out.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return MARK + cell if cell.startswith(RUN_BY_SPREADSHEETS) else cell


def _row(document: Mapping[str, Any]) -> list[str]:
    names = {n["kind"]: n["text"] for n in document.get("person_sought", {}).get("names", ())}
    given = [one["id"] for one in document["consents"] if one["given"]]
    found = {f"person_sought.names.{kind}": text for kind, text in names.items()}
    found["consents"] = LIST_MARK.join(given)
    return [found.get(path) or _cell(document, path.split(".")) for path in columns()]


def _cell(document: Mapping[str, Any], path: Sequence[str]) -> str:
    value: Any = document
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, list):
        return LIST_MARK.join(str(one) for one in value if isinstance(one, str))
    if value is None or isinstance(value, Mapping):
        return ""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
