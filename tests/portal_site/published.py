"""Briefings and alerts as they are published in every language, and readers for each form."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from portal_content.library import load_library
from portal_site.alerts import pages as alerts
from portal_site.assets import build_assets
from portal_site.briefings import files as briefing_files
from portal_site.briefings import pages as briefings
from portal_site.generator import render
from portal_site.settings import SiteSettings
from portal_site.stage import options
from portal_site.staging import Staging
from portal_site.values import STYLE_MARK, Site, load_styles

ROOT = Path(__file__).parents[2]
BASE = "https://portal.example.org"
TODAY = date(2026, 11, 21)
LANGUAGES = ("ar", "en", "ku", "tr", "de", "fr")
BRIEFINGS = tuple(sorted(path.stem for path in (ROOT / "content" / "briefings").glob("*.yml")))
ALERTS = tuple(sorted(path.stem for path in (ROOT / "content" / "alerts").glob("*.yml")))


@dataclass(frozen=True)
class Published:
    """A site that has nothing but briefings and alerts."""

    site: Site
    folder: Path

    def text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def page(self, path: str) -> "PageReader":
        reader = PageReader()
        reader.feed(self.text(f"{path}/index.html"))
        return reader

    def json(self, path: str) -> Any:
        return json.loads(self.text(path))


def publish(folder: Path) -> Published:
    """Publish briefings and alerts below a folder."""
    settings = SiteSettings(root=ROOT, site_directory=folder / "site", base_url=BASE, today=TODAY)
    assets = build_assets(settings, folder / "site" / "assets")
    # Without written pages the list is a page of its own in every language.
    library = replace(load_library(ROOT), pages={}, sources={})
    site = Site(settings, library, assets, load_styles(ROOT))
    for lang in LANGUAGES:
        staging = Staging(site, lang)
        briefings.stage(staging)
        alerts.stage(staging)
        output = folder / "site" / lang
        render(staging.pages, folder / f"stage-{lang}", output, options(site, lang))
        for path in output.rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(STYLE_MARK, site.styles.of(form=False)), encoding="utf-8")
        for write in (briefing_files.write_language, alerts.write_language):
            write(staging, folder / "site")
    return Published(site, folder / "site")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve a folder and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Facts:
    """What every form of a briefing must agree on; none if a form has no place for it."""

    start: datetime
    mode: str | None
    status: str | None
    title: str | None = None
    languages: tuple[str, ...] | None = None

    def differences(self, other: "Facts") -> dict[str, tuple[Any, Any]]:
        """Return what both tell, and tell differently."""
        mine, theirs = vars(self), vars(other)
        return {
            name: (mine[name], theirs[name])
            for name in mine
            if theirs[name] is not None and mine[name] != theirs[name]
        }


def instant(text: str) -> datetime:
    """Read a moment with an offset."""
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None
    return moment.astimezone(UTC)


@dataclass
class PageReader(HTMLParser):
    """Reads what the tests ask of a page."""

    texts: dict[str, str] = field(default_factory=dict)
    """By what marks the element: title, h1, ld+json, data-share, data-sms."""
    article: Mapping[str, str | None] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)
    links: list[dict[str, str | None]] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open = ""
        self._depth = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        marked = [name for name in ("data-share", "data-sms", "data-count-shown") if name in values]
        if tag in ("title", "h1") or marked or values.get("type") == "application/ld+json":
            self._open, self._depth = marked[0] if marked else values.get("type") or tag, tag
            self.texts.setdefault(self._open, "")
        if tag == "article":
            self.article = values
        if tag == "time":
            self.times.append(values["datetime"] or "")
        if tag in ("a", "link"):
            self.links.append(values)
        if tag == "li" and "data-filters" in values:
            self.cards.append(values["data-filters"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._depth:
            self._open = self._depth = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open] += data
