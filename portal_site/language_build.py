"""Building one language: stage, render what changed, finish, write the other files."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal_site import forms, listening, offline, search, sitemap
from portal_site.alerts import pages as alerts
from portal_site.briefings import files as briefings
from portal_site.generator import render
from portal_site.headless import files as headless
from portal_site.print import printables
from portal_site.stage import NOT_FOUND, ROOT, SHELL, options, stage_language
from portal_site.staging import Staging
from portal_site.values import STYLE_MARK, Site

FORM_MARK = 'data-style="form"'
"""How a finished page says that it needs the form's style too."""
_FLAT = {SHELL: "shell.html", NOT_FOUND: "404.html", "index": "index.html"}
"""Pages that are not written as `<path>/index.html`."""

LANGUAGE_FILES: tuple[Callable[[Staging, Path], None], ...] = (
    sitemap.write_language,
    forms.write_language,
    listening.write_language,
    briefings.write_language,
    alerts.write_language,
    headless.write_language,
    search.write_language,
    offline.write_language,
    printables.write_language,
)
"""Each writes files that are no pages, once a language, below the folder of the whole site."""


@dataclass(frozen=True)
class LanguageReport:
    """What was built of one language."""

    lang: str
    pages: int
    rendered: int
    """How many of them had changed since the last build."""


def build_language(site: Site, lang: str, output: Path, memory: Path | None) -> LanguageReport:
    """Build one language below a folder that may hold its last build.

    Args:
        site: The build.
        lang: Code of the language, or `ROOT` for the page that offers the languages.
        output: Folder of the whole site.
        memory: File that tells what the folder holds; none if it holds nothing.

    Raises:
        ContentError: If a page cannot be built.
    """
    staging = stage_language(site, lang)
    now, before = staging.digests(), _remembered(memory)
    changed = {path: staging.pages[path] for path in now if before.get(path) != now[path]}
    folder = output if lang == ROOT else output / lang
    folder.mkdir(parents=True, exist_ok=True)
    if memory is not None:
        memory.unlink(missing_ok=True)
    if changed:
        _render(site, lang, changed, folder)
    for path in before.keys() - now.keys():
        _target(folder, path).unlink(missing_ok=True)
    if lang != ROOT:
        for write in LANGUAGE_FILES:
            write(staging, output)
    if memory is not None:
        memory.write_text(json.dumps(now), encoding="utf-8")
    return LanguageReport(lang, len(now), len(changed))


def _render(site: Site, lang: str, changed: dict[str, str], folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="portal-stage-") as temporary:
        rendered = Path(temporary) / "site"
        render(changed, Path(temporary), rendered, options(site, lang))
        for path in changed:
            made = rendered / ("index.html" if path == "index" else f"{path}/index.html")
            text = made.read_text(encoding="utf-8")
            style = site.styles.of(form=FORM_MARK in text)
            target = _target(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.replace(STYLE_MARK, style), encoding="utf-8")


def _target(folder: Path, path: str) -> Path:
    return folder / _FLAT.get(path, f"{path}/index.html")


def _remembered(memory: Path | None) -> dict[str, str]:
    if memory is None or not memory.exists():
        return {}
    remembered: dict[str, str] = json.loads(memory.read_text(encoding="utf-8"))
    return remembered
