"""The block of figures: what sources state, then what is listed on this site."""

from collections import Counter
from typing import Any

from portal_content.dates import day_in_words
from portal_content.figures import Figure
from portal_content.numbers import whole
from portal_content.pages import Page
from portal_site.figures.drawing import Bar, draw
from portal_site.values import Site
from portal_site.wording import Words


def figures_block(site: Site, page: Page) -> str:
    """Lay out every figure with its drawing, its table, its period and its source."""
    words = Words(site, "figures", page.lang)
    figures = [_stated(figure, words) for figure in site.library.figures]
    if site.library.briefings:
        figures.append(_listed_by_language(words))
    strings = site.library.strings.section("figures", page.lang)
    return site.component("figures", page.lang, figures=figures, words=strings)


def _stated(figure: Figure, words: Words) -> dict[str, Any]:
    bars = [_bar(words(f"parts.{part.id}"), part.count, words) for part in figure.parts]
    start, end = (
        day_in_words(day, words.language) for day in (figure.period.start, figure.period.end)
    )
    document = figure.source.document[words.lang]
    notes = [
        words("period", start=start, end=end),
        words("source", document=document, paragraphs=figure.source.paragraphs),
    ]
    total = whole(figure.total, words.language)
    return _values(figure.id, bars, words) | {"notes": notes, "total": total}


def _listed_by_language(words: Words) -> dict[str, Any]:
    records = words.site.library.briefings.values()
    spoken = Words(words.site, "briefings", words.lang)
    counted = Counter(code for record in records for code in record.understood)
    bars = [_bar(spoken(f"spoken.{code}"), count, words) for code, count in counted.most_common()]
    note = words("samples" if any(record.sample for record in records) else "listed")
    return _values("listed-by-language", bars, words) | {"notes": [note], "total": ""}


def _bar(name: str, count: int, words: Words) -> Bar:
    return Bar(name, count, whole(count, words.language))


def _values(name: str, bars: list[Bar], words: Words) -> dict[str, Any]:
    cache = words.site.settings.cache_directory
    drawing = draw(
        bars,
        right_to_left=words.language.direction == "rtl",
        memory=None if cache is None else cache / "figures",
    )
    return {
        "id": name,
        "title": words(f"titles.{name}"),
        "drawing": drawing,
        "rows": [{"name": bar.name, "shown": bar.shown} for bar in bars],
    }
