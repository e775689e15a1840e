"""Alerts on the site: the list, a page each, a notice to print each, and the feed."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from portal_content.alerts.definition import Alert
from portal_content.pages import Page, page_address
from portal_site import feeds
from portal_site.alerts.document import SECTION, alert_document, end_of, words_for
from portal_site.print.sharing import sharing
from portal_site.staging import Staging
from portal_site.values import Site, alternates, frame
from portal_site.wording import Words

ENDED = ("replaced", "withdrawn")
"""Statuses that the page of an alert says before anything else."""
MOST_CURRENT = 3
"""Alerts on the first page."""
_LABELS = (
    "advice", "patterns", "check", "check_text", "verify", "code", "sms", "notice",
    "replaced_by",
)  # fmt: skip


def stage(staging: Staging) -> None:
    """Add the pages of a language; the list itself only if nobody has written one."""
    site, lang = staging.site, staging.lang
    if SECTION not in site.written(lang):
        words = words_for(site, lang)
        values = frame(
            site,
            lang,
            f"{SECTION}/",
            title=words("list.title"),
            heading=words("list.title"),
            description=words("list.description"),
            quick_exit=True,
            alerts=list_values(site, lang),
            **list_additions(site, lang),
        )
        staging.page(SECTION, "alerts.html", values)
    for alert in site.library.alerts.values():
        _stage_alert(staging, alert)


def list_additions(site: Site, lang: str) -> dict[str, Any]:
    """Return what a written page with the list adds to its frame."""
    there = alternates(site, list(site.library.languages), f"{SECTION}/")
    return {"feeds": feeds.links(feed(site, lang)), "alternates": there}


def alerts_block(site: Site, page: Page) -> str:
    """Lay out all alerts, those in force first."""
    return site.component("alerts", page.lang, alerts=list_values(site, page.lang))


def current_alerts_block(site: Site, page: Page) -> str:
    """Lay out the alerts in force, the newest first; nothing at all if there are none."""
    words = words_for(site, page.lang)
    items = [_item(site, alert, words) for alert in site.library.alerts.values()]
    return site.component(
        "current_alerts",
        page.lang,
        alerts=[one for one in items if one["status"] == "active"][:MOST_CURRENT],
        title=words("current.title"),
        all={"title": words("current.all"), "address": page_address(page.lang, SECTION)},
    )


def list_values(site: Site, lang: str) -> dict[str, Any]:
    """Return the values of the list."""
    words = words_for(site, lang)
    items = [_item(site, alert, words) for alert in site.library.alerts.values()]
    now = [one for one in items if one["status"] in ("active", "corrected")]
    return {
        "now": now,
        "count": words.count("count", len(now)),
        "none": words("list.none"),
        "earlier_title": words("list.earlier"),
        "earlier": [one for one in items if one not in now],
        "feeds": {
            "title": words("list.feeds"),
            "links": [
                {"name": "Atom", "address": feed(site, lang).atom_address},
                {"name": "JSON Feed", "address": feed(site, lang).json_address},
            ],
        },
    }


def write_language(staging: Staging, output: Path) -> None:
    """Write the feeds of a language.

    Args:
        staging: The pages of the language.
        output: Folder of the whole site.
    """
    site, lang = staging.site, staging.lang
    feeds.write(feeds.files(feed(site, lang), output / lang / SECTION), stale=[])


def feed(site: Site, lang: str) -> feeds.Feed:
    """Return the feed of all alerts in a language, the last changed first."""
    base, deployment = site.settings.base_url, site.settings.deployment
    entries = []
    for alert in [*site.library.alerts.values()][: feeds.LONGEST]:
        document = alert_document(site, alert, lang)
        entries.append(
            feeds.Entry(
                id=f"urn:portal:{deployment}:{SECTION}:{alert.id}:{lang}",
                address=document["address"],
                title=document["title"],
                text=document["share_text"],
                updated=alert.updated,
                terms={
                    "status": [document["status"]],
                    "kind": [alert.kind],
                    "pattern": alert.patterns,
                },
                document=("alert", document),
            )
        )
    return feeds.Feed(
        id=f"urn:portal:{deployment}:{SECTION}:{lang}",
        title=words_for(site, lang)("list.title"),
        author=site.text("name", lang),
        lang=site.library.languages[lang].html_lang,
        home=f"{base}/{lang}/{SECTION}/",
        address=f"{base}/{lang}/{SECTION}",
        updated=datetime.combine(site.settings.today, time(), UTC),
        entries=tuple(entries),
    )


def _stage_alert(staging: Staging, alert: Alert) -> None:
    site, lang = staging.site, staging.lang
    words, document = words_for(site, lang), alert_document(site, alert, lang)
    path = f"{SECTION}/{alert.id}"
    page = _alert_frame(site, alert, document, path) | {
        "labels": {key: words(f"page.{key}") for key in _LABELS},
        "what": words("page.unknown" if alert.kind == "unknown" else "page.what"),
        "first_said": words("page.first_said"),
        "correction": words("page.correction", day=document["corrected_on_text"]),
        "validity": _validity(document, words),
        "ended": end_of(document, words) if document["status"] in ENDED else "",
        "code_text": words("page.code_zeros") if alert.sample else "",
        "all": words("list.all"),
        "sharing": sharing(
            site, lang, document["share_text"], subject=path, short=document["sms_text"]
        ),
        "back": f"/{lang}/{SECTION}/",
        "print": f"/{lang}/{path}/notice/",
    }
    staging.page(path, "alert.html", page)
    notice = _alert_frame(site, alert, document, f"{path}/notice") | {
        "noindex": True,
        "lines": _notice_lines(document, words),
        "money": site.text("money", lang),
        "check": words("text.check"),
        "address": document["address"],
        "code_label": words("page.code"),
        "code": document["code"],
        "issued": " ".join(_validity(document, words)),
    }
    staging.page(f"{path}/notice", "sheet.html", notice)


def _alert_frame(site: Site, alert: Alert, document: dict[str, Any], path: str) -> dict[str, Any]:
    lang = document["language"]
    language = site.library.languages[document["text_language"]]
    words = words_for(site, lang)
    notices = [{"text": words("sample_notice"), "strong": True}] if alert.sample else []
    if document["text_language"] != lang:
        notices.append({"text": words("page.other_language"), "strong": False})
    there = [code for code in site.library.languages if code in alert.texts]
    return frame(
        site,
        lang,
        f"{path}/",
        title=words("neutral_title"),
        heading=document["title"],
        description=document["title"],
        alternates=alternates(site, there, f"{path}/"),
        feeds=feeds.links(feed(site, lang)),
        noindex=document["text_language"] != lang,
        quick_exit=True,
        notices=notices,
        alert=document,
        text_lang=language.html_lang,
        text_dir=language.direction,
    )


def _validity(document: dict[str, Any], words: Words) -> list[str]:
    """Return since when and until when it holds, and when we look again."""
    lines = [words("page.issued", day=document["issued_text"]), end_of(document, words)]
    again = document["look_again_text"]
    return [f"{line}." if not line.endswith(".") else line for line in lines] + (
        [words("page.look_again", day=again)] if again and document["status"] == "active" else []
    )


def _notice_lines(document: dict[str, Any], words: Words) -> list[dict[str, str]]:
    corrected = bool(document["correction"])
    said = "page.unknown" if document["kind"] == "unknown" else "page.what"
    pairs = {
        words("page.status"): document["status_name"],
        words("page.correction", day=document["corrected_on_text"]): document["correction"],
        words("page.first_said" if corrected else said): document["text"],
        words("page.advice"): document["advice"],
    }
    return [{"label": label, "text": text} for label, text in pairs.items() if text]


def _item(site: Site, alert: Alert, words: Words) -> dict[str, Any]:
    document = alert_document(site, alert, words.lang)
    language = site.library.languages[document["text_language"]]
    return document | {
        "href": f"/{words.lang}/{SECTION}/{alert.id}/",
        "html_lang": language.html_lang,
        "dir": language.direction,
        "day": words("page.issued", day=document["issued_text"]),
    }
