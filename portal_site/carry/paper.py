"""A form in one file: it seals on the phone and saves a sealed file, without any network.

Whoever doubts the host of the form page, or has no network, can be handed this file by somebody
they trust, and check it against the signed release.
"""

import hashlib
from datetime import date
from types import SimpleNamespace
from typing import Any

from portal_content.dates import day_in_words
from portal_content.forms.definition import Form
from portal_content.forms.view import form_view
from portal_protocol.key_list import KeyList, open_key_list
from portal_protocol.notes import parse_verify_key
from portal_site import forms
from portal_site.assets import inline_script
from portal_site.carry.single_pages import EXIT, completed, file_values
from portal_site.settings import SiteSettings
from portal_site.values import Site, frame, lean, status_values, surroundings

LARGEST = 400_000
"""Bytes of the file."""


def name_of(form: Form, lang: str) -> str:
    """Return the name of the file: the same for good, and it does not tell what the form is for."""
    return f"paper-{lang}-{hashlib.sha256(form.id.encode()).hexdigest()[:4]}.html"


def key_note(settings: SiteSettings) -> str:
    """Return the signed key list that the files carry; nothing if there is none."""
    if settings.key_list is None or not settings.key_list.is_file():
        return ""
    return settings.key_list.read_text(encoding="utf-8")


def paper_file(site: Site, form: Form, lang: str, note: str) -> str:
    """Return the file.

    Args:
        site: The build.
        form: Which form.
        lang: Code of the language.
        note: The signed key list.

    Raises:
        ProtocolError: If the key list is not signed by the roots that the file trusts.
    """
    good_until = _keys(site.settings, note).expires
    values = _page_values(site, form, lang)
    html = site.lay_out(
        "form.html",
        skeleton="carry/paper.html",
        page=SimpleNamespace(meta=SimpleNamespace(this=values)),
        config=SimpleNamespace(extra=surroundings(site, lang)),
        file=file_values(site, lang, good_until=_good_until(site, lang, good_until)),
    )
    style = site.styles.of(form=True) + lean(site.settings.root / "theme/styles/carry.css")
    script = inline_script(site.settings, "offline-form")
    return completed(html, style=style, script=script, data=_data(site, form, lang, note))


def _keys(settings: SiteSettings, note: str) -> KeyList:
    roots = [parse_verify_key(root) for root in settings.roots]
    return open_key_list(note, roots, deployment=settings.deployment)


def _good_until(site: Site, lang: str, day: date) -> str:
    words = day_in_words(day, site.library.languages[lang])
    return site.library.strings.text("carry.form.good_until", lang, day=words)


def _page_values(site: Site, form: Form, lang: str) -> dict[str, Any]:
    words = site.library.strings
    home = f"{site.settings.base_url}/{lang}/"
    view = form_view(form, site.library, lang, mode="encrypting", action="")
    note = words.text("carry.form.note", lang)
    shown = view["texts"] | {
        "mode_text": note,
        "no_script": words.text("carry.form.no_script", lang),
    }
    return frame(
        site,
        lang,
        f"{form.address}/",
        title=words.text("carry.page", lang),
        heading=words.text(f"form-{form.id}.title", lang),
        description="",
        quick_exit=EXIT,
        noindex=True,
        has_form=True,
        script="form",
        form=view | {"texts": shown},
        other=f"{home}{form.address}/plain/",
        status=status_values(site, lang),
        page_data=None,
        missing_script=words.text("script.form.missing_script", lang),
    ) | {"home": home}


def _data(site: Site, form: Form, lang: str, note: str) -> dict[str, Any]:
    carry = site.library.strings.section("carry", lang)
    own = carry["file"] | {name: carry["form"][name] for name in ("broken", "expired")}
    data = forms.script_data(site, lang, form)
    return data | {
        "texts": data["texts"] | {"file": own},
        "keyList": note,
        "site": site.settings.base_url,
    }
