"""One alert in one language: what every page, feed and text is made of."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from portal_content.alerts.definition import Alert
from portal_content.pages import page_address
from portal_content.verification_codes import grouped
from portal_protocol.digits import arabic_digits
from portal_site.short_messages import first_that_fits, within
from portal_site.values import Site
from portal_site.wording import Words

SECTION = "alerts"
"""Path of the list, and section of the strings."""
LONGEST = 600
"""Characters of a text to pass on, its address included."""


def words_for(site: Site, lang: str) -> Words:
    """Return the words about alerts in a language."""
    return Words(site, SECTION, lang)


def text_language(site: Site, alert: Alert, lang: str) -> str:
    """Return the language whose words of an alert a reader gets: the own one or the nearest."""
    order = (lang, *site.library.languages[lang].fallback, *site.library.languages)
    return next(code for code in order if code in alert.texts)


def alert_document(site: Site, alert: Alert, lang: str) -> dict[str, Any]:
    """Return everything public about an alert; its values are those of JSON.

    Args:
        site: The build; its day decides whether the alert still holds.
        alert: The record.
        lang: Code of the reader's language.
    """
    key = ("alert", alert.id, lang)
    return site.once(key, lambda: _made(site, alert, lang))


def _made(site: Site, alert: Alert, lang: str) -> dict[str, Any]:
    words = words_for(site, lang)
    document = _identity(site, alert, words) | _validity(site, alert, words)
    return document | {
        "share_text": _share_text(document, words),
        "sms_text": _sms_text(alert, document, words),
    }


def _identity(site: Site, alert: Alert, words: Words) -> dict[str, Any]:
    lang = text_language(site, alert, words.lang)
    text = alert.texts[lang]
    title = words_for(site, lang)("sample_title", title=text.title) if alert.sample else text.title
    channel = next(one for one in site.library.channels if one.id == alert.check_at)
    return {
        "id": alert.id,
        "language": words.lang,
        "text_language": lang,
        "address": site.settings.base_url + page_address(words.lang, f"{SECTION}/{alert.id}"),
        "sample": alert.sample,
        "title": title,
        "text": text.text,
        "advice": text.advice,
        "correction": text.correction,
        "kind": alert.kind,
        "kind_name": words(f"kinds.{alert.kind}"),
        "severity": alert.severity,
        "severity_name": words(f"severities.{alert.severity}"),
        "patterns": list(alert.patterns),
        "pattern_names": words.names("patterns", alert.patterns),
        "check_at": channel.value,
        "code": grouped(alert.code),
    }


def _validity(site: Site, alert: Alert, words: Words) -> dict[str, Any]:
    status = alert.status_on(site.settings.today)
    newer = alert.replaced_by
    days = {"issued": alert.issued, "expires": alert.expires}
    further = {
        "look_again": alert.look_again,
        "corrected_on": alert.corrected_on,
        "replaced_on": alert.replaced_on,
        "withdrawn_on": alert.withdrawn_on,
    }
    values: dict[str, Any] = {
        "status": status,
        "status_name": words(f"statuses.{status}"),
        "replaced_by": newer and page_address(words.lang, f"{SECTION}/{newer}"),
        "updated": alert.updated.isoformat(),
    }
    for name, day in (days | further).items():
        values[name] = None if day is None else day.isoformat()
        values[f"{name}_text"] = "" if day is None else words.day(day)
    return values


def end_of(document: Mapping[str, Any], words: Words) -> str:
    """Return the sentence about how long an alert holds or held, or when it was taken back."""
    status = document["status"]
    if status in ("replaced", "withdrawn"):
        return words(f"page.{status}", day=document[f"{status}_on_text"])
    sentence = "page.expired" if status == "expired" else "page.expires"
    return words(sentence, day=document["expires_text"])


def _share_text(document: Mapping[str, Any], words: Words) -> str:
    """Return a text to pass on: what, whether it still holds, what to do, where to check.

    What was said wrongly is left out of a correction: passed on, it would live on.
    """
    said = document["correction"] or document["text"]
    needed = [
        document["title"],
        f"{words('page.status')}: {document['status_name']}",
        said,
        document["advice"],
        words("page.issued", day=document["issued_text"]),
        end_of(document, words),
        f"{words('text.check')} {document['address']}",
        f"{words('page.code')}: {document['code']}",
    ]
    return within(LONGEST, needed, [document["kind_name"]])


def _sms_text(alert: Alert, document: Mapping[str, Any], words: Words) -> str:
    """Return what fits one short message; it has no title, which others may see."""
    status = document["status"] if document["status"] != "active" else alert.kind
    what = words(f"text.statuses.{status}")
    day = f"{alert.issued.day}/{alert.issued.month}/{alert.issued.year}"
    day = arabic_digits(day) if words.language.digits == "arabic" else day
    host = urlsplit(document["address"]).netloc
    whole = words("text.sms", what=what, day=day, advice=f"{words('text.advice')} {host}")
    marked = f"{words('text.sample')} {whole}" if alert.sample else whole
    short = f"{words('text.sample')} {what} {day}" if alert.sample else f"{what} {day}"
    return first_that_fits(f"{marked}/{words.lang}/alerts", marked, short)
