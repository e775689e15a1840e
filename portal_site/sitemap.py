"""What search engines read: a sitemap a language, one that lists them, and robots.txt."""

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from portal_site.staging import Staging
from portal_site.values import Site

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


def write_language(staging: Staging, output: Path) -> None:
    """List every page of a language with its translations; stubs and answers are not listed."""
    entries = []
    for path in sorted(staging.listed):
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang={quoteattr(link["lang"])} '
            f"href={quoteattr(link['address'])}/>"
            for link in staging.listed[path]["alternates"]
        )
        address = escape(staging.listed[path]["canonical"])
        entries.append(f"<url><loc>{address}</loc>{links}</url>\n")
    text = f"{_HEAD}<urlset {_NAMES}>\n{''.join(entries)}</urlset>\n"
    (output / staging.lang / "sitemap.xml").write_text(text, encoding="utf-8")


def write_index(site: Site, output: Path) -> None:
    """List the sitemaps of all languages."""
    base = escape(site.settings.base_url)
    entries = "".join(
        f"<sitemap><loc>{base}/{lang}/sitemap.xml</loc></sitemap>\n"
        for lang in site.library.languages
    )
    name = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    text = f"{_HEAD}<sitemapindex {name}>\n{entries}</sitemapindex>\n"
    (output / "sitemap.xml").write_text(text, encoding="utf-8")


def write_robots(site: Site, output: Path) -> None:
    """Let everybody read what is in the sitemap; a demonstration is not for search engines."""
    rule = "Disallow: /" if site.settings.environment == "demonstration" else "Allow: /"
    text = f"User-agent: *\n{rule}\nSitemap: {site.settings.base_url}/sitemap.xml\n"
    (output / "robots.txt").write_text(text, encoding="utf-8")
