"""What no sender of ours writes is refused, however well it is sealed or signed."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from portal_protocol.age import HybridIdentity, SealingWriter, open_stream, seal
from portal_protocol.derivation import derive_mailbox
from portal_protocol.envelope import Envelope, MailboxAddress, parse_envelope
from portal_protocol.errors import (
    BechInvalid,
    EnvelopeInvalid,
    FileInvalid,
    LetterInvalid,
    NoteMalformed,
    ReceiptInvalid,
    ReplyInvalid,
)
from portal_protocol.files import FileSealer, open_file
from portal_protocol.letters import EPOCH, Letter, make_letter
from portal_protocol.notes import SigningKey, open_note, parse_verify_key, sign_note
from portal_protocol.padding import padded_json, parse_padded_json
from portal_protocol.receipts import make_receipt
from portal_protocol.replies import ReplyBody, make_reply
from portal_protocol.return_code import new_code
from portal_protocol.transparency import inclusion_proof, open_checkpoint

OFFICE = HybridIdentity.generate()
KEY = SigningKey.generate("iimp.example/key")
DAY = date(2026, 11, 21)
MAILBOX = derive_mailbox(new_code(), "iimp-demo")


def envelope(**changes: object) -> dict[str, object]:
    address = MailboxAddress(MAILBOX.id, MAILBOX.recipient, MAILBOX.proof)
    whole = Envelope("search", "ar", DAY, "web-js/1", 1, address, {"answers": {}}, ())
    return {**whole.to_json(), **changes}


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"a":{"b":1,"b":2}}',
        '{"a":9007199254740993}',
        '{"a":-9007199254740993}',
        '{"a":' + "9" * 400 + "}",
        '{"a":1e999}',
        '{"a":NaN}',
        '{"a":-Infinity}',
        '{"a":01}',
        '{"a":1.}',
        '{"a":1,}',
        '{"a":1}{"a":1}',
        '{"a":"\t"}',
        '{"a":"\\u0000"}',
        '{"a":"\\\\\\u0000"}',
        '{"a":"\\ud800"}',
        '{"a":"\\udc00\\ud800"}',
        '{"a":1,"\\u0061":1}',
        "[1]",
        "{" * 20 + "}" * 20,
        '{"a":' * 12 + "1" + "}" * 12,
        '{"a":' * 11 + "[[]]" + "}" * 11,
    ],
)
def test_json_that_two_readers_could_understand_differently_is_refused(text: str) -> None:
    with pytest.raises(EnvelopeInvalid):
        parse_padded_json(text.encode().ljust(8192))


def test_json_may_be_eleven_levels_deep_and_hold_every_number_that_browsers_hold() -> None:
    for inner in ("1", "[]", "{}", "9007199254740991", "-9007199254740991", "0.5"):
        text = '{"a":' * 11 + inner + "}" * 11

        assert json.dumps(parse_padded_json(text.encode().ljust(8192))).count(inner) == 1


def test_what_only_looks_like_something_unreadable_is_read() -> None:
    for text in ("\\u0000", "\\\\u0000", "\N{FAMILY}", "{}", "a}  b", "\x7f", "\ufeff"):
        assert parse_padded_json(padded_json({"a": text})) == {"a": text}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a\x00b", "a\ufffdb"),
        ("\x00\x00\\\x00\\\\u0000", "\ufffd\ufffd\\\ufffd\\\\u0000"),
        ("\ud800", "\ufffd"),
        ("x\ude00\ud83d \N{FAMILY}", "x\ufffd\ufffd \N{FAMILY}"),
    ],
)
def test_what_nobody_can_read_does_not_cost_the_rest(text: str, read: str) -> None:
    assert parse_padded_json(padded_json({text: [text]})) == {read: [read]}


def test_what_json_cannot_hold_is_not_written() -> None:
    with pytest.raises(EnvelopeInvalid):
        padded_json({"a": float("nan")})


@pytest.mark.parametrize(
    "form",
    [
        {"answers": "x" * 40_001},
        {"answers": [0] * 5_001},
        {"x" * 101: 1},
        ["no", "mapping"],
    ],
)
def test_a_form_beyond_every_bound_is_refused(form: object) -> None:
    assert parse_envelope(parse_padded_json(padded_json(envelope()))).lang == "ar"
    with pytest.raises(EnvelopeInvalid):
        parse_envelope(parse_padded_json(padded_json(envelope(form=form))))


def test_an_age_key_in_letters_that_only_look_right_is_refused() -> None:
    text = OFFICE.recipient.text

    with pytest.raises(BechInvalid):
        type(OFFICE.recipient).from_text(text.replace("k", "\N{KELVIN SIGN}", 1))


def test_a_file_that_never_ends_is_given_up_after_its_size() -> None:
    chunks: dict[str, bytes] = {}
    sealer = FileSealer([OFFICE.recipient], chunks.__setitem__)
    sealer.write(b"x" * 10)
    file = sealer.finish(name="a", mime="image/jpeg", processing="none")
    given = []

    def endless() -> Iterator[bytes]:
        while True:
            given.append(1)
            yield next(iter(chunks.values()))

    with pytest.raises(FileInvalid):
        open_file(endless(), file, [OFFICE])
    assert len(given) == 2


def test_a_file_is_sealed_once_and_said_to_be_processed_in_a_known_way() -> None:
    sealer = FileSealer([OFFICE.recipient], lambda name, data: None)

    with pytest.raises(ValueError, match="processing"):
        sealer.finish(name="a", mime="image/jpeg", processing="magic")
    writer = SealingWriter([OFFICE.recipient], lambda data: None)
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.write(b"more")
    with pytest.raises(ValueError, match="closed"):
        writer.close()


class Dripping(io.RawIOBase):
    """Gives one byte at a time, as a slow line may."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, 1) if size > 0 else size)


def test_a_stream_that_comes_byte_by_byte_opens_like_any_other() -> None:
    plain = b"words" * 30_000
    sealed = seal(plain, [OFFICE.recipient])

    assert b"".join(open_stream(Dripping(sealed), [OFFICE])) == plain  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2028b", "a\x7fb"])
def test_a_key_has_a_name_that_stays_on_its_line(name: str) -> None:
    with pytest.raises(NoteMalformed):
        SigningKey(name, bytes(32))
    with pytest.raises(NoteMalformed):
        parse_verify_key(name + KEY.verify_key.text[len(KEY.verify_key.name) :])


def test_a_note_with_hidden_characters_short_or_countless_signatures_is_none() -> None:
    note = sign_note("text\n", KEY)
    line = note.split("\n\n")[1]

    assert open_note(note, [KEY.verify_key]) == "text\n"
    for wrong in (
        note.replace("text", "te\rxt"),
        note + "\u2014 other AAAA\n",
        note + line * 100,
    ):
        with pytest.raises(NoteMalformed):
            open_note(wrong, [KEY.verify_key])
    with pytest.raises(ValueError, match="unsigned"):
        open_note(note, [KEY.verify_key], threshold=0)


def test_a_receipt_and_a_reply_are_for_something_that_exists() -> None:
    body = ReplyBody("received", "text", "en")

    with pytest.raises(ReceiptInvalid):
        make_receipt("no id\nsubmission other", DAY, KEY)
    with pytest.raises(ReplyInvalid):
        make_reply("no mailbox", 1, DAY, body, KEY)
    with pytest.raises(ReplyInvalid):
        make_reply(MAILBOX.id, -1, DAY, body, KEY)


@pytest.mark.parametrize(
    "change",
    [
        lambda letter: replace(letter, text="ب" * 61),
        lambda letter: replace(letter, addressee=b"short"),
        lambda letter: replace(letter, reference=2**64),
        lambda letter: replace(letter, issued=date(2019, 12, 31)),
        lambda letter: replace(letter, type=256),
    ],
)
def test_a_letter_whose_parts_do_not_fit_is_not_made(change: Callable[[Letter], Letter]) -> None:
    letter = Letter(type=1, issued=EPOCH, expires=DAY, reference=1)

    assert make_letter(letter, KEY)
    with pytest.raises(LetterInvalid):
        make_letter(change(letter), KEY)


@pytest.mark.parametrize(
    "text",
    [
        "log\n5\nAAAA\n",
        "log\n05\n" + "A" * 43 + "=\n",
        "log\n5\n" + "A" * 42 + "B=\n",
        "other\n5\n" + "A" * 43 + "=\n",
        "log\n5\n",
    ],
)
def test_a_checkpoint_is_written_in_one_way_only(text: str) -> None:
    with pytest.raises(NoteMalformed):
        open_checkpoint(sign_note(text, KEY), [KEY.verify_key], origin="log")


def test_there_is_no_proof_for_what_is_not_in_the_log() -> None:
    for index in (-1, 2):
        with pytest.raises(ValueError, match="no such entry"):
            inclusion_proof(index, [b"a", b"b"])


def test_nothing_secret_stands_in_what_a_log_might_print() -> None:
    shown = repr(MAILBOX) + repr(parse_envelope(envelope(form={"answers": {"name": "Ahmad"}})))

    for secret in (MAILBOX.proof, MAILBOX.token.hex(), repr(MAILBOX.token), "Ahmad"):
        assert secret not in shown
