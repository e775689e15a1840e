"""Writing the files to take along, and listing them where they are offered."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal_content.numbers import whole
from portal_protocol.errors import ProtocolError
from portal_protocol.notes import parse_verify_key
from portal_protocol.releases import open_release
from portal_site.carry import paper, reader
from portal_site.carry.pages import DOWNLOAD, LIST_BEGINS, LIST_ENDS, RELEASE
from portal_site.values import Site

_LIST = re.compile(re.escape(LIST_BEGINS) + ".*?" + re.escape(LIST_ENDS), re.DOTALL)
KILOBYTE = 1000


@dataclass(frozen=True)
class Download:
    """One file that is offered."""

    name: str
    title: str
    content: bytes


def write_downloads(site: Site, output: Path) -> None:
    """Write every file of every language, the signed release, and the lists on the pages.

    Args:
        site: The build.
        output: Folder of the whole site; its pages are finished.
    """
    folder = output / DOWNLOAD
    made: dict[str, list[Download]] = {lang: [] for lang in site.library.languages}
    if site.settings.downloads:
        made = {lang: downloads(site, lang, output) for lang in site.library.languages}
    _write(folder, [one for listed in made.values() for one in listed])
    if site.settings.downloads:
        _publish_release(site, folder)
    for lang, listed in made.items():
        _fill(site, lang, listed, output)


def downloads(site: Site, lang: str, output: Path) -> list[Download]:
    """Return the files of a language; forms only if there are keys to seal for."""
    text = reader.reader_file(site, lang, output)
    title = site.library.strings.text("carry.download.pages", lang)
    made = [Download(reader.name_of(lang), title, text.encode())]
    note = paper.key_note(site.settings)
    for form in site.library.forms.on_pages() if note else ():
        content = paper.paper_file(site, form, lang, note).encode()
        heading = site.library.strings.text(f"form-{form.id}.title", lang)
        made.append(Download(paper.name_of(form, lang), heading, content))
    return made


def offered(folder: Path) -> Mapping[str, bytes]:
    """Return the files that a built site offers, by name.

    Args:
        folder: The folder `download` of the site.
    """
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.html"))}


def _publish_release(site: Site, folder: Path) -> None:
    """Put the signed list beside the files, unless it is a list of others."""
    note = site.settings.release
    if note is None or not note.is_file():
        return
    text = note.read_text(encoding="utf-8")
    try:
        roots = [parse_verify_key(root) for root in site.settings.roots]
        release = open_release(text, roots, deployment=site.settings.deployment)
    except ProtocolError:
        return
    files = offered(folder).values()
    if all(release.find(content) for content in files):
        (folder / RELEASE).write_text(text, encoding="utf-8")


def _fill(site: Site, lang: str, listed: list[Download], output: Path) -> None:
    """Put the list into the page that offers the files; it can be put in again and again."""
    page = output / lang / DOWNLOAD / "index.html"
    language = site.library.languages[lang]
    rows = [
        {
            "title": one.title,
            "name": one.name,
            "address": f"/{DOWNLOAD}/{one.name}",
            "size": whole(max(1, round(len(one.content) / KILOBYTE)), language),
            "hash": hashlib.sha256(one.content).hexdigest(),
        }
        for one in listed
    ]
    texts = site.library.strings.section("carry", lang)["download"]
    made = site.lay_out("components/downloads.html", rows=rows, texts=texts)
    text = page.read_text(encoding="utf-8")
    filled = _LIST.sub(lambda _: LIST_BEGINS + made.strip() + LIST_ENDS, text)
    if filled != text:
        page.write_text(filled, encoding="utf-8")


def _write(folder: Path, made: list[Download]) -> None:
    """Write what has changed: what has not need not be packed anew. Nothing else stays."""
    folder.mkdir(exist_ok=True)
    for download in made:
        path = folder / download.name
        if not path.is_file() or path.read_bytes() != download.content:
            path.write_bytes(download.content)
    names = {download.name for download in made}
    for path in folder.glob("*.html"):
        if path.name not in names:
            path.unlink()
    (folder / RELEASE).unlink(missing_ok=True)
