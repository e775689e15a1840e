"""The connector to Primero: create under our own id, compare, attach, hand to an officer.

It may be stopped after any request and begun again: the id of the record is ours and was stored
before the first request, and files that are there already are recognised by their digest.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal_gateway.connectors.interface import HandedFile, Message, NotNow, Receipt, Refused
from portal_gateway.connectors.primero.instance import (
    ATTACHMENTS,
    CONFLICT,
    RECORDS,
    Instance,
)
from portal_gateway.connectors.primero.mapping import (
    REQUEST_FIELDS,
    TRACES,
    Wording,
    request_data,
    trace_data,
)
from portal_gateway.connectors.web import check_answer

LARGEST = 20 * 1024 * 1024
MOST_FILES = 100
NOT_FOUND = (403, 404)
TYPES: Mapping[str, tuple[str, str, str]] = {
    "image/jpeg": ("photos", "image", "jpg"),
    "image/png": ("photos", "image", "png"),
    "audio/mpeg": ("recorded_audio", "audio", "mp3"),
    "audio/mp4": ("recorded_audio", "audio", "m4a"),
    "application/pdf": ("other_documents", "document", "pdf"),
    "text/plain": ("other_documents", "document", "txt"),
    "text/csv": ("other_documents", "document", "csv"),
}
"""Field, kind and ending of each type that Primero takes."""


@dataclass
class Primero:
    """One Primero instance as a receiver."""

    name: str
    recipient: str
    instance: Instance
    wording: Wording = field(default_factory=Wording)
    owner: str = ""
    """Officer who is handed each record; the connector then loses sight of it."""
    _options: dict[str, frozenset[str]] | None = None

    def deliver(self, message: Message, *, now: datetime) -> Receipt:
        """Bring a case into Primero, or bring it up to date there.

        Raises:
            NotNow: If Primero cannot take it now.
            Refused: If it will never take it.
            Halted: If it is set up in another way, or does not accept our password.
        """
        if self._options is None:
            self._options = self.instance.options(self.wording, now=now)
        if message.erases:
            self._erase(message, now)
            return Receipt()
        data = self._data(message, self._options)
        if message.number:
            self._change(message.document_id, data, now)
        else:
            self._create(message, data, now)
        left_out = self._attach(message, now)
        number = self._record(message.document_id, now).get("short_id") or message.number
        if self.owner and not message.number:
            # Last: from here on the record may be out of our sight.
            self._change(message.document_id, {"owned_by": self.owner}, now)
        return Receipt(number=str(number or ""), left_out=tuple(left_out))

    def close(self) -> None:
        """Close the connections."""
        self.instance.line.close()

    def _data(self, message: Message, options: Mapping[str, frozenset[str]]) -> dict[str, Any]:
        data = request_data(message.document, self.wording, options)
        trace = trace_data(message.document, self.wording, options)
        if trace is None:
            data[TRACES] = [{"unique_id": message.part_id, "_destroy": True}]
        else:
            data[TRACES] = [{"unique_id": message.part_id, **trace}]
        return data

    def _create(self, message: Message, data: dict[str, Any], now: datetime) -> None:
        known = {name: value for name, value in data.items() if value is not None}
        known[TRACES] = [
            {name: value for name, value in one.items() if value is not None}
            for one in data[TRACES]
            if not one.get("_destroy")
        ]
        record = {"id": message.document_id, "module_id": self.instance.module, **known}
        status = self.instance.send("POST", RECORDS, record, now=now)
        if status != CONFLICT:
            return
        self._check_sight(message.document_id)
        found = self._record(message.document_id, now)
        if message.part_id not in [one.get("unique_id") for one in found.get(TRACES) or ()]:
            # Our ids are random and were stored first: this is not what we sent.
            raise Refused("other_record")
        if not _holds(found, data):
            self._change(message.document_id, data, now)

    def _change(self, record: str, data: Mapping[str, Any], now: datetime) -> None:
        self._check_sight(record)
        self.instance.send("PATCH", f"{RECORDS}/{record}", data, now=now)

    def _erase(self, message: Message, now: datetime) -> None:
        """Empty the record and close it: Primero has no way to delete one."""
        record = message.document_id
        answer = self.instance.ask("GET", f"{RECORDS}/{record}")
        if answer.status == NOT_FOUND[1] and not message.number:
            return  # It never came to be.
        self._check_sight(record)
        for one in self._listed(record, now):
            path = f"{RECORDS}/{record}/attachments/{one['id']}"
            check_answer(self.instance.ask("DELETE", path), now=now)
        empty: dict[str, Any] = dict.fromkeys((*REQUEST_FIELDS, *self.wording.texts))
        # A day is set by Primero itself where none is given, so it stays; it says nothing.
        del empty["inquiry_date"]
        empty |= {"status": "closed", "record_state": False}
        empty[TRACES] = [{"unique_id": message.part_id, "_destroy": True}]
        self.instance.send("PATCH", f"{RECORDS}/{record}", empty, now=now)

    def _check_sight(self, record: str) -> None:
        """Leave to a person what was handed to an officer there and is out of our sight."""
        answer = self.instance.ask("GET", f"{RECORDS}/{record}")
        if answer.status in NOT_FOUND:
            raise Refused("out_of_sight", str(answer.status))

    def _attach(self, message: Message, now: datetime) -> list[str]:
        """Bring the files that are not there; return the digests of those it cannot take."""
        record = message.document_id
        wanted = {one.sha256: one for one in message.files}
        there = self._listed(record, now) if wanted or message.seen else []
        for one in there:
            if not any(digest in str(one.get("file_name")) for digest in wanted):
                path = f"{RECORDS}/{record}/attachments/{one['id']}"
                check_answer(self.instance.ask("DELETE", path), now=now)
        left_out = []
        room = MOST_FILES
        for digest, file in wanted.items():
            if file.media_type not in TYPES or file.size > LARGEST or room == 0:
                left_out.append(digest)
                continue
            room -= 1
            if not any(digest in str(one.get("file_name")) for one in there):
                self._send_file(message, file, now)
        if len(left_out) < len(wanted):
            self._check_files(record, set(wanted) - set(left_out), now)
        return left_out

    def _send_file(self, message: Message, file: HandedFile, now: datetime) -> None:
        name, kind, ending = TYPES[file.media_type]
        content = file.read()
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise Refused("file_damaged")
        data = {
            "field_name": name,
            "attachment_type": kind,
            "file_name": f"{file.sha256}.{ending}",
            "date": message.document["provenance"]["written_on"],
            "comments": f"sha256:{file.sha256}",
            "is_current": True,
            "attachment": base64.b64encode(content).decode("ascii"),
        }
        path = f"{RECORDS}/{message.document_id}/attachments"
        self.instance.send("POST", path, data, now=now)

    def _check_files(self, record: str, digests: set[str], now: datetime) -> None:
        """Read back what is there and compare it with what was sent."""
        for one in self._listed(record, now):
            named = next((d for d in digests if d in str(one.get("file_name"))), None)
            if named is None:
                continue
            answer = self.instance.ask("GET", str(one["attachment_url"]))
            check_answer(answer, now=now)
            if hashlib.sha256(answer.body).hexdigest() != named:
                raise Refused("file_damaged", "as read back")
            digests.discard(named)
        if digests:
            raise NotNow("answer_unclear", f"{len(digests)} files are not listed")

    def _listed(self, record: str, now: datetime) -> list[dict[str, Any]]:
        found = self._record(record, now)
        return [one for name in ATTACHMENTS for one in found.get(name) or ()]

    def _record(self, record: str, now: datetime) -> dict[str, Any]:
        data = self.instance.get(f"{RECORDS}/{record}", now=now).get("data")
        if not isinstance(data, dict):
            raise NotNow("answer_unclear")
        return data


def _holds(found: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Tell whether a record says what we sent; Primero adds fields of its own."""
    for name, value in sent.items():
        if name == TRACES:
            there = {one.get("unique_id"): one for one in found.get(TRACES) or ()}
            if not all(_holds(there.get(one["unique_id"], {}), one) for one in value):
                return False
        elif found.get(name) != value:
            return False
    return True
