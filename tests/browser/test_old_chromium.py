"""The whole way on a phone that gets no updates: Chromium 90, no WebAssembly under our policy."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser

from portal_protocol.derivation import derive_mailbox
from portal_protocol.files import open_file
from portal_protocol.replies import ReplyBody, make_reply, seal_reply
from tests.browser.hands import Hands
from tests.browser.portal_double import DEPLOYMENT, OFFICE, REPLIES, TODAY, PortalDouble
from tests.browser.serving import serving
from tests.photos import hidden_data, photo_with_hidden_data

NAME = "عبد الرحمن محمد خالد آل الشيخ ياسين الحسن"
MARKER = "canary-90"


@pytest.fixture
def hands(old_browser: Browser, portal: PortalDouble) -> Iterator[Hands]:
    context = old_browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(60_000)
    with serving(portal.answer) as url:
        page = context.new_page()
        page.goto(f"{url}/ar/search-request/")
        yield Hands(page)
        context.close()


def test_it_is_as_old_as_it_says(hands: Hands) -> None:
    assert hands.page.evaluate("navigator.userAgent.includes('Chrome/90.')")
    assert hands.page.evaluate("Element.prototype.checkVisibility === undefined")


def fill(hands: Hands) -> None:
    hands.write("[name=person_name]", NAME)
    hands.write("[name=relation]", "wife")
    hands.write("[name='last_contact_when.text']", "ربيع ٢٠١٣")
    hands.write("[name='last_contact_where.area']", "on_the_way")
    for name in ("role", "age_group"):
        hands.press(f"[name={name}][value=prefer_not_to_say]")
    hands.press("[name='safe_contact.way'][value=none]")
    for consent in ("C1", "C3"):
        hands.press(f"[name='consent.{consent}']")


def shown_code(hands: Hands) -> str:
    return hands.texts("[data-received] .code")[0]


@pytest.mark.parametrize("processing", ["reencode", "strip"])
def test_a_request_with_a_photo_arrives_without_the_hidden_data(
    hands: Hands, portal: PortalDouble, processing: str
) -> None:
    original = photo_with_hidden_data(marker=MARKER, width=2400, height=600)
    fill(hands)
    hands.choose_file("input[name=photos]", "صورة.jpg", original)
    hands.press(f"[name='photos.processing'][value={processing}]")

    hands.go_to_review()
    hands.press("[data-send]")
    hands.wait("[data-received]")

    (envelope,) = portal.envelopes()
    (file,) = envelope.files
    photo = open_file([portal.chunks[name] for name in file.blob.chunks], file, [OFFICE])
    assert envelope.form["answers"]["person_name"] == NAME
    assert envelope.form["answers"]["last_contact_when"] == {"text": "ربيع ٢٠١٣"}
    assert file.processing == processing
    assert hidden_data(photo) == {"exif": {}, "place": {}}
    assert MARKER.encode() not in photo
    width = Image.open(io.BytesIO(photo)).width
    assert width == (2048 if processing == "reencode" else 2400)


def test_the_answer_is_read_with_the_code_in_arabic_digits(
    hands: Hands, portal: PortalDouble
) -> None:
    fill(hands)
    hands.go_to_review()
    hands.press("[data-send]")
    hands.wait("[data-received]")
    code = shown_code(hands)
    mailbox = derive_mailbox(code, DEPLOYMENT)
    body = ReplyBody(status="answer", text="وصلنا طلبكم.\nنقرؤه الآن.", lang="ar")
    note = make_reply(mailbox.id, 1, TODAY, body, REPLIES)
    portal.mailboxes[mailbox.id] = {1: seal_reply(note, mailbox.identity.recipient)}
    last_group = code.split()[-1]
    hands.write("#code-check", last_group)
    hands.press(".received__check button")

    hands.page.goto(hands.page.url.replace("search-request", "return"))
    hands.wait("#code")
    hands.write("#code", code)
    hands.press("[data-return] [data-send]")
    hands.wait("[data-message]")

    assert code[0] in "٠١٢٣٤٥٦٧٨٩"
    assert hands.texts(".message__text") == ["وصلنا طلبكم.\nنقرؤه الآن."]
