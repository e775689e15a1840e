"""Each form without script: as little as a person may say arrives sealed, in its own queue."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from portal_api.submissions.tables import Submission
from portal_content.forms.answers import from_inputs
from portal_content.library import Library
from portal_protocol.envelope import open_envelope
from tests.portal_api.factories import Office, multipart
from tests.portal_content.test_what_forms_ask import FEWEST, FORMS

ABOUT_THE_PAGE = {"version": "1", "lang": "ar", "consent.C1": "yes"}


@pytest.mark.parametrize("form_id", list(FEWEST))
def test_as_little_as_a_person_may_say_arrives_sealed(
    api: TestClient, engine: Engine, office: Office, library: Library, form_id: str
) -> None:
    form = FORMS[form_id]
    inputs = {name: said[0] for name, said in FEWEST[form_id].items()}
    body, headers = multipart(ABOUT_THE_PAGE | {"form": form_id} | inputs, ())

    answer = api.post("/form", content=body, headers=headers)

    assert answer.status_code == 200, answer.text
    with Session(engine) as session:
        (row,) = session.exec(select(Submission)).all()
    envelope = open_envelope(row.envelope, office.identities)
    assert envelope.type == form.type
    assert envelope.form["answers"] == from_inputs(form, FEWEST[form_id])
    given = [consent["id"] for consent in envelope.form["consents"] if consent["given"]]
    assert given == ["C1"]


def test_what_is_missing_in_a_childs_form_is_said_in_words_for_a_child(
    api: TestClient, library: Library
) -> None:
    inputs = {name: said[0] for name, said in FEWEST["child"].items() if name != "reach"}
    body, headers = multipart(ABOUT_THE_PAGE | {"form": "child"} | inputs, ())

    answer = api.post("/form", content=body, headers=headers)

    assert answer.status_code == 422
    assert library.strings.text("form-child.fields.reach.missing", "ar") in answer.text
