"""What search engines read says the same as the pages themselves."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from portal_content.languages import load_languages
from tests.portal_site.test_build import Reading

ROOT = Path(__file__).parents[2]
LANGUAGES = load_languages(ROOT / "content" / "languages.yml")
BASE = "https://portal.example.org"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def listed(site: Path, lang: str) -> dict[str, dict[str, str]]:
    """Return the alternates of every listed address."""
    tree = ET.parse(site / lang / "sitemap.xml")
    return {
        url.findtext(f"{MAP}loc", ""): {
            link.get("hreflang", ""): link.get("href", "") for link in url.iter(LINK)
        }
        for url in tree.iter(f"{MAP}url")
    }


def declared(site: Path, lang: str) -> dict[str, dict[str, str]]:
    """Return the same out of the pages: canonical address, alternates, unless not to be listed."""
    found = {}
    for page in (site / lang).rglob("*.html"):
        reading = Reading(page.read_text(encoding="utf-8"))
        links = reading.all("link")
        canonical = [link["href"] for link in links if link["rel"] == "canonical"]
        robots = [meta for meta in reading.all("meta") if meta.get("name") == "robots"]
        assert bool(canonical) != bool(robots), page
        if canonical:
            found[canonical[0]] = {
                link["hreflang"]: link["href"] for link in links if link.get("hreflang")
            }
    return found


def test_one_file_names_the_sitemap_of_each_language(built_site: Path) -> None:
    tree = ET.parse(built_site / "sitemap.xml")

    named = [entry.text for entry in tree.iter(f"{MAP}loc")]
    assert named == [f"{BASE}/{lang}/sitemap.xml" for lang in LANGUAGES]
    assert f"Sitemap: {BASE}/sitemap.xml" in (built_site / "robots.txt").read_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sitemap_lists_the_pages_that_are_to_be_found_with_their_translations(
    built_site: Path, lang: str
) -> None:
    assert listed(built_site, lang) == declared(built_site, lang)
    assert len(listed(built_site, lang)) > 13


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_translation_that_a_page_names_names_it_back(built_site: Path, lang: str) -> None:
    everything = {
        address: links for code in LANGUAGES for address, links in listed(built_site, code).items()
    }
    for address, links in listed(built_site, lang).items():
        for code, other in links.items():
            if code != "x-default":
                assert everything[other][LANGUAGES[lang].html_lang] == address
