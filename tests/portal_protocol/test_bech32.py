"""Key strings: the published examples, every length, and every damage noticed."""

import random

import pytest

from portal_protocol.bech32 import decode, encode
from portal_protocol.errors import BechInvalid

RIGHT = [
    ("A12UEL5L", "a", b""),
    ("a12uel5l", "a", b""),
    ("?1ezyfcl", "?", b""),
    (
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "abcdef",
        bytes.fromhex("00443214c74254b635cf84653a56d7c675be77df"),
    ),
    (
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        "split",
        bytes.fromhex("c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d"),
    ),
]
"""BIP 173, with the bytes that the examples of segregated addresses give for such data."""
WRONG = [
    "",
    "1",
    "\x201nwldj5",
    "pzry9x0s0muk",
    "1pzry9x0s0muk",
    "x1b4n0q5v",
    "li1dgmt3",
    "A1G7SGD8",
    "10a06t8",
    "1qzzfhee",
    "a12UEL5L",
    "a12uel5\N{KELVIN SIGN}",
    "a1_2uel5",
]


@pytest.mark.parametrize(("text", "prefix", "data"), RIGHT)
def test_published_examples_are_read_and_written(text: str, prefix: str, data: bytes) -> None:
    assert decode(text) == (prefix, data)
    assert encode(prefix, data) == text.lower()


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_key_string_is_refused(text: str) -> None:
    with pytest.raises(BechInvalid):
        decode(text)


def test_bytes_of_every_length_come_back_and_one_wrong_character_is_noticed() -> None:
    chance = random.Random(173)
    for size in [*range(70), 1216, 3000]:
        data = chance.randbytes(size)
        text = encode("age1pq", data)
        place = chance.randrange(len("age1pq1"), len(text))
        other = chance.choice("qpzry9x8gf2tvdw0s3jn54khce6mua7l".replace(text[place], ""))

        assert decode(text) == ("age1pq", data)
        with pytest.raises(BechInvalid):
            decode(text[:place] + other + text[place + 1 :])


def test_bits_that_are_left_over_must_be_zero_and_fewer_than_a_character() -> None:
    # Checksums are right; the number of characters is wrong, or a bit behind the last byte.
    for text in ("a1q3g6mn3", "a1qpamnt9j", "a1qqqd87cpp"):
        with pytest.raises(BechInvalid):
            decode(text)
