"""Finished values for templates: everything a page shows, nothing left to compute."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal_content.dates import day_in_words
from portal_content.languages import Language
from portal_content.library import Library
from portal_content.pages import HOME, Page, page_address
from portal_site.assets import Assets
from portal_site.settings import SiteSettings

MENU = (HOME, "start", "verify", "protect-yourself", "contact")
"""Pages that every page links to, in this order."""

STYLE_MARK = "%%PORTAL_STYLE%%"
"""Where the finished page gets its style; it cannot stand in the staged tree, which is escaped."""


@dataclass(frozen=True)
class Styles:
    """The two style sheets that are written into pages."""

    page: str
    form: str

    def of(self, *, form: bool) -> str:
        """Return the style of a page."""
        return self.page + self.form if form else self.page


@dataclass(frozen=True)
class Site:
    """What one build is made of."""

    settings: SiteSettings
    library: Library
    assets: Assets
    styles: Styles

    def text(self, key: str, lang: str, **values: Any) -> str:
        """Return an interface string."""
        return self.library.strings.text(f"site.{key}", lang, **values)

    def slugs(self) -> list[str]:
        """Return every slug that any language has, in menu order."""
        first = {page.slug: (page.meta.section, page.meta.order) for page in self.pages()}
        return sorted(first, key=lambda slug: first[slug])

    def pages(self) -> list[Page]:
        """Return all pages."""
        return list(self.library.pages.values())

    def title(self, slug: str, lang: str) -> str:
        """Return the title of a page in a language, or in the best one that has it."""
        for code in (lang, *self.library.languages[lang].fallback, *self.library.languages):
            if (slug, code) in self.library.pages:
                return self.library.pages[slug, code].meta.title
        return slug

    def component(self, name: str, **values: Any) -> str:
        """Lay out a component for use inside Markdown."""
        templates = Environment(
            loader=FileSystemLoader(self.library.root / "theme" / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        html = templates.get_template(f"components/{name}.html").render(**values)
        # Markdown ends a block of HTML at an empty line.
        return "\n".join(line for line in html.splitlines() if line.strip())


def load_styles(root: Path) -> Styles:
    """Read the style sheets, without comments and indentation."""
    folder = root / "theme" / "styles"
    page = "".join(_lean(folder / name) for name in ("tokens.css", "base.css", "parts.css"))
    return Styles(page, _lean(folder / "form.css"))


def frame(site: Site, lang: str, path: str, **page: Any) -> dict[str, Any]:
    """Return the values of the skeleton around a page.

    Args:
        site: The build.
        lang: Language of the page.
        path: Path below the language, "" for the first page, else "slug/".
        page: What the page adds or changes.
    """
    language = site.library.languages[lang]
    form = bool(page.get("has_form"))
    scripts = [site.assets.main]
    if page.get("script") == "form":
        scripts.append(site.assets.form)
    elif page.get("script") == "return":
        scripts.append(site.assets.return_page)
    values: dict[str, Any] = {
        "lang": language.html_lang,
        "code": lang,
        "dir": language.direction,
        "path": path,
        "canonical": f"{site.settings.base_url}/{lang}/{path}",
        "texts": site.library.strings.section("site", lang),
        "menu": [_menu_link(site, lang, slug, path) for slug in MENU],
        "languages": _languages(site, lang, path),
        "alternates": [],
        "home": f"/{lang}/",
        "demonstration": site.settings.environment == "demonstration",
        "style_mark": STYLE_MARK,
        "quick_exit": "",
        "noindex": False,
        "script": "",
        "has_form": form,
        "scripts": [{"url": a.url, "integrity": a.integrity} for a in scripts],
        "share": "",
        "provenance": None,
        "notices": [],
        "section": [],
        "hero": False,
    }
    values |= page
    if values["quick_exit"] is True:
        values["quick_exit"] = language.quick_exit
    values["policy"] = _policy(site, values)
    return values


def guidance(site: Site, page: Page) -> dict[str, Any]:
    """Return the values of a written page."""
    meta, path = page.meta, _path(page.slug)
    return frame(
        site,
        page.lang,
        path,
        title=meta.neutral_title or meta.title,
        heading=meta.title,
        description=meta.description,
        quick_exit=meta.quick_exit,
        alternates=_alternates(site, page.slug, path),
        notices=_notices(site, page),
        provenance=_provenance(site, page),
        share=meta.share,
        hero=page.slug == HOME,
        section=[
            _link(site, page.lang, slug, path)
            for slug in site.slugs()
            if _section(site, slug) == meta.section and slug not in (page.slug, HOME)
        ],
    )


def stub(site: Site, lang: str, slug: str) -> dict[str, Any]:
    """Return the values of a page that a language does not have yet."""
    here = [code for code in site.library.languages if (slug, code) in site.library.pages]
    links = [
        {
            "address": page_address(code, slug),
            "name": site.library.languages[code].name,
            "lang": site.library.languages[code].html_lang,
            "dir": site.library.languages[code].direction,
        }
        for code in here
    ]
    title = site.text("stub.title", lang)
    return frame(
        site,
        lang,
        _path(slug),
        title=title,
        heading=title,
        description=site.text("stub.description", lang),
        quick_exit=any(site.library.pages[slug, code].meta.quick_exit for code in here),
        noindex=True,
        stub=links,
    )


def status_values(site: Site, lang: str) -> dict[str, Any]:
    """Return the one dated statement about registration."""
    status, language = site.library.registration_status, site.library.languages[lang]
    return {
        "title": site.text("status.title", lang),
        "text": status.text[lang],
        "as_of": site.text("as_of", lang, day=day_in_words(status.as_of, language)),
    }


def _path(slug: str) -> str:
    return "" if slug == HOME else f"{slug}/"


def _section(site: Site, slug: str) -> str:
    return next(page.meta.section for page in site.pages() if page.slug == slug)


def _link(site: Site, lang: str, slug: str, path: str) -> dict[str, Any]:
    address, title = page_address(lang, slug), site.title(slug, lang)
    return {"address": address, "title": title, "current": path == _path(slug)}


def _menu_link(site: Site, lang: str, slug: str, path: str) -> dict[str, Any]:
    """Return a link with the short name that the menu has room for on a small phone."""
    name = "home" if slug == HOME else slug
    return _link(site, lang, slug, path) | {"title": site.text(f"menu.{name}", lang)}


def _languages(site: Site, lang: str, path: str) -> list[dict[str, Any]]:
    return [
        {
            "code": language.code,
            "lang": language.html_lang,
            "dir": language.direction,
            "name": language.name,
            "address": f"/{language.code}/{path}",
            "current": language.code == lang,
        }
        for language in site.library.languages.values()
    ]


def _alternates(site: Site, slug: str, path: str) -> list[dict[str, str]]:
    languages = site.library.languages.values()
    base = site.settings.base_url
    there = [lang for lang in languages if (slug, lang.code) in site.library.pages]
    links = [{"lang": one.html_lang, "address": f"{base}/{one.code}/{path}"} for one in there]
    default = f"{base}/" if slug == HOME else f"{base}/{there[0].code}/{path}"
    return [*links, {"lang": "x-default", "address": default}]


def _notices(site: Site, page: Page) -> list[dict[str, str]]:
    """One honest line on what no person has reviewed."""
    if page.meta.reviewed is not None:
        return []
    kind = "draft" if page.meta.translation_state in ("draft", "machine") else "unreviewed"
    return [{"text": site.text(f"notice.{kind}", page.lang)}]


def _provenance(site: Site, page: Page) -> dict[str, Any]:
    language = site.library.languages[page.lang]
    day = day_in_words(page.meta.as_of, language)
    return {
        "sources": [source.model_dump() for source in page.meta.sources],
        "as_of": site.text("as_of", page.lang, day=day),
        "reviewed": _reviewed(site, page, language),
    }


def _reviewed(site: Site, page: Page, language: Language) -> str:
    if page.meta.reviewed is None:
        return site.text("not_reviewed", page.lang)
    return site.text("reviewed", page.lang, day=day_in_words(page.meta.reviewed, language))


def _policy(site: Site, values: Mapping[str, Any]) -> str:
    """Return the content security policy of a page; it allows one style and our own scripts."""
    style = site.styles.of(form=values["has_form"]).encode()
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    api = site.settings.api_url or "'self'"
    wasm = " 'wasm-unsafe-eval'" if values["script"] else ""
    send = api if values.get("sends") else "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            f"script-src 'self'{wasm}",
            f"connect-src {api}" if values["script"] else "connect-src 'none'",
            "img-src 'self' blob:",
            "manifest-src 'self'",
            f"form-action {send}",
            "base-uri 'none'",
        )
    )


def _lean(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    while "/*" in text:
        start = text.index("/*")
        text = text[:start] + text[text.index("*/", start) + 2 :]
    return "".join(line.strip() for line in text.splitlines())
