"""Listening: a person's recording where there is one, else a voice that lives on the phone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portal_content.checks import misleading
from portal_content.library import load_library
from portal_site.build import build_site
from portal_site.settings import SiteSettings
from tests.portal_api.factories import Office
from tests.portal_api.running import Running, running
from tests.projects import small_project

TONES = Path(__file__).parents[1] / "recordings"
PAGE = "protect-yourself"
VOICES = """
  window.said = []
  const voice = (lang, localService) => ({lang, localService, name: lang, default: false})
  const speech = {
    getVoices: () => window.voices.map(([lang, local]) => voice(lang, local)),
    addEventListener: (name, tell) => { window.tellVoices = tell },
    cancel: () => { window.said.push("cancel") },
    pause: () => { window.said.push("pause") },
    resume: () => { window.said.push("resume") },
    speak: (part) => {
      window.said.push(part.text)
      window.parts = [...(window.parts ?? []), part]
    },
  }
  Object.defineProperty(window, "speechSynthesis", {value: speech})
  class SpeechSynthesisUtterance extends EventTarget {
    constructor(text) { super(); this.text = text }
  }
  window.SpeechSynthesisUtterance = SpeechSynthesisUtterance
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> SiteSettings:
    """A small project in which one page was recorded in Arabic."""
    folder = tmp_path_factory.mktemp("recorded")
    root = small_project(folder / "project")
    settings = SiteSettings(root=root, site_directory=folder / "site")
    media = root / "content" / "media" / "audio"
    media.mkdir(parents=True)
    for ending in ("opus", "mp3"):
        shutil.copy(TONES / f"tone.{ending}", media / f"{PAGE}.ar.{ending}")
    build_site(settings)
    return settings


@pytest.fixture(scope="module")
def service(
    recorded: SiteSettings, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("listening") / "service"
    folder.mkdir()
    database = f"sqlite:///{folder / 'portal.sqlite'}"
    site = recorded.site_directory
    with running(office.settings(folder, database_url=database, site=site), folder) as started:
        yield started


@pytest.fixture
def page(browser: Browser, service: Running) -> Iterator[Page]:
    context = browser.new_context(base_url=service.url)
    yield context.new_page()
    context.close()


def with_voices(page: Page, *voices: tuple[str, bool]) -> None:
    page.add_init_script(f"window.voices = {[list(one) for one in voices]!r}".lower())
    page.add_init_script(VOICES)


def test_a_recording_plays_and_says_what_it_costs(page: Page) -> None:
    page.goto(f"/ar/{PAGE}/")

    heard = page.locator("audio").evaluate(
        """(audio) => new Promise((resolve) => {
          audio.addEventListener("ended", () => resolve(audio.currentTime))
          audio.addEventListener("error", () => resolve(-1))
          audio.muted = true
          audio.play()
        })"""
    )
    assert heard == pytest.approx(1, abs=0.3)
    expect(page.locator(".listening .small")).to_contain_text("كيلوبايت")
    expect(page.locator("[data-listen]")).to_have_count(0)


def test_nothing_of_a_recording_is_loaded_before_somebody_listens(page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(f"/ar/{PAGE}/")
    page.wait_for_load_state("networkidle")

    assert not [url for url in loaded if ".opus" in url or ".mp3" in url]


@pytest.mark.parametrize("voices", [[], [("ar-SA", True)], [("en-US", False)]])
def test_without_a_voice_of_the_phone_nothing_is_offered(
    page: Page, voices: list[tuple[str, bool]]
) -> None:
    with_voices(page, *voices)
    page.goto(f"/en/{PAGE}/")

    expect(page.locator("[data-listen]")).to_be_hidden()


def test_a_voice_of_the_phone_reads_the_page_in_order(page: Page) -> None:
    with_voices(page, ("en-GB", True))
    page.goto(f"/en/{PAGE}/")

    stop = page.locator("[data-listen] button").nth(1)
    expect(stop).to_be_hidden()
    page.locator("[data-listen] button").first.click()
    said = page.evaluate("window.said")
    page.evaluate("window.parts[0].dispatchEvent(new Event('start'))")
    marked = page.locator(".is-spoken").inner_text()
    page.locator("[data-listen] button").first.click()
    page.locator("[data-listen] button").first.click()
    stop.click()

    expect(stop).to_be_hidden()
    assert said[1] == page.locator("h1").inner_text() == marked
    assert len(said) > 10
    assert page.evaluate("window.said").count("pause") == 1
    assert page.evaluate("window.said").count("resume") == 1
    assert page.locator(".is-spoken").count() == 0


def test_this_browser_without_voices_shows_no_button(page: Page) -> None:
    page.goto(f"/en/{PAGE}/")

    assert page.evaluate("speechSynthesis.getVoices().filter((v) => v.localService).length") == 0
    expect(page.locator("[data-listen]")).to_be_hidden()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nothing.ar.opus", b"x", "there is no page nothing in ar"),
        ("verify.ar.opus", b"x", "the same recording as .mp3 is missing"),
        ("verify.en.mp3", b"x" * 2_000_000, "for those who pay for data"),
    ],
)
def test_a_recording_that_does_not_fit_is_refused(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    root = small_project(tmp_path / "project")
    media = root / "content" / "media" / "audio"
    media.mkdir(parents=True)
    (media / name).write_bytes(content)

    problems = [problem.message for problem in misleading(load_library(root), production=False)]
    assert any(said in message for message in problems)
