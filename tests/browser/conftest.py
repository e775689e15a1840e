"""Browser scripts in real browsers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from portal_site.assets import Assets, build_assets, built_in, bundle, install_tools, write_asset
from portal_site.settings import SiteSettings
from tests.browser.portal_double import DEPLOYMENT, ROOTS, PortalDouble
from tests.browser.serving import NOT_FOUND, Answer, Request, page, script, serving

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Harness:
    """A site of one page that has the protocol as `portal`."""

    url: str


@pytest.fixture(scope="session")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    theme = ROOT / "theme"
    install_tools(theme)
    folder = tmp_path_factory.mktemp("harness")
    argon2 = write_asset("argon2", bundle(theme, "argon2", {}), folder)
    testing = bundle(theme, "testing", built_in(SiteSettings(root=ROOT), argon2=argon2))
    answers = {
        "/": page("<!doctype html><meta charset=utf-8><script src=/testing.js></script>"),
        "/testing.js": script(testing),
        argon2.url: script(argon2.path.read_bytes()),
    }

    def answer(request: Request) -> Answer:
        return answers.get(request.path, NOT_FOUND)

    with serving(answer) as url:
        yield Harness(url)


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    roots = tuple(root.verify_key.text for root in ROOTS)
    settings = SiteSettings(root=ROOT, deployment=DEPLOYMENT, roots=roots, minimum_key_serial=2)
    return build_assets(settings, tmp_path_factory.mktemp("assets"))


@pytest.fixture
def portal(assets: Assets) -> PortalDouble:
    return PortalDouble(assets)


@pytest.fixture(params=["current", "chromium-90"])
def any_browser(request: pytest.FixtureRequest) -> Browser:
    """Each test runs in the system's Chromium and in one of version 90."""
    name = "browser" if request.param == "current" else "old_browser"
    chosen: Browser = request.getfixturevalue(name)
    return chosen


@pytest.fixture
def protocol_page(any_browser: Browser, harness: Harness) -> Iterator[Page]:
    context = any_browser.new_context()
    context.set_default_timeout(60_000)
    opened = context.new_page()
    opened.goto(harness.url)
    yield opened
    context.close()
