"""The published schema of search requests: built from the form, fixed once published, usable."""

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from portal_content.forms.definition import FILE_KINDS
from portal_content.forms.exchange import NAME_KINDS, SECTIONS, VERSION, search_request_schema
from portal_content.library import Library
from tests.portal_api.factories import ROOT

FOLDER = ROOT / "docs" / "schemas"
EXAMPLES = sorted((FOLDER / "examples").glob("*.json"))


def read(path: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = read(FOLDER / f"search-request-{VERSION}.json")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def test_the_published_schema_is_what_the_form_says(library: Library) -> None:
    """It failed? Then the form has changed: raise VERSION and publish a file beside the old one."""
    made = search_request_schema(library.forms.get("search-request", 1), library.consents)

    assert made == read(FOLDER / f"search-request-{VERSION}.json")


def test_every_question_of_the_form_has_its_place(library: Library) -> None:
    form = library.forms.get("search-request", 1)
    asked = {field.id for field in form.fields if field.kind not in FILE_KINDS}

    placed = [*NAME_KINDS, *(question for section in SECTIONS.values() for question in section)]

    assert sorted(placed) == sorted(asked)


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_the_examples_keep_to_it(validator: Draft202012Validator, path: Any) -> None:
    validator.validate(read(path))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda d: d.update(bank_account="1"), id="an unknown part"),
        pytest.param(lambda d: d["person_sought"].update(religion="x"), id="an unknown field"),
        pytest.param(lambda d: d["person_sought"]["names"][0].pop("script"), id="no script"),
        pytest.param(lambda d: d["last_contact"]["when"].update(earliest="2013"), id="half a day"),
        pytest.param(lambda d: d["consents"][0].pop("text"), id="a consent to no text"),
        pytest.param(lambda d: d.pop("provenance"), id="from nowhere"),
        pytest.param(lambda d: d["request"].update(status="believed_dead"), id="a verdict"),
        pytest.param(lambda d: d.update(state="erased"), id="erased and yet all there"),
        pytest.param(lambda d: d.update(id=d["id"].upper()), id="an id in capitals"),
    ],
)
def test_what_does_not_keep_to_it_is_refused(validator: Draft202012Validator, spoil: Any) -> None:
    document = copy.deepcopy(read(FOLDER / "examples" / "own-system.json"))

    spoil(document)

    assert not validator.is_valid(document)
