"""Every route asked what nobody would ask: none breaks, none says back what it was told."""

import html
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from schemathesis.transport.serialization import Binary

from portal_api.abuse.settings import AbuseSettings
from portal_api.errors import PROBLEM, Unknown, add_errors, refuse_as_problem
from portal_api.handover.app import create_handover_app
from portal_api.operations.store import Store
from portal_api.settings import ApiSettings
from portal_api.site_files import TYPES
from tests.portal_api.factories import CREDENTIAL, ENOUGH, OPEN, Office, seal_submission
from tests.portal_api.running import disguises

AnyCase = Case[Any]
WORD = "kanarya7f3b90"
MARKER = f'<i id="{WORD}">'
"""Put into everything that is sent. Written into a page as it is, it would be part of the page."""
EXAMPLES = 8
"""Requests of each kind to each address."""
GIVEN_BACK = {"/form", "/mailbox", "/{lang}/find/"}
"""Pages that hold what was typed, so that nobody types it twice; the person has it anyway."""
PAGE = "text/html; charset=utf-8"
JSON = "application/json"
SUCCESSES: Mapping[str, set[str]] = {
    "/v1/submissions": {"text/plain; charset=utf-8"},
    "/v1/keys": {"text/plain; charset=utf-8"},
    "/v1/": {JSON, ""},
    "/handover/": {JSON, "application/octet-stream", ""},
    "/{path}": {*TYPES.values(), PROBLEM, "image/png", "image/webp", ""},
    "/": {PAGE, ""},
}
"""What an address promises to answer with, by its beginning; the longest counts."""
INNARDS = ("Traceback", "portal_api", "site-packages", "sqlalchemy", "pydantic")
"""What an error page of a framework would show."""

_TEXT = {"type": "string", "maxLength": 60}
_ANY = {"type": ["string", "integer", "number", "boolean", "null", "array", "object"]}


def _one_of(*values: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "string", "enum": list(values)}, _TEXT]}


KNOWN: Mapping[str, dict[str, Any]] = {
    "lang": _one_of("ar", "en", "ku"),
    "identifier": _one_of("P10", "search-request"),
    "section": _one_of("briefings"),
    "path": _one_of("ar/", "en/search-request/", "404.html", "ar/../../etc/passwd", "//evil"),
    "name": {"anyOf": [{"type": "string", "pattern": "^[0-9a-f]{64}$"}, _TEXT]},
    "after": _one_of("0" * 64, "\0"),
    "briefing": _one_of("sample-berlin-families", "\0"),
    "submission_id": {"anyOf": [{"type": "string", "pattern": "^[0-9a-f]{64}$"}, _TEXT]},
}
"""Values that lead past the first check, beside those that do not."""
HEADERS = {
    "Authorization": {
        "anyOf": [
            {"type": "string", "pattern": "^(Mailbox|Seat) [A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"},
            _TEXT,
        ]
    },
    "Accept-Encoding": _one_of("br", "gzip;q=x", "*;q=0, zstd"),
    "If-None-Match": _one_of("*", 'W/"x"'),
    "Sec-Fetch-Site": _one_of("cross-site"),
}
PASSES = {
    "type": "object",
    "properties": {
        "challenge": _TEXT,
        "numbers": {"type": "array", "items": _ANY, "maxItems": 20},
        "hcaptcha": _ANY,
    },
}
REPLIES = {
    "type": "object",
    "properties": {
        "replies": {
            "type": "array",
            "maxItems": 3,
            "items": {
                "type": "object",
                "required": ["mailbox", "data"],
                "properties": {"mailbox": KNOWN["name"], "data": _TEXT},
            },
        }
    },
}
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "sealed"}}}
BODIES: Mapping[str, dict[str, Any]] = {
    "/v1/passes": {JSON: {"schema": PASSES}},
    "/v1/chunks/missing": {JSON: {"schema": {"type": "array", "items": KNOWN["name"]}}},
    "/handover/replies": {JSON: {"schema": REPLIES}},
}
"""Bodies that routes read themselves, so that their description does not know them."""


def _form(*names: str) -> dict[str, Any]:
    fields = {name: _one_of(ENOUGH.get(name, "")) for name in names}
    schema = {"type": "object", "properties": fields, "required": list(names)[:6]}
    return {kind: {"schema": schema} for kind in FORM_KINDS}


FORM_KINDS = ("multipart/form-data", "application/x-www-form-urlencoded")
FORMS = {
    "/form": _form(*ENOUGH, "waiting", "step", "website"),
    "/mailbox": _form("lang", "code"),
    "/upload": _form("lang", "text", "file"),
    "/exit": _form("lang"),
}


def described(app: FastAPI) -> dict[str, Any]:
    """Describe every address with all it reads, also what the framework does not know of."""
    description = app.openapi()
    find = {"parameters": [_parameter("lang", "path"), _parameter("q", "query")], "responses": {}}
    if "/{path}" in description["paths"]:
        description["paths"]["/{lang}/find/"] = {"get": find}
    for address, methods in description["paths"].items():
        for method, operation in methods.items():
            mine = operation.setdefault("parameters", [])
            mine[:] = [one for one in mine if one["name"].title() not in HEADERS]
            mine += [_parameter(name, "header") for name in HEADERS]
            for one in mine:
                one["schema"] = KNOWN.get(one["name"], one["schema"])
            if method in ("post", "put") and "requestBody" not in operation:
                content = BODIES.get(address) or FORMS.get(address) or BYTES
                operation["requestBody"] = {"content": content, "required": True}
    return description


def _parameter(name: str, where: str) -> dict[str, Any]:
    schema = HEADERS.get(name, KNOWN.get(name, _TEXT))
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A sealed submission with a few bytes changed, or cut off."""
    body = bytearray(whole[: draw(st.sampled_from([len(whole), 0, 3, 60, len(whole) - 1]))])
    for place in draw(st.lists(st.integers(0, 2_000), max_size=3)):
        if place < len(body):
            body[place] = draw(st.integers(0, 255))
    return bytes(body)


def marked(value: Any) -> Any:
    """Put the marker into every text of a value, and behind its bytes."""
    if isinstance(value, Binary):
        return Binary(value.data + MARKER.encode())
    if isinstance(value, str):
        return MARKER + value
    if isinstance(value, list):
        return [marked(one) for one in value]
    if isinstance(value, Mapping):
        return {key: marked(one) for key, one in value.items()}
    return value


def mark(case: AnyCase) -> None:
    """Put the marker wherever somebody can write something."""
    case.path_parameters = marked(case.path_parameters)
    case.query = {**marked(case.query), WORD: MARKER}
    case.headers.update({**marked(dict(case.headers)), "User-Agent": MARKER, "Referer": MARKER})
    case.cookies = {"session": WORD}
    case.body = marked(case.body)


def check(case: AnyCase, answer: Response) -> None:
    """Hold an answer to what every answer promises."""
    address, text = case.path, html.unescape(answer.text)
    kinds = answer.headers.get("content-type", [""])
    assert answer.status_code < 500
    assert len(kinds) == 1
    if answer.status_code >= 400:
        machine = address.startswith(("/v1/", "/handover/"))
        assert kinds[0] in ({PROBLEM} if machine else {PROBLEM, PAGE})
    else:
        promise = max((one for one in SUCCESSES if address.startswith(one)), key=len)
        assert kinds[0] in SUCCESSES[promise]
    assert not any(innards in answer.text for innards in INNARDS)
    sent_back = str(answer.headers) + ("" if address in GIVEN_BACK else text)
    assert not any(trace in sent_back.encode() for trace in disguises(WORD))
    assert MARKER not in answer.text


def requests(operation: Any) -> SearchStrategy[AnyCase]:
    """Return requests as described, and such as break the description."""
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    return st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))


def ask_everything(app: FastAPI, headers: Mapping[str, str] | None = None) -> Counter[int]:
    """Ask every address, with and without the marker, and check each answer.

    Returns:
        How many answers had which status.
    """
    schema = schemathesis.openapi.from_dict(described(app), config=SchemathesisConfig())
    statuses: Counter[int] = Counter()

    def try_out(operation: Any) -> None:
        @given(case=requests(operation), with_marker=st.booleans())
        @examples(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: AnyCase, with_marker: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
            if with_marker:
                mark(case)
            answer = case.call(app=app, headers=dict(headers or {}), allow_redirects=False)
            statuses[answer.status_code] += 1
            check(case, answer)
            if case.path.startswith("/v1/content/") and answer.status_code == 200:
                promises = [content_type_conformance, response_schema_conformance]
                case.validate_response(answer, checks=promises)

        ask()

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        try_out(found.ok())
    return statuses


@pytest.fixture(scope="module", autouse=True)
def _sealed(office: Office) -> None:
    schemathesis.openapi.format("sealed", damaged(seal_submission(office).body))


@pytest.fixture(params=["open", "gate"])
def settings(
    request: pytest.FixtureRequest,
    office: Office,
    tmp_path: Path,
    database_url: str,
    built_site: Path,
) -> ApiSettings:
    abuse = OPEN if request.param == "open" else AbuseSettings()
    return office.settings(tmp_path, database_url=database_url, site=built_site, abuse=abuse)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_public_service_neither_breaks_nor_repeats_what_it_is_told(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    statuses = ask_everything(app)

    assert statuses.total() > 200
    assert {200, 204, 401, 404, 422} <= statuses.keys()
    assert WORD not in caplog.text


@pytest.mark.parametrize("settings", ["open"], indirect=True)
def test_the_hand_over_neither_breaks_nor_repeats_what_the_gateway_tells_it(
    settings: ApiSettings, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_handover_app(store, credential_sha256=settings.handover_credential_sha256)

    statuses = ask_everything(app, {"Authorization": f"Bearer {CREDENTIAL}"})
    refused = ask_everything(app)

    assert statuses.total() > 50
    assert {200, 204, 404, 422} <= statuses.keys()
    assert refused.keys() == {401}
    assert WORD not in caplog.text


def _echo(q: str = "") -> dict[str, str]:
    return {"heard": q}


def _break(q: str = "") -> str:
    if q:
        raise Unknown
    return q


@pytest.mark.parametrize("route", [_echo, _break])
def test_the_fuzzing_sees_an_echo_and_a_failure(route: Callable[..., Any]) -> None:
    """The tests above could not be trusted if they never failed."""
    app = FastAPI()
    app.get("/v1/other")(route)
    add_errors(app, refuse_as_problem)

    with pytest.raises(AssertionError):
        ask_everything(app)
