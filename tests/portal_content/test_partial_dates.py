"""When somebody says it was: understood where it can be, never refused, never guessed beyond it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal_content.forms.partial_dates import Reading, read_partial_date
from portal_content.library import Library

PIECES = (
    *("ربيع", "شتاء", "تشرين الثاني", "november", "kış", "قبل", "بعد", "about", "2013", "٢٠٢٦"),
    *("2026-11-02", "3/10/2025", "2020s", "1447", "١٤٤٨", "12", "x", "20260101", "2026x", "۲۰۲۶"),
    *("²⁰²⁶", "٢٠", "ـ", "26", "\u0301"),
)
"""Of what people type, in any order."""


def reading(earliest: str, latest: str, *, about: bool = False) -> Reading:
    first = date.fromisoformat(earliest) if earliest else None
    last = date.fromisoformat(latest) if latest else None
    return Reading(first, last, about)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("2013", reading("2013-01-01", "2013-12-31")),
        ("٢٠١٣", reading("2013-01-01", "2013-12-31")),
        ("سنة ۲۰۱۳", reading("2013-01-01", "2013-12-31")),
        ("ربيع ٢٠١٣", reading("2013-03-01", "2013-05-31")),
        ("في آذار ٢٠١٣", reading("2013-03-01", "2013-03-31")),
        ("١٧ آذَار ٢٠١٣", reading("2013-03-17", "2013-03-17")),
        ("كانون الثاني/يناير ٢٠١٤", reading("2014-01-01", "2014-01-31")),
        ("كانون الأول ٢٠١٢", reading("2012-12-01", "2012-12-31")),
        ("بتشرين التاني 2012", reading("2012-11-01", "2012-11-30")),
        ("بالصيف 2012", reading("2012-06-01", "2012-08-31")),
        ("شتاء ٢٠١٢", reading("2011-12-01", "2013-02-28")),
        ("حوالي ٢٠١٢", reading("2012-01-01", "2012-12-31", about=True)),
        ("قبل ٢٠١٢", reading("", "2011-12-31")),
        ("بعد أيار ٢٠١٢", reading("2012-05-01", "")),
        ("منذ ٢٠١٣", reading("2013-01-01", "")),
        ("بين ٢٠١٢ و٢٠١٣", reading("2012-01-01", "2013-12-31")),
        ("من آذار ٢٠١٢ إلى أيار ٢٠١٣", reading("2012-03-01", "2013-05-31")),
        ("رمضان ٢٠١٤", reading("2014-01-01", "2014-12-31")),
        ("رمضان ١٤٣٥", reading("2013-01-01", "2014-12-31", about=True)),
        ("ربيع الأول ٢٠١٣", reading("2013-01-01", "2013-12-31")),
        ("March 17, 2013", reading("2013-03-17", "2013-03-17")),
        ("early Sept 2013", reading("2013-09-01", "2013-09-30")),
        ("between March and May 2013", reading("2013-03-01", "2013-05-31")),
        ("the 1990s", reading("1990-01-01", "1999-12-31")),
        ("after 2012", reading("2012-01-01", "")),
        ("2012-2013", reading("2012-01-01", "2013-12-31")),
        ("17.5.2013", reading("2013-05-17", "2013-05-17")),
        ("5/17/2013", reading("2013-05-17", "2013-05-17")),
        ("٥/٢٠١٣", reading("2013-05-01", "2013-05-31")),
        ("2013-05-17", reading("2013-05-17", "2013-05-17")),
        ("31/2/2013", reading("2013-02-01", "2013-02-28")),
        ("2012'den önce", reading("", "2011-12-31")),
        ("2012'den beri", reading("2012-01-01", "")),
        ("Ağustos 2013", reading("2013-08-01", "2013-08-31")),
        ("KASIM 2013", reading("2013-11-01", "2013-11-30")),
        ("yaklaşık kış 2013", reading("2012-12-01", "2014-02-28", about=True)),
        ("Frühjahr 2013", reading("2013-03-01", "2013-05-31")),
        ("etwa März 2013", reading("2013-03-01", "2013-03-31", about=True)),
        ("vor 2012", reading("", "2011-12-31")),
        ("été 2013", reading("2013-06-01", "2013-08-31")),
        ("vers août 2013", reading("2013-08-01", "2013-08-31", about=True)),
        ("Gulana 2013", reading("2013-01-01", "2013-12-31")),
        ("Gulan 2013", reading("2013-05-01", "2013-05-31")),
        ("berî 2012", reading("", "2011-12-31")),
        ("piştî Îlon 2012", reading("2012-09-01", "")),
        ("payîz 2012", reading("2012-09-01", "2012-11-30")),
    ],
)
def test_what_people_write_is_understood(typed: str, understood: Reading) -> None:
    assert read_partial_date(typed) == understood


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "لا أعرف",
        "قبل سنتين",
        "vor zwei Jahren",
        "آذار",
        "99",
        "12345",
        "0000",
        "9999",
        "مارس 13",
    ],
)
def test_what_cannot_be_understood_is_no_reading_and_no_mistake(typed: str) -> None:
    assert read_partial_date(typed) is None


def test_every_month_is_understood_as_each_language_names_it(library: Library) -> None:
    for language in library.languages.values():
        for number, name in enumerate(language.months, start=1):
            for one in name.split("/"):
                understood = read_partial_date(f"{one} 2013")

                assert understood is not None
                assert understood.earliest == date(2013, number, 1), one


@settings(deadline=None, database=None)
@given(
    st.text(
        st.one_of(st.characters(codec="utf-8"), st.sampled_from("0123456789٠١٢٣-/. ")), max_size=100
    )
)
def test_nothing_that_can_be_typed_is_an_error(typed: str) -> None:
    understood = read_partial_date(typed)

    if understood and understood.earliest and understood.latest:
        assert understood.earliest <= understood.latest


@settings(deadline=None, database=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4), st.sampled_from(["", " ", "-"]))
def test_nothing_that_may_be_recent_is_passed_over(pieces: list[str], between: str) -> None:
    typed = between.join(pieces)
    understood = read_partial_date(typed)

    if understood and understood.earliest:
        assert read_partial_date(typed, since=understood.earliest.year) == understood


def test_what_names_only_earlier_years_is_not_read() -> None:
    assert read_partial_date("ربيع ٢٠١٣", since=2025) is None
    for typed in ("شتاء ٢٠٢٦", "1447", "²⁰²⁶", "٢٠ـ٢٦", "2\u0301026", "2013 2026"):
        assert read_partial_date(typed, since=2025) == read_partial_date(typed) is not None, typed
