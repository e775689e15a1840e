"""Forms: what is asked, what an answer is, what is still missing, what an officer reads."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from portal_content.errors import ContentError
from portal_content.forms.answers import check, consent_choices, from_inputs
from portal_content.forms.assistance import check_helper, filled_in_by
from portal_content.forms.definition import Form, FormUnknown, load_forms
from portal_content.forms.reading import Row, readable_answers, readable_consents
from portal_content.forms.schema import answers_schema
from portal_content.forms.view import form_view, script_definition
from portal_content.library import Library

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests/vectors/form_answers.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = VECTORS["cases"]


def inputs_of(case: dict[str, Any]) -> dict[str, list[str]]:
    inputs = dict(CASES[case["base"]]["inputs"]) if "base" in case else {}
    repeated = {name: [text * times] for name, (text, times) in case.get("repeat", {}).items()}
    typed: dict[str, list[str]] = case["inputs"]
    return inputs | typed | repeated


def form_of(case: dict[str, Any], library: Library) -> Form:
    return library.forms.get(case.get("form", "search-request"), 1)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_answers_and_problems_are_those_of_the_shared_cases(
    library: Library, case: dict[str, Any]
) -> None:
    form = form_of(case, library)
    inputs = inputs_of(case)

    answers, by = from_inputs(form, inputs), filled_in_by(form, inputs)
    choices = consent_choices(form, inputs)
    given = [choice.id for choice in choices if choice.given]
    problems = check_helper(by.get("helper")) + check(form, answers, given)

    assert by == case.get("by", by)
    consents = [[choice.id, choice.given] for choice in choices]
    assert consents == case.get("consents", consents)
    assert [[problem.input, problem.code] for problem in problems] == case["problems"]
    if "answers" in case:
        assert answers == case["answers"]
    if "values" in case:
        assert problems[0].values == case["values"]


@pytest.mark.parametrize("junk", [None, 7, [], {}, [[]], {"text": 7}, {"x": "y"}, "", True])
def test_answers_of_any_shape_are_problems_and_never_errors(library: Library, junk: Any) -> None:
    form = library.forms.get("search-request", 1)

    for question in form.fields:
        problems = check(form, {question.id: junk}, ["C1", "C3"])

        assert any(problem.input.split(".")[0] == question.id for problem in problems)


def test_a_question_that_the_form_does_not_ask_is_refused(library: Library) -> None:
    form = library.forms.get("search-request", 1)

    problems = check(form, from_inputs(form, CASES[0]["inputs"]) | {"iban": "x"}, ["C1", "C3"])

    assert [(problem.input, problem.code) for problem in problems] == [("iban", "unknown_question")]


def test_eight_questions_are_needed_and_none_more(library: Library) -> None:
    form = library.forms.get("search-request", 1)

    needed = [question.id for question in form.fields if question.required]

    assert len(needed) == 8


def test_a_version_that_never_was_is_unknown(library: Library) -> None:
    with pytest.raises(FormUnknown):
        library.forms.get("search-request", 99)


def test_a_definition_with_a_mistake_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_text("id: broken\nversion: 1\ntype: search\nsteps: []\n")

    with pytest.raises(ContentError, match=r"broken\.yml"):
        load_forms(tmp_path)


@pytest.mark.parametrize(
    ("kind", "chosen", "told"),
    [
        ("consent", {"C1": "leave", "C2": "take_back", "C3": "agree"}, {"C2": False, "C3": True}),
        ("consent", {"C2": "yes", "C3": ""}, {}),
        ("answer", {"C2": "take_back"}, {}),
    ],
)
def test_a_consent_that_nobody_changes_is_not_taken_back_by_silence(
    library: Library, kind: str, chosen: dict[str, str], told: dict[str, bool]
) -> None:
    inputs = {"kind": [kind], **{f"consent.{name}": [said] for name, said in chosen.items()}}

    choices = consent_choices(library.forms.follow_up(), inputs)

    assert {choice.id: choice.given for choice in choices} == told


def test_consents_depend_only_on_an_option_that_there_is(library: Library) -> None:
    form = library.forms.follow_up().model_dump(by_alias=True)
    form["consents_when"] = {"question": "kind", "is": ["made_up"]}

    with pytest.raises(ValueError, match="consents depends on an option"):
        Form.model_validate(form)


def test_every_language_has_every_word_of_the_form(library: Library) -> None:
    form = library.forms.get("search-request", 1)

    for lang in library.languages:
        view = form_view(form, library, lang, mode="encrypting", action="")
        definition = script_definition(form, library, lang)

        assert view["steps"]
        assert all(consent["means"] and consent["take_back"] for consent in view["consents"])
        assert {consent["language"] for consent in definition["consents"]} == {lang}


def test_what_was_typed_is_shown_again_beside_what_is_missing(library: Library) -> None:
    form = library.forms.get("search-request", 1)
    inputs = {"person_name": ["<b>أحمد</b>"], "sex": ["female"], "safe_contact.way": ["phone"]}
    problems = check(form, from_inputs(form, inputs), [])

    view = form_view(
        form, library, "ar", mode="plain", action="/form", inputs=inputs, problems=problems
    )

    fields = {f["id"]: f for step in view["steps"] for f in step["fields"]}
    assert fields["person_name"]["controls"][0]["value"] == "<b>أحمد</b>"
    assert [o["value"] for o in fields["sex"]["controls"][0]["options"] if o["chosen"]] == [
        "female"
    ]
    assert fields["relation"]["error"]
    assert fields["safe_contact"]["controls"][1]["error"]
    assert view["steps"][1]["open"]
    assert len(view["problems"]) == len(problems)


def test_nothing_is_ticked_before_a_person_ticks_it(library: Library) -> None:
    form = library.forms.get("search-request", 1)

    view = form_view(form, library, "en", mode="encrypting", action="")

    chosen = {
        (field["id"], option["value"])
        for step in view["steps"]
        for field in step["fields"]
        for control in field["controls"]
        for option in control["options"]
        if option["chosen"]
    }
    assert chosen == {("contact_language", "en"), ("photos", "reencode")}
    assert not any(consent["given"] for consent in view["consents"])


def words(row: Row) -> str:
    return "\n".join(line.words for line in row.lines)


def test_an_officer_reads_answers_as_typed_below_labels_of_their_own_language(
    library: Library,
) -> None:
    form = library.forms.get("search-request", 1)
    answers = from_inputs(form, CASES[1]["inputs"])

    sections = readable_answers(form, library, answers, "en")

    rows = {row.question: row for section in sections for row in section.rows}
    assert words(rows["person_name"]) == CASES[1]["answers"]["person_name"]
    assert words(rows["last_contact_when"]) == "ربيع ٢٠١٣"
    assert words(rows["relation"]) == "My wife"
    assert words(rows["access_needs"]) == "Help with reading\nSomeone I trust beside me"
    contact = {line.part: line.words for line in rows["safe_contact"].lines}
    assert contact["May we leave a message?"] == "No"
    assert contact["If contact does not work"] == "Wait. I will come back with my code."
    assert "six months" in contact["Until when does this way stay safe?"]


def test_consents_are_named_for_the_officer_and_proved_by_their_hash(library: Library) -> None:
    form = library.forms.get("search-request", 1)
    shown = script_definition(form, library, "ar")["consents"]
    snapshot = [consent | {"given": True, "scopes": consent["scopes"][:1]} for consent in shown]

    rows = readable_consents(library, snapshot, "en")

    asked = ["C1", "C3", "C2", "C4", "C5", "C6", "C7", "C10", "C11"]
    assert [row.id for row in rows] == asked
    assert rows[asked.index("C5")].scopes == ("Someone to talk to, for the mind",)
    assert len({consent["sha256"] for consent in shown}) == len(asked)


def test_the_published_schema_knows_when_a_question_is_asked(library: Library) -> None:
    child = Draft202012Validator(answers_schema(library.forms.get("child", 1)))
    report = Draft202012Validator(answers_schema(library.forms.get("extortion-report", 1)))
    asked = {"wish": "help_now", "contact_language": "ar", "reach": "through_adult", "adult": "x"}
    said = {"how": ["call"], "claimed_to_be": ["us"], "asked_for": ["photos", "money"]}

    assert child.is_valid(asked)
    assert not child.is_valid({key: asked[key] for key in asked if key != "adult"})
    assert not child.is_valid(asked | {"wish": "only_read"})
    assert not child.is_valid(asked | {"reach": "with_my_code"})
    assert report.is_valid(said | {"amount": "٥٠٠"})
    assert not report.is_valid(said | {"asked_for": ["photos"], "amount": "٥٠٠"})


ANSWERED = [case for case in CASES if "answers" in case]


@pytest.mark.parametrize("case", ANSWERED, ids=[case["name"] for case in ANSWERED])
def test_what_is_accepted_keeps_to_the_published_schema(
    case: dict[str, Any], library: Library
) -> None:
    schema = answers_schema(form_of(case, library))
    complete = not case["problems"]

    assert Draft202012Validator(schema).is_valid(case["answers"]) == complete


def test_the_published_schema_refuses_what_the_form_does_not_ask(library: Library) -> None:
    schema = answers_schema(library.forms.get("search-request", 1))
    Draft202012Validator.check_schema(schema)
    whole = CASES[0]["answers"]

    for wrong in (
        {**whole, "religion": "x"},
        {**whole, "role": "officer"},
        {**whole, "safe_contact": {"way": "pigeon"}},
        {**whole, "last_contact_when": {}},
        {**whole, "last_contact_when": {"text": ""}},
        {key: whole[key] for key in whole if key != "person_name"},
    ):
        assert not Draft202012Validator(schema).is_valid(wrong)
