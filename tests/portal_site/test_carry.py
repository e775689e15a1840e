"""Files to carry: whole in themselves, small, the same each time, honest about their age."""

import base64
import hashlib
import html
import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from portal_content.library import Library
from portal_protocol.errors import NoteError
from portal_protocol.notes import sign_note
from portal_protocol.releases import make_release
from portal_site.assets import Asset, Assets
from portal_site.carry import files, paper, reader
from portal_site.carry.pages import DOWNLOAD, RELEASE
from portal_site.carry.rewriting import as_part
from portal_site.settings import SiteSettings
from portal_site.values import Site, load_styles
from tests.browser.test_protocol_twin import a_key_list
from tests.conftest import ROOTS
from tests.portal_api.factories import ROOT

LANGUAGES = ("ar", "en", "ku", "tr", "de", "fr")
NOTE = sign_note(a_key_list().to_text(), ROOTS[0], ROOTS[2])


class Document(HTMLParser):
    """Every element of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, name: str) -> list[str]:
        return [given[name] for _, given in self.elements if name in given]


@pytest.fixture(scope="module")
def site(
    site_settings: SiteSettings, library: Library, tmp_path_factory: pytest.TempPathFactory
) -> Site:
    folder = tmp_path_factory.mktemp("keys")
    (folder / "keys.note").write_text(NOTE, encoding="utf-8")
    settings = site_settings.model_copy(
        update={"key_list": folder / "keys.note", "downloads": True, "cache_directory": folder}
    )
    nothing = Asset("/assets/none.js", "sha256-none", Path())
    return Site(settings, library, Assets(*[nothing] * len(fields(Assets))), load_styles(ROOT))


@pytest.fixture(scope="module")
def made(site: Site, built_site: Path) -> dict[str, str]:
    """Every file of every language, by name."""
    return {
        one.name: one.content.decode()
        for lang in LANGUAGES
        for one in files.downloads(site, lang, built_site)
    }


def test_each_language_has_its_pages_and_each_form_in_a_file(
    made: dict[str, str], library: Library
) -> None:
    forms = len(list(library.forms.on_pages()))

    for lang in LANGUAGES:
        assert f"reader-{lang}.html" in made
        assert len([name for name in made if name.startswith(f"paper-{lang}-")]) == forms >= 1
    for form in library.forms.on_pages():
        assert not any(form.id in name for name in made)


def test_files_stay_small(made: dict[str, str]) -> None:
    limits: dict[str, int] = {"reader": reader.LARGEST, "paper": paper.LARGEST}
    too_large = {
        name: len(text.encode())
        for name, text in made.items()
        if len(text.encode()) > limits[name.partition("-")[0]]
    }

    assert too_large == {}


def test_nothing_is_asked_of_anybody(made: dict[str, str]) -> None:
    for name, text in made.items():
        document = Document(text)
        loaded = [tag for tag, given in document.elements if "src" in given or "srcset" in given]
        linked = [given["href"] for tag, given in document.elements if tag == "link"]
        assert (loaded, linked) == ([], ["data:,"]), name
        assert "url(" not in text.split("<style>")[1].split("</style>")[0]


def test_the_policy_allows_its_own_style_and_script_only(made: dict[str, str]) -> None:
    for name, text in made.items():
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
        style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
        script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        assert (len(style), len(script)) == (1, 1), name
        for kind, content in (("style-src", style[0]), ("script-src", script[0])):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"{kind} 'sha256-{digest}'" in policy, name
        assert policy.startswith("default-src 'none';")
        assert "unsafe-inline" not in policy
        assert "connect-src" not in policy


def test_every_link_inside_leads_somewhere(made: dict[str, str]) -> None:
    for name, text in made.items():
        document = Document(text)
        ids = document.values("id")
        inner = {href[1:] for href in document.values("href") if href.startswith("#")}
        assert len(ids) == len(set(ids)), name
        assert inner - set(ids) - {""} == set(), name
        if name.startswith("reader"):
            outer = [
                h for h in document.values("href") if not h.startswith(("#", "data:", "about:"))
            ]
            assert all(h.startswith(("https:", "mailto:", "tel:")) for h in outer), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_pages_say_of_themselves_is_in_the_file(
    made: dict[str, str], library: Library, built_site: Path, lang: str
) -> None:
    text = html.unescape(made[f"reader-{lang}.html"])

    assert library.strings.text("site.demonstration", lang) in text
    assert library.strings.text("carry.made", lang).split("%")[0] in text
    assert "<title>" + library.strings.text("carry.reader.title", lang) + "</title>" in text
    for slug in ("verify", "protect-yourself", "index"):
        page = built_site / lang / (slug if slug != "index" else "") / "index.html"
        notices = re.findall(
            r'<div class="notice notice--[a-z]+"><p>([^<\n]+)', page.read_text(encoding="utf-8")
        )
        assert all(html.unescape(notice.strip()) in text for notice in notices)
    for alert in library.alerts:
        page = built_site / lang / "alerts" / alert / "index.html"
        dates = re.findall(r'<p class="small">([^<]+)</p>', page.read_text(encoding="utf-8"))
        assert dates
        assert all(html.unescape(line) in text for line in dates)


def test_the_same_content_gives_the_same_bytes(
    made: dict[str, str], site: Site, built_site: Path
) -> None:
    again = {one.name: one.content.decode() for one in files.downloads(site, "ar", built_site)}

    assert again == {name: text for name, text in made.items() if "-ar" in name}


def test_a_form_is_made_for_good_keys_only(site: Site, library: Library) -> None:
    form = next(iter(library.forms.on_pages()))
    forged = sign_note(a_key_list().to_text(), ROOTS[0])

    with pytest.raises(NoteError):
        paper.paper_file(site, form, "ar", forged)


@pytest.fixture
def released(
    site: Site, built_site: Path, tmp_path: Path
) -> Callable[[dict[str, bytes]], tuple[Path, str]]:
    """Publish a release of some files, and return the folder with the Arabic page."""

    def publish(content: dict[str, bytes]) -> tuple[Path, str]:
        release = make_release(site.settings.deployment, date(2026, 11, 20), content.items())
        (tmp_path / RELEASE).write_text(sign_note(release.to_text(), ROOTS[0], ROOTS[1]))
        settings = site.settings.model_copy(update={"release": tmp_path / RELEASE})
        for lang in LANGUAGES:
            for path in (built_site / lang).rglob("index.html"):
                copy = tmp_path / "site" / path.relative_to(built_site)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        made = Site(settings, site.library, site.assets, site.styles)
        files.write_downloads(made, tmp_path / "site")
        page = (tmp_path / "site" / "ar" / DOWNLOAD / "index.html").read_text(encoding="utf-8")
        return tmp_path / "site" / DOWNLOAD, page

    return publish


def test_the_page_lists_every_file_with_its_hash_and_the_release_beside_them(
    made: dict[str, str], released: Callable[[dict[str, bytes]], tuple[Path, str]]
) -> None:
    folder, page = released({name: text.encode() for name, text in made.items()})

    assert (folder / RELEASE).is_file()
    for name, text in made.items():
        assert (folder / name).read_text(encoding="utf-8") == text
        digest = hashlib.sha256(text.encode()).hexdigest()
        assert (digest in page) == ("-ar" in name)


def test_a_release_of_other_files_is_not_published(
    released: Callable[[dict[str, bytes]], tuple[Path, str]],
) -> None:
    folder, _ = released({"reader-ar.html": b"another build"})

    assert not (folder / RELEASE).exists()


def test_a_page_becomes_a_part_of_a_longer_document() -> None:
    page = (
        '<h1>A</h1><p class="listening">x<b>y</b></p><script>1</script>'
        '<form><input name="q"></form><h2 id="b">B</h2><label for="b">&amp;</label>'
        '<a href="#b">1</a><a href="/ar/x/#y">2</a><svg viewBox="0 0 1 1"><path/></svg>'
    )

    assert as_part(page, "p", lambda href: "https://site" + href) == (
        '<h2>A</h2><h3 id="p.b">B</h3><label for="p.b">&amp;</label>'
        '<a href="#p.b">1</a><a rel="noreferrer noopener" href="https://site/ar/x/#y">2</a>'
        '<svg viewBox="0 0 1 1"><path/></svg>'
    )
