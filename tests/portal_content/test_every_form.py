"""Every form in every language: all its words are there, and nothing is chosen for the person."""

from pathlib import Path

import pytest

from portal_content.errors import ContentError
from portal_content.forms.definition import Form, load_forms
from portal_content.forms.view import form_view
from portal_content.forms.words import FormWords
from portal_content.library import Library, load_library

ROOT = Path(__file__).parents[2]
FORMS = [form.id for form in load_forms(ROOT / "content" / "forms").current()]
LANGUAGES = list(load_library(ROOT).languages)

PRESETS = {
    "briefing-registration": {("name_shown", "hide")},
    "search-request": {("photos", "reencode")},
    "follow-up": {("files", "reencode")},
}
"""What is chosen before a person chooses: only what tells less of them."""


def newest(library: Library, form_id: str) -> Form:
    return next(form for form in library.forms.current() if form.id == form_id)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form_id", FORMS)
def test_a_form_has_all_its_words_in_every_language(
    library: Library, form_id: str, lang: str
) -> None:
    form = newest(library, form_id)
    words = FormWords(library.strings, form, lang)

    view = form_view(form, library, lang, mode="encrypting", action="")

    assert words.own("title")
    assert words.own("neutral_title")
    assert len(view["consents"]) == len(form.consents)
    for question in form.fields:
        assert not question.notice or words.own(f"fields.{question.id}.notice")


@pytest.mark.parametrize("form_id", FORMS)
def test_nothing_is_chosen_for_the_person_but_what_protects(library: Library, form_id: str) -> None:
    form = newest(library, form_id)

    view = form_view(form, library, "ar", mode="encrypting", action="")

    chosen = {
        (field["id"], option["value"])
        for step in view["steps"]
        for field in step["fields"]
        for control in field["controls"]
        for option in control["options"]
        if option["chosen"]
    }
    assert chosen - {("contact_language", "ar")} == PRESETS.get(form_id, set())
    assert not any(consent["given"] for consent in view["consents"])


@pytest.mark.parametrize(
    "field",
    ["{id: a, kind: choice, options: [x], preset: y}", "{id: a, kind: text, preset: x}"],
)
def test_a_preset_is_one_of_the_options_of_a_choice(tmp_path: Path, field: str) -> None:
    head = "id: broken\nversion: 1\ntype: contact\nsteps:\n  - id: one\n    fields:\n"
    (tmp_path / "broken.yml").write_text(f"{head}      - {field}\n")

    with pytest.raises(ContentError, match="preset"):
        load_forms(tmp_path)
