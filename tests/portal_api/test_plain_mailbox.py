"""Reading answers without script: opened in memory, shown once, the same for all who have none."""

import html
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from portal_api.operations.store import Store
from portal_api.replies.service import SealedReply
from portal_api.replies.service import store as store_replies
from portal_content.library import Library
from portal_protocol.derivation import derive_mailbox
from portal_protocol.digits import arabic_digits
from tests.portal_api.factories import CODE, DEPLOYMENT, TODAY, Office, multipart

STEP = 16_384
NEVER_GIVEN = "0" * 22 + "98"
ANSWER = "نقرأ طلبكم.\n<b>لا نطلب مالاً</b>"

Ask = Callable[..., Any]


@pytest.fixture
def ask(api: TestClient) -> Ask:
    def send(code: str, lang: str = "ar") -> Any:
        body, headers = multipart({"lang": lang, "code": code})
        return api.post("/mailbox", content=body, headers=headers)

    return send


@pytest.fixture
def answered(store: Store) -> Callable[..., None]:
    def put(*sealed: bytes) -> None:
        mailbox = derive_mailbox(CODE, DEPLOYMENT).id
        replies = [SealedReply(mailbox, data) for data in sealed]
        store.writer.run(lambda session: store_replies(session, replies, today=TODAY))

    return put


@pytest.mark.parametrize("typed", [CODE, arabic_digits(CODE), f" {CODE[:4]}-{CODE[4:]} "])
def test_an_answer_is_shown_for_a_code_in_any_digits(
    ask: Ask, answered: Any, office: Office, library: Library, typed: str
) -> None:
    answered(office.reply(derive_mailbox(CODE, DEPLOYMENT), ANSWER))

    answer = ask(typed)

    page = answer.text
    assert answer.status_code == 200
    assert html.escape(ANSWER) in page
    assert '<p class="message__text" lang="ar" dir="auto">' in page
    assert library.strings.text("script.return.status.answer", "ar") in page
    assert library.strings.text("answers.mailbox.notice", "ar") in html.unescape(page)
    assert "٢٠٢٦" in page
    # It travels in the body of the next request, and is nowhere else on the page.
    assert page.count(CODE) == page.count(f'name="code" value="{CODE}"') > 0


def test_messages_come_in_the_order_of_their_numbers(
    ask: Ask, answered: Any, office: Office
) -> None:
    mailbox = derive_mailbox(CODE, DEPLOYMENT)
    answered(*(office.reply(mailbox, f"message {n}", seq=n) for n in (3, 1, 2)))

    page = ask(CODE).text

    assert sorted(range(1, 4), key=lambda n: page.index(f"message {n}")) == [1, 2, 3]


def test_unknown_and_empty_look_alike_and_as_long_as_one_answer(
    ask: Ask, answered: Any, office: Office, store: Store
) -> None:
    unknown, never = ask(CODE), ask(NEVER_GIVEN)
    answered(office.reply(derive_mailbox(CODE, DEPLOYMENT), "x"))
    one = ask(CODE)

    shown = never.text.replace(NEVER_GIVEN, CODE)
    assert unknown.text.split("<!--")[0] == shown.split("<!--")[0]
    assert len(unknown.content) == len(never.content) == len(one.content)
    assert len(one.content) % STEP == 0
    assert unknown.headers == never.headers


def test_what_the_institution_has_not_signed_is_counted_and_not_shown(
    ask: Ask, answered: Any, office: Office, library: Library
) -> None:
    mailbox = derive_mailbox(CODE, DEPLOYMENT)
    answered(Office().reply(mailbox, "send money"), b"noise", office.reply(mailbox, "real"))

    page = html.unescape(ask(CODE, "en").text)

    assert "send money" not in page
    assert "real" in page
    assert library.strings.plural("script.return.rejected", "en", 2) in page


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (CODE[:-1] + "4", "check"),
        (CODE[:-4], "length"),
        ("", "length"),
        ('"><script>', "length"),
    ],
)
def test_a_slip_in_the_code_is_said_kindly_without_looking_anything_up(
    ask: Ask, library: Library, monkeypatch: pytest.MonkeyPatch, typed: str, error: str
) -> None:
    def looked_up(*_: object, **__: object) -> None:
        raise AssertionError("a wrong code must not be looked up")

    monkeypatch.setattr("portal_api.replies.plain.derive_mailbox", looked_up)

    answer = ask(typed, "en")

    assert answer.status_code == 422
    page = answer.text
    assert library.strings.text(f"script.return.failed.{error}", "en") in html.unescape(page)
    assert f'value="{html.escape(typed).replace("&quot;", "&#34;")}"' in page
    assert "<script>" not in page


@pytest.mark.parametrize("lang", ["ar", "en", "ku", "tr", "de", "fr"])
def test_every_language_has_both_pages(ask: Ask, library: Library, lang: str) -> None:
    again, empty = ask("1", lang), ask(CODE, lang)

    assert library.strings.text("answers.mailbox.title", lang) in html.unescape(again.text)
    assert library.strings.text("script.return.none.text", lang) in html.unescape(empty.text)
    assert "%{" not in again.text + empty.text


def test_a_form_in_the_old_encoding_is_read_too(api: TestClient) -> None:
    fields: Mapping[str, str] = {"lang": "en", "code": CODE}

    answer = api.post("/mailbox", data=dict(fields))

    assert answer.status_code == 200


def test_a_body_that_is_no_code_is_refused_with_a_page(api: TestClient) -> None:
    large = api.post("/mailbox", content=b"x" * 10_001)
    other = api.post("/mailbox", content=b"{}", headers={"Content-Type": "application/json"})

    assert (large.status_code, other.status_code) == (413, 415)
    assert large.headers["content-type"].startswith("text/html")
    assert large.headers["cache-control"] == "no-store"


def test_reading_keeps_nothing(ask: Ask, answered: Any, office: Office, store: Store) -> None:
    answered(office.reply(derive_mailbox(CODE, DEPLOYMENT), ANSWER))

    def rows() -> list[tuple[object, ...]]:
        with Session(store.engine) as session:
            found = session.connection().exec_driver_sql("SELECT mailbox, digest, data FROM reply")
            return [tuple(row) for row in found]

    before = rows()
    ask(CODE)

    assert rows() == before
