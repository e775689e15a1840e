"""The search of the site: its page, and the index in small files that the page's script reads."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from portal_content.search.engine import SearchEngine, make_engine
from portal_content.search.rules import for_browser
from portal_site.staging import Staging
from portal_site.values import Site, alternates, frame

FIND = "find"
"""Path of the page; what the index is made of lies below it."""
WHOLE = "whole.json"
"""The index in one file: for the service, and for readers who keep pages on their phone."""


def stage(staging: Staging) -> None:
    """Add the page."""
    site, lang = staging.site, staging.lang
    texts, path = site.library.strings.section("search", lang), f"{FIND}/"
    values = frame(
        site,
        lang,
        path,
        title=texts["title"],
        heading=texts["title"],
        description=texts["description"],
        alternates=alternates(site, list(site.library.languages), path),
        script="search",
        has_form=True,
        sends=True,
        search={
            "action": f"{site.settings.api_url}/{lang}/{FIND}/",
            "texts": texts,
            "data": _data(site, lang),
        },
    )
    staging.page(FIND, "find.html", values)


def engine(site: Site, lang: str) -> SearchEngine:
    """Return the index of a language."""
    return site.once(("search", lang), lambda: make_engine(site.library, lang))


def write_language(staging: Staging, output: Path) -> None:
    """Write the index of a language in pieces, and whole."""
    made, folder = engine(staging.site, staging.lang), output / staging.lang / FIND
    version = _version(made)
    if not (folder / version).exists():
        for old in (path for path in folder.iterdir() if path.is_dir()):
            shutil.rmtree(old)
        for beginning, piece in made.pieces.items():
            _write(folder / version / "p" / f"{_hexadecimal(beginning)}.json", piece)
        for number, entry in enumerate(made.entries):
            _write(folder / version / "e" / f"{number}.json", entry)
    _write(folder / WHOLE, made.as_json())


def _data(site: Site, lang: str) -> dict[str, Any]:
    """Return what the script is told: nothing of it is loaded before somebody searches."""
    made, home = engine(site, lang), f"/{lang}/{FIND}"
    return {
        "lang": lang,
        "folder": f"{home}/{_version(made)}",
        "whole": f"{home}/{WHOLE}",
        "rules": for_browser(lang),
        "beginnings": list(made.pieces),
        "texts": site.library.strings.section("search", lang),
    }


def _version(made: SearchEngine) -> str:
    """Return a name that changes with the index, so that no page reads a mixture of two."""
    return hashlib.sha256(json.dumps(made.as_json()).encode()).hexdigest()[:12]


def _hexadecimal(beginning: str) -> str:
    """Return letters of any script as a short file name."""
    return "-".join(f"{ord(letter):x}" for letter in beginning)


def _write(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
