"""Listening to a page: a recording where there is one, else a voice of the reader's own phone."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from portal_content.pages import Page
from portal_content.recordings import FORMATS, Recording, file_slug, load_recordings
from portal_site.assets import URL_PREFIX
from portal_site.staging import Staging
from portal_site.values import Site

KILOBYTE = 1024


def listening(site: Site, page: Page) -> dict[str, Any]:
    """Return what a page marked for listening shows; nothing for others."""
    if page.meta.audio == "none":
        return {}
    texts = site.library.strings.section("listening", page.lang)
    recording = _recordings(site).get((file_slug(page.slug), page.lang))
    if recording is None:
        return {"script": "listen", "listening": {"texts": texts, "files": []}}
    files = [
        {"url": URL_PREFIX + _name(file), "type": FORMATS[file.suffix]} for file in recording.files
    ]
    size = -(-recording.files[0].stat().st_size // KILOBYTE)
    sentence = site.library.strings.text("listening.size", page.lang, size=size)
    return {"listening": {"texts": texts, "files": files, "size": sentence}}


def write_language(staging: Staging, output: Path) -> None:
    """Put the recordings of a language where pages find them."""
    for (_, lang), recording in _recordings(staging.site).items():
        if lang == staging.lang:
            for file in recording.files:
                shutil.copy(file, output / URL_PREFIX.strip("/") / _name(file))


def _recordings(site: Site) -> dict[tuple[str, str], Recording]:
    return site.once(("recordings",), lambda: load_recordings(site.library.root))


def _name(file: Path) -> str:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    return f"{file.stem}.{digest}{file.suffix}"
