"""`portal submit`: sealed and receipted as by the browser, and taken by the gateway as well."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portal_api.abuse.settings import AbuseSettings
from portal_content.library import Library
from portal_gateway.steps.checking import check_envelope
from portal_gateway.steps.keeping import consents_values
from portal_protocol.derivation import derive_mailbox
from portal_protocol.envelope import Envelope, open_envelope
from portal_protocol.files import open_file
from portal_protocol.return_code import parse_code
from portal_protocol.submissions import check_delivery, unpack_submission
from tests.portal_api.factories import DEPLOYMENT, ROOT, Office
from tests.portal_api.running import Running, running
from tests.portal_gateway.families import ENOUGH
from tests.portal_gateway.moments import NOON

WORK = AbuseSettings(limits=False)
"""A pass has to be worked for, as in real use."""


@pytest.fixture(scope="module")
def service(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("submit") / "public"
    folder.mkdir()
    url = f"sqlite:///{folder / 'portal.sqlite'}"
    settings = office.settings(folder, database_url=url, abuse=WORK)
    with running(settings, folder) as service:
        yield service


@dataclass(frozen=True)
class Sender:
    """Somebody at a terminal who knows the portal's roots."""

    office: Office
    service: Running
    folder: Path

    def submit(
        self, form: str, answers: Any, *more: str, roots: Office | None = None
    ) -> subprocess.CompletedProcess[str]:
        filled, known = self.folder / "answers.json", self.folder / "roots.txt"
        filled.write_text(json.dumps(answers), encoding="utf-8")
        keys = (roots or self.office).roots
        known.write_text("\n".join(root.verify_key.text for root in keys))
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        where = {"PYTHONPATH": str(ROOT), "PORTAL_DEPLOYMENT": DEPLOYMENT, "COLUMNS": "200"}
        return subprocess.run(
            [
                *(sys.executable, "-m", "portal", "submit", form, str(filled), *more),
                *("--url", self.service.url, "--roots", str(known)),
            ],
            cwd=self.folder,
            env=kept | where,
            capture_output=True,
            text=True,
            check=False,
        )

    def opened(self, submission: str) -> tuple[Envelope, list[bytes]]:
        return opened(self.service, self.office, submission)

    def waiting(self) -> int:
        with self.service.gateway() as gateway:
            return int(gateway.get("/handover/health").json()["waiting"])


@pytest.fixture
def sender(office: Office, service: Running, tmp_path: Path) -> Sender:
    return Sender(office, service, tmp_path)


def opened(service: Running, office: Office, submission: str) -> tuple[Envelope, list[bytes]]:
    with service.gateway() as gateway:
        packed = gateway.get(f"/handover/submissions/{submission}").content
        manifest, sealed = unpack_submission(packed)
        check_delivery(submission, manifest, sealed)
        envelope = open_envelope(sealed, office.identities)
        files = [
            open_file(
                (gateway.get(f"/handover/chunks/{name}").content for name in file.blob.chunks),
                file,
                office.identities,
            )
            for file in envelope.files
        ]
    return envelope, files


def test_what_is_sent_is_what_a_browser_would_send(sender: Sender, library: Library) -> None:
    done = sender.submit("search-request", dict(ENOUGH), "--json")

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    envelope, _ = sender.opened(told["submission"])
    checked = check_envelope(envelope, library)
    given = {choice["id"] for choice in checked.filled.consents if choice["given"]}
    kept = list(consents_values(checked, library, now=NOON))
    assert envelope.form["answers"] == dict(ENOUGH)
    assert given == {"C1", "C3"}
    assert kept
    assert all(consent["text_known"] for consent in kept)
    assert derive_mailbox(told["code"], DEPLOYMENT).id == envelope.mailbox.id


def test_the_code_is_printed_once_and_in_groups(sender: Sender) -> None:
    done = sender.submit("search-request", dict(ENOUGH))

    code = parse_code(done.stdout.splitlines()[0].split(":")[1])
    assert done.stdout.count(code[:4]) == 1
    assert code not in sender.service.log


def test_files_and_consents_go_along(sender: Sender, library: Library) -> None:
    photo = sender.folder / "صورة.jpg"
    photo.write_bytes(os.urandom(300_000))
    whole = {"answers": dict(ENOUGH), "consents": {"C5": ["legal"]}}

    done = sender.submit("search-request", whole, str(photo), "--consent", "C2", "--json")

    assert done.returncode == 0, done.stderr
    envelope, files = sender.opened(json.loads(done.stdout)["submission"])
    chosen = {c["id"]: c for c in envelope.form["consents"]}
    assert files == [photo.read_bytes()]
    assert envelope.files[0].name == "صورة.jpg"
    assert (chosen["C2"]["given"], chosen["C5"]["scopes"]) == (True, ["legal"])
    check_envelope(envelope, library)


def test_a_seat_is_taken_with_the_registration(sender: Sender, library: Library) -> None:
    answers = {
        "briefing": "sample-online-evening",
        "display_name": "سلمى",
        "contact_language": "ar",
        "interpretation": "no",
        "safe_contact": {"way": "none"},
    }

    done = sender.submit("briefing-registration", answers, "--json")

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    envelope, _ = sender.opened(told["submission"])
    check_envelope(envelope, library)
    assert told["seat"] == "held"


@pytest.mark.parametrize(
    ("form", "answers", "more", "said"),
    [
        ("search-request", {}, (), "person_name"),
        ("search-request", {**ENOUGH, "shoe_size": "42"}, (), "shoe_size"),
        ("search-request", [1], (), "one JSON object"),
        ("no-such-form", {}, (), "There is no form"),
        ("search-request", dict(ENOUGH), ("--consent", "C99"), "C99"),
        ("search-request", dict(ENOUGH), ("no-such-file.jpg",), "no-such-file.jpg"),
        ("search-request", dict(ENOUGH), ("--lang", "xx"), "language"),
    ],
)
def test_what_has_to_be_put_right_is_said_and_nothing_is_sent(
    sender: Sender, form: str, answers: Any, more: tuple[str, ...], said: str
) -> None:
    before = sender.waiting()

    done = sender.submit(form, answers, *more)

    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert (done.stdout, sender.waiting()) == ("", before)


def test_a_portal_with_other_roots_gets_nothing(sender: Sender) -> None:
    done = sender.submit("search-request", dict(ENOUGH), roots=Office())

    assert done.returncode == 1
    assert "not to be trusted" in done.stderr
    assert done.stdout == ""
