"""The built site: right in every language, the same twice, and complete after a plain build."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from portal_content.languages import load_languages
from portal_content.library import load_library
from portal_site.build import build_site
from portal_site.settings import SiteSettings
from tests.portal_api.running import Running

ROOT = Path(__file__).parents[2]
LANGUAGES = load_languages(ROOT / "content" / "languages.yml")
WRITTEN = sorted(load_library(ROOT).pages)
EVERYWHERE = {"alerts", "briefings", "return"}
"""Written pages that the build makes in the other languages too."""


class Reading(HTMLParser):
    """What a page declares: attributes of its tags by name, ids, links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def ids(self) -> set[str]:
        return {attributes["id"] for _, attributes in self.tags if "id" in attributes}


def pages(site: Path) -> Iterator[Path]:
    yield from sorted(site.rglob("*.html"))


def read(page: Path) -> Reading:
    return Reading(page.read_text(encoding="utf-8"))


def written(site: Path, slug: str, lang: str) -> Path:
    return site / lang / ("index.html" if slug == "index" else f"{slug}/index.html")


def fingerprint(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_every_page_says_its_language_and_direction(built_site: Path) -> None:
    for page in pages(built_site):
        html = read(page).all("html")[0]
        code = page.relative_to(built_site).parts[0]
        language = LANGUAGES.get(code, LANGUAGES["ar"])
        assert (html["lang"], html["dir"]) == (language.html_lang, language.direction), page


@pytest.mark.parametrize(("slug", "lang"), WRITTEN)
def test_a_page_names_itself_and_its_real_translations(
    built_site: Path, slug: str, lang: str
) -> None:
    links = read(written(built_site, slug, lang)).all("link")
    canonical = [link["href"] for link in links if link["rel"] == "canonical"]
    alternates = {link["hreflang"]: link["href"] for link in links if "hreflang" in link}

    base = "https://portal.example.org"
    path = "" if slug == "index" else f"{slug}/"
    there = {code for page_slug, code in WRITTEN if page_slug == slug or slug in EVERYWHERE}
    assert canonical == [f"{base}/{lang}/{path}"]
    assert alternates.pop("x-default").startswith(base)
    assert alternates == {code: f"{base}/{code}/{path}" for code in there}


def test_a_page_that_a_language_lacks_says_so_in_that_language(built_site: Path) -> None:
    text = (built_site / "ku" / "principles" / "index.html").read_text(encoding="utf-8")

    assert 'name="robots" content="noindex"' in text
    assert "Hê ne bi vî zimanî ye" in text
    assert 'href="/ar/principles/" lang="ar" dir="rtl"' in text
    assert 'hreflang="ku" href="https://portal.example.org' not in text


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_channel_nobody_has_set_up_is_never_called_in_use(built_site: Path, lang: str) -> None:
    text = (built_site / lang / "contact" / "index.html").read_text(encoding="utf-8")

    unset = re.findall(r'<li class="channel channel--placeholder">.*?</li>', text, re.DOTALL)
    assert unset
    assert not [channel for channel in unset if "channel__status" in channel]


def test_every_link_and_anchor_leads_somewhere(built_site: Path, served_site: Running) -> None:
    broken = []
    ids = {page: read(page).ids for page in pages(built_site)}
    for page in pages(built_site):
        for link in read(page).all("a"):
            path, _, anchor = link["href"].partition("#")
            if not path.startswith("/") and path:
                continue
            target = built_site / path.lstrip("/") if path else page
            target = target / "index.html" if target.is_dir() else target
            if not target.exists() or (anchor and anchor not in ids[target]):
                broken.append((page.relative_to(built_site).as_posix(), link["href"]))

    # What is no file the service itself must answer: the way out, which clears everything.
    with httpx.Client(base_url=served_site.url) as client:
        served = {
            address for _, address in broken if "clear-site-data" in client.get(address).headers
        }
    assert served == {f"/{lang}/exit/" for lang in LANGUAGES}
    assert [one for one in broken if one[1] not in served] == []


def test_no_id_stands_twice_on_a_page(built_site: Path) -> None:
    for page in pages(built_site):
        ids = [attributes["id"] for _, attributes in read(page).tags if "id" in attributes]
        assert len(ids) == len(set(ids)), page


def test_nothing_on_a_page_comes_from_another_host(built_site: Path) -> None:
    for page in pages(built_site):
        reading = read(page)
        loaded = [tag.get("src", "") for _, tag in reading.tags]
        loaded += [tag["href"] for tag in reading.all("link") if tag["rel"] == "icon"]
        assert all(not address or address.startswith("/") for address in loaded), page
    assert not list(built_site.rglob("*.css"))
    # A service worker rules what lies beside and below it, so this one lies at the root.
    outside = {path for path in built_site.rglob("*.js") if path.parent.name != "assets"}
    assert outside == {built_site / "worker.js"}


def test_every_script_is_pinned_and_none_is_inline(built_site: Path) -> None:
    for page in pages(built_site):
        for script in read(page).all("script"):
            if script.get("type") in ("application/json", "application/ld+json"):
                assert "src" not in script  # Data, which no browser runs.
                continue
            content = (built_site / script["src"].lstrip("/")).read_bytes()
            digest = hashlib.sha256(content).digest()
            assert script["integrity"] == "sha256-" + base64.b64encode(digest).decode()


def test_the_two_ways_of_sending_cannot_be_taken_for_each_other(built_site: Path) -> None:
    for lang in LANGUAGES:
        sealed = built_site / lang / "search-request" / "index.html"
        plain = built_site / lang / "search-request" / "plain" / "index.html"

        form = next(f for f in read(sealed).all("form") if "data-form" in f)
        assert "action" not in form
        assert form["method"] == "dialog"
        assert "form-action &#39;none&#39;" in sealed.read_text(encoding="utf-8")
        button = next(b for b in read(sealed).all("button") if "data-send" in b)
        assert "disabled" in button
        assert f"/{lang}/search-request/plain/" in sealed.read_text(encoding="utf-8")
        other = next(f for f in read(plain).all("form") if f.get("action"))
        assert (other["method"], other["action"]) == ("post", "/form#problems")
        assert "band--plain" in plain.read_text(encoding="utf-8")
        assert not [s for s in read(plain).all("script") if "form." in s.get("src", "")]


def test_how_far_registration_is_stands_only_where_it_could_be_meant(built_site: Path) -> None:
    forms = ("search-request", "support/form", "briefing-registration", "feedback/form")
    pages = {f: (built_site / "en" / f / "index.html").read_text(encoding="utf-8") for f in forms}

    assert [form for form, page in pages.items() if "A first contact is not yet" in page] == [
        "search-request"
    ]


def test_the_shell_is_ready_for_an_answer(built_site: Path) -> None:
    for lang in LANGUAGES:
        text = (built_site / lang / "shell.html").read_text(encoding="utf-8")

        assert text.count("%%PORTAL_TITLE%%") == 1
        assert text.count("%%PORTAL_CONTENT%%") == 1
        assert "<script" not in text
        assert "%%PORTAL_STYLE%%" not in text


def test_the_same_sources_give_the_same_bytes(
    built_site: Path, site_settings: SiteSettings, tmp_path: Path
) -> None:
    again = site_settings.model_copy(update={"site_directory": tmp_path / "again"})

    build_site(again)

    assert fingerprint(tmp_path / "again") == fingerprint(built_site)


@pytest.fixture(scope="module")
def plain_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with markup typed where an editor types text, built plainly."""
    copy = tmp_path_factory.mktemp("plain") / "project"
    copy.mkdir()
    for name in ("content", "translations", "mkdocs.yml"):
        source = ROOT / name
        shutil.copytree(source, copy / name) if source.is_dir() else shutil.copy(source, copy)
    left_out = shutil.ignore_patterns("node_modules")
    shutil.copytree(ROOT / "theme", copy / "theme", ignore=left_out)
    (copy / "theme" / "node_modules").symlink_to(ROOT / "theme" / "node_modules")
    channels = copy / "content" / "channels.yml"
    text = channels.read_text(encoding="utf-8")
    channels.write_text(re.sub(r"value: portal\S+", 'value: "<i>typed</i>"', text, count=1))
    about = copy / "content" / "institution" / "about.en.md"
    text = about.read_text(encoding="utf-8")
    about.write_text(re.sub(r"^title: .*$", 'title: "A <i>typed</i> B"', text, flags=re.MULTILINE))
    (copy / "site").mkdir()
    shutil.copy(ROOT / "site" / ".gitignore", copy / "site")
    (copy / "site" / "old.html").write_text("from an earlier build")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    subprocess.run(command, cwd=copy, check=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"})
    return copy


def test_a_plain_build_gives_the_whole_site_and_deletes_no_source(plain_build: Path) -> None:
    site = plain_build / "site"

    assert (site / ".gitignore").exists()
    assert not (site / "old.html").exists()
    for lang in LANGUAGES:
        assert (site / lang / "search-request" / "index.html").exists()
    assert "العربية" in (site / "index.html").read_text(encoding="utf-8")
    for name in ("content", "translations", "theme"):
        before = {p.relative_to(ROOT / name) for p in (ROOT / name).rglob("*.yml")}
        assert before <= {
            p.relative_to(plain_build / name) for p in (plain_build / name).rglob("*.yml")
        }


def test_markup_that_an_editor_types_comes_out_as_text(plain_build: Path) -> None:
    site = plain_build / "site"
    about = (site / "en" / "about" / "index.html").read_text(encoding="utf-8")
    contact = (site / "en" / "contact" / "index.html").read_text(encoding="utf-8")

    assert "<h1>A &lt;i&gt;typed&lt;/i&gt; B</h1>" in about
    assert "<title>A &lt;i&gt;typed&lt;/i&gt; B</title>" in about
    assert "&lt;i&gt;typed&lt;/i&gt;" in contact
    assert "<i>typed</i>" not in about + contact


def test_the_licences_of_what_is_bundled_ship_with_the_site(built_site: Path) -> None:
    text = (built_site / "assets" / "licences.txt").read_text(encoding="utf-8")

    for name in ("@noble/post-quantum", "age-encryption", "hash-wasm"):
        assert name in text
    assert text.count("Copyright") >= 7
