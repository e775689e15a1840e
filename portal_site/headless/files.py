"""Writing the documents and their schemas below /api/content/v1/, other schemas beside them."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from portal_content.documents import PUBLISHED, VERSION, Index, PageList
from portal_site.headless import records
from portal_site.headless.pages import page_document, page_summary
from portal_site.staging import Staging
from portal_site.values import Site

FOLDER = f"api/content/{VERSION}"
EXCHANGE = "api/schemas"
"""Beside the content API: what is said there changes with no version of it."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write_language(staging: Staging, output: Path) -> None:
    """Write every document of a language; pages are built already."""
    site, lang = staging.site, staging.lang
    folder = output / FOLDER / lang
    written = set()
    for name, document in _documents(site, lang, output):
        _write(folder / f"{name}.json", document.model_dump(mode="json"))
        written.add(folder / f"{name}.json")
    for old in set(folder.rglob("*.json")) - written:
        old.unlink()


def write_schemas(site: Site, output: Path) -> None:
    """Write the schema of each document."""
    base = f"{site.settings.base_url}/{FOLDER}/schemas"
    for name, model in PUBLISHED.items():
        schema = {"$schema": DIALECT, "$id": f"{base}/{name}.json"}
        schema |= model.model_json_schema(mode="serialization")
        _write(output / FOLDER / "schemas" / f"{name}.json", schema)


def write_exchange_schemas(site: Site, output: Path) -> None:
    """Copy every published schema of what systems hand to each other, to the byte."""
    folder = output / EXCHANGE
    folder.mkdir(parents=True, exist_ok=True)
    for schema in sorted((site.settings.root / "docs" / "schemas").glob("*.json")):
        shutil.copyfile(schema, folder / schema.name)


def _documents(site: Site, lang: str, output: Path) -> Iterator[tuple[str, BaseModel]]:
    summaries = tuple(page_summary(site, slug, lang) for slug in _by_id(site))
    yield "pages", PageList(pages=summaries)
    for slug in site.written(lang):
        page = site.library.pages[slug, lang]
        built = output / lang / ("index.html" if slug == "index" else f"{slug}/index.html")
        yield f"pages/{page.meta.id}", page_document(site, page, built)
    meetings, alerts = records.briefings(site, lang), records.alerts(site, lang)
    yield "briefings", meetings
    yield "alerts", alerts
    for meeting in meetings.briefings:
        yield f"briefings/{meeting.id}", meeting
    for alert in alerts.alerts:
        yield f"alerts/{alert.id}", alert
    yield "channels", records.channels(site, lang)
    yield "organisations", records.organisations(site, lang)
    forms = records.forms(site, lang)
    yield "forms", forms
    for form in forms.forms:
        yield f"forms/{form.id}", form
    yield "glossary", records.glossary(site, lang)
    yield "registration-status", records.registration_status(site, lang)
    changes = [summary.updated for summary in summaries]
    changes += [meeting.updated.date() for meeting in meetings.briefings]
    changes += [alert.updated.date() for alert in alerts.alerts]
    yield "index", _index(site, lang, max(changes))


def _index(site: Site, lang: str, updated: date) -> Index:
    language = site.library.languages[lang]
    lists = [
        name for name in PUBLISHED if name not in ("index", "page", "briefing", "alert", "form")
    ]
    return Index(
        language=lang,
        html_lang=language.html_lang,
        direction=language.direction,
        demonstration=site.settings.environment == "demonstration",
        updated=updated,
        money=site.text("money", lang),
        documents={name: f"{name}.json" for name in lists},
        languages=tuple(code for code in site.library.languages if code != lang),
    )


def _by_id(site: Site) -> list[str]:
    sources = site.library.sources
    return sorted(site.slugs, key=lambda slug: site.library.pages[slug, sources[slug]].meta.id)


def _write(path: Path, value: Any) -> None:
    """Write a document unless it stands there already: an unchanged file keeps its time."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
