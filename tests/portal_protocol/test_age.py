"""age files: the public vectors, other people's implementations, and what must be refused."""

import base64
import hashlib
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from portal_protocol.age import (
    ClassicIdentity,
    HybridIdentity,
    Identity,
    Recipient,
    SealingWriter,
    open_sealed,
    open_stream,
    parse_identity,
    parse_recipient,
    seal,
    sealed_size,
)
from portal_protocol.age_header import decoded, encoded
from portal_protocol.age_passphrase import dearmored, open_with_passphrase
from portal_protocol.bech32 import decode, encode
from portal_protocol.errors import (
    AgeError,
    AgeHeaderForged,
    AgeHeaderInvalid,
    AgePayloadInvalid,
    ArmorInvalid,
    BechInvalid,
    NoIdentityMatches,
)

ROOT = Path(__file__).parents[2]
THEME = ROOT / "theme"
NODE = Path(sys.executable).parent / "node"
FAILURES: dict[str, type[AgeError]] = {
    "header failure": AgeHeaderInvalid,
    "HMAC failure": AgeHeaderForged,
    "no match": NoIdentityMatches,
    "payload failure": AgePayloadInvalid,
    "armor failure": ArmorInvalid,
}


def node(program: str, *arguments: str, stdin: bytes = b"") -> bytes:
    command = [str(NODE), "--input-type=module", "-e", program, *arguments]
    return subprocess.run(
        command, cwd=THEME, input=stdin, capture_output=True, check=True, timeout=120
    ).stdout


def public_vectors() -> dict[str, bytes]:
    program = """import * as vectors from "cctv-age"
        const text = Object.entries(vectors).map(([n, d]) => [n, Buffer.from(d).toString("base64")])
        process.stdout.write(JSON.stringify(Object.fromEntries(text)))"""
    found: dict[str, str] = json.loads(node(program))
    return {name: base64.b64decode(data) for name, data in found.items()}


VECTORS = public_vectors()


def parts(vector: bytes) -> tuple[dict[str, list[str]], bytes]:
    head, _, body = vector.partition(b"\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.decode().split("\n"):
        key, _, value = line.partition(": ")
        fields.setdefault(key, []).append(value)
    if "zlib" in fields.get("compressed", []):
        body = zlib.decompress(body)
    return fields, body


def test_the_public_vectors_are_all_here() -> None:
    protected = [name for name, vector in VECTORS.items() if "passphrase" in parts(vector)[0]]

    assert (len(VECTORS), len(protected)) == (143, 26)


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_a_public_vector_ends_as_it_says(name: str) -> None:
    fields, body = parts(VECTORS[name])
    expected = fields["expect"][0]
    identities = [parse_identity(text) for text in fields.get("identity", [])]
    given_out = hashlib.sha256()

    def read() -> None:
        if "passphrase" in fields:
            given_out.update(open_with_passphrase(body, fields["passphrase"][0]))
            return
        sealed = dearmored(body) if "armored" in fields else body
        for piece in open_stream(io.BytesIO(sealed), identities):
            given_out.update(piece)

    if expected == "success":
        read()
        assert given_out.hexdigest() == fields["payload"][0]
    else:
        with pytest.raises(FAILURES[expected]):
            read()


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000])
def test_what_is_sealed_opens_again_and_has_the_size_foretold(size: int) -> None:
    content = os.urandom(size)
    office, reserve = HybridIdentity.generate(), HybridIdentity.generate()

    sealed = seal(content, [office.recipient, reserve.recipient])

    assert open_sealed(sealed, [reserve]) == content
    assert open_sealed(sealed, [HybridIdentity.generate(), office]) == content
    assert len(sealed) == sealed_size(size, 2)


def test_an_envelope_for_two_has_the_published_size() -> None:
    assert sealed_size(8192, 2) == 11_408


def test_a_stranger_cannot_open_it() -> None:
    sealed = seal(b"content", [HybridIdentity.generate().recipient])

    with pytest.raises(NoIdentityMatches):
        open_sealed(sealed, [HybridIdentity.generate(), ClassicIdentity(os.urandom(32))])


def test_hybrid_and_classic_recipients_are_never_mixed() -> None:
    mixed: list[Recipient] = [
        HybridIdentity.generate().recipient,
        ClassicIdentity(os.urandom(32)).recipient,
    ]

    with pytest.raises(ValueError, match="of one kind"):
        seal(b"content", mixed)
    with pytest.raises(ValueError, match="of one kind"):
        seal(b"content", [])


def test_every_single_changed_byte_is_noticed() -> None:
    identity = HybridIdentity.generate()
    sealed = seal(b"content", [identity.recipient])

    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(AgeError):
            open_sealed(changed, [identity])


def test_the_writer_keeps_no_more_than_a_piece() -> None:
    """Plaintext of a large file must not pile up in memory."""
    out: list[bytes] = []
    writer = SealingWriter([HybridIdentity.generate().recipient], out.append)

    for written in range(50_000, 2_000_001, 50_000):
        writer.write(bytes(50_000))
        assert written - sum(len(piece) for piece in out[1:]) <= 65_536
    writer.close()

    assert max(len(piece) for piece in out[1:]) == 65_536 + 16


@pytest.mark.parametrize(
    "text",
    ["", "age1", "AGE1PQ1X", "age1pq1qqqq", "AGE-SECRET-KEY-1", "age1pq1" + "q" * 1952, "é"],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BechInvalid):
        parse_recipient(text)
    with pytest.raises(BechInvalid):
        parse_identity(text)


@pytest.mark.parametrize(
    "point",
    [
        bytes(32),
        (1).to_bytes(32, "little"),
        bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        bytes.fromhex("ec" + "ff" * 30 + "7f"),
        bytes.fromhex("ed" + "ff" * 30 + "7f"),
        bytes.fromhex("ee" + "ff" * 30 + "7f"),
    ],
    ids=lambda point: point[:4].hex(),
)
@pytest.mark.parametrize("highest", [0, 0x80])
def test_a_point_that_gives_everybody_the_same_secret_is_no_key(point: bytes, highest: int) -> None:
    point = point[:-1] + bytes([point[-1] | highest])
    lattice = decode(HybridIdentity.generate().recipient.text)[1][:-32]

    with pytest.raises(ValueError, match="shared key"):
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(point))
    for text in (encode("age", point), encode("age1pq", lattice + point)):
        with pytest.raises(BechInvalid, match="low order"):
            parse_recipient(text)


def test_key_strings_are_read_back_as_written() -> None:
    hybrid, classic = HybridIdentity.generate(), ClassicIdentity(os.urandom(32))

    for identity in (hybrid, classic):
        again: Identity = parse_identity(identity.text)
        assert again.text == identity.text
        assert parse_recipient(identity.recipient.text).text == identity.recipient.text


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_000])
def test_an_independent_implementation_opens_it_and_is_opened(size: int) -> None:
    """The JavaScript implementation of the format's author, in Node."""
    identity, content = HybridIdentity.generate(), os.urandom(size)
    opening = """import { Decrypter } from "age-encryption"
        const chunks = []; for await (const c of process.stdin) chunks.push(c)
        const d = new Decrypter(); d.addIdentity(process.argv[1])
        process.stdout.write(Buffer.from(await d.decrypt(new Uint8Array(Buffer.concat(chunks)))))"""
    sealing = """import { Encrypter } from "age-encryption"
        const chunks = []; for await (const c of process.stdin) chunks.push(c)
        const e = new Encrypter(); e.addRecipient(process.argv[1])
        process.stdout.write(Buffer.from(await e.encrypt(new Uint8Array(Buffer.concat(chunks)))))"""

    theirs = node(sealing, identity.recipient.text, stdin=content)

    ours = seal(content, [HybridIdentity.generate().recipient, identity.recipient])
    assert node(opening, identity.text, stdin=ours) == content
    assert open_sealed(theirs, [identity]) == content


def stock_age() -> str | None:
    """Return an age of version 1.3 or newer; Debian 12 has 1.1.1, which knows no hybrid keys."""
    program = os.environ.get("PORTAL_AGE") or shutil.which("age")
    if program is None:
        return None
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v?(\d+)\.(\d+)", said.stdout)
    return program if version and (int(version[1]), int(version[2])) >= (1, 3) else None


@pytest.mark.skipif(stock_age() is None, reason="no age >= 1.3 here; set PORTAL_AGE to its path")
def test_stock_age_opens_what_we_write(tmp_path: Path) -> None:
    identity, content = HybridIdentity.generate(), os.urandom(200_000)
    key, sealed = tmp_path / "key", tmp_path / "sealed.age"
    key.write_text(identity.text + "\n")
    sealed.write_bytes(seal(content, [HybridIdentity.generate().recipient, identity.recipient]))

    opened = subprocess.run(
        [str(stock_age()), "-d", "-i", key, sealed], capture_output=True, check=True
    )

    assert opened.stdout == content


def test_base64_is_read_in_its_one_form_only() -> None:
    chance = random.Random(3)
    read = 0
    for _ in range(5000):
        text = "".join(chance.choices("ABQgwz09+/=- \u0660", k=chance.randrange(9)))
        try:
            assert encoded(decoded(text)) == text
            read += 1
        except AgeHeaderInvalid:
            whole = re.fullmatch(r"[A-Za-z0-9+/]*", text) and len(text) % 4 != 1
            again = whole and base64.b64encode(base64.b64decode(text + "=" * (-len(text) % 4)))
            assert not again or again.rstrip(b"=").decode() != text

    assert read > 500
