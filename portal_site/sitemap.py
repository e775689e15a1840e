"""What search engines read: sitemap.xml and robots.txt."""

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from portal_content.pages import page_address
from portal_site.values import Site


def write_sitemap(site: Site, output: Path) -> None:
    """List every real page with its languages; stubs and answers are not listed."""
    base = site.settings.base_url
    entries = []
    for slug in site.slugs():
        codes = [code for code in site.library.languages if (slug, code) in site.library.pages]
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{site.library.languages[code].html_lang}" '
            f"href={quoteattr(base + page_address(code, slug))}/>"
            for code in codes
        )
        for code in codes:
            address = escape(base + page_address(code, slug))
            entries.append(f"<url><loc>{address}</loc>{links}</url>\n")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "".join(entries) + "</urlset>\n"
    )
    (output / "sitemap.xml").write_text(text, encoding="utf-8")


def write_robots(site: Site, output: Path) -> None:
    """Let everybody read what is in the sitemap; a demonstration is not for search engines."""
    rule = "Disallow: /" if site.settings.environment == "demonstration" else "Allow: /"
    text = f"User-agent: *\n{rule}\nSitemap: {site.settings.base_url}/sitemap.xml\n"
    (output / "robots.txt").write_text(text, encoding="utf-8")
