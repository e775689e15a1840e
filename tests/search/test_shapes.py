"""Words that people write differently take one shape."""

import pytest

from portal_content.search.ranking import wrong_letters
from portal_content.search.shapes import fold, shapes_of


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("ar", "أمان", "امان"),
        ("ar", "إبلاغ", "ابلاغ"),
        ("ar", "مؤسسة", "موسسه"),
        ("ar", "على", "علي"),
        ("ar", "المُوافَقَة", "الموافقة"),
        ("ar", "مفقـــود", "مفقود"),
        ("ar", "٢٠١٣", "2013"),
        ("ar", "۷۷", "77"),
        ("ar", "ﻻجئ", "لاجئ"),
        ("tr", "KAYIP", "kayıp"),
        ("tr", "İstanbul", "istanbul"),
        ("tr", "dolandırıcı", "dolandirici"),
        ("de", "Massengräber", "Massengraeber"),
        ("de", "löschen", "loschen"),
        ("de", "Straße", "strasse"),
        ("fr", "représailles", "REPRESAILLES"),
        ("ku", "Nehênî", "neheni"),
        ("ku", "bişîne", "bisine"),
    ],
)
def test_spellings_fold_to_the_same_words(lang: str, one: str, other: str) -> None:
    shapes = shapes_of(lang)

    assert shapes.words(one) == shapes.words(other)


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("ar", "السجن", "بالسجن"),
        ("ar", "والنساء", "للنساء"),
        ("ar", "مفقود", "المفقودين"),
        ("ar", "موافقة", "موافقتكم"),
        ("ar", "الدم", "دم"),
        ("ar", "للأب", "أب"),
        ("ar", "طلبو", "طلبوا"),
        ("en", "prison", "prisons"),
        ("de", "Frau", "Frauen"),
        ("fr", "droits", "droit"),
        ("tr", "kayıplar", "kayıp"),
        ("ku", "malbatên", "malbat"),
    ],
)
def test_what_is_attached_is_taken_off(lang: str, one: str, other: str) -> None:
    shapes = shapes_of(lang)

    stems = [shapes.stem(shapes.words(word)[0]) for word in (one, other)]
    assert stems[0] == stems[1]


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("ar", "أطفال", "طفل"),
        ("ar", "وثائق", "وثيقة"),
        ("ar", "حقوق", "حق"),
        ("ar", "شهود", "شاهد"),
        ("ar", "قبور", "قبر"),
        ("ar", "مظبوط", "مضبوط"),
        ("en", "dissapeared", "disappeared"),
        ("fr", "échappé", "echapper"),
    ],
)
def test_broken_plurals_and_misspellings_share_a_skeleton(lang: str, one: str, other: str) -> None:
    shapes = shapes_of(lang)

    skeletons = [shapes.skeleton(shapes.stem(shapes.words(word)[0])) for word in (one, other)]
    assert skeletons[0] == skeletons[1]


def test_words_that_say_nothing_count_only_if_there_is_nothing_else() -> None:
    shapes = shapes_of("ar")

    assert shapes.telling("شو صار بطلبي") == ["بطلبي"]
    assert shapes.telling("شو صار") == ["شو", "صار"]
    assert shapes.telling(" ؟! ") == []


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [("code", "code", 0), ("cdoe", "code", 1), ("cod", "code", 1), ("kode", "cade", 2)],
)
def test_wrong_letters_are_counted(one: str, other: str, wrong: int) -> None:
    assert wrong_letters(one, other, 2) == wrong


def test_controls_and_marks_vanish_from_words() -> None:
    assert fold("كُتِ\u200fب") == "كتب"
