"""Printed sheets: the right words, whole and in the right order, on paper of the right size."""

import io
import re
from datetime import date
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from fontTools.ttLib import TTFont
from pypdfium2 import raw

from portal_content.errors import ContentError
from portal_content.forms.definition import FILE_KINDS
from portal_content.handouts.extracts import points
from portal_content.library import load_library
from portal_content.pages import Page
from portal_content.verification_codes import LENGTH, grouped
from portal_protocol.digits import arabic_digits
from portal_site.print.fonts import fonts_folder
from portal_site.print.printables import links, printables
from portal_site.print.sheets import of_alert, of_page
from portal_site.print.typesetter import Typesetter
from portal_site.settings import SiteSettings
from portal_site.values import Site, Styles

ROOT = Path(__file__).parents[2]
LIBRARY = load_library(ROOT)
LANGUAGES = tuple(LIBRARY.languages)
SETTINGS = SiteSettings(root=ROOT, base_url="https://portal.example.org", today=date(2026, 11, 21))
HEAVIEST = 300 * 1024
"""Bytes of one PDF: a minute on a slow line."""
MILLIMETRE = 72 / 25.4
SIZES = {"a4": (210, 297), "a3": (297, 420), "leaflet": (297, 210), "form": (210, 297)}
OURS = {"NotoSans", "Vazirmatn"}
PAGES = {"a4": 1, "a3": 1, "leaflet": 2}
TURNED = re.compile("ل[اأإآ]|[\u064b-\u0652]")
"""What PDFium gives in an order of its own: one glyph for two letters, and marks on letters."""

ON_PAPER = (
    "search-request",
    "support",
    "information",
    "organisation",
    "data-rights",
    "feedback",
)
"""Forms that make sense on paper. Reports of extortion and reprisal, and what children write, are
not carried about; a meeting is gone before paper comes back."""
every_language = pytest.mark.parametrize("lang", LANGUAGES)


def site(settings: SiteSettings = SETTINGS) -> Site:
    return Site(settings, LIBRARY, assets=None, styles=Styles("", ""))  # type: ignore[arg-type]


@cache
def sheets(lang: str) -> dict[str, bytes]:
    return {one.name: one.sheet.content for one in printables(site(), lang)}


def opened(lang: str, name: str) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(sheets(lang)[name])


def words_of(document: pypdfium2.PdfDocument) -> set[str]:
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    return set(text.split())


def read_squares(document: pypdfium2.PdfDocument) -> list[str]:
    found = []
    for page in document:
        picture = page.render(scale=2).to_pil().convert("L")
        found += [one.text for one in zxingcpp.read_barcodes(picture)]
    return found


@every_language
def test_posters_and_leaflets_exist_for_both_pages_and_every_alert_and_the_form(lang: str) -> None:
    subjects = ["protect-yourself", "verify", *LIBRARY.alerts]

    wanted = {f"{subject}-{kind}.pdf" for subject in subjects for kind in ("a4", "a3", "leaflet")}

    on_paper = {f"{one.page}-form.pdf" for one in LIBRARY.handouts.values() if one.kind == "form"}
    assert set(sheets(lang)) == wanted | on_paper
    assert on_paper == {f"{form_id}-form.pdf" for form_id in ON_PAPER}


@every_language
def test_paper_pages_and_weight_are_as_announced(lang: str) -> None:
    for one in printables(site(), lang):
        document = pypdfium2.PdfDocument(one.sheet.content)
        width, height = SIZES[one.format]

        assert len(document) == one.sheet.pages == PAGES.get(one.format, one.sheet.pages)
        for page in document:
            assert page.get_width() == pytest.approx(width * MILLIMETRE, abs=1)
            assert page.get_height() == pytest.approx(height * MILLIMETRE, abs=1)
        assert len(one.sheet.content) <= HEAVIEST, one.name


@every_language
def test_each_sheet_carries_its_words_its_code_and_its_address(lang: str) -> None:
    for handout in LIBRARY.handouts.values():
        if not handout.poster:
            continue
        page: Page = LIBRARY.pages[handout.page, lang]
        poster = words_of(opened(lang, f"{handout.page}-a4.pdf"))
        said = "".join(poster)
        words = " ".join(line.text for line in points(page, handout.poster)).split()
        clear = [word.strip(".:?!«»،؟") for word in words if not TURNED.search(word)]

        assert len(clear) >= len(words) / 3
        assert [word for word in clear if word not in said] == []
        if LIBRARY.languages[lang].direction == "ltr":
            # PDFium turns Latin letters in Arabic lines about; the square code is read below.
            assert set(grouped(handout.code).split()) <= poster
            assert f"portal.example.org/{lang}/c/" in said


@every_language
def test_the_square_code_leads_to_where_the_typed_code_leads(lang: str) -> None:
    for handout in LIBRARY.handouts.values():
        name = f"{handout.page}-{'form' if handout.kind == 'form' else 'a4'}.pdf"
        address = f"https://portal.example.org/{lang}/c/{handout.code[:LENGTH].lower()}/"

        assert read_squares(opened(lang, name)) == [address]


def test_the_square_code_of_a_sample_leads_to_its_page() -> None:
    for alert in LIBRARY.alerts:
        found = read_squares(opened("ar", f"{alert}-leaflet.pdf"))

        assert found == [f"https://portal.example.org/ar/alerts/{alert}/"]


@every_language
def test_letters_are_in_the_file_and_no_font_of_the_machine_is_used(lang: str) -> None:
    for name in ("verify-leaflet.pdf", "search-request-form.pdf"):
        document = opened(lang, name)
        fonts = {
            (one.get_font().get_base_name(), one.get_font().is_embedded)
            for page in document
            for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])
        }

        assert fonts
        assert all(embedded for _, embedded in fonts), fonts
        assert {font.partition("+")[2].split("-")[0] for font, _ in fonts} <= OURS


@every_language
def test_a_screen_reader_learns_title_and_language_and_finds_tags(lang: str) -> None:
    for name, content in sheets(lang).items():
        document = opened(lang, name)

        assert document.get_metadata_value("Title")
        assert document.get_metadata_value("Author") == site().text("name", lang)
        assert raw.FPDFCatalog_IsTagged(document)
        assert f"/Lang({LIBRARY.languages[lang].html_lang})".encode() in content.replace(b" ", b"")


def test_arabic_runs_from_the_right_and_its_letters_are_joined() -> None:
    page = opened("ar", "protect-yourself-a4.pdf")[0]
    text = page.get_textpage()

    assert "مساعدتنا مجانية" in text.get_text_range()
    assert _left_of(text, "مساعدتنا") > _left_of(text, "مجانية")
    # Joined letters are narrower than the same letters each for itself.
    isolated = TTFont(next(fonts_folder(ROOT / "theme").glob("vazirmatn*400*.ttf")))
    glyphs, widths = isolated.getBestCmap(), isolated["hmtx"]
    alone = sum(widths[glyphs[ord(letter)]][0] for letter in "مجانية")
    size = _height(text, "مجانية")
    assert _width(text, "مجانية") < 0.9 * alone / isolated["head"].unitsPerEm * size


def _boxes(text: pypdfium2.PdfTextPage, word: str) -> list[tuple[float, ...]]:
    found = text.search(word).get_next()
    assert found is not None, word
    start, count = found
    return [text.get_charbox(number) for number in range(start, start + count)]


def _left_of(text: pypdfium2.PdfTextPage, word: str) -> float:
    return min(left for left, *_ in _boxes(text, word))


def _width(text: pypdfium2.PdfTextPage, word: str) -> float:
    return max(box[2] for box in _boxes(text, word)) - _left_of(text, word)


def _height(text: pypdfium2.PdfTextPage, word: str) -> float:
    start, _ = text.search(word).get_next()
    return float(raw.FPDFText_GetFontSize(text, start))


def test_arabic_sheets_have_arabic_digits_outside_addresses_and_codes() -> None:
    said = words_of(opened("ar", "search-request-form.pdf"))

    assert arabic_digits("10") in said
    assert arabic_digits("2026") in said
    assert "2026" not in said


@every_language
@pytest.mark.parametrize("form_id", ON_PAPER)
def test_the_paper_form_asks_what_the_form_asks(lang: str, form_id: str) -> None:
    said = words_of(opened(lang, f"{form_id}-form.pdf"))
    form = next(one for one in LIBRARY.forms.current() if one.id == form_id)

    for question in form.fields:
        label = LIBRARY.strings.text(f"form-{form.id}.fields.{question.id}.label", lang)
        if question.kind not in FILE_KINDS and lang != "ar":
            assert set(label.split()) <= said, question.id


def test_the_paper_form_has_large_boxes() -> None:
    document = opened("en", "search-request-form.pdf")
    boxes = [
        (right - left, top - bottom)
        for page in document
        for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH])
        for left, bottom, right, top in [one.get_bounds()]
    ]

    to_tick = [box for box in boxes if box == pytest.approx((18.5, 18.5), abs=1.5)]
    to_write = [box for box in boxes if box[0] > 400 and 38 < box[1] < 45]
    form = next(one for one in LIBRARY.forms.current() if one.id == "search-request")
    assert len(to_tick) >= sum(len(question.options) for question in form.fields)
    assert len(to_write) >= sum(question.kind in ("name", "text") for question in form.fields)


def test_the_same_words_give_the_same_bytes() -> None:
    again = {one.name: one.sheet.content for one in printables(site(), "ku")}

    assert again == sheets("ku")


def test_what_was_set_before_is_not_set_again(tmp_path: Path) -> None:
    remembering = SETTINGS.model_copy(update={"cache_directory": tmp_path})
    first = printables(site(remembering), "en")
    kept = sorted((tmp_path / "sheets" / "en").iterdir())
    kept[0].write_bytes(b"remembered")

    second = printables(site(remembering), "en")

    assert len(kept) == len(first)
    assert [one.sheet.content for one in second].count(b"remembered") == 1


def test_words_that_do_not_fit_stop_the_build_instead_of_being_cut_off() -> None:
    handout = LIBRARY.handouts["verify-1"]
    words = of_page(site(), handout, LIBRARY.pages["verify", "de"])
    words["points"] *= 6

    with pytest.raises(ContentError, match="too many words"):
        Typesetter(ROOT / "theme", None).set("poster", words | {"paper": "a4"})


def test_what_no_longer_holds_says_so_on_paper_and_is_not_offered() -> None:
    later = site(SETTINGS.model_copy(update={"today": date(2027, 6, 1)}))

    found = {one.name: one for one in printables(later, "en")}
    poster = pypdfium2.PdfDocument(found["sample-fees-in-our-name-a4.pdf"].sheet.content)

    assert {"force", "until"} <= words_of(poster)
    assert not links(later, "en", "alerts/sample-fees-in-our-name")
    assert links(site(), "en", "alerts/sample-fees-in-our-name")


def test_words_are_never_taken_for_markup() -> None:
    alert = LIBRARY.alerts["sample-fees-in-our-name"]
    words = of_alert(site(), alert, "en")
    assert words is not None
    hostile = [{"text": '#panic("x") *b* $x$ [y] \\ @z', "strong": False, "ltr": False}]

    sheet = Typesetter(ROOT / "theme", None).set(
        "poster", words | {"points": [hostile], "paper": "a4"}
    )

    text = pypdfium2.PdfDocument(io.BytesIO(sheet.content))[0].get_textpage().get_text_range()
    assert '#panic("x") *b* $x$ [y]' in " ".join(text.split())
