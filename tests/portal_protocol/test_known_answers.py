"""Known answers: the same file is read by the tests of the browser's twin."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal_protocol.derivation import derive_mailbox, mailbox_id
from portal_protocol.errors import LetterInvalid, NoteForged, SignaturesMissing
from portal_protocol.letters import Letter, make_letter, open_letter
from portal_protocol.manifest import parse_manifest
from portal_protocol.notes import SigningKey, open_note, parse_verify_key
from portal_protocol.padding import padme
from portal_protocol.receipts import make_receipt, open_receipt
from portal_protocol.return_code import code_from_number, grouped, parse_code
from portal_protocol.seats import seat_id, seat_token
from portal_protocol.transparency import (
    inclusion_proof,
    make_checkpoint,
    open_checkpoint,
    root_hash,
    verify_inclusion,
)

KNOWN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/protocol.json").read_text(encoding="utf-8")
)
SEED = bytes.fromhex(KNOWN["receipt"]["seed"])
# The example of the Go documentation of signed notes.
NEUMANN = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
NEUMANN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_a_return_code_opens_the_known_mailbox() -> None:
    known = KNOWN["return_code"]
    code = code_from_number(int(known["n"]))

    mailbox = derive_mailbox(known["arabic"], known["deployment"])

    assert grouped(code) == known["code"]
    assert grouped(code, arabic=True) == known["arabic"]
    assert parse_code(known["arabic"]) == code
    assert mailbox.token.hex() == known["token"]
    assert mailbox.id == mailbox_id(mailbox.token) == known["mailbox_id"]
    assert mailbox.identity.text == known["identity"]
    assert mailbox.proof == known["proof"]
    assert hashlib.sha256(mailbox.recipient.encode()).hexdigest() == known["recipient_sha256"]


def test_another_deployment_gives_another_mailbox() -> None:
    known = KNOWN["return_code"]

    mailbox = derive_mailbox(known["code"], "another")

    assert mailbox.id != known["mailbox_id"]


def test_a_manifest_has_the_known_id() -> None:
    known = KNOWN["manifest"]

    manifest = parse_manifest(known["text"].encode())

    assert manifest.to_bytes() == known["text"].encode()
    assert manifest.submission_id == known["submission_id"]


def test_a_receipt_is_the_known_note() -> None:
    known, submission = KNOWN["receipt"], KNOWN["manifest"]["submission_id"]
    key = SigningKey("portal.example/receipts", SEED)

    note = make_receipt(submission, date(2026, 11, 20), key)

    assert key.verify_key.text == known["vkey"]
    assert note == known["note"]
    assert open_receipt(note, key.verify_key, submission_id=submission).log_by == date(2026, 11, 22)


def test_the_log_has_the_known_root_proof_and_checkpoint() -> None:
    known = KNOWN["log"]
    entries = [bytes.fromhex(entry) for entry in known["entries"]]
    proof = inclusion_proof(2, entries)
    root = root_hash(entries)
    key = SigningKey("portal.example/log", SEED)

    checkpoint = make_checkpoint("portal.example/log", entries, key)

    assert root.hex() == known["root"]
    assert [step.hex() for step in proof] == known["inclusion_2"]
    assert verify_inclusion(entries[2], 2, 5, proof, root)
    assert not verify_inclusion(entries[1], 2, 5, proof, root)
    assert checkpoint.split("\n\n")[0] == KNOWN["checkpoint"].split("\n\n")[0]
    opened = open_checkpoint(checkpoint, [key.verify_key], origin="portal.example/log")
    assert opened == (5, root)


@pytest.mark.parametrize("size", KNOWN["padme"], ids=str)
def test_a_length_is_rounded_to_the_known_one(size: str) -> None:
    assert padme(int(size)) == KNOWN["padme"][size]


def test_the_note_of_the_go_documentation_verifies() -> None:
    key = parse_verify_key(NEUMANN_KEY)

    assert open_note(NEUMANN, [key]) == NEUMANN.split("\n\n", maxsplit=1)[0] + "\n"
    with pytest.raises(NoteForged):
        open_note(NEUMANN.replace("answer", "Answer"), [key])
    with pytest.raises(SignaturesMissing):
        open_note(NEUMANN, [SigningKey("PeterNeumann", SEED).verify_key])


def test_a_letter_is_the_known_one_and_a_changed_one_is_none() -> None:
    known = KNOWN["letter"]
    key = SigningKey(known["name"], hashlib.sha256(known["seed_of"].encode()).digest())
    addressee = b"imp-portal/v1/addressee\x00" + known["addressee"].encode()
    letter = Letter(
        type=known["type"],
        issued=date.fromisoformat(known["issued"]),
        expires=date.fromisoformat(known["expires"]),
        reference=known["reference"],
        addressee=hashlib.sha256(addressee).digest()[:8],
    )

    made = make_letter(letter, key)

    assert made.hex() == known["hex"]
    assert open_letter(made, key.verify_key) == letter
    for place in range(len(made)):
        changed = made[:place] + bytes([made[place] ^ 1]) + made[place + 1 :]
        with pytest.raises(LetterInvalid):
            open_letter(changed, key.verify_key)


def test_seat_tokens() -> None:
    known = KNOWN["seat"]

    token = seat_token(known["proof"], known["briefing"])

    assert (token.hex(), seat_id(token)) == (known["token"], known["id"])


@pytest.mark.parametrize(
    ("proof", "briefing"),
    [("ab" * 31, "a-meeting"), ("xy" * 32, "a-meeting"), ("ab" * 32, "A meeting"), ("ab" * 32, "")],
)
def test_a_seat_token_is_made_from_a_proof_and_a_briefing_only(proof: str, briefing: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        seat_token(proof, briefing)
