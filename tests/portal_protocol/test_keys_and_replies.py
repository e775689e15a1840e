"""Key lists, return codes, replies and receipts: who has said it, to whom, and is it new."""

import os
import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portal_protocol.age import HybridIdentity
from portal_protocol.age_keys import ClassicIdentity
from portal_protocol.derivation import derive_mailbox
from portal_protocol.errors import (
    KeyListInvalid,
    KeyListRolledBack,
    NoIdentityMatches,
    NoteError,
    NoteForged,
    NoteMalformed,
    ReceiptInvalid,
    ReplyInvalid,
    ReturnCodeCheck,
    ReturnCodeLength,
    SignaturesMissing,
)
from portal_protocol.key_list import KeyList, open_key_list
from portal_protocol.notes import (
    SigningKey,
    open_note,
    parse_signing_key,
    parse_verify_key,
    sign_note,
)
from portal_protocol.receipts import make_receipt, open_receipt
from portal_protocol.replies import ReplyBody, make_reply, open_reply, seal_reply
from portal_protocol.return_code import LENGTH, code_from_number, new_code, parse_code

ROOTS = [SigningKey.generate(f"iimp.example/root{n}") for n in range(3)]
KEYS = [root.verify_key for root in ROOTS]
RECEIPTS, LOG, REPLIES, LETTERS = (
    SigningKey.generate(f"portal.example/{name}")
    for name in ("receipts", "log", "replies", "letters")
)
OFFICE = HybridIdentity.generate()
DAY = date(2026, 11, 20)
MAILBOX = derive_mailbox(new_code(), "iimp-demo")


def key_list(**changes: Any) -> KeyList:
    keys = KeyList(
        deployment="iimp-demo",
        serial=3,
        issued=DAY,
        expires=date(2027, 2, 1),
        recipients=(
            ("r0", OFFICE.recipient.text),
            ("r1", HybridIdentity.generate().recipient.text),
        ),
        receipts=RECEIPTS.verify_key,
        log=LOG.verify_key,
        replies=REPLIES.verify_key,
        letters=LETTERS.verify_key,
        previous="0" * 64,
    )
    return replace(keys, **changes)


def test_a_list_that_two_roots_have_signed_is_read() -> None:
    keys = key_list()

    opened = open_key_list(
        sign_note(keys.to_text(), ROOTS[0], ROOTS[2]), KEYS, deployment="iimp-demo"
    )

    assert opened == keys
    assert opened.parsed_recipients()[0].text == OFFICE.recipient.text


@pytest.mark.parametrize(
    "signers",
    [
        pytest.param([ROOTS[0]], id="one root"),
        pytest.param([ROOTS[0], ROOTS[0]], id="one root twice"),
        pytest.param(
            [ROOTS[0], SigningKey.generate("iimp.example/root1")], id="one and a stranger"
        ),
        pytest.param([RECEIPTS, LOG], id="keys of the portal"),
    ],
)
def test_a_list_that_fewer_than_two_roots_have_signed_is_refused(signers: list[SigningKey]) -> None:
    note = sign_note(key_list().to_text(), *signers)

    with pytest.raises(SignaturesMissing):
        open_key_list(note, KEYS, deployment="iimp-demo")


def test_an_older_list_or_one_for_another_deployment_is_refused() -> None:
    note = sign_note(key_list().to_text(), *ROOTS[:2])

    with pytest.raises(KeyListRolledBack):
        open_key_list(note, KEYS, deployment="iimp-demo", minimum_serial=4)
    with pytest.raises(KeyListInvalid):
        open_key_list(note, KEYS, deployment="another")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("imp-portal/v1/keys", "imp-portal/v1/reply"),
        lambda text: text.replace("serial 3", "serial 03"),
        lambda text: text.replace("serial 3\n", "serial 3\nserial 4\n"),
        lambda text: text.replace("serial 3\n", "serial 3\nnew line\n"),
        lambda text: text.replace("expires 2027-02-01", "expires 2027-02-31"),
        lambda text: "".join(
            line for line in text.splitlines(keepends=True) if "recipient" not in line
        ),
        lambda text: text.replace("age1pq1", "age1pq1q", 1),
        lambda text: text.replace(
            OFFICE.recipient.text, ClassicIdentity(os.urandom(32)).recipient.text
        ),
        lambda text: "".join(reversed(text.splitlines(keepends=True)[:3])) + text,
    ],
)
def test_a_signed_text_that_is_no_right_list_is_refused(change: Any) -> None:
    note = sign_note(change(key_list().to_text()), *ROOTS[:2])

    with pytest.raises(KeyListInvalid):
        open_key_list(note, KEYS, deployment="iimp-demo")


def test_one_failing_signature_of_a_root_spoils_the_note() -> None:
    good = sign_note(key_list().to_text(), *ROOTS)
    forged = good.replace("serial 3", "serial 5")

    with pytest.raises(NoteForged):
        open_note(forged, KEYS, threshold=2)


@pytest.mark.parametrize(
    "note", ["", "text\n", "text\n\n", "text\n\n- root AAAA\n", "text\x00\n\n— a AAAA\n", "\n\n\n"]
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        open_note(note, KEYS)


def test_keys_are_read_back_and_damaged_ones_refused() -> None:
    key = ROOTS[0]

    assert parse_verify_key(key.verify_key.text) == key.verify_key
    assert parse_signing_key(key.text).verify_key == key.verify_key
    for text in (
        "",
        "a+b",
        key.verify_key.text[:-4],
        key.verify_key.text.replace("root0", "root1"),
    ):
        with pytest.raises(NoteMalformed):
            parse_verify_key(text)
    with pytest.raises(NoteMalformed):
        parse_signing_key(key.verify_key.text)
    with pytest.raises(NoteMalformed):
        sign_note("a text with\ta tab\n", key)


def test_every_single_wrong_digit_and_every_two_swapped_neighbours_are_noticed() -> None:
    chance = random.Random(3)
    for _ in range(50):
        code = new_code()
        for place in range(LENGTH):
            wrong = str((int(code[place]) + chance.randrange(1, 10)) % 10)
            with pytest.raises(ReturnCodeCheck):
                parse_code(code[:place] + wrong + code[place + 1 :])
        for place in range(LENGTH - 1):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            if swapped != code:
                with pytest.raises(ReturnCodeCheck):
                    parse_code(swapped)


def test_codes_are_read_in_every_digit_set_and_length_is_told_apart() -> None:
    code = code_from_number(0)

    assert parse_code("۰٠0" + code[3:]) == code
    for text in ("", "12", code + "1", "كلمة"):
        with pytest.raises(ReturnCodeLength):
            parse_code(text)
    with pytest.raises(ValueError, match="22"):
        code_from_number(10**22)


def reply(key: SigningKey = REPLIES, mailbox: str = MAILBOX.id, seq: int = 1) -> bytes:
    body = ReplyBody("answer", "نعم\nسطر ثانٍ \x7f", "ar")
    return seal_reply(make_reply(mailbox, seq, DAY, body, key), MAILBOX.identity.recipient)


def test_a_reply_reaches_the_family_as_it_was_written() -> None:
    opened = open_reply(reply(), MAILBOX.identity, REPLIES.verify_key, mailbox_id=MAILBOX.id)

    assert (opened.seq, opened.date, opened.status) == (1, DAY, "answer")
    assert opened.text == "نعم\nسطر ثانٍ \x7f"


def test_a_reply_of_somebody_else_or_to_somebody_else_is_refused() -> None:
    def opened(sealed: bytes, identity: HybridIdentity = MAILBOX.identity) -> Any:
        return open_reply(sealed, identity, REPLIES.verify_key, mailbox_id=MAILBOX.id)

    with pytest.raises(NoteError):
        opened(reply(SigningKey.generate("portal.example/replies")))
    with pytest.raises(ReplyInvalid):
        opened(reply(mailbox="0" * 64))
    with pytest.raises(NoIdentityMatches):
        opened(reply(), HybridIdentity.generate())
    with pytest.raises(ReplyInvalid):
        make_reply(MAILBOX.id, 1, DAY, ReplyBody("found", "", "ar"), REPLIES)
    receipt = make_receipt("0" * 64, DAY, REPLIES)
    with pytest.raises(ReplyInvalid):
        opened(seal_reply(receipt, MAILBOX.identity.recipient))


def test_a_receipt_is_for_one_submission_and_of_one_key() -> None:
    note = make_receipt("a" * 64, DAY, RECEIPTS)

    assert open_receipt(note, RECEIPTS.verify_key, submission_id="a" * 64).date == DAY
    with pytest.raises(ReceiptInvalid):
        open_receipt(note, RECEIPTS.verify_key, submission_id="b" * 64)
    with pytest.raises(SignaturesMissing):
        open_receipt(note, LOG.verify_key, submission_id="a" * 64)
