"""The form without script in a crowd, in a browser without script, against the real service."""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from portal_api.abuse.settings import AbuseSettings
from portal_protocol.envelope import open_envelope
from portal_protocol.submissions import unpack_submission
from tests.portal_api.factories import ENOUGH, Office
from tests.portal_api.running import Running, running

SLOW = AbuseSettings(plain_forms_a_minute=15, plain_forms_at_once=1)
NAME = "نور في الدور"


@pytest.fixture
def service(office: Office, tmp_path: Path) -> Iterator[Running]:
    folder = tmp_path / "zone"
    folder.mkdir()
    database = f"sqlite:///{folder / 'portal.sqlite'}"
    with running(office.settings(folder, database_url=database, abuse=SLOW), folder) as started:
        yield started


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    context.set_default_timeout(30_000)
    yield context
    context.close()


def page_with_form(service: Running, name: str) -> str:
    """Return a page whose form is filled, as the plain page is before its button is pressed."""
    inputs = "".join(
        f'<input type="hidden" name="{html.escape(key)}" value="{html.escape(value)}">'
        for key, value in (ENOUGH | {"person_name": name}).items()
    )
    return (
        f'<form method="post" enctype="multipart/form-data" action="{service.url}/form">'
        f'{inputs}<button type="submit">x</button></form>'
    )


def test_without_script_a_form_waits_and_arrives_with_everything_typed(
    service: Running, phone: BrowserContext, office: Office
) -> None:
    tabs = [phone.new_page() for _ in range(2)]
    for tab, name in zip(tabs, ("أولى", NAME), strict=True):
        tab.set_content(page_with_form(service, name))
        tab.locator("button").click()
        tab.wait_for_url(f"{service.url}/form")
    first, second = tabs

    expect(first.locator(".code").first).to_be_visible()
    expect(second.locator("[data-waiting] h1")).to_have_text("يرجى الانتظار قليلاً")
    assert second.evaluate("document.documentElement.scrollWidth") <= 360
    assert NAME not in second.content()
    second.wait_for_timeout(8_000)
    second.locator("[data-waiting] button").click()
    expect(second.locator(".code").first).to_be_visible()

    assert second.url == f"{service.url}/form"
    with service.gateway() as gateway:
        listed = gateway.get("/handover/submissions").json()["submissions"]
        bodies = [gateway.get(f"/handover/submissions/{one}").content for one in listed]
    names = {
        open_envelope(unpack_submission(body)[1], office.identities).form["answers"]["person_name"]
        for body in bodies
    }
    assert names == {"أولى", NAME}
