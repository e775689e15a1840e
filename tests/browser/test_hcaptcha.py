"""hCaptcha on a form page: asked for by nobody's browser unless pressed, and never in the way.

What stands at its address is a stand-in; hCaptcha itself is never asked by a test.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page, Route, expect

from portal_content.library import load_library
from portal_site.assets import Assets, bundle, write_asset
from portal_site.captcha import captcha_view
from portal_site.settings import SiteSettings
from portal_site.values import CAPTCHA_HOSTS, Site, frame, load_styles
from tests.browser.portal_double import ROOT, PortalDouble
from tests.browser.serving import Answer, Request, page, script, serving
from tests.browser.test_form_script import fill, send

SITEKEY = "10000000-ffff-ffff-ffff-000000000001"
SOLVES = """globalThis.hcaptcha = { render(place, options) {
  place.textContent = options.sitekey
  setTimeout(() => options.callback("token-of-the-stand-in"), 50)
} }"""
FAILS = """globalThis.hcaptcha = { render(place, options) { options["error-callback"]() } }"""


@pytest.fixture(scope="module")
def site(assets: Assets, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("hcaptcha")
    own = write_asset("hcaptcha", bundle(ROOT / "theme", "hcaptcha", {}), folder)
    settings = SiteSettings(root=ROOT, hcaptcha_sitekey=SITEKEY)
    with_own = Assets(**{**vars(assets), "hcaptcha": own})
    return Site(settings, load_library(ROOT), with_own, load_styles(ROOT))


def section(site: Site) -> str:
    """Return the part of the real template that shows hCaptcha."""
    source = (ROOT / "theme/templates/form.html").read_text(encoding="utf-8")
    part = source[source.index("{%- if this.captcha %}") :]
    part = part[: part.index("{%- endif %}") + len("{%- endif %}")]
    templates = Environment(loader=FileSystemLoader(ROOT / "theme/templates"), autoescape=True)
    return templates.from_string(part).render(this={"captcha": captcha_view(site, "en")})


@contextmanager
def opened(
    browser: Browser, portal: PortalDouble, site: Site, stand_in: str | None
) -> Iterator[tuple[Page, list[str]]]:
    """Open a form page with hCaptcha; without a stand-in its hosts cannot be reached."""
    own = site.assets.hcaptcha
    assert own
    asked: list[str] = []

    def answer(request: Request) -> Answer | None:
        if request.path == own.url:
            return script(own.path.read_bytes())
        made = portal.answer(request)
        if made and request.path.startswith("/en/search-request/"):
            body = made.body if isinstance(made.body, str) else made.body.decode()
            more = section(site) + f'<script src="{own.url}" integrity="{own.integrity}"></script>'
            return page(body + more)
        return made

    def elsewhere(route: Route) -> None:
        asked.append(route.request.url)
        if stand_in is None:
            route.abort()
        else:
            route.fulfill(body=stand_in, content_type="text/javascript")

    # The policy of the real page allows these hosts; that of the test's server does not.
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(30_000)
    with serving(answer) as url:
        context.route("https://*.hcaptcha.com/**", elsewhere)
        tab = context.new_page()
        tab.goto(f"{url}/en/search-request/")
        yield tab, asked
        context.close()


def hands_out(pass_: str) -> Callable[[Request], Answer | bool | None]:
    def misbehave(request: Request) -> Answer | bool | None:
        if request.path == "/v1/passes" and b"hcaptcha" in request.body:
            return Answer(json.dumps({"pass": pass_}), 201)
        return False

    return misbehave


def test_nothing_is_asked_of_hcaptcha_unless_somebody_presses(
    browser: Browser, portal: PortalDouble, site: Site
) -> None:
    with opened(browser, portal, site, SOLVES) as (tab, asked):
        fill(tab)
        send(tab)
        expect(tab.locator("[data-received]")).to_be_visible()

    assert asked == []


def test_a_solved_task_is_exchanged_for_the_pass_that_is_shown(
    browser: Browser, portal: PortalDouble, site: Site
) -> None:
    portal.misbehave = hands_out("pass-of-hcaptcha")
    with opened(browser, portal, site, SOLVES) as (tab, asked):
        fill(tab)
        tab.locator("[data-hcaptcha-use]").click()
        expect(tab.locator("[data-hcaptcha-said]")).to_contain_text("Thank you")
        send(tab)
        expect(tab.locator("[data-received]")).to_be_visible()

    assert len(asked) == 1
    (exchanged,) = [r for r in portal.asked("POST /v1/passes") if b"hcaptcha" in r.body]
    assert json.loads(exchanged.body) == {"hcaptcha": "token-of-the-stand-in"}
    assert [r.shown for r in portal.asked("POST /v1/submissions")] == ["pass-of-hcaptcha"]


@pytest.mark.parametrize("stand_in", [None, FAILS, "throw new Error('broken')"])
def test_whom_hcaptcha_does_not_reach_is_told_so_and_sends_all_the_same(
    browser: Browser, portal: PortalDouble, site: Site, stand_in: str | None
) -> None:
    with opened(browser, portal, site, stand_in) as (tab, _):
        tab.locator("[data-hcaptcha-use]").click()
        expect(tab.locator("[data-hcaptcha-said]")).to_contain_text("does the work by itself")
        fill(tab)
        send(tab)
        expect(tab.locator("[data-received]")).to_be_visible()

    assert [r.shown for r in portal.asked("POST /v1/submissions")] == ["a-pass"]


def directives(policy: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in policy.split("; "))


def test_its_hosts_are_in_the_policy_of_form_pages_only_where_keys_are_set(site: Site) -> None:
    without = Site(SiteSettings(root=ROOT), site.library, site.assets, site.styles)
    made = {
        name: frame(
            used, "ar", "x/", has_form=True, script="form", captcha=captcha_view(used, "ar")
        )
        for name, used in (("with", site), ("without", without))
    }
    other_page = frame(site, "ar", "y/")
    allowed = directives(made["with"]["policy"])

    for name in ("script-src", "style-src", "connect-src", "frame-src"):
        assert CAPTCHA_HOSTS in allowed[name]
    assert allowed["default-src"] == "'none'"
    assert allowed["form-action"] == "'none'"
    assert "hcaptcha" not in made["without"]["policy"] + other_page["policy"]
    urls = [one["url"] for one in made["without"]["scripts"] + other_page["scripts"]]
    assert not any("hcaptcha" in url for url in urls)
    assert any("hcaptcha" in one["url"] for one in made["with"]["scripts"])
