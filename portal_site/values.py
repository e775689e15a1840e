"""Finished values for templates: everything a page shows, nothing left to compute."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal_content.dates import day_in_words
from portal_content.library import Library
from portal_content.pages import HOME, page_address
from portal_content.translation_states import PageState, page_state
from portal_site.assets import Assets
from portal_site.settings import SiteSettings

MENU = (HOME, "start", "verify", "protect-yourself", "contact")
"""Pages that every page links to, in this order."""

Made = TypeVar("Made")

CAPTCHA_HOSTS = "https://hcaptcha.com https://*.hcaptcha.com"
"""Hosts of hCaptcha, as its developer guide names them; their names below change without notice."""

STYLE_MARK = "%%PORTAL_STYLE%%"
"""Where the finished page gets its style; it cannot stand in the staged tree, which is escaped."""


@dataclass(frozen=True)
class Styles:
    """The two styles that are written into pages: one for pages to read, one for pages to fill."""

    page: str
    form: str

    def of(self, *, form: bool) -> str:
        """Return the style of a page."""
        return self.form if form else self.page

    def digest(self, *, form: bool) -> str:
        """Return the hash of the style of a page, in base64, as policies name it."""
        return self._digests[form]

    @cached_property
    def _digests(self) -> dict[bool, str]:
        return {
            form: base64.b64encode(hashlib.sha256(self.of(form=form).encode()).digest()).decode()
            for form in (False, True)
        }


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

    @cached_property
    def _made(self) -> dict[tuple[str, ...], Any]:
        return {}

    def once(self, key: tuple[str, ...], make: Callable[[], Made]) -> Made:
        """Return what was made under a key, or make it now; nobody may change it.

        Args:
            key: Tells it from everything else that is made in a build.
            make: Makes it.
        """
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        """Every slug that any language has, by section and order."""
        first = {
            slug: self.library.pages[slug, lang] for slug, lang in self.library.sources.items()
        }
        return tuple(
            sorted(first, key=lambda slug: (first[slug].meta.section, first[slug].meta.order))
        )

    @cached_property
    def first_language(self) -> str:
        """The language that is offered first."""
        return next(iter(self.library.languages))

    @cached_property
    def _sections(self) -> dict[str, tuple[str, ...]]:
        sections: dict[str, tuple[str, ...]] = {}
        for slug in self.slugs:
            name = self.section_of(slug)
            sections[name] = (*sections.get(name, ()), slug)
        return sections

    @cached_property
    def _written(self) -> dict[str, frozenset[str]]:
        return {
            lang: frozenset(slug for slug, code in self.library.pages if code == lang)
            for lang in self.library.languages
        }

    def written(self, lang: str) -> frozenset[str]:
        """Return the slugs of the pages that a language really has."""
        return self._written[lang]

    @property
    def sections(self) -> tuple[str, ...]:
        """Names of all sections."""
        return tuple(self._sections)

    def in_section(self, name: str) -> tuple[str, ...]:
        """Return the slugs of a section in their order."""
        return self._sections.get(name, ())

    def section_of(self, slug: str) -> str:
        """Return the section of a page."""
        return self.library.pages[slug, self.library.sources[slug]].meta.section

    def title(self, slug: str, lang: str) -> str:
        """Return the title of a page in a language, or in the best one that has it."""
        for code in (lang, *self.library.languages[lang].fallback, *self.library.languages):
            if (slug, code) in self.library.pages:
                return self.library.pages[slug, code].meta.title
        return slug

    @cached_property
    def _templates(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(self.library.root / "theme" / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def state(self, slug: str, lang: str) -> PageState:
        """Return how far a page in a language stands behind its original."""
        return self.once(("state", slug, lang), lambda: page_state(self.library, slug, lang))

    def lay_out(self, template: str, **values: Any) -> str:
        """Lay out a document that no generator knows of.

        Args:
            template: File in theme/templates.
            values: Everything it needs.
        """
        return self._templates.get_template(template).render(**values)

    def component(self, name: str, lang: str, **values: Any) -> str:
        """Lay out a component for use inside Markdown.

        Args:
            name: File in theme/templates/components, without its ending.
            lang: Language of the page; the template gets its strings of `site` as `texts`.
            values: What the template needs beside them.
        """
        texts = self.library.strings.section("site", lang)
        html = self._templates.get_template(f"components/{name}.html").render(texts=texts, **values)
        # Markdown ends a block of HTML at an empty line.
        return "\n".join(line for line in html.splitlines() if line.strip())


SHEETS = ("tokens.css", "base.css", "parts.css")
"""Style sheets of every page, in this order."""
READING, FILLING = ("reading.css", "meetings.css"), ("form.css",)
"""What pages to read have beside them, and what pages with a form have."""


def load_styles(root: Path) -> Styles:
    """Read the style sheets, without comments and indentation."""
    folder = root / "theme" / "styles"
    page, form = (
        "".join(lean(folder / name) for name in (*SHEETS, *own)) for own in (READING, FILLING)
    )
    return Styles(page, form)


def surroundings(site: Site, lang: str) -> dict[str, Any]:
    """Return what every page of a language shares; templates find it in `config.extra`."""
    return {
        "texts": site.library.strings.section("site", lang),
        "home": f"/{lang}/",
        "code": lang,
        "menu": [_menu_link(site, lang, slug) for slug in MENU],
        "languages": [
            {
                "code": language.code,
                "lang": language.html_lang,
                "dir": language.direction,
                "name": language.name,
                "current": language.code == lang,
            }
            for language in site.library.languages.values()
        ],
        "sections": {name: section_links(site, name, lang) for name in site.sections},
        "demonstration": site.settings.environment == "demonstration",
        "style_mark": STYLE_MARK,
    }


def section_links(site: Site, name: str, lang: str) -> list[dict[str, str]]:
    """Return the written pages of a section in a language; every page of the section lists them."""
    written = site.written(lang)
    return [
        {"address": page_address(lang, slug), "title": site.title(slug, lang)}
        for slug in site.in_section(name)
        if slug in written and slug != HOME
    ]


def frame(site: Site, lang: str, path: str, **page: Any) -> dict[str, Any]:
    """Return the values of the skeleton around a page.

    Args:
        site: The build.
        lang: Language of the page.
        path: Path below the language, "" for the first page, else "slug/".
        page: What the page adds or changes.
    """
    language = site.library.languages[lang]
    scripts = site.assets.of(page.get("script", ""))
    if page.get("captcha") and site.assets.hcaptcha:
        scripts.append(site.assets.hcaptcha)
    values: dict[str, Any] = {
        "lang": language.html_lang,
        "code": lang,
        "dir": language.direction,
        "path": path,
        "canonical": f"{site.settings.base_url}/{lang}/{path}",
        "home": f"/{lang}/",
        "alternates": [],
        "feeds": [],
        "quick_exit": "",
        "noindex": False,
        "script": "",
        "captcha": None,
        "has_form": bool(page.get("has_form")),
        "scripts": [{"url": a.url, "integrity": a.integrity} for a in scripts],
        "sharing": None,
        "provenance": None,
        "notices": [],
        "listening": None,
        "section": "",
        "hero": False,
    }
    values |= page
    if values["quick_exit"] is True:
        values["quick_exit"] = language.quick_exit
    values["policy"] = _policy(site, values)
    return values


def status_values(site: Site, lang: str) -> dict[str, Any]:
    """Return the one dated statement about registration."""
    status, language = site.library.registration_status, site.library.languages[lang]
    return {
        "title": site.text("status.title", lang),
        "text": status.text[lang],
        "as_of": site.text("as_of", lang, day=day_in_words(status.as_of, language)),
    }


def _menu_link(site: Site, lang: str, slug: str) -> dict[str, str]:
    """Return a link with the short name that the menu has room for on a small phone."""
    name = "home" if slug == HOME else slug
    return {"address": page_address(lang, slug), "title": site.text(f"menu.{name}", lang)}


def alternates(site: Site, there: Sequence[str], path: str) -> list[dict[str, str]]:
    """Return the addresses of a page in all languages that have it.

    Args:
        site: The build.
        there: Codes of those languages, the best for anybody else first.
        path: Path below each language, "" for the first page, else "slug/".
    """
    base = site.settings.base_url
    links = [
        {"lang": site.library.languages[code].html_lang, "address": f"{base}/{code}/{path}"}
        for code in there
    ]
    default = f"{base}/{there[0]}/{path}" if path else f"{base}/"
    return [*links, {"lang": "x-default", "address": default}]


def _policy(site: Site, values: Mapping[str, Any]) -> str:
    """Return the content security policy of a page; it allows one style and our own scripts."""
    digest = site.styles.digest(form=values["has_form"])
    api = site.settings.api_url or "'self'"
    # Any page may send what waits on the phone, if its reader once chose to let it wait.
    connect = " ".join(dict.fromkeys(("'self'", api)))
    opens = values["script"] in ("form", "return")
    wasm = " 'wasm-unsafe-eval'" if opens else ""
    send = api if values.get("sends") else "'none'"
    # Only where a deployer set keys of hCaptcha, and only on pages with a form.
    other = f" {CAPTCHA_HOSTS}" if values["captcha"] else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{digest}'{other}",
            f"script-src 'self'{wasm}{other}",
            f"connect-src {connect}{other}",
            *([f"frame-src{other}"] if other else []),
            "img-src 'self' blob:",
            *(["media-src 'self'"] if values["listening"] else []),
            # What was just recorded is heard from the memory of the page.
            *(["media-src blob:"] if values.get("records") else []),
            "manifest-src 'self'",
            f"form-action {send}",
            "base-uri 'none'",
        )
    )


def lean(path: Path) -> str:
    """Read a style sheet without comments and indentation."""
    text = path.read_text(encoding="utf-8")
    while "/*" in text:
        start = text.index("/*")
        text = text[:start] + text[text.index("*/", start) + 2 :]
    return "".join(line.strip() for line in text.splitlines())
