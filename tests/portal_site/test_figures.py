"""Figures: what the source states, right in Arabic, readable without seeing, small."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import brotli
import pytest

from portal_content.errors import ContentError
from portal_content.figures import load_figures
from portal_site.figures.drawing import WIDTH, Bar, draw

ROOT = Path(__file__).parents[2]
BARS = (Bar("عبر الإنترنت", 21, "٢١"), Bar("حضورياً", 8, "٨"))
LONGEST_DRAWING = 3 * 1024
SVG = "{http://www.w3.org/2000/svg}"


def bars_of(drawing: str) -> list[tuple[float, float]]:
    """Return left and right edge of each bar."""
    edges = []
    for path in ET.fromstring(drawing).iter(f"{SVG}path"):
        match = re.match(r"M([\d.]+),[\d.]+h([\d.-]+)", path.get("d", ""))
        if match:
            left, width = float(match[1]), float(match[2])
            edges.append((min(left, left + width), max(left, left + width)))
    return edges


@pytest.mark.parametrize("right_to_left", [True, False])
def test_bars_grow_from_the_side_where_reading_starts(*, right_to_left: bool) -> None:
    long, short = bars_of(draw(BARS, right_to_left=right_to_left, memory=None))

    start = 1 if right_to_left else 0
    assert long[start] == short[start] == (WIDTH if right_to_left else 0)
    assert (short[1] - short[0]) / (long[1] - long[0]) == pytest.approx(8 / 21, abs=0.01)


def test_words_stay_words_and_no_style_stands_in_the_drawing() -> None:
    drawing = draw(BARS, right_to_left=True, memory=None)

    texts = [text.text for text in ET.fromstring(drawing).iter(f"{SVG}text")]
    assert set(texts) == {"عبر الإنترنت", "حضورياً", "٢١", "٨"}
    assert "style" not in drawing
    assert 'direction="ltr"' in drawing
    assert len(brotli.compress(drawing.encode(), quality=11)) <= LONGEST_DRAWING


def test_a_drawing_is_made_once_and_the_same_every_time(tmp_path: Path) -> None:
    first = draw(BARS, right_to_left=True, memory=tmp_path)
    kept = list(tmp_path.iterdir())
    kept[0].write_text("kept", encoding="utf-8")

    assert draw(BARS, right_to_left=True, memory=tmp_path) == "kept"
    assert draw(BARS, right_to_left=True, memory=None) == first
    assert draw(BARS, right_to_left=False, memory=tmp_path) != "kept"


def test_the_figures_are_those_of_the_report_with_their_period() -> None:
    by_mode, with_women = load_figures(ROOT / "content" / "figures.yml")

    assert {part.id: part.count for part in by_mode.parts} == {"online": 21, "in_person": 8}
    assert (with_women.parts[0].id, with_women.parts[0].count) == ("women", 17)
    assert by_mode.total == with_women.total == 29
    assert str(by_mode.period.start) == "2024-01-01"
    assert str(by_mode.period.end) == "2024-09-30"


def test_parts_that_do_not_add_up_are_refused_with_their_line(tmp_path: Path) -> None:
    text = (ROOT / "content" / "figures.yml").read_text(encoding="utf-8")
    (tmp_path / "figures.yml").write_text(text.replace("count: 21", "count: 22"), encoding="utf-8")

    with pytest.raises(ContentError, match=r"figures\.yml:\d+: .*add up"):
        load_figures(tmp_path / "figures.yml")


@pytest.mark.parametrize(
    ("lang", "numbers"), [("ar", ("٢١", "٨", "٢٩", "١٧")), ("en", ("21", "8", "29", "17"))]
)
def test_every_number_of_a_drawing_stands_in_a_table_too(
    built_site: Path, lang: str, numbers: tuple[str, ...]
) -> None:
    text = (built_site / lang / "briefings" / "summaries" / "index.html").read_text("utf-8")

    figures = re.findall(r"<figure.*?</figure>", text, re.DOTALL)
    assert len(figures) == 3
    cells = re.findall(r"<td>(.*?)</td>", "".join(figures))
    assert set(numbers) <= set(cells)
    for figure in figures:
        drawn = {t.text for t in ET.fromstring(re.findall(r"<svg.*?</svg>", figure)[0]).iter()}
        shown = set(re.findall(r'<th scope="row">(.*?)</th>', figure)) | set(
            re.findall(r"<td>(.*?)</td>", figure)
        )
        assert {text for text in drawn if text} <= shown
