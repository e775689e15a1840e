"""One briefing in one language: what every page, calendar, feed and text is made of."""

from typing import Any

from portal_content.briefings.definition import Briefing
from portal_content.pages import page_address
from portal_content.verification_codes import grouped
from portal_site.briefings.texts import share_text, sms_text
from portal_site.values import Site
from portal_site.wording import Words

SECTION = "briefings"
"""Path of the list, and section of the strings."""


def words_for(site: Site, lang: str) -> Words:
    """Return the words about briefings in a language."""
    return Words(site, SECTION, lang)


def address(briefing: Briefing, lang: str) -> str:
    """Return the address of a briefing's page on the site."""
    return page_address(lang, f"{SECTION}/{briefing.id}")


def text_language(site: Site, briefing: Briefing, lang: str) -> str:
    """Return the language whose words of a briefing a reader gets: the own one or the nearest."""
    order = (lang, *site.library.languages[lang].fallback, *site.library.languages)
    return next(code for code in order if code in briefing.texts)


def briefing_document(site: Site, briefing: Briefing, lang: str) -> dict[str, Any]:
    """Return everything public about a briefing; its values are those of JSON.

    Args:
        site: The build.
        briefing: The record.
        lang: Code of the reader's language.
    """
    key = ("briefing", briefing.id, lang)
    return site.once(key, lambda: _made(site, briefing, lang))


def _made(site: Site, briefing: Briefing, lang: str) -> dict[str, Any]:
    words = words_for(site, lang)
    document = _identity(site, briefing, words) | _time(briefing, words) | _people(briefing, words)
    summary = briefing.summary_page
    document |= {
        "code": grouped(briefing.code),
        "status": briefing.status,
        "status_name": words(f"statuses.{briefing.status}"),
        "recording": briefing.recording,
        "recording_text": words(f"recordings.{briefing.recording}"),
        "summary_page": site.settings.base_url + page_address(lang, summary) if summary else None,
        "sequence": briefing.sequence,
        "updated": briefing.updated.isoformat(),
    }
    return document | {
        "share_text": share_text(document, words),
        "sms_text": sms_text(briefing, document, words),
    }


def marked(title: str, briefing: Briefing, words: Words) -> str:
    """Return a title that says of a sample that it is one."""
    return words("sample_title", title=title) if briefing.sample else title


def _identity(site: Site, briefing: Briefing, words: Words) -> dict[str, Any]:
    lang = text_language(site, briefing, words.lang)
    text = briefing.texts[lang]
    title = marked(text.title, briefing, words_for(site, lang))
    neutral = marked(words("neutral_title"), briefing, words) if briefing.neutral else title
    return {
        "id": briefing.id,
        "language": words.lang,
        "text_language": lang,
        "address": site.settings.base_url + address(briefing, words.lang),
        "calendar": f"{site.settings.base_url}/{words.lang}/{SECTION}/{briefing.id}.ics",
        "sample": briefing.sample,
        "title": title,
        "neutral_title": neutral,
        "summary": text.summary,
        "notes": text.notes,
        "said": text.said,
        "kind": briefing.kind,
        "kind_name": words(f"kinds.{briefing.kind}"),
        "themes": list(briefing.themes),
        "theme_names": words.names("themes", briefing.themes),
    }


def _time(briefing: Briefing, words: Words) -> dict[str, Any]:
    before = briefing.started_before
    closes = briefing.registration.closes
    return {
        "start": briefing.starts.isoformat(),
        "end": briefing.ends.isoformat(),
        "time_zone": briefing.zone,
        "when": words.moment(briefing.starts, briefing.ends),
        "hours": words.hours(briefing.starts),
        "moved_from": None if before is None else before.isoformat(),
        "moved_from_text": "" if before is None else words.moment(before),
        "registration_needed": briefing.registration.needed,
        "registration_closes": None if closes is None else closes.isoformat(),
        "registration_closes_text": "" if closes is None else words.day(closes),
    }


def _people(briefing: Briefing, words: Words) -> dict[str, Any]:
    return {
        "mode": briefing.mode,
        "mode_name": words(f"modes.{briefing.mode}"),
        "country": briefing.country,
        "country_name": words.country(briefing.country),
        "city": briefing.city.get(words.lang, ""),
        "audience": list(briefing.audience),
        "audience_names": words.names("audiences", briefing.audience),
        "women_only": briefing.women_only,
        "women_facilitators": briefing.women_facilitators,
        "women_interpreters": briefing.women_interpreters,
        "child_friendly": briefing.child_friendly,
        "languages": list(briefing.languages),
        "language_names": words.names("spoken", briefing.languages),
        "interpretation": list(briefing.interpretation),
        "interpretation_names": words.names("spoken", briefing.interpretation),
        "sign_language": briefing.sign_language,
        "support": list(briefing.support),
        "support_names": words.names("support", briefing.support),
        "access": list(briefing.access),
        "access_names": words.names("access", briefing.access),
        "capacity": briefing.capacity,
    }
