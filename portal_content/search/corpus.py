"""What can be found: every written page, form, alert and meeting of a language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal_content.library import Library
from portal_content.pages import BLOCK, HOME, Page, page_address
from portal_content.search.synonyms import Synonyms

_LINK = re.compile(r"!?\[(?P<text>[^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"<[^>]+>")
_MARK = re.compile(r"^\s*(?:!!!\s+\w+|#+|[-*>]|\d+\.)\s*|[*_`|]", re.MULTILINE)
_HEADING = re.compile(r"^#{2,4} (?P<text>.*?)\s*\{#(?P<id>[a-z0-9-]+)\}\s*$", re.MULTILINE)
FOR_FAMILIES, WHOLE, UNWRITTEN, PART = 115, 100, 60, 60
"""How much a find counts, in hundredths: what families need wins over what others need, a page of
their language over one that only others have, and a page over one meeting that says the same."""
MADE = {
    "alerts": ("alerts.list.title", "alerts.list.description"),
    "briefings": ("briefings.list.title", "briefings.list.description"),
    "return": ("site.return.title", "site.return.description"),
}
"""Pages that the build makes in languages in which nobody has written them."""


@dataclass(frozen=True)
class Entry:
    """Something that can be found."""

    id: str
    """Id of the page (P01), or of the form, the alert, the meeting."""
    page: str
    """Path below the language without slashes around it; "" for the first page."""
    address: str
    title: str
    summary: str
    headings: tuple[tuple[str, str], ...]
    """Anchor and words of each."""
    text: str
    asked: tuple[str, ...]
    """What people type when they look for it."""
    counts: int


def corpus(library: Library, lang: str, synonyms: Synonyms) -> list[Entry]:
    """Return everything that can be found in a language, in a fixed order."""
    entries = [
        *_pages(library, lang),
        *_forms(library, lang),
        *_lists(library, lang),
        *_unwritten(library, lang),
        *_briefings(library, lang),
        *_alerts(library, lang),
    ]
    return [_with_asked(entry, synonyms) for entry in sorted(entries, key=lambda one: one.page)]


def name_of_unwritten(library: Library, slug: str, lang: str) -> str | None:
    """Return what a page that a language lacks is called there, if an editor has named it."""
    if ("unwritten", lang) not in library.strings.sections():
        return None
    name: str | None = library.strings.section("unwritten", lang).get(slug)
    return name


def plain_text(markdown: str) -> str:
    """Return the words of Markdown as they are used on pages."""
    text = _LINK.sub(lambda match: match["text"], BLOCK.sub("", markdown))
    return _MARK.sub(" ", _TAG.sub(" ", text))


def _with_asked(entry: Entry, synonyms: Synonyms) -> Entry:
    asked = synonyms.asked.get(entry.page or HOME, ())
    return Entry(**{**entry.__dict__, "asked": tuple(asked)})


def _entry(
    lang: str,
    entry_id: str,
    page: str,
    title: str,
    summary: str,
    *,
    headings: tuple[tuple[str, str], ...] = (),
    text: str = "",
    counts: int = WHOLE,
) -> Entry:
    path = "" if page == HOME else page
    address = page_address(lang, page)
    return Entry(entry_id, path, address, title, summary, headings, text, (), counts)


def _pages(library: Library, lang: str) -> Iterator[Entry]:
    for (slug, code), page in library.pages.items():
        if code == lang:
            meta, body = page.meta, _body(library, page)
            headings = tuple((m["id"], plain_text(m["text"])) for m in _HEADING.finditer(body))
            text = plain_text(_HEADING.sub("", body))
            yield _entry(
                lang, meta.id, slug, meta.title, meta.description, headings=headings, text=text,
                counts=FOR_FAMILIES if "families" in meta.audience else WHOLE,
            )  # fmt: skip


def _body(library: Library, page: Page) -> str:
    """Return the Markdown of a page and, where a block shows records, their words."""
    blocks = {match["name"] for match in BLOCK.finditer(page.body)}
    parts = [page.body, *(f"{door.title}. {door.text}" for door in page.meta.doors)]
    if "words" in blocks:
        parts += [
            f"{term.terms.get(page.lang, '')}: {term.plain.get(page.lang, '')}"
            for term in library.glossary.public()
        ]
    if blocks & {"organisations", "help-directory"}:
        parts += [f"{one.name.get(page.lang, '')} {one.acronym}" for one in library.organisations]
    return "\n\n".join(parts)


def _forms(library: Library, lang: str) -> Iterator[Entry]:
    words = library.strings
    for form in library.forms.on_pages():
        title = words.text(f"form-{form.id}.title", lang)
        summary = words.text(f"form-{form.id}.description", lang)
        yield _entry(lang, form.id, form.address, title, summary, counts=FOR_FAMILIES)


def _lists(library: Library, lang: str) -> Iterator[Entry]:
    """Yield the pages that the build makes in languages in which nobody has written them."""
    strings = library.strings
    for slug, (title, summary) in MADE.items():
        if (slug, lang) not in library.pages and slug in library.sources:
            page = library.pages[slug, library.sources[slug]]
            yield _entry(
                lang, page.meta.id, slug, strings.text(title, lang), strings.text(summary, lang)
            )


def _unwritten(library: Library, lang: str) -> Iterator[Entry]:
    """Yield what other languages have: its page here says so and leads there."""
    languages, stub_text = library.languages, library.strings.text("site.stub.text", lang)
    there = {slug for slug, code in library.pages if code == lang} | set(MADE)
    there |= {form.address for form in library.forms.on_pages()}
    for slug, source in library.sources.items():
        title = name_of_unwritten(library, slug, lang)
        if slug not in there and title:
            names = (one.name for code, one in languages.items() if (slug, code) in library.pages)
            summary = f"{stub_text} {', '.join(names)}."
            yield _entry(
                lang, library.pages[slug, source].meta.id, slug, title, summary, counts=UNWRITTEN
            )


def _briefings(library: Library, lang: str) -> Iterator[Entry]:
    for briefing in library.briefings.values():
        text = briefing.texts.get(lang)
        if text is not None:
            words = " ".join(str(value) for _, value in text)
            place = briefing.city.get(lang, "")
            path = f"briefings/{briefing.id}"
            yield _entry(
                lang, briefing.id, path, text.title, text.summary, text=f"{place} {words}",
                counts=PART,
            )  # fmt: skip


def _alerts(library: Library, lang: str) -> Iterator[Entry]:
    for alert in library.alerts.values():
        text = alert.texts.get(lang)
        if text is not None:
            words = f"{text.text} {text.advice} {text.correction}"
            path = f"alerts/{alert.id}"
            yield _entry(lang, alert.id, path, text.title, text.text, text=words, counts=PART)
