"""STAND-IN for Primero v2, written from its published code and documents; it is not Primero.

It enforces what those say and what would hurt us: a schema per role without additional
properties, 409 for an id that exists, 422 with JSON pointers, ids of traces shared by all
records, a lock after six wrong passwords, types and sizes of attachments, no idempotency of
attachments, and records that leave our sight with their owner. Nothing was run against a live
instance; what is unsure there is unsure here.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from portal_gateway.connectors.primero.connector import Primero
from portal_gateway.connectors.primero.instance import Instance
from portal_gateway.connectors.primero.mapping import Wording
from portal_gateway.connectors.web import Line
from tests.portal_gateway.zones import listening

USER, PASSWORD = "portal", "a long password"
MODULE = "primeromodule-cp"
TRACES = "tracing_request_subform_section"
UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
WRONG_PASSWORDS = 6
LARGEST = 20 * 1024 * 1024
CONTENT_TYPES = {
    "image": (b"\xff\xd8\xff", b"\x89PNG"),
    "audio": (b"ID3", b"\xff\xfb", b"\x00\x00\x00\x20ftyp"),
    "document": (b"%PDF", b"plain"),
}
"""How files of the types that are taken begin."""
FIELDS: dict[str, str] = {
    "inquiry_date": "date_field",
    "status": "select_box",
    "relation_name": "text_field",
    "relation_nickname": "text_field",
    "relation_age": "numeric_field",
    "relation_telephone": "text_field",
    "relation_language": "select_box multi lookup-language",
    "relation_address_current": "textarea",
    "date_of_separation": "date_field",
    "separation_cause": "select_box lookup-separation-cause",
    "separation_cause_other": "textarea",
    "location_last": "select_box",
    "telephone_last": "text_field",
    "photos": "photo_upload_box",
    "recorded_audio": "audio_upload_box",
    "other_documents": "document_upload_box",
}
TRACE_FIELDS: dict[str, str] = {
    "name": "text_field",
    "name_nickname": "text_field",
    "name_other": "text_field",
    "relation": "select_box lookup-family-relationship",
    "sex": "select_box lookup-gender",
    "age": "numeric_field",
    "date_of_birth": "date_field",
    "date_of_separation": "date_field",
    "separation_cause": "select_box lookup-separation-cause",
    "location_last": "select_box",
    "tracing_request_status": "select_box",
}
LOOKUPS = {
    "lookup-family-relationship": ["mother", "father", "wife"],
    "lookup-gender": ["male", "female"],
    "lookup-separation-cause": ["arrest_and_detention", "migration"],
    "lookup-language": ["arabic", "kurdish"],
}
LOCATIONS = ["SY", "SY02"]
DAY = r"^\d{4}-\d{2}-\d{2}$"


@dataclass
class StandIn:
    """What the stand-in holds."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    traces: dict[str, str] = field(default_factory=dict)
    """Record by id of the trace: one table for all records, as in Primero."""
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    audit: list[str] = field(default_factory=list)
    wrong_passwords: int = 0
    fields: dict[str, str] = field(default_factory=lambda: dict(FIELDS))
    drop_answer_of: str = ""
    """A request whose answer is lost after it took effect."""
    dropped: int = 0
    broken_files: bool = False

    def clear(self) -> None:
        """Begin anew."""
        self.__init__()  # type: ignore[misc]  # the fields begin anew

    async def answer(self, request: Request) -> Response:
        line = f"{request.method} {request.url.path}"
        self.requests.append(line)
        refused = self._sign_in(request.headers.get("authorization", ""))
        if refused is not None:
            return refused
        body = await request.body()
        data = (await request.json())["data"] if body else {}
        made = self._route(line, data)
        if self.drop_answer_of and re.search(self.drop_answer_of, line) and not self.dropped:
            self.dropped += 1
            return Response(status_code=504)
        return made

    def _sign_in(self, authorization: str) -> Response | None:
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.wrong_passwords >= WRONG_PASSWORDS or authorization != f"Basic {expected}":
            self.wrong_passwords += 1
            return _error(401, "Unauthorized")
        return None

    def _route(self, line: str, data: dict[str, Any]) -> Response:
        method, _, path = line.partition(" ")
        if path.startswith("/rails/blobs/"):
            file = path.rpartition("/")[2]
            return Response(b"other" if self.broken_files else self.files[file])
        parts = path.removeprefix("/api/v2/").split("/")
        match method, parts:
            case "POST", ["tracing_requests"]:
                return self._create(data)
            case "GET", ["tracing_requests", record]:
                return self._show(record)
            case "PATCH", ["tracing_requests", record]:
                return self._update(record, data)
            case _, ["tracing_requests", record, "attachments", *rest]:
                return self._detach(record, rest[0]) if rest else self._attach(record, data)
        return self._set_up(parts[0])

    def _set_up(self, what: str) -> Response:
        lookups: list[dict[str, Any]] = [
            {"unique_id": name, "values": [{"id": one} for one in values]}
            for name, values in LOOKUPS.items()
        ]
        found: dict[str, list[dict[str, Any]]] = {
            "lookups": lookups,
            "locations": [{"code": code} for code in LOCATIONS],
        }
        if what == "forms":
            return JSONResponse({"data": self._forms()})
        return _page(found[what]) if what in found else _error(404, "Not found")

    def _forms(self) -> list[dict[str, Any]]:
        traces = {"unique_id": TRACES, "is_nested": True, "fields": _listed(TRACE_FIELDS)}
        whole = [*_listed(self.fields), {"name": TRACES, "type": "subform"}]
        return [{"unique_id": "tracing_request_inquirer", "fields": whole}, traces]

    def _schema(self, *, updating: bool) -> dict[str, Any]:
        core = {
            "status": {"type": "string"},
            "record_state": {"type": "boolean"},
            "owned_by": {"type": "string"},
            "module_id": {"enum": [MODULE]},
        }
        own = {} if updating else {"id": {"type": "string", "pattern": UUID}}
        inside = {name: _type(kind) for name, kind in TRACE_FIELDS.items()}
        inside |= {
            "unique_id": {"type": "string", "pattern": UUID},
            "_destroy": {"type": ["boolean", "null"]},
        }
        trace = {"type": "object", "properties": inside, "additionalProperties": False}
        fields = {name: _type(kind) for name, kind in self.fields.items() if "upload" not in kind}
        fields[TRACES] = {"type": ["array", "null"], "items": trace}
        return {
            "type": "object",
            "properties": fields | core | own,
            "additionalProperties": False,
        }

    def _refusal(self, data: dict[str, Any], *, updating: bool) -> Response | None:
        errors = list(Draft202012Validator(self._schema(updating=updating)).iter_errors(data))
        if not errors:
            return None
        pointers = []
        for error in errors:
            place = "/" + "/".join(str(part) for part in error.absolute_path)
            if error.validator == "additionalProperties":
                known = error.schema["properties"]
                pointers += [f"{place.rstrip('/')}/{k}" for k in error.instance if k not in known]
            else:
                pointers.append(place)
        return _error(422, "Invalid Record JSON", pointers)

    def _create(self, data: dict[str, Any]) -> Response:
        if data.get("module_id") != MODULE:
            # Without a module no field is permitted.
            return _error(422, "Invalid Record JSON", [f"/{name}" for name in data])
        refusal = self._refusal(data, updating=False)
        if refusal is not None:
            return refusal
        if data["id"] in self.records:
            return _error(409, "Conflict")
        self.audit.append("create")
        number = hashlib.sha256(data["id"].encode()).hexdigest()[:7]
        record = {"short_id": number, "owned_by": USER, "enabled": True, TRACES: []}
        self.records[data["id"]] = record
        self._merge(data["id"], data)
        return Response(status_code=204)

    def _show(self, record: str) -> Response:
        if record not in self.records:
            return _error(404, "Not found")
        if self.records[record]["owned_by"] != USER:
            return _error(403, "Forbidden")
        return JSONResponse({"data": self.records[record]})

    def _update(self, record: str, data: dict[str, Any]) -> Response:
        seen = self._show(record)
        if seen.status_code != 200:
            return seen
        refusal = self._refusal(data, updating=True)
        if refusal is not None:
            return refusal
        self.audit.append("update")
        self._merge(record, data)
        return Response(status_code=204)

    def _merge(self, record: str, data: dict[str, Any]) -> None:
        held = self.records[record]
        for name, value in data.items():
            if name != TRACES:
                held[name] = value
        for one in data.get(TRACES) or ():
            unique = one["unique_id"]
            place = self.traces.setdefault(unique, record)
            rows = self.records[place][TRACES]
            known = next((row for row in rows if row["unique_id"] == unique), None)
            if one.get("_destroy"):
                if known:
                    rows.remove(known)
            elif known:
                # Not limited to this record: a used id writes into another family's trace.
                known.update(one)
            else:
                rows.append(dict(one))

    def _attach(self, record: str, data: dict[str, Any]) -> Response:
        seen = self._show(record)
        if seen.status_code != 200:
            return seen
        try:
            content = base64.b64decode(data["attachment"], validate=True)
        except binascii.Error:
            return _error(422, "Invalid attachment", ["/attachment"])
        begins = CONTENT_TYPES.get(data.get("attachment_type", ""), ())
        if not content.startswith(tuple(begins)) or not begins or len(content) > LARGEST:
            return _error(422, "Invalid attachment", ["/attachment"])
        self.audit.append("attach")
        file = str(len(self.files) + 1)
        self.files[file] = content
        row = {name: data.get(name) for name in ("field_name", "file_name", "comments")}
        row |= {"id": file, "attachment_url": f"/rails/blobs/{file}"}
        self.records[record].setdefault(data["field_name"], []).append(row)
        return Response(status_code=204)

    def _detach(self, record: str, file: str) -> Response:
        for name in ("photos", "recorded_audio", "other_documents"):
            rows = self.records[record].get(name) or []
            self.records[record][name] = [row for row in rows if row["id"] != file]
        del self.files[file]
        return Response(status_code=204)


def _type(kind: str) -> dict[str, Any]:
    if kind == "date_field":
        return {"type": ["string", "null"], "pattern": DAY}
    if kind == "numeric_field":
        return {"type": ["integer", "null"], "minimum": -2_147_483_648, "maximum": 2_147_483_647}
    if "multi" in kind:
        return {"type": ["array", "null"], "items": {"type": "string"}}
    return {"type": ["string", "null"]}


def _listed(fields: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for name, kind in fields.items():
        row: dict[str, Any] = {"name": name, "type": kind.split(" ", maxsplit=1)[0]}
        lookup = re.search(r"lookup-\S+", kind)
        row["option_strings_source"] = f"lookup {lookup[0]}" if lookup else None
        found.append(row)
    return found


def _page(rows: list[dict[str, Any]]) -> Response:
    return JSONResponse({"data": rows, "metadata": {"total": len(rows), "per": 1000, "page": 1}})


def _error(status: int, message: str, detail: list[str] | None = None) -> Response:
    error = {"status": status, "resource": "/api/v2", "message": message, "detail": detail}
    return JSONResponse({"errors": [error]}, status)


@contextmanager
def standing_in() -> Iterator[tuple[StandIn, str]]:
    """Serve the stand-in on a free port."""
    stand_in = StandIn()
    methods = ["GET", "POST", "PATCH", "DELETE"]
    app = Starlette(routes=[Route("/{path:path}", stand_in.answer, methods=methods)])
    with listening(app) as url:
        yield stand_in, url


def primero(url: str, *, password: str = PASSWORD, owner: str = "", **wording: Any) -> Primero:
    """The connector to the stand-in."""
    instance = Instance(Line(url), USER, password)
    return Primero("primero", "own", instance, Wording(**wording), owner)
