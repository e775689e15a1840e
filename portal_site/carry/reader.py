"""The pages of a language in one file: guidance, alerts, ways to check, and the search."""

from pathlib import Path
from typing import Any

from portal_content.search.rules import for_browser
from portal_site import contents, forms, offline, search
from portal_site.alerts.document import SECTION as ALERTS
from portal_site.assets import inline_script
from portal_site.carry.rewriting import as_part, main_of
from portal_site.carry.single_pages import completed, file_values
from portal_site.print.issued import CODES
from portal_site.values import Site, lean

LARGEST = 1_000_000
"""Bytes of the file; more takes too long to pass on and to open on an old phone."""


def name_of(lang: str) -> str:
    """Return the name of the file: it tells nothing on a phone that is searched."""
    return f"reader-{lang}.html"


def reader_file(site: Site, lang: str, output: Path) -> str:
    """Return the file.

    Args:
        site: The build.
        lang: Code of the language.
        output: Folder with the finished pages of the site.
    """
    names = {path: path.replace("/", "-") for path in _paths(site, lang, output)}

    def follow(href: str) -> str:
        path, _, heading = href.partition("#")
        inner = path.removeprefix(f"/{lang}/").strip("/") or "index"
        if not path.startswith(f"/{lang}/") or inner not in names:
            return site.settings.base_url + href
        return f"#{names[inner]}" + (f".{heading}" if heading else "")

    parts = []
    for path, name in names.items():
        folder = output / lang if path == "index" else output / lang / path
        page = main_of((folder / "index.html").read_text(encoding="utf-8"))
        parts.append({"name": name, "content": as_part(page, name, follow)})
    html = site.lay_out(
        "carry/reader.html",
        **file_values(
            site, lang, parts=parts, sections=_contents(site, lang, names),
            search=site.library.strings.section("search", lang),
        ),
    )  # fmt: skip
    styles = site.settings.root / "theme/styles"
    style = site.styles.of(form=True) + lean(styles / "reading.css") + lean(styles / "carry.css")
    script = inline_script(site.settings, "reader")
    return completed(html, style=style, script=script, data=_data(site, lang))


def _paths(site: Site, lang: str, output: Path) -> list[str]:
    """Return the pages in it; forms need the network, single meetings are soon out of date."""
    left_out = {forms.RETURN, search.FIND, offline.OFFLINE, contents.CONTENTS}
    written = [slug for slug in site.slugs if slug in site.written(lang) and slug not in left_out]
    alerts = [ALERTS, *(f"{ALERTS}/{name}" for name in site.library.alerts)]
    found = dict.fromkeys([*written, *alerts, CODES])
    folder = output / lang
    return [
        path
        for path in found
        if (folder if path == "index" else folder / path).joinpath("index.html").is_file()
    ]


def _contents(site: Site, lang: str, names: dict[str, str]) -> list[dict[str, Any]]:
    known = {f"/{lang}/": "index"} | {f"/{lang}/{path}/": name for path, name in names.items()}
    listed = [
        {
            "title": section["title"],
            "pages": [
                {"title": page["title"], "href": f"#{known[page['address']]}"}
                for page in section["pages"]
                if page["address"] in known
            ],
        }
        for section in contents.sections(site, lang)
    ]
    return [section for section in listed if section["pages"]]


def _data(site: Site, lang: str) -> dict[str, Any]:
    return {
        "lang": lang,
        "site": site.settings.base_url,
        "rules": for_browser(lang),
        "texts": site.library.strings.section("search", lang),
        "index": search.engine(site, lang).as_json(),
    }
