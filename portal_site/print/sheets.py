"""Words of posters and leaflets: from pages and alerts, nothing written for them alone."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from portal_content.alerts.definition import Alert
from portal_content.handouts.definition import Handout
from portal_content.handouts.extracts import BULLET, Line, Run, points, sections
from portal_content.pages import Page
from portal_protocol.digits import arabic_digits
from portal_site.alerts.document import alert_document, text_language
from portal_site.alerts.document import words_for as alert_words
from portal_site.print.issued import (
    Issue,
    alert_issue,
    handout_issue,
    landing,
    typed_address,
    words_for,
)
from portal_site.print.squares import square
from portal_site.values import Site
from portal_site.written import notices

CHANNELS = "channels"
"""Heading whose words are the registry of official channels."""


def frame(site: Site, lang: str, issue: Issue, remarks: Sequence[str]) -> dict[str, Any]:
    """Return what every sheet carries: marks, the money rule, how to check it.

    Args:
        site: The build.
        lang: Language of the sheet.
        issue: What the sheet is, and its code.
        remarks: What is to be said honestly about its words, e.g. that they are a draft.
    """
    words, language = words_for(site, lang), site.library.languages[lang]
    demonstration = site.settings.environment == "demonstration"
    address = landing(site, lang, issue.path)
    return {
        "title": issue.title,
        "heading": issue.title,
        "description": f"{issue.kind}. {issue.issued_text}",
        "author": site.text("name", lang),
        "language": language.html_lang,
        "dir": language.direction,
        "marks": [site.text("demonstration", lang)] * demonstration
        + [*remarks]
        + ([] if issue.holds else [issue.state]),
        "money": site.text("money", lang),
        "check": {
            "label": words("sheet.address"),
            "address": typed_address(site, lang),
            "code_label": words("sheet.code"),
            "code": issue.code,
            "lines": [issue.issued_text, words("sheet.look")],
            "square": square(address),
            "square_alt": words("sheet.square", address=address),
        },
    }


def of_page(site: Site, handout: Handout, page: Page) -> dict[str, Any]:
    """Return the words of posters and leaflet of a page."""
    issue = handout_issue(site, handout, page.lang)
    remarks = [notice["text"] for notice in notices(site, page)]
    there = sections(page)
    panels = [
        [_section(site, page, heading, there[heading]) for heading in panel]
        for panel in handout.panels
    ]
    return frame(site, page.lang, issue, remarks) | {
        "lead": "",
        "cover": page.meta.description,
        "points": [_runs(line.runs) for line in points(page, handout.poster)],
        "panels": panels,
    }


def of_alert(site: Site, alert: Alert, lang: str) -> dict[str, Any] | None:
    """Return the words of posters and leaflet of an alert, or None if it has none here."""
    if text_language(site, alert, lang) != lang:
        return None
    document, words = alert_document(site, alert, lang), alert_words(site, lang)
    corrected = bool(document["correction"])
    said = document["correction"] or document["text"]
    what = (
        words("page.correction", day=document["corrected_on_text"])
        if corrected
        else words("page.unknown" if alert.kind == "unknown" else "page.what")
    )
    remarks = [words("sample_notice")] if alert.sample else []
    status = document["status_name"] if corrected else document["kind_name"]
    check = [words("page.check_text"), document["check_at"], site.text("money", lang)]
    tricks = [] if corrected else document["pattern_names"]
    return frame(site, lang, alert_issue(site, alert, lang), remarks) | {
        "lead": f"{status} · {document['severity_name']}",
        "cover": f"{status} · {document['severity_name']}",
        "points": [_plain(said), _plain(document["advice"])],
        "panels": [
            [_titled(what, [said])],
            [_titled(words("page.advice"), [document["advice"]])],
            [_checking(words("page.check"), check)],
            [_titled(words("page.patterns"), tricks)] if tricks else [],
        ],
    }


def _section(site: Site, page: Page, heading: str, lines: Iterable[Line]) -> dict[str, Any]:
    title = page.heading_text(heading) if heading else ""
    listed = _channels(site, page.lang) if heading == CHANNELS else []
    arabic = site.library.languages[page.lang].digits == "arabic"
    written = [
        {
            "mark": _mark(line.mark, arabic=arabic),
            "parts": _runs(line.runs),
        }
        for line in lines
    ]
    return {"title": title, "lines": [*listed, *written]}


def _channels(site: Site, lang: str) -> list[dict[str, Any]]:
    lines = []
    for channel in site.library.channels:
        remark = f"{site.text('channels.placeholder', lang)} " if channel.placeholder else ""
        used = " " + remark + channel.used_for[lang]
        runs = [Run(channel.value, strong=True, ltr=True), Run(used)]
        lines.append({"mark": "•", "parts": _runs(runs)})
    return lines


def _mark(mark: str, *, arabic: bool) -> str:
    if mark == BULLET:
        return "•"
    return arabic_digits(mark) if arabic else mark


def _titled(title: str, texts: Iterable[str]) -> dict[str, Any]:
    return {"title": title, "lines": [{"mark": "", "parts": _plain(text)} for text in texts]}


def _checking(title: str, texts: list[str]) -> dict[str, Any]:
    label, address, money = texts
    runs = [Run(f"{label} "), Run(address, strong=True, ltr=True)]
    return {
        "title": title,
        "lines": [{"mark": "", "parts": _runs(runs)}, {"mark": "", "parts": _plain(money)}],
    }


def _plain(text: str) -> list[dict[str, Any]]:
    return _runs([Run(text)])


def _runs(runs: Iterable[Run]) -> list[dict[str, Any]]:
    return [asdict(run) for run in runs]
