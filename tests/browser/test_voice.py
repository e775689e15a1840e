"""Speaking instead of writing: a real recording from Chromium's own test microphone."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from portal_content.library import load_library
from portal_protocol.files import open_file
from tests.browser.portal_double import OFFICE, ROOT, PortalDouble
from tests.browser.serving import serving
from tests.browser.test_form_script import fill, go_back_to, send
from tests.voices import launch_with_microphone

QUESTION = "[data-question=spoken_message]"
WATCH = """
  window.asked = 0
  window.opened = []
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    window.asked += 1
    window.wanted = wanted
    const stream = await open(wanted)
    window.opened.push(...stream.getTracks())
    return stream
  }
"""
DECODED = """async (content) => {
  const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0))
  const sound = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes.buffer)
  const wave = sound.getChannelData(0)
  return {
    seconds: sound.duration,
    channels: sound.numberOfChannels,
    loudest: wave.reduce((most, one) => Math.max(most, Math.abs(one)), 0),
  }
}"""


@pytest.fixture(scope="module")
def microphone(playwright: Playwright) -> Iterator[Browser]:
    chromium = launch_with_microphone(playwright)
    yield chromium
    chromium.close()


@pytest.fixture
def context(microphone: Browser) -> Iterator[BrowserContext]:
    context = microphone.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    context.add_init_script(WATCH)
    yield context
    context.close()
    expect.set_options(timeout=5_000)


@pytest.fixture
def url(portal: PortalDouble) -> Iterator[str]:
    with serving(portal.answer) as url:
        yield url


def open_form(context: BrowserContext, url: str, *, allowed: bool = True) -> Page:
    if allowed:
        context.grant_permissions(["microphone"], origin=url)
    page = context.new_page()
    page.goto(f"{url}/en/search-request/")
    fill(page)
    go_back_to(page, "step-person_more")
    page.locator(QUESTION).scroll_into_view_if_needed()
    page.locator("[data-voice]").wait_for()
    return page


@pytest.fixture
def opened(context: BrowserContext, url: str) -> Page:
    return open_form(context, url)


def said(key: str) -> str:
    return load_library(ROOT).strings.text(f"files.voice.{key}", "en")


def record(page: Page, milliseconds: int = 2_500) -> None:
    page.locator("[data-record]").click()
    expect(page.locator("[data-voice=recording]")).to_be_visible()
    page.wait_for_timeout(milliseconds)


def finish(page: Page) -> None:
    page.locator("[data-finish]").click()
    expect(page.locator("[data-fate=record]")).to_be_visible()


def open_tracks(page: Page) -> int:
    return int(page.evaluate("opened.filter((track) => track.readyState === 'live').length"))


def test_a_spoken_message_arrives_as_opus_and_plays(opened: Page, portal: PortalDouble) -> None:
    record(opened, 3_000)
    finish(opened)
    length = opened.locator("[data-fate=record]").get_attribute("data-said") or "?"
    while not opened.locator("#step-review").is_visible():
        opened.locator("[data-next]").click()
    expect(opened.locator("#step-review")).to_contain_text(length)
    send(opened)
    opened.locator("[data-received]").wait_for()

    (envelope,) = portal.envelopes()
    (file,) = envelope.files
    sound = open_file([portal.chunks[name] for name in file.blob.chunks], file, [OFFICE])
    assert envelope.form["files"] == {"spoken_message": [1]}
    assert (file.name, file.mime, file.processing) == ("voice-message.webm", "audio/webm", "record")
    assert sound.startswith(b"\x1a\x45\xdf\xa3")
    assert b"webm" in sound[:64]
    assert b"A_OPUS" in sound[:400]
    decoded = opened.evaluate(DECODED, base64.b64encode(sound).decode())
    assert 2.5 < decoded["seconds"] < 4
    assert decoded["channels"] == 1
    assert decoded["loudest"] > 0.05  # The beep is really in it.
    assert len(sound) * 8 / decoded["seconds"] < 40_000
    assert opened.evaluate("wanted.audio.channelCount") == 1
    assert "video" not in opened.evaluate("Object.keys(wanted)")


def test_the_microphone_is_asked_for_only_on_press_and_let_go_at_once(opened: Page) -> None:
    expect(opened.locator(".voice__before")).to_have_text(said("before"))
    assert opened.evaluate("asked") == 0
    record(opened, 300)
    assert open_tracks(opened) == 1
    finish(opened)

    assert opened.evaluate("asked") == 1
    assert open_tracks(opened) == 0


def test_the_time_that_is_left_is_shown_and_stands_while_it_is_paused(opened: Page) -> None:
    record(opened, 2_200)
    left = opened.locator(".voice__time")
    expect(left).to_contain_text("2:57")
    opened.get_by_role("button", name=said("pause"), exact=True).click()
    expect(opened.locator("[data-voice=paused]")).to_be_visible()
    opened.wait_for_timeout(500)
    stood = left.inner_text()
    opened.wait_for_timeout(1_500)
    assert left.inner_text() == stood
    opened.get_by_role("button", name=said("go_on"), exact=True).click()
    opened.wait_for_timeout(1_200)
    assert left.inner_text() != stood
    finish(opened)
    expect(opened.locator("[data-fate=record]")).to_contain_text("0:0")


def test_a_message_can_be_heard_before_it_is_sent(opened: Page) -> None:
    record(opened, 2_000)
    finish(opened)
    player = opened.locator("audio")
    player.evaluate("player => player.play()")
    opened.wait_for_timeout(700)

    assert player.evaluate("player => player.currentTime") > 0.2
    assert player.evaluate("player => player.src").startswith("blob:")


def test_recording_again_takes_the_place_of_the_message_before(
    opened: Page, portal: PortalDouble
) -> None:
    record(opened, 800)
    finish(opened)
    first = opened.locator("audio").get_attribute("src")
    expect(opened.locator("[data-record]")).to_have_text(said("again"))
    record(opened, 800)
    expect(opened.locator("audio")).to_have_count(1)  # Until the new one is there, the old stays.
    opened.get_by_role("button", name=said("discard"), exact=True).click()
    assert opened.locator("audio").get_attribute("src") == first
    record(opened, 800)
    finish(opened)
    expect(opened.locator("audio")).not_to_have_attribute("src", first or "")
    expect(opened.locator("audio")).to_have_count(1)
    opened.get_by_role("button", name="Remove").click()
    expect(opened.locator("audio")).to_have_count(0)
    expect(opened.locator("[data-record]")).to_have_text(said("begin"))
    send(opened)
    opened.locator("[data-received]").wait_for()

    (envelope,) = portal.envelopes()
    assert envelope.files == ()
    assert "files" not in envelope.form


def test_after_three_minutes_it_ends_by_itself_and_is_kept(
    context: BrowserContext, url: str
) -> None:
    context.clock.install()
    page = open_form(context, url)
    record(page, 1_000)
    context.clock.fast_forward("03:05")

    expect(page.locator("[data-fate=record]")).to_be_visible()
    expect(page.locator(".voice__said")).to_have_text(said("full"))
    assert open_tracks(page) == 0


def test_nobody_is_recorded_who_does_not_see_the_page(opened: Page) -> None:
    record(opened, 1_000)
    opened.evaluate(
        """() => {
            Object.defineProperty(document, "visibilityState", { get: () => "hidden" })
            document.dispatchEvent(new Event("visibilitychange"))
        }"""
    )

    expect(opened.locator("[data-fate=record]")).to_be_visible()
    assert open_tracks(opened) == 0


def test_the_quick_exit_stops_at_once_and_keeps_nothing(opened: Page, portal: PortalDouble) -> None:
    opened.evaluate(
        """() => addEventListener("pagehide", () => {
            const live = opened.filter((track) => track.readyState === "live").length
            const kept = document.querySelectorAll("audio").length
            navigator.sendBeacon("/v1/left", JSON.stringify([live, kept]))
        })"""
    )
    record(opened, 700)
    opened.locator("[data-quick-exit]").click()

    expect(opened).to_have_title("weather")
    opened.wait_for_timeout(500)
    assert [request.body for request in portal.asked("POST /v1/left")] == [b"[0,0]"]


def test_a_recording_that_still_runs_is_not_lost_by_sending(
    opened: Page, portal: PortalDouble
) -> None:
    record(opened, 700)
    send(opened)

    expect(opened.locator("[data-error-for=spoken_message]")).to_have_text(said("still_running"))
    expect(opened.locator("[data-voice=recording]")).to_be_visible()
    assert portal.submissions == {}
    finish(opened)
    send(opened)
    opened.locator("[data-received]").wait_for()
    (envelope,) = portal.envelopes()
    assert len(envelope.files) == 1


def test_whoever_does_not_allow_the_microphone_is_told_the_other_ways(
    context: BrowserContext, url: str
) -> None:
    page = open_form(context, url, allowed=False)
    page.locator("[data-record]").click()

    expect(page.locator(".voice__said")).to_have_text(said("refused"))
    expect(page.locator("[data-record]")).to_be_visible()
    expect(page.locator(f"{QUESTION} input[type=file]")).to_be_visible()


def test_a_browser_that_cannot_record_shows_only_the_choice_of_a_file(
    context: BrowserContext, url: str
) -> None:
    context.add_init_script("delete window.MediaRecorder")
    page = context.new_page()
    page.goto(f"{url}/en/search-request/")
    fill(page)
    go_back_to(page, "step-person_more")
    page.locator(QUESTION).scroll_into_view_if_needed()
    page.locator(f"{QUESTION} [data-chosen]").wait_for(state="attached")

    assert page.locator("[data-voice]").count() == 0
    expect(page.locator(f"{QUESTION} input[type=file]")).to_be_visible()
