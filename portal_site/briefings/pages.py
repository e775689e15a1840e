"""Pages of briefings: one each, a notice to print each, and the list through each filter."""

from typing import Any

from portal_content.briefings.definition import Briefing
from portal_content.numbers import whole
from portal_site import feeds
from portal_site.briefings.document import SECTION, briefing_document, words_for
from portal_site.briefings.files import feed
from portal_site.briefings.filters import filters
from portal_site.briefings.lists import coming_values
from portal_site.briefings.structured_data import structured_data
from portal_site.print.sharing import sharing
from portal_site.short_messages import sms_room
from portal_site.staging import Staging
from portal_site.values import Site, alternates, frame
from portal_site.wording import Words

REGISTRATION = "briefing-registration"
"""The form to register with; it asks for the meeting."""
LIST_SCRIPT = "briefings"
"""What the page with the whole list loads beside the script of every page."""


def stage(staging: Staging) -> None:
    """Add the pages of a language; the list itself only if nobody has written one."""
    site, lang = staging.site, staging.lang
    if SECTION not in site.written(lang):
        _stage_list(staging)
    for one in filters(list(site.library.briefings.values())):
        words = words_for(site, lang)
        title = words("list.filtered", filter=one.name(words))
        path = f"{SECTION}/{one.path}"
        values = _frame(site, lang, path, title, list=coming_values(site, lang, one))
        staging.page(path, "briefings.html", values)
    for briefing in site.library.briefings.values():
        _stage_briefing(staging, briefing)


def list_additions(site: Site, lang: str) -> dict[str, Any]:
    """Return what a written page with the whole list adds to its frame."""
    return {
        "script": LIST_SCRIPT,
        "feeds": feeds.links(feed(site, lang, {})),
        "alternates": alternates(site, list(site.library.languages), f"{SECTION}/"),
    }


def _stage_list(staging: Staging) -> None:
    site, lang = staging.site, staging.lang
    title, more = words_for(site, lang)("list.title"), list_additions(site, lang)
    values = _frame(site, lang, SECTION, title, list=coming_values(site, lang, None), **more)
    staging.page(SECTION, "briefings.html", values)


def _frame(site: Site, lang: str, path: str, title: str, **more: Any) -> dict[str, Any]:
    there = alternates(site, list(site.library.languages), f"{path}/")
    return frame(
        site,
        lang,
        f"{path}/",
        title=title,
        heading=title,
        description=words_for(site, lang)("list.description"),
        **({"alternates": there} | more),
    )


def _stage_briefing(staging: Staging, briefing: Briefing) -> None:
    site, lang = staging.site, staging.lang
    words, document = words_for(site, lang), briefing_document(site, briefing, lang)
    path = f"{SECTION}/{briefing.id}"
    taking = briefing.takes_registrations(site.settings.today)
    values = _briefing_frame(site, briefing, document, path)
    page = values | {
        "rows": rows(document, words, taking=taking),
        "labels": {key: words(f"page.{key}") for key in _LABELS},
        "code_text": words("page.code_zeros" if briefing.sample else "page.code_text"),
        "structured": structured_data(site, briefing, document),
        "sms_room": whole(sms_room(document["sms_text"]), words.language),
        "all": words("list.all"),
        "sharing": sharing(site, lang, document["share_text"], short=document["sms_text"]),
        "back": f"/{lang}/{SECTION}/",
        "print": f"/{lang}/{path}/notice/",
        "register": f"/{lang}/{REGISTRATION}/" if taking else "",
        "was": words("page.was", moment=document["moved_from_text"])
        if document["moved_from_text"]
        else "",
    }
    staging.page(path, "briefing.html", page)
    notice = _briefing_frame(site, briefing, document, f"{path}/notice") | {
        "noindex": True,
        "lines": _notice_lines(document, words),
        "money": site.text("money", lang),
        "check": words("text.check"),
        "address": document["address"],
        "code_label": words("page.code"),
        "code": document["code"],
        "issued": words("text.issued", day=words.day(briefing.updated.date())),
    }
    staging.page(f"{path}/notice", "sheet.html", notice)


_LABELS = (
    "when", "hours", "about", "notes", "where", "where_text", "register_form", "never",
    "never_text", "code", "verify", "add", "notice", "sms", "said", "summary", "other_language",
)  # fmt: skip


def _briefing_frame(
    site: Site, briefing: Briefing, document: dict[str, Any], path: str
) -> dict[str, Any]:
    lang = document["language"]
    language = site.library.languages[document["text_language"]]
    words = words_for(site, lang)
    notices = [{"text": words("sample_notice"), "strong": True}] if briefing.sample else []
    if document["text_language"] != lang:
        notices.append({"text": words("page.other_language"), "strong": False})
    there = [code for code in site.library.languages if code in briefing.texts]
    return frame(
        site,
        lang,
        f"{path}/",
        title=document["neutral_title"],
        heading=document["title"],
        description="" if briefing.neutral else document["summary"][:155],
        alternates=alternates(site, there, f"{path}/"),
        feeds=feeds.links(feed(site, lang, {})),
        noindex=document["text_language"] != lang,
        quick_exit=briefing.neutral or briefing.women_only,
        notices=notices,
        briefing=document,
        text_lang=language.html_lang,
        text_dir=language.direction,
    )


def rows(document: dict[str, Any], words: Words, *, taking: bool) -> list[dict[str, Any]]:
    """Return what a page tells beside the hours: a label and its lines, empty ones left out."""
    separator = words("separator")
    helps = [*document["support_names"], *document["access_names"]]
    place = separator.join(filter(None, (document["city"], document["country_name"])))
    seats = document["capacity"]
    closes = document["registration_closes_text"]
    women = [words("list.women"), words("page.women")] if document["women_only"] else []
    children = [words("page.children")] if document["child_friendly"] else []
    signed = [words("page.sign_language")] if document["sign_language"] else []
    needed = document["registration_needed"]
    table = {
        "status": [document["status_name"]],
        "how": [document["mode_name"]],
        "place": [place],
        "for": [separator.join(document["audience_names"]), *women],
        "languages": [separator.join(document["language_names"]), *signed],
        "interpretation": [separator.join(document["interpretation_names"])],
        "about_themes": [separator.join(document["theme_names"])],
        "helps": [*children, *helps],
        "capacity": [] if seats is None else [whole(seats, words.language)],
        "register": [
            *([] if needed else [words("page.no_registration")]),
            *([words("page.register_until", day=closes)] if closes else []),
            *([words("page.register_not_now")] if needed and not taking else []),
        ],
        "recording": [document["recording_text"]],
    }
    return [
        {"key": key, "label": words(f"page.{key}"), "lines": [line for line in lines if line]}
        for key, lines in table.items()
        if any(lines)
    ]


def _notice_lines(document: dict[str, Any], words: Words) -> list[dict[str, str]]:
    place = (document["city"], document["country_name"])
    pairs = {
        "status": document["status_name"],
        "when": document["when"],
        "how": document["mode_name"],
        "place": words("separator").join(filter(None, place)),
        "languages": words("separator").join(document["language_names"]),
        "about": document["summary"],
        "notes": document["notes"],
        "where": words("page.where_text"),
        "never": words("page.never_text"),
    }
    return [{"label": words(f"page.{key}"), "text": text} for key, text in pairs.items() if text]
