"""Photos and other files on their way: chosen, changed, listed, cut off, paused, sent once."""

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Semaphore

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from portal_content.library import load_library
from portal_protocol.files import AttachedFile, open_file
from tests.browser.breaking_line import Line, breaking_line
from tests.browser.portal_double import OFFICE, RESERVE, ROOT, SUCCESSOR, TODAY, PortalDouble
from tests.browser.serving import Answer, Request, serving
from tests.browser.test_form_script import fill, go_back_to, send
from tests.photos import hidden_data, photo_with_hidden_data

MEGABYTE = 2**20
CHUNK = 262_144
JPEG = photo_with_hidden_data(marker="canary", width=900, height=700)
LARGE = photo_with_hidden_data(marker="canary")
"""About 3 MB: twelve pieces."""
HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 3000
PDF = b"%PDF-1.7\n/Author (somebody)\n"


@pytest.fixture
def line(portal: PortalDouble) -> Iterator[Line]:
    with serving(portal.answer) as server, breaking_line(server) as line:
        yield line


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(30_000)
    expect.set_options(timeout=20_000)  # Photos are drawn anew while other tests run.
    yield context
    context.close()
    expect.set_options(timeout=5_000)


@pytest.fixture
def opened(context: BrowserContext, line: Line) -> Page:
    page = context.new_page()
    page.goto(f"{line.url}/en/search-request/")
    fill(page)
    go_back_to(page, "step-person_more")
    page.locator("[data-question=photos]").scroll_into_view_if_needed()
    page.locator("[data-chosen]").first.wait_for(state="attached")
    return page


def payload(name: str, content: bytes, kind: str) -> FilePayload:
    return FilePayload(name=name, mimeType=kind, buffer=content)


def photo(name: str = "a.jpg", content: bytes = JPEG) -> FilePayload:
    return payload(name, content, "image/jpeg")


def lying_in(folder: Path, name: str, size: int, beginning: bytes = b"") -> Path:
    """A large file on disk that takes no room there."""
    path = folder / name
    with path.open("wb") as file:
        file.write(beginning)
        file.truncate(size)
    return path


def choose_from_disk(page: Page, *paths: Path) -> None:
    page.locator("input[name=photos]").set_input_files(list(paths))


def choose(page: Page, *files: FilePayload) -> None:
    page.locator("input[name=photos]").set_input_files(list(files))


def wish(page: Page, processing: str) -> None:
    page.locator(f"[name='photos.processing'][value={processing}]").check()


def fates(page: Page) -> list[str | None]:
    return [one.get_attribute("data-fate") for one in page.locator("[data-fate]").all()]


def settled(page: Page, *expected: str) -> None:
    shown = page.locator("[data-fate]")
    expect(shown).to_have_count(len(expected))
    for place, fate in enumerate(expected):
        expect(shown.nth(place)).to_have_attribute("data-fate", fate)


def said(key: str, **values: object) -> str:
    """A sentence as a browser shows it, its values isolated from the text around them."""
    isolated = {name: f"\u2068{value}\u2069" for name, value in values.items()}
    return load_library(ROOT).strings.text(f"files.{key}", "en", **isolated)


def arrived(page: Page, portal: PortalDouble) -> list[tuple[AttachedFile, bytes]]:
    """Wait for the receipt; open every file of the one submission."""
    page.locator("[data-received]").wait_for(timeout=90_000)
    (envelope,) = portal.envelopes()
    return [
        (file, open_file([portal.chunks[n] for n in file.blob.chunks], file, [OFFICE]))
        for file in envelope.files
    ]


def crossed(portal: PortalDouble) -> list[str]:
    """Names of the pieces that crossed the line whole, as often as they did."""
    return [request.path.rpartition("/")[2] for request in portal.asked("PUT /v1/chunks/")]


def test_photos_are_small_by_default_and_other_files_go_as_they_are_with_a_warning(
    opened: Page, portal: PortalDouble
) -> None:
    choose(opened, photo("one.jpg", LARGE), payload("two.pdf", PDF, "application/pdf"))
    settled(opened, "reencode", "other")
    expect(opened.locator("[data-fate=other]")).to_have_text(said("fate.other"))
    send(opened)

    (first, small), (second, document) = arrived(opened, portal)
    assert (first.name, first.mime, first.processing) == ("one.jpg", "image/jpeg", "reencode")
    assert hidden_data(small) == {"exif": {}, "place": {}}
    assert len(small) < len(LARGE)
    assert (second.name, second.mime, second.processing) == ("two.pdf", "application/pdf", "none")
    assert document == PDF
    (envelope,) = portal.envelopes()
    assert envelope.form["files"] == {"photos": [1, 2]}


@pytest.mark.parametrize("way", ["strip", "none"])
def test_an_original_keeps_its_pixels_and_loses_hidden_data_only_if_wished(
    opened: Page, portal: PortalDouble, way: str
) -> None:
    choose(opened, photo())
    wish(opened, way)
    settled(opened, way)
    send(opened)

    ((file, content),) = arrived(opened, portal)
    assert file.processing == way
    assert (content == JPEG) == (way == "none")
    assert (hidden_data(content)["place"] == {}) == (way == "strip")
    before, after = (Image.open(io.BytesIO(one)).tobytes() for one in (JPEG, content))
    assert before == after


def test_a_photo_that_this_browser_cannot_open_goes_as_it_is_and_the_person_is_told(
    opened: Page, portal: PortalDouble
) -> None:
    choose(opened, payload("IMG_1.heic", HEIC, ""), photo("broken.jpg", JPEG[:2000]))
    settled(opened, "unread", "unread")
    expect(opened.locator("[data-fate=unread]").first).to_have_text(said("fate.unread"))
    wish(opened, "strip")
    settled(opened, "unread", "unread")
    send(opened)

    (heic, content), (broken, rest) = arrived(opened, portal)
    assert (heic.name, heic.processing, content) == ("IMG_1.heic", "none", HEIC)
    assert (broken.name, broken.processing, rest) == ("broken.jpg", "none", JPEG[:2000])


def test_choosing_again_adds_and_one_file_can_be_taken_out(
    opened: Page, portal: PortalDouble
) -> None:
    choose(opened, photo("a.jpg"), photo("b.jpg"))
    choose(opened, photo("c.jpg"))
    names = opened.locator(".chosen__name")
    expect(names).to_have_text(["a.jpg", "b.jpg", "c.jpg"])
    opened.get_by_role("button", name="Remove \u2068b.jpg").click()
    expect(names).to_have_text(["a.jpg", "c.jpg"])
    expect(opened.locator("[data-question=photos] .chosen__state")).to_have_text(
        said("removed", name="b.jpg")
    )
    expect(opened.get_by_role("button", name="Remove \u2068c.jpg")).to_be_focused()
    choose(opened, photo("b.jpg"))
    send(opened)

    assert [file.name for file, _ in arrived(opened, portal)] == ["a.jpg", "c.jpg", "b.jpg"]


def test_each_photo_has_a_small_picture_drawn_here(opened: Page) -> None:
    sky = io.BytesIO()
    Image.new("RGB", (300, 200), (10, 120, 200)).save(sky, "JPEG", quality=95)
    choose(opened, photo(content=sky.getvalue()))

    picture = opened.locator("canvas.chosen__picture")
    expect(picture).to_be_visible()
    seen = picture.evaluate("c => Array.from(c.getContext('2d').getImageData(48, 48, 1, 1).data)")
    assert all(abs(a - b) < 12 for a, b in zip(seen, (10, 120, 200, 255), strict=True))


def test_limits_are_checked_at_once_and_say_which_file_and_by_how_much(
    opened: Page, portal: PortalDouble, tmp_path: Path
) -> None:
    place = opened.locator("[data-error-for=photos]")
    choose_from_disk(opened, lying_in(tmp_path, "film.mp4", 26 * MEGABYTE + 300_000))
    expect(place).to_have_text(said("one_too_large", name="film.mp4", over="1.3 MB"))
    send(opened)
    expect(opened.locator("[data-problem-summary]")).to_be_focused()
    opened.get_by_role("button", name="Remove").click()
    expect(place).to_be_hidden()

    films = [lying_in(tmp_path, f"{n}.mp4", 22 * MEGABYTE) for n in range(3)]
    choose_from_disk(opened, *films[:2])
    expect(place).to_be_hidden()
    choose_from_disk(opened, films[2])
    expect(place).to_have_text(said("all_too_large", over="2 MB"))
    for _ in range(3):
        opened.get_by_role("button", name="Remove").first.click()

    choose(opened, *(photo(f"{n}.jpg") for n in range(12)))
    too_many = load_library(ROOT).strings.plural("files.too_many", "en", 2)
    expect(place).to_have_text(too_many.replace("2", "\u20682\u2069"))
    opened.get_by_role("button", name="Remove").first.click()
    opened.get_by_role("button", name="Remove").first.click()
    expect(place).to_be_hidden()
    assert portal.chunks == {}


def test_a_photo_that_is_too_large_as_it_is_fits_when_it_is_made_smaller(
    opened: Page, portal: PortalDouble, tmp_path: Path
) -> None:
    choose_from_disk(opened, lying_in(tmp_path, "huge.jpg", 26 * MEGABYTE, JPEG))
    settled(opened, "reencode")
    expect(opened.locator("[data-error-for=photos]")).to_be_hidden()
    wish(opened, "none")
    expect(opened.locator("[data-error-for=photos]")).to_be_visible()
    wish(opened, "reencode")
    expect(opened.locator("[data-error-for=photos]")).to_be_hidden()
    send(opened)

    ((file, _),) = arrived(opened, portal)
    assert file.processing == "reencode"


def test_nothing_is_uploaded_before_send_is_pressed(opened: Page, portal: PortalDouble) -> None:
    choose(opened, photo())
    settled(opened, "reencode")
    opened.wait_for_timeout(500)

    assert portal.asked("PUT") == []
    # The work for a pass is done while the form is filled; it says nothing of what is in it.
    assert {request.path for request in portal.asked("POST")} <= {"/v1/passes"}


def test_a_line_that_breaks_in_the_middle_of_pieces_carries_every_other_piece_once(
    opened: Page, portal: PortalDouble, line: Line
) -> None:
    choose(opened, photo("first.jpg", LARGE), photo("second.jpg", LARGE))
    wish(opened, "none")
    settled(opened, "none", "none")
    start = line.sent
    line.breaks_at = [start + int(CHUNK * share) for share in (2.5, 6.4, 11.7)]
    line.refuses = 1

    send(opened)

    files = arrived(opened, portal)
    assert [content for _, content in files] == [LARGE, LARGE]
    assert line.breaks == 3
    # The page heard of each cut, and asked what had not arrived.
    assert len(portal.asked("POST /v1/chunks/missing")) > line.breaks
    names, pieces = crossed(portal), sum(len(file.blob.chunks) for file, _ in files)
    assert len(set(names)) == pieces
    # A piece may be cut off from its answer only: nobody can know that, so it comes again.
    assert len(names) <= pieces + line.breaks
    sealed = sum(file.blob.size for file, _ in files)
    # Beyond the files themselves: the three pieces that were cut, the envelope, and questions.
    assert line.sent - start < sealed + 3 * CHUNK + 60_000


def slowly(seconds: float) -> Callable[[Request], bool]:
    """Take each piece as a slow line does."""

    def take(request: Request) -> bool:
        if request.method == "PUT":
            time.sleep(seconds)
        return False

    return take


class Gate:
    """Lets some pieces through; the others wait until it is opened for more."""

    def __init__(self, pieces: int) -> None:
        self._free = Semaphore(pieces)

    def __call__(self, request: Request) -> bool:
        if request.method == "PUT":
            self._free.acquire()
        return False

    def open(self, pieces: int = 1_000) -> None:
        self._free.release(pieces)


def wait_for_pieces(page: Page, portal: PortalDouble, count: int) -> None:
    deadline = time.monotonic() + 30
    while len(portal.chunks) < count:
        assert time.monotonic() < deadline
        page.wait_for_timeout(10)


def test_without_network_it_waits_and_goes_on_by_itself_when_the_network_is_back(
    opened: Page, portal: PortalDouble, context: BrowserContext
) -> None:
    portal.misbehave = slowly(0.15)
    choose(opened, photo(content=LARGE))
    wish(opened, "none")
    send(opened)
    wait_for_pieces(opened, portal, 3)
    context.set_offline(True)
    expect(opened.locator(".sending__waiting")).to_be_visible()
    opened.wait_for_timeout(2_500)
    kept = len(portal.chunks)
    context.set_offline(False)

    ((file, content),) = arrived(opened, portal)
    assert content == LARGE
    assert 3 <= kept < len(file.blob.chunks)
    names = crossed(portal)
    assert len(names) == len(set(names)) == len(file.blob.chunks)


def test_each_file_shows_how_far_it_is(opened: Page, portal: PortalDouble) -> None:
    portal.misbehave = gate = Gate(6)
    choose(opened, photo("first.jpg", LARGE), photo("second.jpg", LARGE))
    wish(opened, "none")
    send(opened)
    rows = opened.locator("[data-files-sending] li")
    first, second = rows.nth(0), rows.nth(1)
    expect(first.locator("progress")).to_have_attribute("aria-label", "first.jpg")
    wait_for_pieces(opened, portal, 6)

    share = first.locator("progress").evaluate("bar => bar.value")
    assert 0.3 < share < 0.8
    expect(second).to_contain_text(said("sending.waits"))
    gate.open(pieces=9)  # The rest of the first, and a few of the second.
    expect(first).to_contain_text(said("sending.arrived"))
    assert second.locator("progress").evaluate("bar => bar.value") < 0.5
    gate.open()
    arrived(opened, portal)


def test_sending_can_be_paused_and_goes_on_where_it_was(opened: Page, portal: PortalDouble) -> None:
    portal.misbehave = slowly(0.1)
    choose(opened, photo(content=LARGE))
    wish(opened, "none")
    send(opened)
    wait_for_pieces(opened, portal, 3)
    pause = opened.locator("[data-pause]")
    pause.click()
    opened.wait_for_timeout(400)  # The piece on its way still arrives.
    stopped = len(portal.chunks)
    opened.wait_for_timeout(800)
    assert len(portal.chunks) == stopped < 12
    expect(opened.get_by_text(said("sending.paused"))).to_be_visible()
    pause.click()

    ((file, _),) = arrived(opened, portal)
    assert len(crossed(portal)) == len(file.blob.chunks)


def test_going_back_to_change_an_answer_uploads_no_photo_again(
    opened: Page, portal: PortalDouble
) -> None:
    portal.misbehave = slowly(0.05)
    choose(opened, photo("a.jpg", LARGE))
    wish(opened, "none")
    send(opened)
    wait_for_pieces(opened, portal, 5)
    opened.locator("[data-pause]").click()
    opened.locator("[data-back]").click()
    expect(opened.locator("[data-sending]")).to_have_count(0)
    go_back_to(opened, "step-person")
    opened.locator("[name=person_name]").fill("سامر")
    choose(opened, photo("b.jpg"))
    send(opened)

    files = arrived(opened, portal)
    (envelope,) = portal.envelopes()
    assert envelope.form["answers"]["person_name"] == "سامر"
    assert [content for _, content in files] == [LARGE, JPEG]
    names = crossed(portal)
    assert len(names) == len(set(names)) == sum(len(file.blob.chunks) for file, _ in files)


def test_a_second_try_after_a_refusal_uploads_no_photo_again(
    opened: Page, portal: PortalDouble
) -> None:
    refusal = Answer('{"type":"/problems/unknown","status":500}', 500)
    portal.misbehave = lambda r: refusal if r.path == "/v1/submissions" else False
    choose(opened, photo(content=LARGE))
    send(opened)
    expect(opened.locator(".form__state--failed")).to_be_visible()
    first = crossed(portal)
    portal.misbehave = lambda _: False
    send(opened)

    arrived(opened, portal)
    assert crossed(portal) == first


def test_a_new_key_list_between_two_tries_uploads_no_photo_again(
    opened: Page, portal: PortalDouble
) -> None:
    """The portal takes what is sealed for the list before for fourteen days more."""
    refusal = Answer('{"type":"/problems/unknown","status":500}', 500)
    portal.misbehave = lambda r: refusal if r.path == "/v1/submissions" else False
    choose(opened, photo(content=LARGE))
    send(opened)
    expect(opened.locator(".form__state--failed")).to_be_visible()
    first = crossed(portal)
    portal.serial, portal.recipients = 4, [OFFICE, SUCCESSOR]
    portal.issued = TODAY
    portal.misbehave = lambda _: False
    send(opened)

    arrived(opened, portal)
    (envelope,) = portal.envelopes()
    assert envelope.keys == 4
    assert crossed(portal) == first


def test_a_portal_that_takes_no_older_seal_gets_a_new_one(
    opened: Page, portal: PortalDouble
) -> None:
    def change_keys(request: Request) -> Answer | bool | None:
        if request.path != "/v1/submissions" or portal.serial == 4:
            return False
        portal.serial, portal.recipients = 4, [RESERVE, SUCCESSOR]
        return Answer('{"type":"/problems/keys_outdated","status":409}', 409)

    portal.misbehave = change_keys
    choose(opened, photo())
    send(opened)
    opened.locator("[data-received]").wait_for()

    (envelope,) = portal.envelopes()
    (file,) = envelope.files
    chunks = [portal.chunks[name] for name in file.blob.chunks]
    assert hidden_data(open_file(chunks, file, [SUCCESSOR]))["place"] == {}


def test_a_file_that_is_gone_is_named_and_everything_else_stays(
    opened: Page, portal: PortalDouble, tmp_path: Path
) -> None:
    there = tmp_path / "paper.pdf"
    there.write_bytes(PDF)
    opened.locator("input[name=photos]").set_input_files(there)
    settled(opened, "other")
    there.write_bytes(PDF * 2)  # Browsers give a changed file away as little as a deleted one.
    send(opened)

    expect(opened.locator("[data-error-for=photos]")).to_have_text(said("gone", name="paper.pdf"))
    expect(opened.locator("[data-problem-summary]")).to_be_focused()
    assert portal.submissions == {}
    opened.locator("[data-problem-summary] a").first.click()
    opened.get_by_role("button", name="Remove").click()
    send(opened)
    opened.locator("[data-received]").wait_for()


def test_nothing_of_the_files_is_left_in_the_page_or_the_browser(
    opened: Page, portal: PortalDouble
) -> None:
    choose(opened, photo())
    send(opened)
    arrived(opened, portal)

    assert opened.locator("canvas, audio, [data-chosen] li").count() == 0
    kept = opened.evaluate(
        """async () => [localStorage.length, sessionStorage.length,
            (await indexedDB.databases()).length, (await caches.keys()).length]"""
    )
    assert kept == [0, 0, 0, 0]
