"""Pages as documents."""

import html
import re
from pathlib import Path

from portal_content.documents import PageDocument, PageSummary, Source
from portal_content.pages import Page, page_address
from portal_site.values import Site

START, END = '<div class="prose">', "<!--prose ends-->"
"""Where theme/templates/main.html and return.html put what an editor wrote."""
_BREAK = re.compile(r"</(?:p|h[2-4]|li|dt|dd|tr|caption|figcaption|ul|ol|table|div)>|<br ?/?>")
_LEFT_OUT = re.compile(r"<(svg|script)\b.*?</\1>", re.DOTALL)
_ITEM = re.compile(r"<li[^>]*>")
_CELL = re.compile(r"</t[hd]>")
_TAG = re.compile(r"<[^>]+>")
_GAPS = re.compile(r"[ \t]*\n\s*")


def page_summary(site: Site, slug: str, lang: str) -> PageSummary:
    """Return what lists say of a page, also if a language does not have it.

    Args:
        site: The build.
        slug: Which page; at least one language has it.
        lang: Which language.
    """
    library = site.library
    page = library.pages.get((slug, lang))
    original = library.pages[slug, library.sources[slug]]
    return PageSummary(
        id=original.meta.id,
        slug=slug,
        section=original.meta.section,
        audience=original.meta.audience,
        state=site.state(slug, lang).state.value,
        written_in=tuple(code for code in library.languages if slug in site.written(code)),
        title=page.meta.title if page else None,
        description=page.meta.description if page else None,
        address=site.settings.base_url + page_address(lang, slug) if page else None,
        updated=(page or original).meta.changed,
    )


def page_document(site: Site, page: Page, built: Path) -> PageDocument:
    """Return a page with everything on it.

    Args:
        site: The build.
        page: The page.
        built: Its finished HTML file.
    """
    state = site.state(page.slug, page.lang)
    written = inner_html(built.read_text(encoding="utf-8"))
    return PageDocument(
        **page_summary(site, page.slug, page.lang).model_dump(),
        lang=page.lang,
        text=plain_text(written),
        html=written,
        paragraphs=tuple(one.value for one in state.paragraphs),
        original=state.source,
        sources=tuple(
            Source(document=source.document, paragraphs=source.paragraphs)
            for source in page.meta.sources
        ),
        as_of=page.meta.as_of,
        reviewed=page.meta.reviewed,
        share=page.meta.share,
    )


def inner_html(text: str) -> str:
    """Return what an editor wrote, out of a finished page."""
    start = text.index(START) + len(START)
    written = text[start : text.index(END, start)].strip()
    return written.removesuffix("</div>").strip()


def plain_text(written: str) -> str:
    """Return HTML as lines of text; drawings are left out, their tables are not."""
    text = _LEFT_OUT.sub("", written)
    text = _CELL.sub(" ", _ITEM.sub("- ", text))
    text = _TAG.sub("", _BREAK.sub("\n", text))
    return _GAPS.sub("\n", html.unescape(text)).strip()
