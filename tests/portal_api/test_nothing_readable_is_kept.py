"""A canary in every field and every kind of file: nothing in the public zone may ever hold it."""

import base64
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from portal_content.forms.answers import from_inputs
from portal_content.forms.assistance import filled_in_by
from portal_content.forms.definition import FILE_KINDS, Form
from portal_content.forms.offered import open_meetings
from portal_content.library import Library
from portal_protocol.digits import arabic_digits
from portal_protocol.return_code import grouped, parse_code
from tests.fullest_forms import MARKER, TRACES, Filling, Inputs, full_inputs
from tests.photos import photo_with_hidden_data
from tests.portal_api.factories import CODE, ENOUGH, Office, multipart, seal_submission
from tests.portal_api.running import CHILD, Running, Watch, environment, running

TODAY = datetime.now(UTC).date()
"""The service is a process of its own, with the clock of this machine."""
KEPT = re.compile(r"/blobs/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]+(\.part)?$")
PACE = 0.01
FILES = [
    (question, f"{MARKER}.{ending}", kind, head + MARKER.encode() * 30_000)
    for question, ending, kind, head in (
        ("spoken_message", "webm", "audio/webm", b"\x1a\x45\xdf\xa3"),
        ("photos", "pdf", "application/pdf", b"%PDF-1.7 "),
        ("photos", "heic", "", b"\0\0\0\x18ftypheic"),
        ("photos", "mp4", "video/mp4", b"\0\0\0\x18ftypisom"),
    )
]
"""One of each kind, each about a megabyte: the framework's own parser would spool every one."""
AGAIN_FILES = [
    ("voice", *FILES[0][1:]),
    ("files", *FILES[1][1:]),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Everything the service may write to is below one folder."""
    (tmp_path / "zone").mkdir()
    return tmp_path / "zone"


@pytest.fixture
def service(office: Office, folder: Path) -> Iterator[Running]:
    settings = office.settings(folder, database_url=f"sqlite:///{folder / 'portal.sqlite'}")
    with running(settings, folder) as started:
        yield started


def filled(library: Library, form: Form, **chosen: str) -> Inputs:
    """A form with a canary wherever a person or a helper can type."""
    meetings = [meeting for meeting, _ in open_meetings(library, "ar", TODAY)]
    filling = Filling(assisted=form.assisted, meeting=next(iter(meetings), ""), chosen=chosen)
    about = {"form": [form.id], "version": [str(form.version)], "lang": ["ar"]}
    return about | full_inputs(form, library.consents, filling)


def each_filled(library: Library) -> list[tuple[Form, Inputs]]:
    """Every form that can be sent today, and every purpose of writing again."""
    again = library.forms.follow_up()
    purposes = next(question for question in again.fields if question.id == "kind").options
    forms = [
        (form, filled(library, form))
        for form in library.forms.on_pages()
        # The sample meetings are on real days; when all are over there is none to register for.
        if form.type != "briefing-registration" or open_meetings(library, "ar", TODAY)
    ]
    written = [(again, filled(library, again, kind=purpose)) for purpose in purposes]
    return forms + [(form, inputs | {"code": [CODE]}) for form, inputs in written]


@pytest.fixture
def everywhere(library: Library) -> Inputs:
    return filled(library, library.forms.get("search-request", 1))


def slowly(body: bytes) -> Iterator[bytes]:
    """Send as a slow line does, so that there is time to look."""
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]
        time.sleep(PACE)


def post(service: Running, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    length = {"Content-Length": str(len(body))}
    return httpx.post(
        service.url + path, content=slowly(body), headers=headers | length, timeout=60
    )


def test_the_form_without_script_leaves_no_readable_trace(
    service: Running, folder: Path, everywhere: Inputs
) -> None:
    photo = photo_with_hidden_data(marker=MARKER)
    assert MARKER.encode() in photo
    body, headers = multipart(everywhere, [(f"{MARKER}.jpg", photo)], FILES)
    incomplete, _ = multipart({**everywhere, "relation": [""]}, [(f"{MARKER}.jpg", photo)], FILES)

    with Watch(folder, TRACES, service.process.pid).during() as watch:
        sent = post(service, "/form", body, headers)
        again = post(service, "/form", incomplete, headers)
        cut_off = post(service, "/form", body[:-1000], headers)

    assert [sent.status_code, again.status_code, cut_off.status_code] == [200, 422, 422]
    assert MARKER in again.text
    assert watch.found == set()
    assert watch.rounds > 20
    assert [path for path in service.written() if not KEPT.search(path)] == []


def test_no_form_leaves_a_readable_trace(service: Running, folder: Path, library: Library) -> None:
    answers: list[tuple[str, int]] = []

    with Watch(folder, TRACES, service.process.pid).during() as watch:
        for form, inputs in each_filled(library):
            places = {question.id for question in form.fields if question.kind in FILE_KINDS}
            files = [file for file in (*FILES, *AGAIN_FILES) if file[0] in places]
            body, headers = multipart(inputs, files=files)
            answers.append((form.id, post(service, "/form", body, headers).status_code))

    assert {form_id for form_id, _ in answers} >= {"child", "extortion-report", "follow-up"}
    assert [form_id for form_id, status in answers if status != 200] == []
    assert watch.found == set()
    assert [path for path in service.written() if not KEPT.search(path)] == []


def test_the_code_and_what_it_opens_leave_no_trace(service: Running, folder: Path) -> None:
    body, headers = multipart(ENOUGH)
    page = httpx.post(service.url + "/form", content=body, headers=headers, timeout=60).text
    shown = re.findall(r'<bdi class="code" dir="ltr">(.*?)</bdi></bdi>', page)[0]
    code = parse_code(re.sub("<[^>]+>", "", shown))
    ways = [code, grouped(code), arabic_digits(code), grouped(code, arabic=True)]

    with Watch(folder, ways, service.process.pid).during() as watch:
        body, headers = multipart({"lang": "ar", "code": arabic_digits(code)})
        opened = post(service, "/mailbox", body, headers)
        body, headers = multipart({"lang": "ar", "code": code[:-1]})
        slip = post(service, "/mailbox", body, headers)

    assert [opened.status_code, slip.status_code] == [200, 422]
    assert watch.found == set()


def test_no_form_sealed_on_the_phone_leaves_a_readable_trace(
    service: Running, folder: Path, office: Office, library: Library
) -> None:
    photo = photo_with_hidden_data(marker=MARKER)
    contents = [photo, *(content for *_, content in FILES)]
    statuses = []

    with Watch(folder, TRACES, service.process.pid).during() as watch, httpx.Client() as phone:
        for form, inputs in each_filled(library):
            files = contents if any(one.kind in FILE_KINDS for one in form.fields) else []
            written = {"id": form.id, "version": form.version, **filled_in_by(form, inputs)}
            written |= {"answers": from_inputs(form, inputs), "consents": []}
            sealed = seal_submission(office, photos=files, form=written, form_type=form.type)
            for name, data in sealed.chunks.items():
                phone.put(f"{service.url}/v1/chunks/{name}", content=data).raise_for_status()
            posted = phone.post(f"{service.url}/v1/submissions", content=sealed.body)
            statuses.append(posted.status_code)

    assert {*statuses} == {201}
    assert watch.found == set()
    assert [path for path in service.written() if not KEPT.search(path)] == []


SPOOLING = """
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

async def form(request):
    async with request.form() as posted:
        return Response(str(len(posted)))

photo = {"photos": ("a.jpg", b"x" * 3_000_000)}
TestClient(Starlette(routes=[Route("/", form, methods=["POST"])])).post("/", files=photo)
"""


def test_the_watch_would_see_what_the_framework_s_own_form_parser_writes(folder: Path) -> None:
    """The tests above could not be trusted if they never failed."""
    with (folder / "audit").open("wb") as audit:
        subprocess.run(
            [sys.executable, "-c", CHILD, "-", str(audit.fileno())],
            input=SPOOLING.encode(),
            env=environment(folder),
            cwd=folder,
            pass_fds=[audit.fileno()],
            check=True,
        )

    assert str(folder / "tmp") in (folder / "audit").read_text()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "base64"])
def test_the_watch_sees_a_canary_in_a_file_and_in_one_without_a_name(
    tmp_path: Path, encoding: str
) -> None:
    content = b"before" + MARKER.encode("utf-8" if encoding == "base64" else encoding)
    if encoding == "base64":
        content = base64.b64encode(content)
    (tmp_path / "empty").mkdir()
    with tempfile.TemporaryFile() as nameless, tempfile.NamedTemporaryFile(dir=tmp_path) as named:
        for file in (nameless, named):
            file.write(content)
            file.flush()
        by_name = Watch(tmp_path, [MARKER])
        by_hand = Watch(tmp_path / "empty", [MARKER], os.getpid())

        by_name.look()
        by_hand.look()

    assert by_name.found == {named.name}
    assert len(by_hand.found) >= 1
