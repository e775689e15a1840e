"""Draws bars as inline SVG with Vega-Lite; text stays text, colours are the page's."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

WIDTH = 320
"""Units of the drawing's own scale; the page stretches it to its column."""
ROW = 66
_BAR = 22
_TEXT = 16
_ROOM = 1.2
"""The longest bar leaves so much room for its number."""
_VEGA_LITE = "5.20"
_SVG = "http://www.w3.org/2000/svg"
_NUMBER = re.compile(r"-?\d+\.\d+")


@dataclass(frozen=True)
class Bar:
    """One bar with its name and its number as a reader sees it."""

    name: str
    count: int
    shown: str


def draw(bars: Sequence[Bar], *, right_to_left: bool, memory: Path | None) -> str:
    """Return bars as an SVG element.

    Args:
        bars: At least one.
        right_to_left: Whether bars grow from the right.
        memory: Folder that keeps drawings, because starting the library takes half a second.
    """
    specification = _specification(bars, right_to_left=right_to_left)
    if memory is None:
        return _drawn(specification)
    name = hashlib.sha256(json.dumps([_VEGA_LITE, specification]).encode()).hexdigest()[:32]
    kept = memory / f"{name}.svg"
    if not kept.exists():
        memory.mkdir(parents=True, exist_ok=True)
        kept.write_text(_drawn(specification), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def _specification(bars: Sequence[Bar], *, right_to_left: bool) -> dict[str, Any]:
    edge, inward, step = (WIDTH, "right", -8) if right_to_left else (0, "left", 8)
    longest = max(1, *(bar.count for bar in bars))
    y: dict[str, Any] = {"field": "row", "type": "quantitative", "axis": None}
    y["scale"] = {"domain": [0, len(bars)], "reverse": True}
    text = {"type": "text", "align": inward, "fontSize": _TEXT, "fill": "currentColor"}
    bar = {"type": "bar", "orient": "horizontal", "size": _BAR, "fill": "currentColor"}
    bar |= {"yOffset": 40}
    x = {
        "field": "count",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, longest * _ROOM], "reverse": right_to_left},
    }
    return {
        "width": WIDTH,
        "height": ROW * len(bars),
        "autosize": {"type": "none"},
        "padding": 0,
        "background": None,
        "data": {
            "values": [
                {"row": row, "name": one.name, "count": one.count, "shown": one.shown}
                for row, one in enumerate(bars)
            ]
        },
        "encoding": {"y": y},
        "layer": [
            {"mark": bar, "encoding": {"x": x, "y": y}},
            {
                "mark": text | {"yOffset": 16, "baseline": "alphabetic"},
                "encoding": {"x": {"value": edge}, "text": {"field": "name"}},
            },
            {
                "mark": text | {"yOffset": 40, "baseline": "middle", "dx": step},
                "encoding": {"x": x, "text": {"field": "shown"}},
            },
        ],
        "config": {"aria": False, "view": {"stroke": None}},
    }


def _drawn(specification: dict[str, Any]) -> str:
    import vl_convert  # noqa: PLC0415 (it brings a JavaScript engine; most builds do not need it)

    drawing = ET.fromstring(  # noqa: S314 (made by the library from our own specification)
        vl_convert.vegalite_to_svg(specification, vl_version=_VEGA_LITE)
    )
    ET.register_namespace("", _SVG)
    _clean(drawing)
    for name in ("version", "class", "width", "height"):
        drawing.attrib.pop(name, None)
    # Arabic is shaped in any direction; anchors keep their side only from left to right.
    drawing.attrib |= {"class": "figure__bars", "direction": "ltr", "aria-hidden": "true"}
    text = ET.tostring(drawing, encoding="unicode")
    return _NUMBER.sub(lambda number: f"{float(number[0]):.1f}", text)


def _clean(element: ET.Element) -> None:
    """Take out what only other tools of the library need."""
    for child in list(element):
        if child.get("class") in ("background", "foreground"):
            element.remove(child)
        else:
            _clean(child)
    for name in ("role", "aria-roledescription", "pointer-events", "font-family", "opacity"):
        element.attrib.pop(name, None)
