"""Sealed files and releases: read back as they were written, and nothing else is taken for one."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from portal_protocol.chunks import CHUNK_SIZE, chunk_name
from portal_protocol.errors import (
    NoteForged,
    ReleaseInvalid,
    SealedFileCutOff,
    SealedFileInvalid,
    SignaturesMissing,
)
from portal_protocol.manifest import Blob, Manifest
from portal_protocol.notes import SigningKey, parse_verify_key, sign_note
from portal_protocol.releases import make_release, open_release, parse_release
from portal_protocol.sealed_files import (
    LARGEST_FILES,
    Carried,
    SealedFileReader,
    bytes_of_text,
    is_text,
    pack_sealed_file,
    text_of,
)

KNOWN: Mapping[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/protocol.json").read_text(encoding="utf-8")
)
ENVELOPE = b"sealed " * 1500
ROOTS = [SigningKey(f"iimp.example/root{n}", bytes([n]) * 32) for n in range(3)]
KEYS = [root.verify_key for root in ROOTS]


def blob_of(content: bytes) -> Blob:
    pieces = [content[at : at + CHUNK_SIZE] for at in range(0, len(content), CHUNK_SIZE)]
    return Blob(chunk_name(content), len(content), tuple(chunk_name(piece) for piece in pieces))


def a_manifest(*files: bytes) -> Manifest:
    return Manifest(chunk_name(ENVELOPE), len(ENVELOPE), tuple(blob_of(file) for file in files))


def sealed_file(*files: bytes) -> bytes:
    return pack_sealed_file(a_manifest(*files).to_bytes(), ENVELOPE, files)


def read(data: bytes, *, step: int = 10_000) -> tuple[Carried, list[tuple[str, bytes]]]:
    taken: list[tuple[str, bytes]] = []
    reader = SealedFileReader(lambda name, piece: taken.append((name, piece)))
    for at in range(0, len(data), step):
        reader.feed(data[at : at + step])
    return reader.finish(), taken


FILES = (Random(1).randbytes(CHUNK_SIZE + 7), Random(2).randbytes(300))


@pytest.mark.parametrize("step", [1_000, 65_536, 10_000_000])
@pytest.mark.parametrize("files", [(), FILES[1:], FILES, (FILES[0], FILES[0])])
def test_what_was_packed_comes_out_in_pieces_of_any_size(
    files: tuple[bytes, ...], step: int
) -> None:
    carried, taken = read(sealed_file(*files), step=step)

    assert carried.manifest == a_manifest(*files)
    assert carried.manifest_bytes == a_manifest(*files).to_bytes()
    assert carried.envelope == ENVELOPE
    assert b"".join(piece for _, piece in taken) == b"".join(files)
    assert all(chunk_name(piece) == name for name, piece in taken)


@pytest.mark.parametrize("files", [(), FILES])
def test_a_file_that_is_cut_off_anywhere_is_known_as_such(files: tuple[bytes, ...]) -> None:
    whole = sealed_file(*files)

    for length in (0, 1, 20, 23, 30, len(whole) // 3, len(whole) - 1):
        with pytest.raises(SealedFileCutOff):
            read(whole[:length])


def test_one_changed_byte_anywhere_is_refused() -> None:
    whole = sealed_file(FILES[1])

    for place in [*range(400), *range(400, len(whole), 97), len(whole) - 1]:
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        with pytest.raises(SealedFileInvalid):
            read(bytes(data))


@pytest.mark.parametrize("files", [(), FILES])
def test_nothing_may_follow(files: tuple[bytes, ...]) -> None:
    for more in (b"\n", b"more" * 100_000):
        with pytest.raises(SealedFileInvalid):
            read(sealed_file(*files) + more)


def test_another_kind_of_file_is_refused_with_its_first_bytes() -> None:
    reader = SealedFileReader(lambda *_: None)

    with pytest.raises(SealedFileInvalid):
        reader.feed(b"\xff\xd8")


def test_a_manifest_that_promises_too_much_is_refused_before_it_arrives() -> None:
    size = LARGEST_FILES + 1
    names = tuple("a" * 64 for _ in range(-(-size // CHUNK_SIZE)))
    manifest = Manifest("b" * 64, 100, (Blob("c" * 64, size, names),)).to_bytes()
    reader = SealedFileReader(lambda *_: None)

    with pytest.raises(SealedFileInvalid, match="too large"):
        reader.feed(pack_sealed_file(manifest, b""))


def test_no_more_than_one_chunk_is_held() -> None:
    files = (Random(3).randbytes(5 * CHUNK_SIZE),)
    data, taken = sealed_file(*files), []
    reader = SealedFileReader(lambda name, piece: taken.append(len(piece)))
    reader.feed(data[: len(data) - 1])

    assert len(taken) == 4


def test_a_text_survives_what_messengers_do_to_it() -> None:
    sealed = sealed_file(FILES[1])
    text = text_of(sealed)
    broken = "\u200fانظر:\n " + text.replace("\n", "\r\n  ") + "\n\n"

    assert is_text(text.encode())
    assert bytes_of_text(text.encode()) == sealed
    assert bytes_of_text(broken.encode()) == sealed


@pytest.mark.parametrize("text", ["", "hello", "imp-portal/v1/sealed-text\n???", "x" * 500_000])
def test_another_text_is_none(text: str) -> None:
    with pytest.raises(SealedFileInvalid):
        bytes_of_text(text.encode())


def test_the_known_file_has_the_known_bytes() -> None:
    known = KNOWN["sealed_file"]
    parts = known["manifest"].encode(), known["envelope"].encode(), [known["file"].encode()]

    assert pack_sealed_file(*parts).hex() == known["hex"]
    assert text_of(bytes.fromhex(known["hex"])) == known["text"]
    assert read(bytes.fromhex(known["hex"]))[0].manifest.submission_id == known["submission_id"]


def test_the_known_release_is_signed_by_the_known_roots() -> None:
    known = KNOWN["release"]
    roots = [parse_verify_key(text) for text in known["roots"]]
    files = [(name, content.encode()) for name, content in known["files"].items()]

    release = open_release(known["note"], roots, deployment="iimp-demo")

    assert release == make_release("iimp-demo", date(2026, 11, 20), files)
    assert release.to_text() == known["text"]


def test_a_release_knows_its_files_by_their_content_alone() -> None:
    release = make_release("iimp-demo", date(2026, 11, 20), [("b.html", b"B"), ("a.html", b"A")])

    found = release.find(b"B")
    assert found is not None
    assert found.name == "b.html"
    assert release.find(b"C") is None
    assert [file.name for file in release.files] == ["a.html", "b.html"]


def test_one_root_is_not_enough_and_a_forged_one_is_fatal() -> None:
    text = make_release("iimp-demo", date(2026, 11, 20), [("a.html", b"A")]).to_text()
    changed = sign_note(text, *ROOTS).replace("a.html", "b.html")

    with pytest.raises(SignaturesMissing):
        open_release(sign_note(text, ROOTS[1]), KEYS, deployment="iimp-demo")
    with pytest.raises(NoteForged):
        open_release(changed, KEYS, deployment="iimp-demo")
    with pytest.raises(ReleaseInvalid):
        open_release(sign_note(text, *ROOTS), KEYS, deployment="another")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("imp-portal/v1/release", "imp-portal/v1/keys"),
        ("2026-11-20", "2026-13-20"),
        ("file ", "file  "),
        ("a.html\n", "../a.html\n"),
        ("a.html\n", "b.html\n"),
        ("a.html\n", "a.html\n\n"),
        (" 1 ", " 01 "),
    ],
)
def test_a_release_is_written_in_one_way_only(old: str, new: str) -> None:
    files = [("a.html", b"A"), ("b.html", b"B")]
    text = make_release("iimp-demo", date(2026, 11, 20), files).to_text()

    with pytest.raises(ReleaseInvalid):
        parse_release(text.replace(old, new, 1))
