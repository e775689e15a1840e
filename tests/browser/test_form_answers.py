"""Answers and photos: the browser decides as Python does."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin
from playwright.sync_api import Page

from portal_content.forms.view import script_definition
from portal_content.library import Library, load_library
from tests.photos import hidden_data, photo_with_hidden_data

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests/vectors/form_answers.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = VECTORS["cases"]
MARKER = "canary-5b1e"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_answers_and_problems_are_those_of_the_shared_cases(
    protocol_page: Page, library: Library, case: dict[str, Any]
) -> None:
    form = library.forms.get(case.get("form", "search-request"), 1)
    definition = script_definition(form, library, "en")
    inputs = dict(CASES[case["base"]]["inputs"]) if "base" in case else {}
    inputs |= case["inputs"]
    inputs |= {name: [text * times] for name, (text, times) in case.get("repeat", {}).items()}

    found = protocol_page.evaluate(
        """([form, entries]) => {
            const inputs = new Map(entries)
            const answers = portal.answers.fromInputs(form, inputs)
            const by = portal.helper.filledInBy(form, inputs)
            const choices = portal.answers.consentChoices(form, inputs)
            const consents = choices.map(({ id, given }) => [id, given])
            return { answers, by, consents, problems: portal.answers.check(form, answers, inputs) }
        }""",
        [definition, list(inputs.items())],
    )

    problems = [[problem["input"], problem["code"]] for problem in found["problems"]]
    assert problems == case["problems"]
    for what in {"answers", "by", "consents"} & set(case):
        assert found[what] == case[what]
    if "values" in case:
        assert found["problems"][0]["values"] == case["values"]


def stripped(page: Page, photo: bytes) -> bytes:
    made = page.evaluate(
        """(photo) => {
            const bytes = Uint8Array.from(atob(photo), (c) => c.charCodeAt(0))
            const { bytes: made } = portal.strip(bytes)
            return btoa(Array.from(made, (byte) => String.fromCharCode(byte)).join(""))
        }""",
        base64.b64encode(photo).decode(),
    )
    return base64.b64decode(made)


def pixels(photo: bytes) -> bytes:
    return Image.open(io.BytesIO(photo)).convert("RGB").tobytes()


@pytest.fixture
def colours() -> Image.Image:
    return Image.effect_mandelbrot((64, 48), (-2, -1.5, 1, 1.5), 100).convert("RGB")


@pytest.mark.parametrize("kind", ["baseline", "progressive"])
def test_a_stripped_jpeg_has_the_same_pixels_and_nothing_hidden(
    protocol_page: Page, colours: Image.Image, kind: str
) -> None:
    photo = photo_with_hidden_data(marker=MARKER, width=200, height=150)
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turned
    exif[0x010E] = MARKER
    file = io.BytesIO()
    scans = {"progressive": kind == "progressive"}
    colours.save(file, "JPEG", exif=exif, comment=MARKER.encode(), **scans)
    turned = file.getvalue() + MARKER.encode()  # Some phones append a film behind the picture.

    for original in (photo, turned):
        clean = stripped(protocol_page, original)

        assert pixels(clean) == pixels(original)
        assert MARKER.encode() not in clean
        assert hidden_data(clean)["place"] == {}
    assert hidden_data(stripped(protocol_page, turned))["exif"] == {0x0112: 6}
    assert hidden_data(stripped(protocol_page, photo))["exif"] == {}


def test_a_stripped_png_or_webp_has_the_same_pixels_and_nothing_hidden(
    protocol_page: Page, colours: Image.Image
) -> None:
    exif = Image.Exif()
    exif[0x010E] = MARKER
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", MARKER)
    png, webp = io.BytesIO(), io.BytesIO()
    colours.save(png, "PNG", exif=exif, pnginfo=info)
    colours.save(webp, "WEBP", exif=exif, xmp=MARKER.encode(), lossless=True)

    for original in (png.getvalue(), webp.getvalue()):
        assert MARKER.encode() in original
        clean = stripped(protocol_page, original)

        assert MARKER.encode() not in clean
        assert pixels(clean) == pixels(original)


@pytest.mark.parametrize("photo", [b"\xff\xd8\xff\xe1\x00\x10Exif", b"\x89PNG\r\n\x1a\n\0\0"])
def test_a_photo_that_is_cut_off_is_not_called_stripped(protocol_page: Page, photo: bytes) -> None:
    refusal = protocol_page.evaluate(
        "hex => portal.failure(() => portal.strip(portal.fromHex(hex)))", photo.hex()
    )

    assert "cut off" in refusal
