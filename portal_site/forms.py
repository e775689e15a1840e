"""Form pages, in the encrypting and in the plain way, and the page where answers are read."""

import json
from pathlib import Path
from typing import Any

from portal_content.forms.controls import Mode
from portal_content.forms.definition import Form
from portal_content.forms.offered import meetings_with_seats, open_meetings
from portal_content.forms.view import form_view, script_definition
from portal_content.forms.words import after_words, filling_words
from portal_site.assets import URL_PREFIX, Asset, asset_of, write_asset
from portal_site.blocks import body
from portal_site.captcha import captcha_view
from portal_site.staging import Staging
from portal_site.values import Site, alternates, frame, status_values
from portal_site.written import notices, provenance

RETURN = "return"
"""Slug of the page where answers are read; its text is a page like any other."""


def stage(staging: Staging) -> None:
    """Add every form and the return page."""
    for form in staging.site.library.forms.on_pages():
        _stage_form(staging, form)
    _stage_return(staging)


def _stage_form(staging: Staging, form: Form) -> None:
    site, lang = staging.site, staging.lang
    words = site.library.strings
    action = f"{site.settings.api_url}/form"
    meetings = open_meetings(site.library, lang, site.settings.today)
    modes: dict[Mode, str] = {"encrypting": f"{form.address}/", "plain": f"{form.address}/plain/"}
    for mode, path in modes.items():
        encrypting = mode == "encrypting"
        values = frame(
            site,
            lang,
            path,
            title=words.text(f"form-{form.id}.neutral_title", lang),
            heading=words.text(f"form-{form.id}.title", lang),
            description=words.text(f"form-{form.id}.description", lang),
            alternates=alternates(site, list(site.library.languages), path) if encrypting else [],
            quick_exit=True,
            noindex=not encrypting,
            has_form=True,
            script="form" if encrypting else "",
            sends=not encrypting,
            records=encrypting and _records(form),
            form=form_view(form, site.library, lang, mode=mode, action=action, meetings=meetings),
            other=f"/{lang}/{form.address}/" + ("plain/" if encrypting else ""),
            status=status_values(site, lang),
            page_data=_data_asset(site, lang, form) if encrypting else None,
            captcha=captcha_view(site, lang) if encrypting else None,
            missing_script=words.text("script.form.missing_script", lang),
        )
        staging.page(path.rstrip("/"), "form.html", values)


def _stage_return(staging: Staging) -> None:
    site, lang = staging.site, staging.lang
    page = site.library.pages.get((RETURN, lang))
    text = body(site, page) if page else ""
    form = site.library.forms.follow_up()
    for mode, path in (("encrypting", "return/"), ("plain", "return/plain/")):
        encrypting = mode == "encrypting"
        values = frame(
            site,
            lang,
            path,
            title=site.text("return.neutral_title", lang),
            heading=page.meta.title if page else site.text("return.title", lang),
            description=site.text("return.description", lang),
            alternates=alternates(site, list(site.library.languages), path) if encrypting else [],
            quick_exit=True,
            noindex=not encrypting,
            has_form=True,
            script="return" if encrypting else "",
            sends=not encrypting,
            mode=mode,
            records=encrypting and any(map(_records, _inside_return(site))),
            action=f"{site.settings.api_url}/mailbox",
            other=f"/{lang}/return/" + ("plain/" if encrypting else ""),
            page_data=_data_asset(site, lang, None) if encrypting else None,
            missing_script=site.library.strings.text("script.return.missing_script", lang),
            form=form_view(form, site.library, lang, mode="encrypting", action=""),
            write_title=site.library.strings.text(f"form-{form.id}.title", lang),
            notices=notices(site, page) if page else [],
            provenance=provenance(site, page) if page else None,
        )
        staging.page(path.rstrip("/"), "return.html", values, text)


def _records(form: Form) -> bool:
    """Tell whether a form asks for a spoken message."""
    return any(question.kind == "voice" for question in form.fields)


def _inside_return(site: Site) -> list[Form]:
    """Return the forms that are shown where answers are read."""
    return [form for form in site.library.forms.current() if form.type == "followup"]


def write_language(staging: Staging, output: Path) -> None:
    """Write what the scripts of forms and of the return page read."""
    site, lang = staging.site, staging.lang
    for form in (*site.library.forms.on_pages(), None):
        name, content = _page_data(site, lang, form)
        write_asset(name, content, output / URL_PREFIX.strip("/"), ".json")


def data_assets(site: Site, lang: str) -> list[Asset]:
    """Return what the scripts of forms and of the return page read."""
    return [
        asset_of(*_page_data(site, lang, form), Path(), ".json")
        for form in (*site.library.forms.on_pages(), None)
    ]


def script_data(site: Site, lang: str, form: Form) -> dict[str, Any]:
    """Return what the script of a form's page reads, for whoever puts it somewhere else."""
    data: dict[str, Any] = json.loads(_page_data(site, lang, form)[1])
    return data


def _data_asset(site: Site, lang: str, form: Form | None) -> dict[str, str]:
    """Return address and hash of what a page's script reads: most readers never need it."""
    asset = asset_of(*_page_data(site, lang, form), Path(), ".json")
    return {"url": asset.url, "integrity": asset.integrity}


def _page_data(site: Site, lang: str, form: Form | None) -> tuple[str, bytes]:
    words = site.library.strings
    data: dict[str, Any] = {
        "lang": lang,
        "deployment": site.settings.deployment,
        "api": site.settings.api_url,
        "texts": words.section("script", lang),
        "errors": words.section("errors", lang),
        "outbox": words.section("outbox", lang),
        "files": words.section("files", lang),
    }
    shown = form or site.library.forms.follow_up()
    data["filling"] = filling_words(words, lang)
    if form is None:
        data |= _return_data(site, lang)
    else:
        data["after"] = after_words(words, form, lang)
        if any(question.kind == "briefing" for question in form.fields):
            data["again"] = words.section("follow-up", lang)
    data["form"] = script_definition(shown, site.library, lang)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{form.id if form else RETURN}.{lang}", text.encode()


def _return_data(site: Site, lang: str) -> dict[str, Any]:
    """Return what is said after the code was typed, and where somebody may have a seat."""
    words, library = site.library.strings, site.library
    form = library.forms.follow_up()
    after = words.section(f"form-{form.id}", lang)["after"]
    meetings = meetings_with_seats(library, lang, site.settings.today)
    return {
        "again": {**words.section("follow-up", lang), "after": after},
        "meetings": [{"id": meeting, "name": name} for meeting, name in meetings],
    }
