"""No scope, no field: what each receiver sees, for every consent and every field."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import Engine

from portal_content.forms.exchange import NAME_KINDS, SECTIONS, WISHES, field_name
from portal_content.library import Library
from portal_gateway.cases import Case
from portal_gateway.connectors.consent import PARTNERS, RECIPIENTS, SCOPES, Given, filtered
from portal_gateway.connectors.documents import whole_case
from portal_gateway.connectors.scripts import script_of
from portal_gateway.database import transaction
from portal_gateway.protected_files import ProtectedFiles
from tests.portal_api.factories import ROOT
from tests.portal_gateway.casework import EVERYTHING, example, keep_case, write_again

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PROMISED: Mapping[str, set[str]] = {
    "C1": {"provenance", "consents", "role", "age_group", "language", "language_other"}
    | {"danger_now"},
    "C2": {"safe_contact", "name", "country", "staff_gender", "access_needs"},
    "C3": {"person_sought", "last_contact", "request", "additions", "files"},
    "C4": {"more_questions"},
    "C5": {"support"},
    "C6": set(),
    "C7": set(),
    "C10": {"statistics"},
    "C11": {"invitations"},
}
"""What families were told, by hand: a section, or the last part of a field's name."""
HELPS_THE_SEARCH = {"person_sought", "last_contact", "request", "files", "consents", "provenance"}
"""All that others may have: "what helps the search", and whose word it rests on."""
KNOWN_BY = {"schema", "id", "version", "state"}


def fields(document: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """Every field with its section; the two are one for what has no parts."""
    for name, value in (document or {}).items():
        if name in KNOWN_BY:
            continue
        if isinstance(value, Mapping):
            yield from ((name, part) for part in value)
        else:
            yield name, name


def promised_by(section: str, field: str) -> str:
    (scope,) = [scope for scope, named in PROMISED.items() if {section, field} & named]
    return scope


def everything_but(*withheld: str) -> Given:
    kept = {consent: tuple(scopes) for consent, scopes in EVERYTHING.items()}
    return Given({consent: scopes for consent, scopes in kept.items() if consent not in withheld})


def test_the_example_has_every_field_there_is() -> None:
    """Otherwise the tests below would pass over what it lacks."""
    there = {f"{section}.{field}" for section, field in fields(example("own-system"))}

    asked = {f"{s}.{field_name(q)}" for s, questions in SECTIONS.items() for q in questions}
    asked |= {f"wishes.{wish}" for wish in (*WISHES, "support")} | {"person_sought.names"}
    asked |= {f"{one}.{one}" for one in ("additions", "files", "consents")}
    parts = ("form", "language", "filled_in_by", "written_on", "registered_on", "sealed_by")
    assert there == asked | {f"provenance.{part}" for part in parts}
    names = {name["kind"] for name in example("own-system")["person_sought"]["names"]}
    assert names == set(NAME_KINDS.values())


def test_every_field_is_let_through_by_exactly_one_consent() -> None:
    listed = [field for named in SCOPES.values() for field in named]

    assert len(listed) == len(set(listed))
    for section, field in fields(example("own-system")):
        place = section if section == field else f"{section}.{field}"
        assert place in SCOPES[promised_by(section, field)]


@pytest.mark.parametrize("withheld", PROMISED)
@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_without_a_consent_exactly_its_fields_are_missing(recipient: str, withheld: str) -> None:
    document = example("own-system")

    seen = set(fields(filtered(document, everything_but(withheld), recipient)))

    expected = set(fields(document))
    if recipient != "own":
        expected = {(section, field) for section, field in expected if section in HELPS_THE_SEARCH}
    needed = {"C1"} if recipient == "own" else {"C1", "C3"}
    needed |= {"C6"} if recipient in PARTNERS else {"C7"} if recipient == "national" else set()
    if withheld in needed:
        assert seen == set()
    else:
        assert seen == {one for one in expected if promised_by(*one) != withheld}


@pytest.mark.parametrize("ticked", PARTNERS)
def test_a_partner_that_was_not_ticked_sees_nothing(ticked: str) -> None:
    given = Given({"C1": (), "C3": (), "C6": (ticked,)})

    may = [one for one in RECIPIENTS if filtered(example("own-system"), given, one) is not None]

    assert may == ["own", ticked]


def test_a_partner_is_not_told_who_else_was_ticked() -> None:
    seen = filtered(example("own-system"), everything_but(), "icmp")

    assert seen is not None
    assert [one["id"] for one in seen["consents"]] == ["C1", "C3", "C6"]
    assert seen["consents"][2]["scopes"] == ["icmp"]


def test_what_no_scope_names_reaches_nobody() -> None:
    document = example("own-system") | {"notes": "of an officer"}
    document["writer"] = document["writer"] | {"bank_account": "1"}

    for recipient in RECIPIENTS:
        seen = str(filtered(document, everything_but(), recipient))
        assert "of an officer" not in seen
        assert "bank_account" not in seen


@ON_SQLITE
def test_what_is_taken_back_is_gone_from_every_version(
    engine: Engine, library: Library, tmp_path: Path
) -> None:
    opened = ProtectedFiles(tmp_path / "opened")
    case_id = keep_case(engine, library, opened=opened)
    unsafe = {"kind": "contact_unsafe", "safe_contact": {"way": "none"}}
    write_again(engine, case_id, answers=unsafe)
    write_again(engine, case_id, number=2, taken_back=["C3"])

    with transaction(engine) as session:
        case = session.get_one(Case, case_id)
        whole = whole_case(session, case, document_id=example("least")["id"])
        seen = filtered(whole.document, whole.given, "own")

    assert seen is not None
    assert {"person_sought", "last_contact", "request", "files"} & set(seen) == set()
    assert seen["writer"]["safe_contact"] == {"way": "none"}
    assert filtered(whole.document, whole.given, "icmp") is None


@ON_SQLITE
def test_who_asks_for_deletion_takes_everything_back(engine: Engine, library: Library) -> None:
    case_id = keep_case(engine, library)
    write_again(engine, case_id, answers={"kind": "close", "closing": "delete"})

    with transaction(engine) as session:
        whole = whole_case(session, session.get_one(Case, case_id), document_id="x")

    assert not [one for one in RECIPIENTS if whole.given.allows(one)]


@ON_SQLITE
def test_documents_keep_to_the_published_schema(
    engine: Engine, library: Library, tmp_path: Path
) -> None:
    schema = json.loads((ROOT / "docs/schemas/search-request-1.json").read_text(encoding="utf-8"))
    case_id = keep_case(engine, library, opened=ProtectedFiles(tmp_path / "opened"))
    write_again(engine, case_id, answers={"kind": "correct", "message": "اسمه عبد الرحيم"})

    with transaction(engine) as session:
        case = session.get_one(Case, case_id)
        whole = whole_case(session, case, document_id=example("least")["id"])

    for recipient in RECIPIENTS:
        Draft202012Validator(schema).validate(filtered(whole.document, whole.given, recipient))


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("عبد الرحمن", "Arab"),
        ("Şivan Perwer", "Latn"),
        ("Ахмад", "Cyrl"),
        ("ܐܒܪܗܡ", "Syrc"),
        ("أحمد Ahmad", "Zyyy"),
        ("123", "Zyyy"),
        ("山田", "Zzzz"),
    ],
)
def test_a_name_says_in_which_letters_it_is(text: str, script: str) -> None:
    assert script_of(text) == script
