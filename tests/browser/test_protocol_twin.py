"""The browser's protocol gives what Python's gives, in today's Chromium and in version 90."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page

from portal_protocol.age import HybridIdentity, open_sealed
from portal_protocol.derivation import derive_mailbox
from portal_protocol.envelope import open_envelope
from portal_protocol.files import AttachedFile, open_file
from portal_protocol.key_list import KeyList
from portal_protocol.notes import SigningKey, sign_note
from portal_protocol.padding import padded_file_size, padded_json
from portal_protocol.receipts import make_receipt
from portal_protocol.replies import ReplyBody, make_reply, seal_reply
from portal_protocol.return_code import new_code
from portal_protocol.submissions import check_delivery, check_sealed, unpack_submission
from portal_protocol.transparency import make_checkpoint

VECTORS: Mapping[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "protocol.json").read_text(encoding="utf-8")
)
DAY = date(2026, 11, 20)
DEPLOYMENT = "iimp-demo"
ROOTS = [SigningKey(f"iimp.example/root{n}", bytes([n]) * 32) for n in range(3)]
RECEIPTS, LOG, REPLIES, LETTERS = (
    SigningKey(f"portal.example/{name}", name.encode().ljust(32, b"\0"))
    for name in ("receipts", "log", "replies", "letters")
)
OFFICE, RESERVE = (HybridIdentity.from_seed(bytes([n]) * 32) for n in (40, 41))


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def a_key_list(**changes: Any) -> KeyList:
    fields: dict[str, Any] = {
        "deployment": DEPLOYMENT,
        "serial": 3,
        "issued": date(2026, 11, 1),
        "expires": date(2027, 2, 1),
        "recipients": (("r0", OFFICE.recipient.text), ("r1", RESERVE.recipient.text)),
        "receipts": RECEIPTS.verify_key,
        "log": LOG.verify_key,
        "replies": REPLIES.verify_key,
        "letters": LETTERS.verify_key,
        "previous": "0" * 64,
    }
    return KeyList(**(fields | changes))


def opened_key_list(page: Page, note: str, **expected: Any) -> Any:
    """What the browser makes of a key list: its parts, or the name of the refusal."""
    return page.evaluate(
        """async ([note, roots, expected]) => {
            const keys = roots.map(portal.notes.parseVerifyKey)
            let list = null
            const open = () => { list = portal.keyList.openKeyList(note, keys, expected) }
            const refusal = await portal.failure(open)
            return refusal || { ...list, receipts: list.receipts.name, log: list.log.name,
                replies: list.replies.name, letters: list.letters.name }
        }""",
        [note, [root.verify_key.text for root in ROOTS], {"deployment": DEPLOYMENT} | expected],
    )


def test_a_code_opens_the_mailbox_of_the_known_answer(protocol_page: Page) -> None:
    known = VECTORS["return_code"]

    made = protocol_page.evaluate(
        """async ([number, typed, deployment]) => {
            const { returnCode, derivation, toHex } = portal
            const code = returnCode.codeFromNumber(BigInt(number))
            const slowHash = await portal.slowHash()
            const salt = derivation.codeSalt(deployment)
            const mailbox = await derivation.deriveMailbox(typed, deployment, slowHash)
            return { ...mailbox, token: toHex(mailbox.token), code: returnCode.grouped(code),
                arabic: returnCode.grouped(code, true), salt: toHex(salt),
                k0: toHex(await slowHash(code, salt)) }
        }""",
        [known["n"], known["arabic"], known["deployment"]],
    )

    for part in ("code", "arabic", "salt", "k0", "token", "identity", "proof"):
        assert made[part] == known[part], part
    assert made["id"] == known["mailbox_id"]
    assert hashlib.sha256(made["recipient"].encode()).hexdigest() == known["recipient_sha256"]


def test_a_new_code_opens_the_same_mailbox_in_python(protocol_page: Page) -> None:
    code = protocol_page.evaluate("portal.returnCode.newCode()")

    made = protocol_page.evaluate(
        """async ([code, deployment]) => {
            const slowHash = await portal.slowHash()
            const mailbox = await portal.derivation.deriveMailbox(code, deployment, slowHash)
            return { ...mailbox, token: portal.toHex(mailbox.token) }
        }""",
        [code, DEPLOYMENT],
    )

    mailbox = derive_mailbox(code, DEPLOYMENT)
    assert made["token"] == mailbox.token.hex()
    assert (made["id"], made["proof"]) == (mailbox.id, mailbox.proof)
    assert (made["identity"], made["recipient"]) == (mailbox.identity.text, mailbox.recipient)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("۱۲۳۴-٥٦٧٨ 9012 ٣٤٥٦/۷۸۹۰.1235", ""),
        ("1234 5678 9012 3456 7890 123", "ReturnCodeLength"),
        ("1234 5678 9012 3456 7890 12355", "ReturnCodeLength"),
        ("", "ReturnCodeLength"),
        ("1234 5678 9012 3456 7890 1236", "ReturnCodeCheck"),
        ("1234 5678 9102 3456 7890 1235", "ReturnCodeCheck"),
    ],
)
def test_slips_of_the_pen_are_told_apart(protocol_page: Page, typed: str, refusal: str) -> None:
    found = protocol_page.evaluate(
        "typed => portal.failure(() => portal.returnCode.parseCode(typed))", typed
    )

    assert found == refusal


def test_a_seat_token_is_that_of_the_known_answer(protocol_page: Page) -> None:
    known = VECTORS["seat"]

    made = protocol_page.evaluate(
        """([proof, briefing]) => {
            const token = portal.seats.seatToken(proof, briefing)
            return [portal.toHex(token), portal.seats.seatId(token)]
        }""",
        [known["proof"], known["briefing"]],
    )

    assert made == [known["token"], known["id"]]


def test_manifest_receipt_and_padding_are_those_of_the_known_answers(protocol_page: Page) -> None:
    known = VECTORS["manifest"]
    lines = known["text"].splitlines()
    _, envelope, size = lines[1].split(" ")
    _, blob, blob_size, *chunks = lines[2].split(" ")

    made = protocol_page.evaluate(
        """([manifest, receipt, lengths]) => {
            const text = portal.manifest.manifestText(manifest)
            const id = portal.manifest.submissionId(text)
            const key = portal.notes.parseVerifyKey(receipt.vkey)
            return { text, id, receipt: portal.receipts.openReceipt(receipt.note, key, id),
                padme: lengths.map(portal.padding.padme) }
        }""",
        [
            {
                "envelopeSha256": envelope,
                "envelopeSize": int(size),
                "blobs": [{"sha256": blob, "size": int(blob_size), "chunks": chunks}],
            },
            VECTORS["receipt"],
            [int(length) for length in VECTORS["padme"]],
        ],
    )

    assert made["text"] == known["text"]
    assert made["id"] == known["submission_id"]
    assert (made["receipt"]["date"], made["receipt"]["logBy"]) == ("2026-11-20", "2026-11-22")
    assert made["padme"] == list(VECTORS["padme"].values())


def test_the_log_and_its_checkpoint_are_those_of_the_known_answers(protocol_page: Page) -> None:
    known = VECTORS["log"]
    origin = VECTORS["checkpoint"].split("\n")[0]
    entries = [bytes.fromhex(entry) for entry in known["entries"]]
    ours = make_checkpoint(origin, entries, LOG)

    made = protocol_page.evaluate(
        """async ([log, checkpoints, key, origin]) => {
            const { fromHex, toHex, transparency } = portal
            const entries = log.entries.map(fromHex)
            const root = transparency.rootHash(entries)
            const state = { size: entries.length, root }
            const proof = log.inclusion_2.map(fromHex)
            const isAt = (place, path) =>
                transparency.verifyInclusion(entries[2], place, path, state)
            return { root: toHex(root),
                places: [0, 1, 2, 3, 4, 5, -1].filter((place) => isAt(place, proof)),
                shorter: isAt(2, proof.slice(1)),
                signed: await Promise.all(checkpoints.map((checkpoint) => portal.failure(() =>
                    transparency.openCheckpoint(checkpoint, portal.notes.parseVerifyKey(key),
                        origin)))) }
        }""",
        [known, [ours, VECTORS["checkpoint"]], LOG.verify_key.text, origin],
    )

    assert made["root"] == known["root"]
    assert made["places"] == [2]
    assert made["shorter"] is False
    assert made["signed"] == ["", "SignaturesMissing"]


def test_a_note_that_others_signed_is_understood(protocol_page: Page) -> None:
    """The example of Go's sumdb/note documentation."""
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signature = (
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZ"
        "SNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    note = f"{text}\n— PeterNeumann {signature}\n"

    opened = protocol_page.evaluate(
        "([note, key]) => portal.notes.openNote(note, [portal.notes.parseVerifyKey(key)])",
        [note, key],
    )

    assert opened == text


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        pytest.param(lambda n: n, "", id="as signed"),
        pytest.param(
            lambda n: n.replace("date 2026-11-20", "date 2026-11-21"), "NoteForged", id="text"
        ),
        pytest.param(lambda n: n.split("\n\n")[0] + "\n", "NoteMalformed", id="no signature"),
        pytest.param(lambda n: n[:-1], "NoteMalformed", id="cut off"),
        pytest.param(lambda n: n.replace("— portal", "- portal"), "NoteMalformed", id="dash"),
        pytest.param(lambda n: "\r" + n, "NoteMalformed", id="control character"),
        pytest.param(
            lambda n: n.replace("receipts ", "others "), "SignaturesMissing", id="other name"
        ),
    ],
)
def test_a_changed_receipt_is_refused(protocol_page: Page, change: Any, refusal: str) -> None:
    submission = "ab" * 32
    note = change(make_receipt(submission, DAY, RECEIPTS))

    found = protocol_page.evaluate(
        """([note, key, id]) => portal.failure(() =>
            portal.receipts.openReceipt(note, portal.notes.parseVerifyKey(key), id))""",
        [note, RECEIPTS.verify_key.text, submission],
    )

    assert found == refusal


def test_a_receipt_for_something_else_is_none(protocol_page: Page) -> None:
    note = make_receipt("ab" * 32, DAY, RECEIPTS)

    found = protocol_page.evaluate(
        """([note, key, id]) => portal.failure(() =>
            portal.receipts.openReceipt(note, portal.notes.parseVerifyKey(key), id))""",
        [note, RECEIPTS.verify_key.text, "cd" * 32],
    )

    assert found == "ReceiptInvalid"


def test_a_key_list_with_two_roots_is_taken(protocol_page: Page) -> None:
    note = sign_note(a_key_list().to_text(), ROOTS[0], ROOTS[2])

    opened = opened_key_list(protocol_page, note, minimumSerial=3)

    assert opened["serial"] == 3
    assert (opened["issued"], opened["expires"]) == ("2026-11-01", "2027-02-01")
    assert [r["text"] for r in opened["recipients"]] == [
        OFFICE.recipient.text,
        RESERVE.recipient.text,
    ]
    assert opened["replies"] == REPLIES.verify_key.name


@pytest.mark.parametrize(
    ("signers", "changes", "expected", "refusal"),
    [
        pytest.param([0], {}, {}, "SignaturesMissing", id="one root"),
        pytest.param([0, 0], {}, {}, "SignaturesMissing", id="one root twice"),
        pytest.param([0, 1], {"deployment": "other"}, {}, "KeyListInvalid", id="other portal"),
        pytest.param([0, 1], {}, {"minimumSerial": 4}, "KeyListRolledBack", id="old"),
        pytest.param([0, 1], {"previous": "x"}, {}, "KeyListInvalid", id="no hash"),
        pytest.param(
            [0, 1],
            {
                "recipients": (
                    ("r0", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"),
                )
            },
            {},
            "KeyListInvalid",
            id="a recipient without post-quantum part",
        ),
    ],
)
def test_any_other_key_list_is_refused(
    protocol_page: Page,
    signers: list[int],
    changes: dict[str, Any],
    expected: dict[str, Any],
    refusal: str,
) -> None:
    note = sign_note(a_key_list(**changes).to_text(), *[ROOTS[n] for n in signers])

    assert opened_key_list(protocol_page, note, **expected) == refusal


@pytest.mark.parametrize(
    ("today", "days"),
    [("2026-11-20", 0), ("2027-02-01", 0), ("2027-02-02", 1), ("2027-03-01", 28)],
)
def test_days_since_a_key_list_ran_out_are_counted(
    protocol_page: Page, today: str, days: int
) -> None:
    counted = protocol_page.evaluate(
        "today => portal.keyList.daysExpired({ expires: '2027-02-01' }, today)", today
    )

    assert counted == days


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_537, 262_144, 3_000_001])
def test_a_file_sealed_in_the_browser_opens_in_python(protocol_page: Page, size: int) -> None:
    content = Random(size).randbytes(size)

    sealed = protocol_page.evaluate(
        """async ([content, recipients]) => {
            const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0))
            const file = { name: "صورة.jpg", mime: "image/jpeg", processing: "none",
                content: new Blob([bytes]) }
            const sealed = await portal.files.sealFile(file, recipients)
            const chunks = []
            for (const { name, data } of sealed.chunks) {
                const text = Array.from(new Uint8Array(await data.arrayBuffer()),
                    (byte) => String.fromCharCode(byte)).join("")
                chunks.push([name, btoa(text)])
            }
            return { file: sealed.file, chunks }
        }""",
        [encoded(content), [OFFICE.recipient.text, RESERVE.recipient.text]],
    )

    chunks = [base64.b64decode(data) for _, data in sealed["chunks"]]
    file = AttachedFile.from_json(sealed["file"])
    assert [hashlib.sha256(chunk).hexdigest() for chunk in chunks] == list(file.blob.chunks)
    assert [name for name, _ in sealed["chunks"]] == list(file.blob.chunks)
    assert {len(chunk) for chunk in chunks[:-1]} <= {262_144}
    assert open_file(chunks, file, [RESERVE]) == content
    whole = open_sealed(b"".join(chunks), [OFFICE])
    assert len(whole) == padded_file_size(size)


def test_a_submission_sealed_in_the_browser_opens_in_python(protocol_page: Page) -> None:
    code = new_code()
    mailbox = derive_mailbox(code, DEPLOYMENT)
    answers = {"person_name": "أحمد 👪", "last_contact_when": {"text": "ربيع ٢٠١٣"}}

    sent = protocol_page.evaluate(
        """async ([mailbox, form, recipients]) => {
            form.answers.message = "a\\0b \\ud83d" + "c"  // What no database keeps.
            const envelope = { type: "search", lang: "ar", date: "2026-11-20", client: "web-js/1",
                keys: 3, mailbox, form, files: [] }
            const sealed = await portal.envelope.sealEnvelope(envelope, recipients)
            const { id, body } = portal.submissions.makeSubmission(sealed, [])
            return { id, body: portal.toHex(body) }
        }""",
        [
            {"id": mailbox.id, "recipient": mailbox.recipient, "proof": mailbox.proof},
            {"id": "search-request", "version": 1, "answers": answers},
            [OFFICE.recipient.text, RESERVE.recipient.text],
        ],
    )

    manifest, sealed = unpack_submission(bytes.fromhex(sent["body"]))
    assert check_sealed(sealed) == 2
    check_delivery(sent["id"], manifest, sealed)
    envelope = open_envelope(sealed, [OFFICE])
    assert envelope.form["answers"] == {**answers, "message": "a\ufffdb \ufffdc"}
    assert envelope.mailbox.id == mailbox.id
    assert len(sealed) == 11_408


def opened_reply(page: Page, sealed: bytes, code: str) -> Any:
    """What the browser makes of a reply: its parts, or the name of the refusal."""
    mailbox = derive_mailbox(code, DEPLOYMENT)
    return page.evaluate(
        """async ([sealed, mailbox, key]) => {
            const bytes = Uint8Array.from(atob(sealed), (c) => c.charCodeAt(0))
            const verify = portal.notes.parseVerifyKey(key)
            let reply = null
            const refusal = await portal.failure(async () => {
                reply = await portal.replies.openReply(bytes, mailbox, verify)
            })
            return refusal || reply
        }""",
        [
            encoded(sealed),
            {"id": mailbox.id, "identity": mailbox.identity.text},
            REPLIES.verify_key.text,
        ],
    )


def test_a_reply_from_python_opens_in_the_browser(protocol_page: Page) -> None:
    code = new_code()
    mailbox = derive_mailbox(code, DEPLOYMENT)
    body = ReplyBody(status="answer", text="سطر أول\nسطر ثانٍ “…” 🕊", lang="ar")
    note = make_reply(mailbox.id, 2, DAY, body, REPLIES)

    opened = opened_reply(protocol_page, seal_reply(note, mailbox.identity.recipient), code)

    assert opened == {
        "seq": 2,
        "date": "2026-11-20",
        "status": "answer",
        "text": body.text,
        "lang": "ar",
    }


def test_a_reply_that_is_not_from_the_institution_is_refused(protocol_page: Page) -> None:
    code, other = new_code(), new_code()
    mailbox = derive_mailbox(code, DEPLOYMENT)
    recipient = mailbox.identity.recipient
    body = ReplyBody(status="answer", text="ادفعوا", lang="ar")
    forger = SigningKey(REPLIES.verify_key.name, b"\x01" * 32)
    elsewhere = make_reply(derive_mailbox(other, DEPLOYMENT).id, 1, DAY, body, REPLIES)
    forged = make_reply(mailbox.id, 1, DAY, body, forger)

    assert opened_reply(protocol_page, seal_reply(forged, recipient), code) == "SignaturesMissing"
    assert opened_reply(protocol_page, seal_reply(elsewhere, recipient), code) == "ReplyInvalid"
    assert opened_reply(protocol_page, seal_reply(forged, OFFICE.recipient), code) == "AgeError"


def test_padded_json_of_python_is_read_and_anything_else_refused(protocol_page: Page) -> None:
    def read(data: bytes) -> Any:
        return protocol_page.evaluate(
            """async (hex) => {
                let value = null
                const refusal = await portal.failure(() => {
                    value = portal.padding.parsePaddedJson(portal.fromHex(hex))
                })
                return refusal || value
            }""",
            data.hex(),
        )

    assert read(padded_json({"name": "أحمد"})) == {"name": "أحمد"}
    assert read(b'{"short": 1}') == "EnvelopeInvalid"
    assert read(b"[]".ljust(8192)) == "EnvelopeInvalid"
    assert read(b"\xff".ljust(8192)) == "EnvelopeInvalid"


def test_a_letter_is_checked_and_a_changed_one_refused(protocol_page: Page) -> None:
    known = VECTORS["letter"]
    public, letter = bytes.fromhex(known["public"]), bytes.fromhex(known["hex"])
    changed = bytes([*letter[:13], letter[13] ^ 1, *letter[14:]])
    script = """async ([letter, key, id]) => {
        let opened = null
        const verify = { name: "letters", id, public: portal.fromHex(key) }
        const refusal = await portal.failure(() => {
            opened = portal.letters.openLetter(portal.fromHex(letter), verify)
        })
        return refusal || { ...opened, reference: String(opened.reference) }
    }"""

    opened = protocol_page.evaluate(script, [letter.hex(), public.hex(), letter[1:5].hex()])
    refused = protocol_page.evaluate(script, [changed.hex(), public.hex(), letter[1:5].hex()])

    for part in ("type", "issued", "expires", "text"):
        assert opened[part] == known[part], part
    assert opened["reference"] == str(known["reference"])
    assert refused == "LetterInvalid"
