"""Reading without network: the page on which somebody keeps the site, and what is kept.

Nothing is kept unless its reader chooses so: a searched phone must not tell more than its owner
wants it to.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from portal_site import forms
from portal_site.assets import URL_PREFIX
from portal_site.search import FIND, WHOLE
from portal_site.staging import Staging
from portal_site.values import alternates, frame

OFFLINE = "offline"
"""Path of the page."""
LIST, OUTBOX = "offline.json", "outbox.json"
KEYS = "/v1/keys"
"""What the service answers and a form needs: who may read it."""
EXIT = "exit"
"""Path at which the service lets the browser delete everything and leads away."""


def stage(staging: Staging) -> None:
    """Add the page."""
    site, lang = staging.site, staging.lang
    texts, path = site.library.strings.section("offline", lang), f"{OFFLINE}/"
    there = alternates(site, list(site.library.languages), path)
    values = frame(
        site, lang, path, title=texts["title"], heading=texts["title"],
        description=texts["description"], alternates=there, quick_exit=True, script="offline",
        offline=texts, exit=f"/{lang}/{EXIT}/",
        carry=site.library.strings.section("carry", lang),
    )  # fmt: skip
    staging.page(OFFLINE, "offline.html", values)


def write_language(staging: Staging, output: Path) -> None:
    """Write what is kept of a language, and the words for what waits to be sent."""
    lang = staging.lang
    files = dict(_files(staging, output))
    size = sum(len(gzip.compress(path.read_bytes())) for path in files.values())
    listed = [
        (address, hashlib.sha256(path.read_bytes()).hexdigest()[:16])
        for address, path in files.items()
    ]
    _write(output / lang / LIST, {"bytes": size, "files": [*listed, (KEYS, "")]})
    _write(output / lang / OUTBOX, staging.site.library.strings.section("outbox", lang))


def _files(staging: Staging, output: Path) -> Iterator[tuple[str, Path]]:
    """Yield address and file of everything that is kept: guidance, forms, search, their scripts.

    Scripts come first: a page that arrives is whole even if the line breaks after it.
    """
    lang, assets = staging.lang, staging.site.assets
    scripts = (
        assets.main, assets.beside_form, assets.form, assets.search, assets.offline,
        assets.listen, assets.outbox, assets.argon2, assets.files,
        *forms.data_assets(staging.site, lang),
    )  # fmt: skip
    for script in scripts:
        yield script.url, output / URL_PREFIX.strip("/") / Path(script.url).name
    yield f"/{lang}/{FIND}/{WHOLE}", output / lang / FIND / WHOLE
    yield "/favicon.svg", staging.site.settings.root / "theme" / "icons" / "favicon.svg"
    for page in sorted(staging.listed):
        if page.startswith("briefings/") or page in (forms.RETURN, "download"):
            continue
        folder = lang if page == "index" else f"{lang}/{page}"
        yield f"/{folder}/", output / folder / "index.html"


def _write(path: Path, document: object) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
