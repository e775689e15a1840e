"""Opening an Arabic page of guidance on a slow phone: ours against default Material, same words.

Both come from one small server on loopback that packs everything with brotli at its best. The
peer's web font is left out, which would come from another host and costs it nothing here. There is
no TLS and no real slow start, so the times are lower bounds for both.
"""

import os
import re
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, sync_playwright

from benchmarks.generated_site import configure_peer
from benchmarks.serving import Serving, serving_folder
from benchmarks.site_build import build_peer
from portal_content.library import load_library
from portal_site.build import build_site
from portal_site.settings import PROJECT, SiteSettings
from tests.browsers import launch_chromium

FEWER_BYTES = 5.0
"""Goal: so many times fewer bytes than the peer."""
SOONER_TEXT = 2.0
"""Goal: so many times sooner text that can be read."""
RUNS = 7
SLOWER_PROCESSOR = 6
"""An old phone, as many times slower than this machine."""
LINES = {"2g": (280_000, 800), "slow_3g": (400_000, 400)}
"""By name: bits in a second each way, and milliseconds to an answer."""
PAGE = "protect-yourself"
_BLOCK = re.compile(r"^\[\[.*\]\]$", re.MULTILINE)
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


@dataclass(frozen=True)
class Visit:
    """What one first visit took."""

    bytes: float
    """Everything the server sent, with headers; also what a page's workers load."""
    text: float
    """Milliseconds to the first text."""
    last: float
    """Milliseconds to the last byte that the page itself loads."""


def measure(runs: int = RUNS) -> dict[str, float]:
    """Build both sites from the real pages and open the same one in both.

    Args:
        runs: First visits a line and site; the middle one counts.

    Returns:
        Bytes, milliseconds and ratios by name.
    """
    # As in the tests: the driver's own Node needs a library that a small Debian does not have.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(sys.executable).parent / "node"))
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as temporary:
        folder = Path(temporary)
        build_site(SiteSettings(site_directory=folder / "ours", packed=False))
        build_peer(_write_peer(folder / "peer"), folder / "peer-site")
        peer_page = f"/{_section()}/{PAGE}/"
        with sync_playwright() as driver, serving_folder(folder / "ours") as ours:
            browser = launch_chromium(driver)
            with serving_folder(folder / "peer-site") as peer:
                figures = _compare(browser, (ours, f"/ar/{PAGE}/"), (peer, peer_page), runs)
            browser.close()
    return figures


def _compare(
    browser: Browser, ours: tuple[Serving, str], peer: tuple[Serving, str], runs: int
) -> dict[str, float]:
    figures: dict[str, float] = {}
    for line in LINES:
        visits: dict[str, list[Visit]] = {"ours": [], "peer": []}
        for _ in range(runs + 1):
            # In turn, so that whatever else the machine does meets both.
            for name, (serving, path) in (("ours", ours), ("peer", peer)):
                visits[name].append(_visit(browser, serving, path, line))
        # At the first visit of all the server was still packing.
        middle = {name: _middle(found[1:]) for name, found in visits.items()}
        for name, visit in middle.items():
            figures[f"{name}_bytes"] = visit.bytes
            figures[f"{line}_{name}_text_ms"] = visit.text
            figures[f"{line}_{name}_last_byte_ms"] = visit.last
        figures["times_fewer_bytes"] = middle["peer"].bytes / middle["ours"].bytes
        figures[f"{line}_times_sooner_text"] = middle["peer"].text / middle["ours"].text
        figures[f"{line}_times_sooner_last_byte"] = middle["peer"].last / middle["ours"].last
    return figures


def _middle(visits: list[Visit]) -> Visit:
    parts = ([v.bytes for v in visits], [v.text for v in visits], [v.last for v in visits])
    return Visit(*(statistics.median(part) for part in parts))


def _visit(browser: Browser, serving: Serving, path: str, line: str) -> Visit:
    """Open a page as somebody who has never been there."""
    context = browser.new_context(locale="ar", viewport={"width": 360, "height": 640})
    page = context.new_page()
    session = context.new_cdp_session(page)
    times = _slow_down(session, line)
    before = serving.sent
    page.goto(serving.address + path, wait_until="load", timeout=120_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_function(_FIRST_PAINT)
    text = page.evaluate(_FIRST_PAINT)
    visit = Visit(serving.sent - before, text, (max(times) - min(times)) * 1000)
    context.close()
    return visit


def _slow_down(session: CDPSession, line: str) -> list[float]:
    """Make line and processor slow; return the list that takes every time of loading."""
    bits, delay = LINES[line]
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": delay,
            "downloadThroughput": bits / 8,
            "uploadThroughput": bits / 8,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    times: list[float] = []

    def note(event: dict[str, Any]) -> None:
        times.append(event["timestamp"])

    session.on("Network.requestWillBeSent", note)
    session.on("Network.loadingFinished", note)
    return times


def _section() -> str:
    return load_library(PROJECT).pages[PAGE, "ar"].meta.section


def _write_peer(folder: Path) -> Path:
    """Write our pages for the peer, without the parts that our build fills from data."""
    for (slug, lang), page in load_library(PROJECT).pages.items():
        path = folder / "docs" / page.meta.section / f"{slug}.{lang}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        body = _BLOCK.sub("", page.body)
        path.write_text(f"# {page.meta.title}\n\n{body}\n", encoding="utf-8")
    return configure_peer(folder)
