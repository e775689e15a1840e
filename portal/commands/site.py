"""Building the site, and knowing when that is not needed."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from portal.settings import ROOT, DataFolders, PortalSettings, site_settings
from portal_site.build import build_site

SOURCES = ("content", "translations", "theme", "portal_content", "portal_site", "portal_protocol")
"""Folders that the built site depends on."""

LEFT_OUT = {"node_modules", "__pycache__", "answers"}


def build(settings: PortalSettings, console: Console) -> None:
    """Build the site and remember what it was built from."""
    folders = DataFolders(settings.data)
    chosen = site_settings(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    # A plain `mkdocs build` reads this, so that it gives the same site.
    folders.site_settings.write_text(chosen.model_dump_json(indent=2) + "\n", encoding="utf-8")
    folders.site_stamp.unlink(missing_ok=True)
    with console.status("Building the site in all languages …"):
        report = build_site(chosen)
    folders.site_stamp.write_text(_stamp(settings), encoding="ascii")
    console.print(f"  site built: {report}")


def build_if_needed(settings: PortalSettings, console: Console) -> None:
    """Build the site unless nothing it depends on has changed."""
    folders = DataFolders(settings.data)
    built = (settings.site / "index.html").exists() and folders.site_stamp.exists()
    if built and folders.site_stamp.read_text(encoding="ascii") == _stamp(settings):
        console.print("  site is up to date")
        return
    build(settings, console)


def _stamp(settings: PortalSettings) -> str:
    digest = hashlib.sha256(site_settings(settings).model_dump_json().encode())
    for path in _sources(ROOT):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    yield root / "mkdocs.yml"
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not LEFT_OUT.intersection(path.parts):
                yield path
