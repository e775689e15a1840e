"""The skeleton of files to carry: one document that asks nobody for anything."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from portal_content.dates import day_in_words
from portal_site.values import STYLE_MARK, Site

SCRIPT_MARK, DATA_MARK, POLICY_MARK = (
    "%%PORTAL_SCRIPT%%",
    "%%PORTAL_DATA%%",
    "%%PORTAL_POLICY%%",
)
EXIT = "about:blank"
"""Where the quick exit of a file leads: without network every other page is an error."""
_END_OF_SCRIPT = re.compile(r"</(?=script)", re.IGNORECASE)


def completed(html: str, *, style: str, script: str, data: Any) -> str:
    """Return a document with its style, script, data, and the policy that allows these only.

    Args:
        html: With the marks.
        style: Style sheet.
        script: A classic script.
        data: What the script reads, as JSON.
    """
    script = _END_OF_SCRIPT.sub(r"<\\/", script)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            # Argon2id in WebAssembly, where the browser allows it under this word.
            f"script-src '{_hash(script)}' 'wasm-unsafe-eval'",
            "img-src data: blob:",
            "media-src blob:",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )
    # The policy stands in an attribute with double quotes, and has none itself.
    parts = {
        POLICY_MARK: policy,
        STYLE_MARK: style,
        DATA_MARK: text.replace("<", "\\u003c"),
        SCRIPT_MARK: script,
    }
    return re.sub("|".join(map(re.escape, parts)), lambda match: parts[match[0]], html)


def file_values(site: Site, lang: str, **more: Any) -> Mapping[str, Any]:
    """Return what every file to carry says: whose it is, how old, and where to look for newer."""
    language = site.library.languages[lang]
    day = day_in_words(content_day(site), language)
    return {
        "lang": language.html_lang,
        "code": lang,
        "dir": language.direction,
        "demonstration": site.settings.environment == "demonstration",
        "texts": site.library.strings.section("site", lang),
        "carry": site.library.strings.section("carry", lang),
        "made": site.library.strings.text("carry.made", lang, day=day),
        "address": f"{site.settings.base_url}/{lang}/",
        "exit": EXIT,
        "style_mark": STYLE_MARK,
        "script_mark": SCRIPT_MARK,
        "data_mark": DATA_MARK,
        "policy_mark": POLICY_MARK,
        **more,
    }


def content_day(site: Site) -> Any:
    """Return the newest day that the content itself names: the same content, the same bytes."""
    pages = site.library.pages.values()
    days = [page.meta.reviewed or page.meta.as_of for page in pages]
    days += [alert.updated.date() for alert in site.library.alerts.values()]
    days.append(site.library.registration_status.as_of)
    return max(days)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
