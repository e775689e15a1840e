"""One Primero instance: how it is asked, and whether it is set up as we expect.

Source: Primero's API, `doc/api/` and the controllers it describes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal_gateway.connectors.interface import Halted, NotNow, Refused
from portal_gateway.connectors.primero.mapping import (
    REQUEST_FIELDS,
    TRACE_FIELDS,
    TRACES,
    Wording,
)
from portal_gateway.connectors.web import Answer, Line, check_answer

RECORDS = "/api/v2/tracing_requests"
ATTACHMENTS = ("photos", "recorded_audio", "other_documents")
LOOKUP = "lookup "
PER_PAGE = 1000
MOST_PAGES = 100
CREATED, CONFLICT, UNPROCESSABLE = (200, 204), 409, 422
LARGEST_FILE = 40_000_000


@dataclass
class Instance:
    """A Primero instance and the user that we are there.

    Args:
        line: Its address.
        user: Name of the connector's user.
        password: What proves it; six wrong ones lock the user for half an hour.
        module: Module of the records.
    """

    line: Line
    user: str
    password: str = field(repr=False)
    module: str = "primeromodule-cp"

    def get(self, path: str, *, now: datetime) -> dict[str, Any]:
        """Return what an address holds.

        Raises:
            NotDelivered: If it cannot be had.
        """
        answer = self.ask("GET", path)
        check_answer(answer, now=now)
        return _document(answer)

    def send(self, method: str, path: str, data: Mapping[str, Any], *, now: datetime) -> int:
        """Send a record or a file; return the status: done, or that it exists.

        Raises:
            NotDelivered: If it was not taken.
        """
        answer = self.ask(method, path, json={"data": data})
        if answer.status == UNPROCESSABLE:
            raise Refused("refused", "422 " + ", ".join(pointers(answer)))
        if answer.status != CONFLICT:
            check_answer(answer, now=now)
        return answer.status

    def ask(self, method: str, path: str, **parts: Any) -> Answer:
        """Ask once, as our user."""
        return self.line.request(
            method, path, auth=(self.user, self.password), largest=LARGEST_FILE, **parts
        )

    def options(self, wording: Wording, *, now: datetime) -> dict[str, frozenset[str]]:
        """Read how the instance is set up; return the ids it lists, by field.

        Raises:
            Halted: If it does not have what we would send: nothing is sent then.
        """
        query = f"?record_type=tracing_request&module_id={self.module}"
        forms = self.get(f"/api/v2/forms{query}", now=now).get("data", [])
        request, traces = _fields(forms)
        lookups = {
            str(one.get("unique_id")): frozenset(str(v.get("id")) for v in one.get("values") or ())
            for one in self._pages("/api/v2/lookups", now)
        }
        places = frozenset(str(one.get("code")) for one in self._pages("/api/v2/locations", now))
        wanted = {*REQUEST_FIELDS, *wording.texts, *ATTACHMENTS, TRACES}
        missing = sorted(wanted - set(request)) + sorted(set(TRACE_FIELDS) - set(traces))
        missing += [place for place in wording.locations.values() if place not in places]
        found = {
            name: _options(one, lookups)
            for name, one in {**traces, **request}.items()
            if one.get("option_strings_source")
        }
        named = {
            "separation_cause": wording.causes,
            "relation": wording.relations,
            "relation_language": wording.languages,
        }
        for name, words in named.items():
            missing += sorted(set(words.values()) - found.get(name, frozenset()))
        if missing:
            raise Halted("receiver_differs", "not there: " + ", ".join(missing))
        return found

    def _pages(self, path: str, now: datetime) -> Iterator[Mapping[str, Any]]:
        for page in range(1, MOST_PAGES + 1):
            found = self.get(f"{path}?per={PER_PAGE}&page={page}", now=now)
            rows = found.get("data") or []
            yield from rows
            total = (found.get("metadata") or {}).get("total", 0)
            if not rows or page * PER_PAGE >= int(total):
                return


def pointers(answer: Answer) -> list[str]:
    """Return where a record does not fit, as JSON pointers; never what was in it."""
    try:
        errors = json.loads(answer.body)["errors"]
        found = [part for error in errors for part in _listed(error.get("detail"))]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    return [part for part in found if part.startswith("/")][:20]


def _listed(detail: Any) -> list[str]:
    parts = detail if isinstance(detail, list) else [detail]
    return [str(part) for part in parts]


def _document(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise NotNow("answer_unclear") from error
    if not isinstance(found, dict):
        raise NotNow("answer_unclear")
    return found


def _fields(
    forms: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
    """Return the fields of the request and those of the person sought, by name."""
    request: dict[str, Mapping[str, Any]] = {}
    traces: dict[str, Mapping[str, Any]] = {}
    for form in forms:
        nested = form.get("is_nested") or form.get("unique_id") == TRACES
        for one in form.get("fields") or ():
            (traces if nested else request)[str(one.get("name"))] = one
            inside = one.get("subform_section") or {}
            for part in inside.get("fields") or ():
                traces[str(part.get("name"))] = part
    return request, traces


def _options(one: Mapping[str, Any], lookups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    source = str(one.get("option_strings_source"))
    return lookups.get(source.removeprefix(LOOKUP), frozenset())
