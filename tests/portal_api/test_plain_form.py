"""The form without script: what was typed arrives sealed, or comes back with all of it kept."""

import html
import re
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from portal_api.answers.pages import Answers
from portal_api.plain_form import parser
from portal_api.settings import ApiSettings
from portal_api.submissions.tables import Submission
from portal_content.library import Library
from portal_protocol.derivation import derive_mailbox
from portal_protocol.envelope import Envelope, open_envelope
from portal_protocol.files import open_file
from portal_protocol.manifest import parse_manifest
from portal_protocol.receipts import open_receipt
from portal_protocol.return_code import parse_code
from portal_protocol.submissions import check_files
from tests.loops import run_apart
from tests.portal_api.factories import DEPLOYMENT, ENOUGH, TODAY, Office, multipart

Post = Callable[..., Any]


@pytest.fixture
def post(api: TestClient) -> Post:
    def send(changes: Mapping[str, Any] | None = None, photos: Any = (), files: Any = ()) -> Any:
        inputs = {key: value for key, value in (ENOUGH | dict(changes or {})).items() if value}
        body, headers = multipart(inputs, photos, files)
        return api.post("/form", content=body, headers=headers)

    return send


@pytest.fixture
def arrived(engine: Engine, office: Office, settings: ApiSettings) -> Callable[[], list[Envelope]]:
    """Open what arrived, as the gateway would, and prove that it belongs together."""

    def opened() -> list[Envelope]:
        with Session(engine) as session:
            rows = session.exec(select(Submission)).all()
        envelopes = [open_envelope(row.envelope, office.identities) for row in rows]
        for row, envelope in zip(rows, envelopes, strict=True):
            check_files(parse_manifest(row.manifest), envelope)
        return envelopes

    return opened


def stored(settings: ApiSettings) -> list[Path]:
    return [path for path in settings.blobs.rglob("*") if path.is_file()]


def shown_codes(page: str) -> list[str]:
    """Read every code a page shows, as a person would write it down."""
    lines = re.findall(r'<bdi class="code" dir="ltr">(.*?)</bdi></bdi>', page)
    return [parse_code(re.sub("<[^>]+>", "", line)) for line in lines]


def test_what_was_typed_arrives_as_it_was_typed(post: Post, arrived: Any) -> None:
    message = "سطر أول\nسطر ثانٍ  \t<b>&amp;</b>"

    answer = post({"message": message, "also_known_as": "أبو أحمد", "last_contact_when.text": ""})
    complete = post({"message": message, "also_known_as": "أبو أحمد"})

    assert (answer.status_code, complete.status_code) == (422, 200)
    (envelope,) = arrived()
    assert envelope.form["answers"] == {
        "person_name": ENOUGH["person_name"],
        "relation": "wife",
        "last_contact_when": {"text": "ربيع ٢٠١٣"},
        "last_contact_where": {
            "area": "aleppo",
            "text": "معبر باب السلامة، طريق الخروج إلى تركيا",
        },
        "also_known_as": "أبو أحمد",
        "message": message,
        "role": "family",
        "age_group": "adult",
        "contact_language": "ar",
        "safe_contact": {"way": "none"},
    }


def test_what_no_database_keeps_does_not_cost_the_rest(post: Post, arrived: Any) -> None:
    assert post({"message": "سطر\x00 آخر"}).status_code == 200

    (envelope,) = arrived()
    assert envelope.form["answers"]["message"] == "سطر\ufffd آخر"


def test_the_envelope_says_how_it_was_made(post: Post, arrived: Any, library: Library) -> None:
    post({"consent.C5": "yes", "consent.C5.scopes": ["legal", "made_up"]})

    (envelope,) = arrived()
    assert (envelope.type, envelope.lang, envelope.date) == ("search", "ar", TODAY)
    assert (envelope.client, envelope.keys) == ("web-plain/1", 1)
    form = dict(envelope.form)
    consents = {consent["id"]: consent for consent in form.pop("consents")}
    form.pop("answers")
    assert form == {"id": "search-request", "version": 1, "mode": "self"}
    offered = {consent.id for consent in library.forms.get("search-request", 1).consents}
    assert {key: consent["given"] for key, consent in consents.items()} == {
        key: key in ("C1", "C3", "C5") for key in offered
    }
    assert consents["C5"]["scopes"] == ["legal"]
    assert all(re.fullmatch("[0-9a-f]{64}", c["sha256"]) for c in consents.values())
    assert set(consents["C1"]) == {"id", "version", "language", "sha256", "given"}


def test_the_page_shows_a_code_that_opens_the_mailbox_of_the_envelope(
    post: Post, arrived: Any, office: Office, engine: Engine
) -> None:
    page = post().text

    (envelope,) = arrived()
    latin, arabic = shown_codes(page)
    assert latin == arabic
    assert re.search(r">[٠-٩]{4}<", page)
    mailbox = derive_mailbox(latin, DEPLOYMENT)
    assert envelope.mailbox.id == mailbox.id
    assert envelope.mailbox.recipient == mailbox.recipient
    assert envelope.mailbox.proof == mailbox.proof
    note = html.unescape(re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[0])
    with Session(engine) as session:
        submission_id = session.exec(select(Submission.id)).one()
    assert open_receipt(note, office.receipts.verify_key, submission_id=submission_id).date == TODAY


@pytest.mark.parametrize("lang", ["ar", "en", "ku", "tr", "de", "fr"])
def test_the_page_says_everything_in_every_language(
    post: Post, library: Library, lang: str
) -> None:
    answer = post({"lang": lang}, photos=[("a.jpg", b"photo"), ("b.jpg", b"photo")])

    text = html.unescape(answer.text)
    said = library.strings.text
    assert answer.status_code == 200
    for key in (
        "received.title",
        "received.not",
        "received.code.why",
        "received.code.rules.nobody",
        "received.next.steps.answer",
        "received.money.rule",
        "received.caller.checks.stop",
    ):
        assert said(f"script.{key}", lang) in text
    assert library.strings.plural("answers.received.files", lang, 2) in text
    assert "%{" not in text
    assert f'href="/{lang}/return/plain/"' in text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_code_stays_folded_until_a_helper_has_handed_the_phone_over(
    post: Post, library: Library, lang: str
) -> None:
    helped = post({"lang": lang, "mode": "assisted", "helper.read_language": "ar"}).text
    alone = post({"lang": lang}).text

    hand_over = library.strings.section("forms", lang)["helper"]["hand_over"]
    before, folded = helped.split("<details>", 1)
    assert html.escape(hand_over["title"]) in before
    assert shown_codes(before) == []
    assert hand_over["done"] in folded
    assert len(shown_codes(folded)) == 2
    assert "data-hand-over" not in alone
    assert len(shown_codes(alone)) == 2


def test_the_receipt_has_a_number_and_a_warning(
    post: Post, library: Library, engine: Engine
) -> None:
    page = html.unescape(post({"lang": "en"}).text)

    with Session(engine) as session:
        submission_id = session.exec(select(Submission.id)).one()
    receipt = page.split('class="received__receipt"')[1]
    assert f'<bdi dir="ltr">{submission_id[:8]}</bdi>' in receipt
    assert library.strings.text("script.received.receipt.warning", "en") in receipt


def test_it_says_honestly_how_it_was_encrypted(post: Post) -> None:
    page = post({"lang": "en"}).text

    assert "locked on arrival" in page
    assert "For a moment this website&#39;s server could read it." in page
    assert "encrypted on this phone" not in page.lower()


def test_photos_arrive_whole_whatever_their_name(
    post: Post, arrived: Any, office: Office, settings: ApiSettings
) -> None:
    first, second = bytes(range(256)) * 3000, b"\r\n------a-browser-makes-this"

    answer = post(photos=[("صورة ١.jpg", first), ("b.png", second)])

    assert answer.status_code == 200
    (envelope,) = arrived()
    chunks = {path.name: path.read_bytes() for path in stored(settings)}
    opened = [
        open_file([chunks[name] for name in file.blob.chunks], file, office.identities)
        for file in envelope.files
    ]
    assert opened == [first, second]
    assert [file.processing for file in envelope.files] == ["none", "none"]
    assert envelope.files[1].name == "b.png"
    assert set(chunks) == {name for file in envelope.files for name in file.blob.chunks}


def test_every_question_for_files_takes_any_kind_of_file_in_the_order_of_the_form(
    post: Post, arrived: Any, office: Office, settings: ApiSettings
) -> None:
    sent = [
        ("photos", "ورقة.pdf", "application/pdf", b"%PDF-1.7 a"),
        ("spoken_message", "note.webm", "audio/webm;codecs=opus", b"\x1a\x45\xdf\xa3 b"),
        ("photos", "IMG.heic", "", b"ftypheic c"),
        ("photos", "film.mp4", "video/mp4", b"ftypisom d"),
    ]

    answer = post(files=sent)

    assert answer.status_code == 200
    (envelope,) = arrived()
    assert envelope.form["files"] == {"spoken_message": [1], "photos": [2, 3, 4]}
    assert [(file.name, file.mime) for file in envelope.files] == [
        ("note.webm", "audio/webm"),
        ("ورقة.pdf", "application/pdf"),
        ("IMG.heic", "application/octet-stream"),
        ("film.mp4", "video/mp4"),
    ]
    chunks = {path.name: path.read_bytes() for path in stored(settings)}
    opened = [
        open_file([chunks[name] for name in file.blob.chunks], file, office.identities)
        for file in envelope.files
    ]
    assert opened == [sent[at][3] for at in (1, 0, 2, 3)]


def test_files_that_no_question_asks_for_are_not_kept(
    post: Post, arrived: Any, settings: ApiSettings
) -> None:
    answer = post(
        photos=[("a.jpg", b"photo")],
        files=[("message", "b.bin", "a/b", b"x"), ("made_up", "c.bin", "a/b", b"y")],
    )

    assert answer.status_code == 200
    (envelope,) = arrived()
    (file,) = envelope.files
    assert file.name == "a.jpg"
    assert {path.name for path in stored(settings)} == set(file.blob.chunks)


def test_without_script_the_phone_s_own_recorder_is_asked_for(post: Post) -> None:
    page = post({"relation": ""}).text

    (input_,) = re.findall(r'<input id="f-spoken-message"[^>]*>', page)
    assert 'accept="audio/*"' in input_
    assert 'capture="user"' in input_
    assert "multiple" not in input_


def test_what_is_missing_is_said_beside_it_and_everything_typed_is_kept(
    post: Post, arrived: Any, settings: ApiSettings, library: Library
) -> None:
    typed = 'ليلى "<script>alert(1)</script>'
    changes = {"person_name": typed, "relation": "", "consent.C3": "", "sex": "female"}

    answer = post(changes, photos=[("a.jpg", b"x" * 300_000)])

    page = answer.text
    assert answer.status_code == 422
    assert html.escape(typed, quote=False).replace('"', "&#34;") in page
    assert "<script>alert" not in page
    assert re.search(r'value="female" checked', page)
    for problem in (
        library.strings.text("form-search-request.fields.relation.missing", "ar"),
        library.strings.text("forms.problems.consent_missing", "ar"),
        library.strings.text("forms.frame.files_again", "ar"),
        library.strings.text("forms.mode.plain.title", "ar"),
    ):
        assert problem in html.unescape(page)
    assert 'method="post" action="/form#problems"' in page
    assert arrived() == []
    assert stored(settings) == [], "photos that belong to nothing are not kept"


@pytest.mark.parametrize(
    "limit",
    [
        ("LARGEST_FILE", 100, "file_too_large"),
        ("LARGEST_FILES", 150, "files_too_large"),
        ("MOST_FILES", 1, "files_too_many"),
    ],
)
def test_too_many_or_too_large_files_are_named_and_the_words_are_kept(
    post: Post,
    settings: ApiSettings,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    limit: tuple[str, int, str],
) -> None:
    name, value, code = limit
    monkeypatch.setattr(parser, name, value)

    answer = post({"lang": "en"}, photos=[("a.jpg", b"x" * 101), ("b.jpg", b"x" * 99)])

    assert answer.status_code == 422
    said = library.strings.text(f"forms.problems.{code}", "en", name="\u2068a.jpg\u2069")
    assert said in html.unescape(answer.text)
    assert ENOUGH["person_name"] in answer.text
    assert stored(settings) == []


def test_answers_that_are_too_long_together_come_back_whole(
    post: Post, monkeypatch: pytest.MonkeyPatch, library: Library
) -> None:
    monkeypatch.setattr("portal_protocol.padding.ENVELOPE_SIZES", (100,))

    answer = post({"lang": "en"})

    assert answer.status_code == 422
    assert library.strings.text("answers.form.too_long.do", "en") in html.unescape(answer.text)
    assert ENOUGH["person_name"] in answer.text


def test_two_posts_of_the_same_form_have_two_codes(post: Post, arrived: Any) -> None:
    pages = [post().text for _ in range(2)]

    codes = {code for page in pages for code in shown_codes(page)}
    assert len(codes) == len(arrived()) == 2


def cut(body: bytes) -> bytes:
    return body[: len(body) // 2]


def endless_answer(body: bytes) -> bytes:
    return body.replace(b"aleppo", b"x" * 50_000)


def endless_parts(body: bytes) -> bytes:
    part = body.split(b"\r\n------")[0] + b"\r\n"
    return part * 500 + body


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param(cut, 422, id="cut off"),
        pytest.param(endless_answer, 413, id="an answer without end"),
        pytest.param(endless_parts, 413, id="parts without end"),
        pytest.param(lambda b: b.replace(b"search-request", b"other"), 422, id="no such form"),
        pytest.param(lambda _: b"", 422, id="nothing"),
        pytest.param(lambda _: b"\x00\xff" * 500, 422, id="noise"),
        pytest.param(lambda b: b.replace(b" name=", b" n\xff="), 422, id="parts without names"),
    ],
)
def test_what_no_browser_sends_is_refused_with_a_page(
    api: TestClient,
    arrived: Any,
    settings: ApiSettings,
    change: Callable[[bytes], bytes],
    status: int,
) -> None:
    body, headers = multipart(ENOUGH, [("a.jpg", b"x" * 100_000)])

    answer = api.post("/form", content=change(body), headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert str(ENOUGH["person_name"]) not in answer.text
    assert arrived() == []
    assert stored(settings) == []


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "text/plain", ""])
def test_another_kind_of_body_is_refused_with_a_page(api: TestClient, kind: str) -> None:
    answer = api.post("/form", content=b"{}", headers={"Content-Type": kind})

    assert answer.status_code == 415
    assert answer.headers["content-type"].startswith("text/html")


def test_a_line_that_breaks_off_leaves_no_pieces_and_no_log(
    app: FastAPI, settings: ApiSettings, caplog: pytest.LogCaptureFixture
) -> None:
    body, headers = multipart(ENOUGH, [("a.jpg", b"x" * 1_000_000)])
    pieces_before_the_break: list[int] = []

    async def receive() -> dict[str, object]:
        if not pieces_before_the_break:
            pieces_before_the_break.append(0)
            return {"type": "http.request", "body": body[:900_000], "more_body": True}
        pieces_before_the_break[0] = len(stored(settings))
        return {"type": "http.disconnect"}

    async def send(_: MutableMapping[str, Any]) -> None:
        pass

    kind = headers["Content-Type"].encode()
    scope = {"type": "http", "method": "POST", "path": "/form", "query_string": b""}
    scope |= {"headers": [(b"content-type", kind)], "http_version": "1.1", "scheme": "http"}
    run_apart(app, scope, receive, send)

    assert pieces_before_the_break == [3]
    assert stored(settings) == []
    assert caplog.records == []


def test_when_too_many_wait_for_a_code_the_page_asks_to_come_back(
    app: FastAPI, post: Post, monkeypatch: pytest.MonkeyPatch, library: Library
) -> None:
    monkeypatch.setattr("portal_api.plain_form.derivations.WAITING", 0)

    answer = post({"lang": "en"})

    assert answer.status_code == 503
    assert library.strings.text("waiting.what", "en") in html.unescape(answer.text)


def test_the_answer_is_put_into_the_page_of_the_site(
    app: FastAPI, post: Post, tmp_path: Path, library: Library
) -> None:
    shell = tmp_path / "site" / "ar" / "shell.html"
    shell.parent.mkdir(parents=True)
    shell.write_text("<title>%%PORTAL_TITLE%% | x</title>[%%PORTAL_CONTENT%%]", encoding="utf-8")
    app.state.answers = Answers(library, tmp_path / "site")

    page = post({"person_name": "%%PORTAL_CONTENT%% %%PORTAL_TITLE%%", "relation": ""}).text

    title = library.strings.text("form-search-request.title", "ar")
    assert page.startswith(f"<title>{title} | x</title>[")
    assert page.endswith("]")
    assert 'value="%%PORTAL_CONTENT%% %%PORTAL_TITLE%%"' in page
