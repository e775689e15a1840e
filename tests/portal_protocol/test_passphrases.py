"""Keys behind a passphrase: as stock age makes them, opened by nothing but the passphrase."""

from datetime import date

import pytest

from portal_protocol.age import HybridIdentity, open_sealed, seal
from portal_protocol.age_passphrase import (
    WORK,
    armored,
    dearmored,
    is_sealed,
    open_with_passphrase,
    seal_with_passphrase,
)
from portal_protocol.errors import AgeError, PassphraseWrong, SecretFileInvalid
from portal_protocol.secret_files import (
    fingerprint,
    identity_text,
    protected,
    read_identity,
    read_secret,
)
from tests.portal_protocol.test_age import node

PASSPHRASE = "seven words by dice, أو بالعربية"
QUICK = 4
"""Doublings of the work in tests; a real file has fourteen more."""


def test_the_right_passphrase_opens_an_identity_and_a_wrong_one_nothing() -> None:
    identity = HybridIdentity.generate()
    text = identity_text(identity, date(2026, 11, 20))

    sealed = protected(text, PASSPHRASE, work=QUICK)
    again = read_identity(open_with_passphrase(sealed, PASSPHRASE).decode())

    assert again.text == identity.text
    assert open_sealed(seal(b"x", [identity.recipient]), [again]) == b"x"
    assert is_sealed(sealed)
    assert not is_sealed(text.encode())
    for part in (identity.text, identity.recipient.text[:40]):
        assert part.encode() not in dearmored(sealed)
    for wrong in ("", PASSPHRASE + " ", PASSPHRASE.upper()):
        with pytest.raises(PassphraseWrong):
            open_with_passphrase(sealed, wrong)


def test_the_work_for_a_guess_is_what_stock_age_asks_for() -> None:
    sealed = dearmored(seal_with_passphrase(b"x", PASSPHRASE))

    assert WORK == 18
    assert sealed.split(b"\n")[1].endswith(b" 18")
    assert open_with_passphrase(sealed, PASSPHRASE) == b"x"


def test_every_changed_byte_is_noticed() -> None:
    sealed = dearmored(seal_with_passphrase(b"content", PASSPHRASE, work=1))

    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(AgeError):
            open_with_passphrase(changed, PASSPHRASE)


def test_what_no_passphrase_opens_is_no_reason_to_try() -> None:
    sealed = seal(b"x", [HybridIdentity.generate().recipient])

    with pytest.raises(PassphraseWrong):
        open_with_passphrase(armored(sealed), PASSPHRASE)


@pytest.mark.parametrize("text", ["", "# a comment\n", "one\ntwo\n"])
def test_a_file_holds_exactly_one_key(text: str) -> None:
    with pytest.raises(SecretFileInvalid):
        read_secret(text)


def test_a_fingerprint_tells_keys_apart_and_can_be_read_aloud() -> None:
    one, other = (HybridIdentity.generate().recipient.text for _ in range(2))

    assert fingerprint(one) != fingerprint(other)
    assert [len(part) for part in fingerprint(one).split(" ")] == [4, 4, 4, 4]


def test_an_independent_implementation_opens_it_and_is_opened() -> None:
    """The JavaScript implementation of the format's author, in Node."""
    opening = """import { Decrypter, armor } from "age-encryption"
        const chunks = []; for await (const c of process.stdin) chunks.push(c)
        const d = new Decrypter(); d.addPassphrase(process.argv[1])
        const sealed = armor.decode(Buffer.concat(chunks).toString())
        process.stdout.write(Buffer.from(await d.decrypt(sealed)))"""
    sealing = """import { Encrypter, armor } from "age-encryption"
        const chunks = []; for await (const c of process.stdin) chunks.push(c)
        const e = new Encrypter(); e.setPassphrase(process.argv[1]); e.setScryptWorkFactor(4)
        const sealed = await e.encrypt(new Uint8Array(Buffer.concat(chunks)))
        process.stdout.write(armor.encode(sealed))"""
    text = identity_text(HybridIdentity.generate(), date(2026, 11, 20)).encode()

    theirs = node(sealing, PASSPHRASE, stdin=text)

    assert node(opening, PASSPHRASE, stdin=seal_with_passphrase(text, PASSPHRASE, work=4)) == text
    assert open_with_passphrase(theirs, PASSPHRASE) == text
