"""What the forms for people in danger, under pressure or under 18 ask, and what they never ask."""

import pytest

from portal_content.forms.answers import check, from_inputs
from portal_content.forms.definition import FILE_KINDS, Form
from portal_content.forms.reading import readable_answers
from portal_content.forms.view import form_view
from portal_content.library import load_library
from portal_content.strings import flattened
from tests.projects import ROOT

LIBRARY = load_library(ROOT)
FORMS = {form.id: form for form in LIBRARY.forms.current()}
CAREFUL = ("support", "information", "extortion-report", "reprisal-report", "child")
FEWEST: dict[str, dict[str, list[str]]] = {
    "support": {
        "role": ["survivor"],
        "age_group": ["prefer_not_to_say"],
        "contact_language": ["ar"],
        "safe_contact.way": ["none"],
    },
    "information": {
        "role": ["prefer_not_to_say"],
        "age_group": ["prefer_not_to_say"],
        "contact_language": ["ku"],
        "safe_contact.way": ["none"],
    },
    "extortion-report": {
        "how": ["prefer_not_to_say"],
        "claimed_to_be": ["unknown"],
        "asked_for": ["prefer_not_to_say"],
    },
    "reprisal-report": {
        "danger_now": ["prefer_not_to_say"],
        "about": ["prefer_not_to_say"],
        "safe_contact.way": ["none"],
    },
    "child": {"wish": ["help_now"], "contact_language": ["ar"], "reach": ["with_my_code"]},
}
"""As little as a person may say in each form."""
every_careful_form = pytest.mark.parametrize("form_id", CAREFUL)
every_language = pytest.mark.parametrize("lang", list(LIBRARY.languages))


def asked(form: Form) -> set[str]:
    return {question.id for question in form.fields}


def needed(form: Form) -> set[str]:
    return {question.id for question in form.fields if question.required}


def words(form_id: str, lang: str) -> dict[str, str]:
    return dict(flattened(LIBRARY.strings.section(f"form-{form_id}", lang)))


@every_careful_form
def test_nothing_can_be_uploaded_and_no_story_can_be_told(form_id: str) -> None:
    kinds = {question.kind for question in FORMS[form_id].fields}

    assert not kinds & {*FILE_KINDS, "long_text"}


@every_careful_form
def test_only_keeping_the_answers_must_be_agreed_to(form_id: str) -> None:
    consents = FORMS[form_id].consents

    assert [consent.id for consent in consents if consent.required] == ["C1"]


@pytest.mark.parametrize("form_id", CAREFUL[:-1])
def test_danger_comes_first_and_what_helps_then_is_shown_at_once(form_id: str) -> None:
    first = FORMS[form_id].fields[0]

    assert first.id == "danger_now"
    assert set(first.notice) == {"yes", "unknown"}


def test_a_child_that_needs_help_now_reads_first_where_help_is() -> None:
    first = FORMS["child"].fields[0]

    assert first.options == ("looking_for_someone", "help_now", "only_read")
    assert first.notice == ("help_now",)


def test_a_child_that_only_wants_to_read_is_asked_nothing_more() -> None:
    _, *others = FORMS["child"].fields

    for question in others:
        assert question.when is not None, question.id
        assert "only_read" not in question.when.options


def test_a_child_is_asked_for_a_first_name_a_country_a_language_and_a_way_back_only() -> None:
    assert asked(FORMS["child"]) == {
        "wish",
        "name_to_use",
        "contact_language",
        "contact_language_other",
        "country",
        "reach",
        "adult",
        "safe_contact",
    }


def test_an_amount_is_asked_for_in_one_form_only_and_only_where_money_was() -> None:
    with_amount = [form.id for form in FORMS.values() if asked(form) & {"amount", "currency"}]
    amounts = [one for one in FORMS["extortion-report"].fields if one.id in ("amount", "currency")]

    assert with_amount == ["extortion-report"]
    for question in amounts:
        assert not question.required
        assert question.when is not None
        assert question.when.options == ("money",)


def test_a_report_of_extortion_needs_no_way_back_and_every_needed_answer_may_be_withheld() -> None:
    form = FORMS["extortion-report"]

    assert form.anonymous
    assert "safe_contact" not in needed(form)
    for question in form.fields:
        if question.required:
            assert "prefer_not_to_say" in question.options, question.id


def test_a_report_of_reprisals_asks_for_nobody_and_passes_on_nothing_by_itself() -> None:
    form = FORMS["reprisal-report"]
    typed = {one.id for one in form.fields if one.kind in ("name", "text")}

    assert typed == {"country"}
    assert [consent.id for consent in form.consents if not consent.required] == ["C2", "C13"]


def test_nobody_is_shown_as_wanting_an_answer_because_their_page_has_a_language() -> None:
    form = FORMS["extortion-report"]

    view = form_view(form, LIBRARY, "ar", mode="plain", action="/form")
    chosen = form_view(
        form, LIBRARY, "ar", mode="plain", action="/form", inputs={"age_group": ["adult"]}
    )

    assert [step["id"] for step in view["steps"] if step["open"]] == []
    assert [step["id"] for step in chosen["steps"] if step["open"]] == ["answer"]


@every_language
def test_five_steps_stand_after_a_report_of_extortion(lang: str) -> None:
    steps = [key for key in words("extortion-report", lang) if key.startswith("after.steps.")]

    assert [key.rpartition(".")[2] for key in steps] == ["one", "two", "three", "four", "five"]


@every_language
def test_the_report_of_reprisals_shows_a_way_past_us(lang: str) -> None:
    assert "reprisals@ohchr.org" in words("reprisal-report", lang)["intro"]


@every_language
@every_careful_form
def test_after_sending_everybody_reads_what_arrived_and_what_that_is_not(
    form_id: str, lang: str
) -> None:
    said = words(form_id, lang)

    assert said["after.what"]
    assert said["after.not"]
    assert said["neutral_title"] == words("search-request", lang)["neutral_title"]


@every_careful_form
def test_as_little_as_a_person_may_say_is_enough(form_id: str) -> None:
    form = FORMS[form_id]
    answers = from_inputs(form, FEWEST[form_id])

    assert check(form, answers, ["C1"]) == []
    for left_out in FEWEST[form_id]:
        fewer = {name: said for name, said in FEWEST[form_id].items() if name != left_out}
        problems = check(form, from_inputs(form, fewer), ["C1"])
        assert left_out in [problem.input for problem in problems]


@pytest.mark.parametrize("reach", ["through_adult", "directly"])
def test_a_child_that_chooses_a_way_is_asked_for_it(reach: str) -> None:
    form = FORMS["child"]
    inputs = FEWEST["child"] | {"reach": [reach]}

    problems = check(form, from_inputs(form, inputs), ["C1"])

    wanted = {"through_adult": "adult", "directly": "safe_contact.way"}[reach]
    assert [problem.input for problem in problems] == [wanted]


def test_a_child_that_only_reads_leaves_nothing_behind_that_was_typed_before() -> None:
    inputs = FEWEST["child"] | {"wish": ["only_read"], "name_to_use": ["ليلى"], "adult": ["خالتي"]}

    assert from_inputs(FORMS["child"], inputs) == {"wish": "only_read"}


@every_language
@every_careful_form
def test_officers_read_every_answer_in_words(form_id: str, lang: str) -> None:
    form = FORMS[form_id]
    everything = {
        question.id: list(question.options)
        for question in form.fields
        if question.kind == "choices"
    }
    answers = from_inputs(form, FEWEST[form_id] | everything)

    read = readable_answers(form, LIBRARY, answers, lang)

    assert len([row for section in read for row in section.rows]) == len(answers)
