"""Staging: content and translations become one plain MkDocs tree a language.

Everything multilingual happens here, so that any generator that reads MkDocs' configuration can
build a language from its tree.
"""

import shutil
from collections.abc import Container
from pathlib import Path
from typing import Any

import yaml

from portal_content.forms.definition import Form
from portal_content.forms.view import Mode, form_view, script_definition
from portal_content.pages import Page, page_address, with_links
from portal_site.values import Site, frame, guidance, status_values, stub

SHELL = "shell"
"""Page that the public service fills with its answers."""
NOT_FOUND = "not-found"
ANSWER_MARKS = {"title": "%%PORTAL_TITLE%%", "content": "%%PORTAL_CONTENT%%"}

EXTENSIONS: list[Any] = ["admonition", "attr_list", "def_list", "tables", "sane_lists"]


def stage_language(site: Site, lang: str, folder: Path, output: Path) -> Path:
    """Write the tree of one language and return its configuration.

    Args:
        site: The build.
        lang: Code of the language.
        folder: Where to write; replaced.
        output: Folder that MkDocs shall write the language to.
    """
    shutil.rmtree(folder, ignore_errors=True)
    docs = folder / "docs"
    docs.mkdir(parents=True)
    for slug in site.slugs():
        page = site.library.pages.get((slug, lang))
        if page is None:
            _write(docs, slug, "stub.html", stub(site, lang, slug))
        else:
            _write(docs, slug, "main.html", guidance(site, page), body(site, page))
    for form in site.library.forms.current():
        _stage_form(site, form, lang, docs)
    _stage_return(site, lang, docs)
    _stage_frames(site, lang, docs)
    configuration = folder / "mkdocs.yml"
    configuration.write_text(
        yaml.safe_dump(_configuration(site, lang, output), allow_unicode=True), encoding="utf-8"
    )
    return configuration


def stage_root(site: Site, folder: Path, output: Path) -> Path:
    """Write the tree of the page that offers the languages, and return its configuration."""
    shutil.rmtree(folder, ignore_errors=True)
    docs = folder / "docs"
    docs.mkdir(parents=True)
    first = next(iter(site.library.languages))
    choices = [
        {
            "code": language.code,
            "lang": language.html_lang,
            "dir": language.direction,
            "name": language.name,
            "address": f"/{language.code}/",
            "title": site.text("name", language.code),
            "line": site.text("money", language.code),
        }
        for language in site.library.languages.values()
    ]
    base = site.settings.base_url
    alternates = [{"lang": one["lang"], "address": base + one["address"]} for one in choices]
    values = frame(
        site,
        first,
        "",
        title=" · ".join(language.name for language in site.library.languages.values()),
        heading=site.text("name", first),
        description=site.text("languages.description", first),
        canonical=f"{base}/",
        alternates=[*alternates, {"lang": "x-default", "address": f"{base}/"}],
        choices=choices,
    )
    _write(docs, "index", "languages.html", values)
    configuration = folder / "mkdocs.yml"
    configuration.write_text(
        yaml.safe_dump(_configuration(site, first, output), allow_unicode=True), encoding="utf-8"
    )
    return configuration


def body(site: Site, page: Page) -> str:
    """Return the Markdown of a page with links and generated blocks in place."""
    lang = page.lang
    written = {slug for slug, code in site.library.pages if code == lang}
    text = with_links(page.body, lang, written)
    blocks = {
        "[[registration-status]]": ("registration_status", status_values(site, lang)),
        "[[channels]]": ("channels", {"channels": _channels(site, lang)}),
        "[[doors]]": ("doors", {"doors": _doors(page, written)}),
    }
    for mark, (component, values) in blocks.items():
        if mark in text:
            texts = site.library.strings.section("site", lang)
            text = text.replace(mark, site.component(component, texts=texts, **values))
    return text


def _doors(page: Page, written: Container[str]) -> list[dict[str, str]]:
    doors = []
    for door in page.meta.doors:
        slug, _, heading = door.page.partition("#")
        address = page_address(page.lang, slug, heading if slug in written else "")
        doors.append({"title": door.title, "text": door.text, "address": address})
    return doors


def _channels(site: Site, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": site.text(f"channels.kinds.{channel.kind}", lang),
            "value": channel.value,
            "placeholder": channel.placeholder,
            "status": site.text(f"channels.status.{channel.status}", lang),
            "used_for": channel.used_for.get(lang, ""),
            "never_used_for": channel.never_used_for.get(lang, ""),
        }
        for channel in site.library.channels
    ]


def _stage_form(site: Site, form: Form, lang: str, docs: Path) -> None:
    words = site.library.strings
    action = f"{site.settings.api_url}/form"
    modes: dict[Mode, str] = {"encrypting": f"{form.id}/", "plain": f"{form.id}/plain/"}
    for mode, path in modes.items():
        view = form_view(form, site.library, lang, mode=mode, action=action)
        encrypting = mode == "encrypting"
        values = frame(
            site,
            lang,
            path,
            title=words.text(f"forms.{form.id}.neutral_title", lang),
            heading=words.text(f"forms.{form.id}.title", lang),
            description=site.text("form.description", lang),
            quick_exit=True,
            noindex=not encrypting,
            has_form=True,
            script="form" if encrypting else "",
            sends=not encrypting,
            form=view,
            other=f"/{lang}/{form.id}/" + ("plain/" if encrypting else ""),
            status=status_values(site, lang),
            page_data=_page_data(site, lang, form) if encrypting else None,
        )
        _write(docs, path.rstrip("/"), "form.html", values)


def _stage_return(site: Site, lang: str, docs: Path) -> None:
    for mode, path in (("encrypting", "return/"), ("plain", "return/plain/")):
        encrypting = mode == "encrypting"
        values = frame(
            site,
            lang,
            path,
            title=site.text("return.neutral_title", lang),
            heading=site.text("return.title", lang),
            description=site.text("return.description", lang),
            quick_exit=True,
            noindex=not encrypting,
            has_form=True,
            script="return" if encrypting else "",
            sends=not encrypting,
            mode=mode,
            action=f"{site.settings.api_url}/mailbox",
            other=f"/{lang}/return/" + ("plain/" if encrypting else ""),
            page_data=_page_data(site, lang, None) if encrypting else None,
        )
        _write(docs, path.rstrip("/"), "return.html", values)


def _stage_frames(site: Site, lang: str, docs: Path) -> None:
    title = site.text("not_found.title", lang)
    not_found = frame(site, lang, "", title=title, heading=title, description="", noindex=True)
    _write(docs, NOT_FOUND, "not_found.html", not_found)
    marked = frame(
        site,
        lang,
        "",
        title=ANSWER_MARKS["title"],
        heading="",
        description="",
        noindex=True,
        quick_exit=True,
        has_form=True,
        sends=True,
        scripts=[],
        content_mark=ANSWER_MARKS["content"],
    )
    _write(docs, SHELL, "shell.html", marked)


def _page_data(site: Site, lang: str, form: Form | None) -> dict[str, Any]:
    words = site.library.strings
    data: dict[str, Any] = {
        "lang": lang,
        "deployment": site.settings.deployment,
        "api": site.settings.api_url,
        "texts": words.section("script", lang),
        "errors": words.section("errors", lang),
    }
    if form is not None:
        data["form"] = script_definition(form, site.library, lang)
    return data


def _write(docs: Path, slug: str, template: str, values: dict[str, Any], text: str = "") -> None:
    head = yaml.safe_dump(
        {"template": template, "title": values["title"], "this": values},
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )
    path = docs / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{head}---\n\n{text}", encoding="utf-8")


def _configuration(site: Site, lang: str, output: Path) -> dict[str, Any]:
    root = site.settings.root
    return {
        "site_name": site.text("name", lang),
        "site_url": f"{site.settings.base_url}/",
        "docs_dir": "docs",
        "site_dir": str(output),
        "use_directory_urls": True,
        "theme": {
            "name": "material",
            "custom_dir": str(root / "theme" / "templates"),
            "language": lang,
            "font": False,
        },
        "plugins": [{"portal": {"staged": True}}],
        "markdown_extensions": [*EXTENSIONS, {"toc": {"permalink": False}}],
        "validation": {"links": {"absolute_links": "ignore", "unrecognized_links": "ignore"}},
    }
