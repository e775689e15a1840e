"""Submissions: what the public service can refuse, and what the gateway must notice."""

import hashlib
import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest

from portal_protocol.age import HybridIdentity, read_header, seal
from portal_protocol.age_header import Stanza, encoded
from portal_protocol.age_keys import ENCAPSULATED, HYBRID, WRAPPED_KEY, ClassicIdentity
from portal_protocol.derivation import derive_mailbox
from portal_protocol.envelope import (
    Envelope,
    MailboxAddress,
    open_envelope,
    parse_envelope,
    seal_envelope,
)
from portal_protocol.errors import (
    EnvelopeInvalid,
    FileInvalid,
    ManifestInvalid,
    NotSealed,
    ProtocolError,
    SizeNotAllowed,
    SubmissionMalformed,
    WrongRecipientCount,
)
from portal_protocol.files import AttachedFile, FileSealer, open_file
from portal_protocol.manifest import Manifest, parse_manifest
from portal_protocol.padding import padded_file_size, padded_json, parse_padded_json
from portal_protocol.return_code import new_code
from portal_protocol.submissions import (
    check_delivery,
    check_files,
    check_header,
    check_sealed,
    pack_submission,
    unpack_submission,
)

OFFICE, RESERVE = HybridIdentity.generate(), HybridIdentity.generate()
RECIPIENTS = (OFFICE.recipient, RESERVE.recipient)
MAILBOX = derive_mailbox(new_code(), "iimp-demo")
ADDRESS = MailboxAddress(MAILBOX.id, MAILBOX.recipient, MAILBOX.proof)


@dataclass(frozen=True)
class Misshapen:
    """A recipient whose part of the header is another one's idea of it."""

    stanza: Stanza
    text = "misshapen"
    post_quantum = True

    def wrap(self, file_key: bytes) -> Stanza:
        return self.stanza


def sealed_file(content: bytes) -> tuple[AttachedFile, dict[str, bytes]]:
    chunks: dict[str, bytes] = {}
    sealer = FileSealer(RECIPIENTS, chunks.__setitem__)
    for start in range(0, len(content), 70_000):
        sealer.write(content[start : start + 70_000])
    return sealer.finish(name="صورة.jpg", mime="image/jpeg", processing="strip"), chunks


def envelope(*files: AttachedFile) -> Envelope:
    form = {"id": "search-request", "version": 1, "answers": {"person_name": "أحمد"}}
    return Envelope("search", "ar", date(2026, 11, 20), "web-js/1", 3, ADDRESS, form, files)


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 700_000])
def test_a_file_is_padded_sealed_cut_and_comes_back(size: int) -> None:
    content = os.urandom(size)

    file, chunks = sealed_file(content)

    assert open_file((chunks[name] for name in file.blob.chunks), file, [RESERVE]) == content
    assert AttachedFile.from_json(json.loads(json.dumps(file.to_json()))) == file
    same, _ = sealed_file(os.urandom(size))
    assert same.blob.size == file.blob.size
    assert file.blob.size > padded_file_size(size)


def test_a_file_with_other_chunks_other_content_or_another_size_is_refused() -> None:
    file, chunks = sealed_file(os.urandom(300_000))
    ordered = [chunks[name] for name in file.blob.chunks]

    for changed in (
        replace(file, size=file.size - 1),
        replace(file, sha256="0" * 64),
        replace(file, size=10),
    ):
        with pytest.raises(FileInvalid):
            open_file(ordered, changed, [OFFICE])
    with pytest.raises(FileInvalid):
        open_file(reversed(ordered), file, [OFFICE])


def test_an_envelope_opens_to_what_was_sealed() -> None:
    file, _ = sealed_file(b"photo")
    written = envelope(file)

    sealed = seal_envelope(written, RECIPIENTS)

    assert len(sealed) == 11_408
    assert open_envelope(sealed, [OFFICE]) == written
    assert check_sealed(sealed) == 2


@pytest.mark.parametrize(
    "stanza",
    [
        Stanza((HYBRID, encoded(bytes(32))), bytes(WRAPPED_KEY)),
        Stanza((HYBRID, encoded(bytes(ENCAPSULATED)), "more"), bytes(WRAPPED_KEY)),
        Stanza((HYBRID,), bytes(WRAPPED_KEY)),
        Stanza((HYBRID, "!" * len(encoded(bytes(ENCAPSULATED)))), bytes(WRAPPED_KEY)),
        Stanza((HYBRID, encoded(bytes(ENCAPSULATED))), bytes(16)),
        Stanza(("X25519", encoded(bytes(ENCAPSULATED))), bytes(WRAPPED_KEY)),
    ],
)
def test_what_no_hybrid_recipient_looks_like_is_not_sealed(stanza: Stanza) -> None:
    with pytest.raises(NotSealed):
        check_sealed(seal(bytes(8192), [OFFICE.recipient, Misshapen(stanza)]))


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        pytest.param(lambda: b'{"person_name": "plain"}', NotSealed, id="plaintext"),
        pytest.param(lambda: b"", NotSealed, id="nothing"),
        pytest.param(
            lambda: seal(bytes(8192), [ClassicIdentity(os.urandom(32)).recipient] * 2),
            NotSealed,
            id="classic recipients",
        ),
        pytest.param(lambda: seal(bytes(8191), RECIPIENTS), SizeNotAllowed, id="a byte short"),
        pytest.param(lambda: seal(bytes(131_072), RECIPIENTS), SizeNotAllowed, id="oversize"),
    ],
)
def test_the_public_service_refuses_what_is_not_sealed_as_it_must_be(
    make: Callable[[], bytes], refusal: type[ProtocolError]
) -> None:
    with pytest.raises(refusal):
        check_sealed(make())


def test_an_envelope_to_more_or_fewer_than_the_key_list_names_is_refused() -> None:
    for recipients in (RECIPIENTS[:1], [*RECIPIENTS, OFFICE.recipient]):
        sealed = seal(bytes(8192), recipients)

        assert check_sealed(sealed) == len(recipients)
        with pytest.raises(WrongRecipientCount):
            check_header(read_header(sealed), len(sealed), recipients=2)


def test_a_body_is_taken_apart_as_it_was_put_together() -> None:
    assert unpack_submission(pack_submission(b"manifest", b"envelope")) == (
        b"manifest",
        b"envelope",
    )
    for body in (b"", b"\x00", b"\x00\x00\x00\xffshort", pack_submission(b"m", b""), bytes(9)):
        with pytest.raises(SubmissionMalformed):
            unpack_submission(body)


def delivery() -> tuple[Manifest, bytes, Envelope]:
    files = [sealed_file(os.urandom(size))[0] for size in (10, 300_000)]
    written = envelope(*files)
    sealed = seal_envelope(written, RECIPIENTS)
    digest = hashlib.sha256(sealed).hexdigest()
    return Manifest(digest, len(sealed), tuple(f.blob for f in files)), sealed, written


def test_the_gateway_notices_a_swapped_dropped_or_added_part() -> None:
    manifest, sealed, written = delivery()
    identity = manifest.submission_id

    assert check_delivery(identity, manifest.to_bytes(), sealed) == manifest
    check_files(manifest, written)
    with pytest.raises(ManifestInvalid):
        check_delivery("0" * 64, manifest.to_bytes(), sealed)
    with pytest.raises(ManifestInvalid):
        check_delivery(identity, manifest.to_bytes(), sealed[:-1] + b"\x00")
    for blobs in (manifest.blobs[::-1], manifest.blobs[:1], (*manifest.blobs, manifest.blobs[0])):
        with pytest.raises(ManifestInvalid):
            check_files(replace(manifest, blobs=blobs), written)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "imp-portal/v1/submission\n",
        "imp-portal/v2/submission\nenvelope " + "a" * 64 + " 11408\n",
        "imp-portal/v1/submission\nenvelope " + "A" * 64 + " 11408\n",
        "imp-portal/v1/submission\nenvelope " + "a" * 64 + " 011408\n",
        "imp-portal/v1/submission\nenvelope " + "a" * 64 + " 11408",
        "imp-portal/v1/submission\nenvelope " + "a" * 64 + " 11408\n\n",
        "imp-portal/v1/submission\nenvelope " + "a" * 64 + " 11408\nblob " + "b" * 64 + " 5\n",
        "imp-portal/v1/submission\nenvelope " + "a" * 64 + " 11408\r\n",
        "imp-portal/v1/submission\nenvelope " + "a" * 64 + " 1" + "\nx" * 12 + "\n",
        "é",
    ],
)
def test_there_is_one_way_to_write_a_manifest(text: str) -> None:
    with pytest.raises(ManifestInvalid):
        parse_manifest(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"{}".ljust(8191),
        b"[]".ljust(8192),
        (b"{}" + b"\n" * 8190),
        b"{}".ljust(16_384),
        (b'{"a":' * 4000 + b"1" + b"}" * 192).ljust(32_768),
        (b'{"a":' * 40 + b"1" + b"}" * 40).ljust(8192),
        b"\xff".ljust(8192),
    ],
)
def test_padding_can_be_read_in_one_way_only(data: bytes) -> None:
    with pytest.raises(EnvelopeInvalid):
        parse_padded_json(data)


def test_a_text_that_fits_no_size_is_refused() -> None:
    assert len(padded_json({"text": "x" * 9000})) == 16_384
    with pytest.raises(EnvelopeInvalid):
        padded_json({"text": "x" * 70_000})


def test_an_envelope_of_any_shape_is_read_or_refused_and_never_an_error() -> None:
    file, _ = sealed_file(b"photo")
    good = envelope(file).to_json()
    chance = random.Random(5)
    junk = [None, True, -1, 2**40, 1.5, "", "x", [], [[]], {}, {"id": 1}, "1" * 64, good["mailbox"]]
    refused = 0

    for _ in range(4000):
        changed = json.loads(json.dumps(good))
        target = chance.choice([changed, changed["mailbox"], changed["files"][0]])
        key = chance.choice([*target, "more"])
        target[key] = chance.choice(junk)
        if chance.random() < 0.2:
            target.pop(chance.choice(list(target)))
        try:
            parse_envelope(changed)
        except EnvelopeInvalid:
            refused += 1

    assert refused > 3000
