"""What officers see and do: lists, cases, photos, answers, what was set aside."""

import html
import io
import re
from typing import Any

import pytest
from PIL import Image
from sqlmodel import col, select
from starlette.testclient import TestClient

from portal_gateway.arrivals import Arrival, ArrivalState
from portal_gateway.audit import Action, AuditEntry
from portal_gateway.cases import Case
from portal_gateway.database import transaction
from portal_gateway.run import Gateway, take_turn
from portal_gateway.settings import GatewaySettings
from portal_gateway.steps.replying import LONGEST_TEXT
from tests.photos import hidden_data, photo_with_hidden_data
from tests.portal_api.factories import Office
from tests.portal_gateway.desks import NAME as OFFICER
from tests.portal_gateway.desks import Desk, open_desk
from tests.portal_gateway.families import ENOUGH, MORE, NAME, Family, consents, filled_form, write
from tests.portal_gateway.moments import NOON, later
from tests.portal_gateway.zones import Portal

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MARKUP = '<b onclick="x">أحمد</b> & {{ 7*7 }} \u202etxet'


@pytest.fixture
def desk(settings: GatewaySettings, gateway: Gateway) -> Desk:
    opened = open_desk(settings, gateway)
    assert opened.sign_in().status_code == 303
    return opened


def arrive(
    desk: Desk, portal: Portal, office: Office, *, minutes: float = 0, **parts: Any
) -> Family:
    family = Family()
    photos = parts.pop("photos", ())
    lang = parts.get("lang", "ar")
    answers = {**ENOUGH, **parts.pop("answers", {})}
    form = filled_form(desk.gateway.library, lang, answers=answers)
    if "consents" in parts:
        form["consents"] = parts.pop("consents")
    portal.take(write(office, form, family=family, photos=photos, **parts))
    take_turn(desk.gateway, now=later(minutes=minutes))
    return family


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def test_an_empty_register_says_what_will_happen(desk: Desk) -> None:
    page = text_of(desk.get("/").text)

    assert "There is no case yet." in page
    assert "There has been no contact with the portal yet." in page


def test_the_list_shows_what_is_needed_to_choose_a_case(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office, answers={"maybe_held": "yes"})

    page = desk.get("/").text

    assert f'dir="auto">{NAME}</a>' in page
    for words in ("1 case", "New", "Registration", "20 November 2026", "Arabic", "May be held now"):
        assert words in text_of(page)
    assert "Last contact with the portal: 20 November 2026, 12:00 UTC" in text_of(page)


def test_in_arabic_the_list_is_arabic_to_the_last_digit(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office, answers={"was_child": "yes"})
    desk.post("/language", language="ar")

    page = text_of(desk.get("/").text)

    for words in ("حالة واحدة", "جديدة", "التسجيل", "٢٠ تشرين الثاني/نوفمبر ٢٠٢٦", "طفل"):
        assert words in page


def test_the_newest_case_comes_first_and_pages_hold_twenty_five(
    desk: Desk, portal: Portal, office: Office
) -> None:
    for number in range(27):
        arrive(desk, portal, office, minutes=number, answers={"person_name": f"name {number:02}"})

    first, second = desk.get("/").text, desk.get("/?page=2").text

    assert re.findall(r"name \d\d", first) == [f"name {n:02}" for n in range(26, 1, -1)]
    assert re.findall(r"name \d\d", second) == ["name 01", "name 00"]
    assert "27 cases" in text_of(second)
    assert 'href="/?page=2" rel="next"' in first
    assert 'href="/" rel="prev"' in second


def test_a_filter_shows_its_cases_only_and_says_when_there_are_none(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office, answers={"person_name": "ليلى", "age_group": "under_18"})
    arrive(desk, portal, office, answers={"person_name": "سامر"})

    child = desk.get("/?queue=child").text
    flagged = desk.get("/?flag=child&state=new").text
    none = text_of(desk.get("/?state=answered").text)
    nonsense = desk.get("/?queue=x%27--&flag=%25&state=1").text

    for page in (child, flagged):
        # Two officers open it, so the list does not name anybody.
        assert 'dir="auto">Search request</a>' in page
        assert "1 case" in text_of(page)
        assert "ليلى" not in page
        assert "سامر" not in page
    assert '<option value="child" selected>' in child
    assert "No case fits this filter." in none
    assert "2 cases" in text_of(nonsense)


@pytest.mark.parametrize("path", ["/", "case"])
def test_what_somebody_typed_is_shown_as_typed_and_is_never_markup(
    desk: Desk, portal: Portal, office: Office, path: str
) -> None:
    arrive(desk, portal, office, answers={"person_name": MARKUP, "also_known_as": MARKUP})

    page = desk.get(path if path == "/" else f"/cases/{desk.case().id}").text

    assert "<b onclick" not in page
    assert html.unescape(page).count(MARKUP) >= 1
    for shown in re.finditer(re.escape(html.escape(MARKUP, quote=False)[:20]), page):
        opened = page.rfind("<", 0, shown.start())
        assert 'dir="auto"' in page[opened : shown.start()]


def test_a_case_shows_every_answer_with_the_officers_words(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office, answers=dict(MORE))

    page = text_of(desk.get(f"/cases/{desk.case().id}").text)
    desk.post("/language", language="ar")
    arabic = text_of(desk.get(f"/cases/{desk.case().id}").text)

    for typed in (
        "أبو عُمر",
        "فاطمة الزهراء",
        "ربيع ٢٠١٣",
        "كان يحمل حقيبة زرقاء.",
        "Abd al-Rahman",
    ):
        assert typed in page
        assert typed in arabic
    for words in ("Mother's name", "My wife", "While fleeing or on the move", "Help with reading"):
        assert words in page
    assert page.index("Mother's name") < page.index("Also known as") < page.index("Who are you?")
    assert "اسم الأم" in arabic


def test_consents_come_first_with_what_was_and_what_was_not_agreed(
    desk: Desk, portal: Portal, office: Office
) -> None:
    chosen = consents(desk.gateway.library, given=("C1", "C3", "C5"))
    chosen[0]["sha256"] = "0" * 64
    arrive(desk, portal, office, consents=chosen)

    whole = desk.get(f"/cases/{desk.case().id}").text
    page = text_of(whole[whole.index('<div class="columns">') :])

    assert page.index("What the person agreed to") < page.index("What the person wrote")
    block = page[: page.index("What the person wrote")]
    marks = re.findall(r"(Agreed|Not agreed) (?:Keep|Contact|Use|Ask|Tell)", block)
    assert marks == ["Agreed", "Not agreed", "Agreed", "Not agreed", "Agreed"]
    assert "Legal advice" in block
    assert block.count("The wording shown to the person is not known") == 1


@pytest.mark.parametrize(
    ("client", "said"),
    [
        ("web-js/1", "On the person's own device"),
        ("web-plain/1", "On arrival at the portal, which could read it for a moment"),
    ],
)
def test_it_is_said_where_a_case_came_from(
    desk: Desk, portal: Portal, office: Office, client: str, said: str
) -> None:
    arrive(desk, portal, office, client=client)
    case = desk.case()

    page = text_of(desk.get(f"/cases/{case.id}").text)

    for words in (said, "Search request, version 1", "The person themself", case.submission_id):
        assert words in page


def test_reading_is_written_down_before_the_page_leaves(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office)
    case = desk.case()
    read_at_first_byte: list[list[str]] = []

    class Watch:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def watched_send(message: Any) -> None:
                if message["type"] == "http.response.start":
                    rows = (action for _, action, subject in desk.acts() if subject == case.id)
                    read_at_first_byte.append(list(rows))
                await send(message)

            await self.inner(scope, receive, watched_send)

    cookies = dict(desk.client.cookies)
    watched = TestClient(Watch(desk.app), base_url="http://127.0.0.1", cookies=cookies)

    assert watched.get(f"/cases/{case.id}").status_code == 200

    assert read_at_first_byte == [[Action.REGISTERED, Action.READ_CASE]]


def test_a_reference_is_found_however_it_is_written(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office)
    case = desk.case()
    spaced = f"{case.id[:3]}%20{case.id[3:]}".lower()

    assert desk.get(f"/cases/{spaced}").status_code == 200


def test_a_photo_is_shown_as_pixels_only_and_the_original_only_taken_away(
    desk: Desk, portal: Portal, office: Office
) -> None:
    sent = photo_with_hidden_data(marker="CANARY")
    arrive(desk, portal, office, photos=[sent])
    case = desk.case()

    shown = desk.get(f"/cases/{case.id}/files/1/photo")
    original = desk.get(f"/cases/{case.id}/files/1/original")

    assert shown.headers["content-type"] == "image/jpeg"
    assert hidden_data(shown.content) == {"exif": {}, "place": {}}
    assert b"CANARY" not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (1600, 1194)
    assert original.content == sent
    assert original.headers["content-type"] == "application/octet-stream"
    assert original.headers["content-disposition"] == f'attachment; filename="{case.id}-1.jpg"'
    assert "sandbox" in shown.headers["content-security-policy"]
    assert [act[1] for act in desk.acts()[-2:]] == [Action.READ_PREVIEW, Action.TOOK_ORIGINAL]
    with transaction(desk.gateway.engine) as session:
        newest = select(AuditEntry).order_by(col(AuditEntry.number).desc())
        last = session.exec(newest).first()
        assert last is not None
        assert last.detail == {"file": 1}


def test_what_is_no_photo_is_said_to_be_none_and_stays_what_it_is(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office, photos=[b"<svg onload='alert(1)'>"])
    case = desk.case()

    shown = desk.get(f"/cases/{case.id}/files/1/photo")

    assert shown.status_code == 200
    assert "This file cannot be shown safely here." in shown.text
    assert "alert" not in shown.text
    assert desk.get(f"/cases/{case.id}/files/2/photo").status_code == 404
    assert desk.get(f"/cases/{case.id}/files/x/photo").status_code == 404


WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(range(200))
MESSAGE = ("spoken_message", "voice-message.webm", "audio/webm", WEBM)


def test_a_voice_message_is_played_from_a_route_that_lets_it_do_nothing_else(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office, files=[MESSAGE])
    case = desk.case()
    address = f"/cases/{case.id}/files/1/sound"

    page = desk.get(f"/cases/{case.id}")
    heard = desk.get(address)
    part = desk.client.get(address, headers={"Range": "bytes=4-7"})

    assert f'<audio controls preload="none" src="{address}"' in page.text
    assert "<img" not in page.text
    assert (heard.content, heard.headers["content-type"]) == (WEBM, "audio/webm")
    assert "sandbox" in heard.headers["content-security-policy"]
    assert heard.headers["x-content-type-options"] == "nosniff"
    assert heard.headers["cache-control"] == "no-store"
    assert (part.status_code, part.content) == (206, WEBM[4:8])
    assert part.headers["content-range"] == f"bytes 4-7/{len(WEBM)}"
    assert desk.acts()[-1][1] == Action.HEARD_MESSAGE


@pytest.mark.parametrize(
    "content", [b"<script>alert(1)</script>", b"RIFF\0\0\0\0WAVE", b"", b"\x1a\x45\xdf\xa3matroska"]
)
def test_what_only_claims_to_be_a_voice_message_is_never_played(
    desk: Desk, portal: Portal, office: Office, content: bytes
) -> None:
    arrive(desk, portal, office, files=[("spoken_message", "a.webm", "audio/webm", content)])
    case = desk.case()

    assert desk.get(f"/cases/{case.id}/files/1/sound").status_code == 404
    assert desk.get(f"/cases/{case.id}/files/1/original").content == content


def test_a_document_can_only_be_taken_away_and_the_page_warns_before(
    desk: Desk, portal: Portal, office: Office
) -> None:
    document = ("photos", "ورقة.pdf", "application/pdf", b"%PDF-1.7 <script>alert(1)</script>")
    arrive(desk, portal, office, files=[document])
    case = desk.case()

    page = desk.get(f"/cases/{case.id}").text
    taken = desk.get(f"/cases/{case.id}/files/1/original")

    warning = desk.gateway.library.strings.text("register.case.document_warning", "en")
    assert warning in html.unescape(page)
    assert "<img" not in page
    assert "<audio" not in page
    assert taken.headers["content-disposition"] == f'attachment; filename="{case.id}-1.pdf"'
    assert taken.headers["content-type"] == "application/octet-stream"


def test_the_page_says_which_question_a_file_answers(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office, files=[MESSAGE])

    page = text_of(desk.get(f"/cases/{desk.case().id}").text)

    label = desk.gateway.library.strings.text(
        "form-search-request.fields.spoken_message.label", "en"
    )
    assert label in page


def reply(desk: Desk, **changes: str) -> dict[str, str]:
    form = {"draft": "0123456789abcdef" * 2, "status": "answer", "language": "ar", "text": "نعم"}
    return form | changes


def test_an_answer_is_looked_at_signed_and_reaches_the_family(
    desk: Desk, portal: Portal, office: Office
) -> None:
    family = arrive(desk, portal, office)
    case = desk.case()
    text = "السلام عليكم،\r\nوصلنا طلبكم.\r\n\r\n<b>مع</b> التحية"

    look = desk.post(f"/cases/{case.id}/reply/look", **reply(desk, text=text))
    before = len(portal.replies(family))
    sent = desk.post(f"/cases/{case.id}/reply", **reply(desk, text=text))
    waiting = text_of(desk.get(f"/cases/{case.id}").text)
    take_turn(desk.gateway, now=later(minutes=9))
    delivered = text_of(desk.get(f"/cases/{case.id}").text)

    assert "جواب لكم" in look.text
    assert "&lt;b&gt;مع&lt;/b&gt;" in look.text
    assert before == 1
    assert sent.headers["location"] == f"/cases/{case.id}?sent=1#replies"
    assert "It goes to the portal with the next batch." in waiting
    assert "On the portal since 20 November 2026, 12:09 UTC" in delivered
    assert "Answered" in delivered
    assert portal.replies(family)[-1].text == text.replace("\r\n", "\n")
    assert (OFFICER, Action.REPLIED, case.id) in desk.acts()


def test_pressing_twice_sends_once(desk: Desk, portal: Portal, office: Office) -> None:
    family = arrive(desk, portal, office)
    case = desk.case()

    for _ in range(2):
        assert desk.post(f"/cases/{case.id}/reply", **reply(desk)).status_code == 303
    take_turn(desk.gateway, now=later(minutes=1))

    assert len(portal.replies(family)) == 2
    assert [act[1] for act in desk.acts()].count(Action.REPLIED) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": " \n "}, "Please write an answer."),
        ({"text": "ن" * (LONGEST_TEXT + 3)}, "This is 3 characters too long."),
        ({"status": "received"}, "Please choose the kind and the language"),
        ({"status": "found"}, "Please choose the kind and the language"),
        ({"language": "xx"}, "Please choose the kind and the language"),
    ],
)
def test_an_answer_that_cannot_be_signed_is_shown_again_as_typed(
    desk: Desk, portal: Portal, office: Office, changes: dict[str, str], said: str
) -> None:
    arrive(desk, portal, office)
    case = desk.case()
    form = reply(desk, text="اكتب هنا") | changes

    answers = [desk.post(f"/cases/{case.id}/reply{path}", **form) for path in ("", "/look")]

    for answer in answers:
        assert answer.status_code == 422
        assert said in text_of(answer.text)
        assert form["text"].strip() in answer.text
    assert Action.REPLIED not in [act[1] for act in desk.acts()]


def test_changing_an_answer_keeps_every_line_of_it(
    desk: Desk, portal: Portal, office: Office
) -> None:
    arrive(desk, portal, office)
    case = desk.case()
    text = "\n\nالسطر الثالث\n  مع فراغ"

    page = desk.post(f"/cases/{case.id}/reply/change", **reply(desk, text=text)).text

    # A browser drops the first line feed of a textarea; the template adds one for it.
    shown = re.search(r"<textarea id=\"text\"[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert shown is not None
    assert html.unescape(shown[1]) == text
    assert 'value="answer" required checked' in page


def test_what_was_set_aside_is_shown_with_its_reason_and_tried_again(
    desk: Desk, portal: Portal, office: Office
) -> None:
    sent = write(office, filled_form(desk.gateway.library, version=999))
    portal.take(sent)
    take_turn(desk.gateway, now=NOON)

    first = text_of(desk.get("/").text)
    page = text_of(desk.get("/set-aside").text)
    again = desk.post(f"/set-aside/{sent.id}/again")
    with transaction(desk.gateway.engine) as session:
        state = session.get_one(Arrival, sent.id).state
    take_turn(desk.gateway, now=later(minutes=1))

    assert "1 submission could not be opened and waits for a person." in first
    assert "This installation does not know the form in this version." in page
    assert "form_unknown (version 999)" in page
    assert "Its sealed copy is kept here." in page
    assert again.headers["location"] == "/set-aside?again=1"
    assert state == ArrivalState.FETCHED
    assert "form_unknown" in desk.get("/set-aside?again=1").text
    assert (OFFICER, Action.RETRIED, sent.id) in desk.acts()
    assert desk.post(f"/set-aside/{'0' * 64}/again").status_code == 404


def test_trouble_with_the_line_is_said_on_the_list(
    desk: Desk, portal: Portal, office: Office
) -> None:
    portal.watch.broken = True

    take_turn(desk.gateway, now=NOON)

    assert "Nothing can be fetched at the moment: The portal gives unclear answers." in text_of(
        desk.get("/").text
    )


@pytest.mark.parametrize(
    ("days", "said"), [(80, "expires in 10 days"), (89, "in 1 day."), (120, "has expired")]
)
def test_keys_that_expire_are_announced(desk: Desk, days: int, said: str) -> None:
    desk.clock.now = later(days=days)
    desk.sign_in()

    assert said in text_of(desk.get("/").text)


def test_looking_at_the_list_is_written_down_with_what_was_asked_for(desk: Desk) -> None:
    desk.get("/?flag=child")

    with transaction(desk.gateway.engine) as session:
        newest = select(AuditEntry).order_by(col(AuditEntry.number).desc())
        last = session.exec(newest).first()
    assert last is not None
    assert (last.actor, last.action) == (OFFICER, Action.READ_LIST)
    assert last.detail == {"page": 1, "queue": "", "state": "", "flag": "child"}


def test_references_are_random_and_never_repeat(desk: Desk, portal: Portal, office: Office) -> None:
    for _ in range(3):
        arrive(desk, portal, office)

    with transaction(desk.gateway.engine) as session:
        ids = session.exec(select(Case.id)).all()
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"[2-9CFGHJKMPQRTVWX]{9}", one) for one in ids)
