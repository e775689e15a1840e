"""The browser reads and writes sealed files and releases as Python does, byte for byte."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from portal_protocol.chunks import CHUNK_SIZE
from tests.portal_protocol.test_carried_files import FILES, a_manifest, sealed_file

KNOWN: Mapping[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/protocol.json").read_text(encoding="utf-8")
)
OPEN = """async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))
    let opened = null
    const open = async () => { opened = await portal.sealedFile.openSealedFile(new Blob([bytes])) }
    const refusal = await portal.failure(open)
    if (refusal) return refusal
    const { submission, chunks, files } = opened
    const again = portal.sealedFile.packSealedFile(submission, chunks)
    const packed = new Uint8Array(await again.arrayBuffer())
    return { id: submission.id, files, names: chunks.map(({ name }) => name),
        same: packed.length === bytes.length && packed.every((byte, at) => byte === bytes[at]) }
}"""


def opened(page: Page, data: bytes) -> Any:
    return page.evaluate(OPEN, base64.b64encode(data).decode())


def test_the_known_file_is_read_and_written_again(protocol_page: Page) -> None:
    known = KNOWN["sealed_file"]
    data = bytes.fromhex(known["hex"])

    made = opened(protocol_page, data)
    text = protocol_page.evaluate(
        "(hex) => portal.sealedFile.textOf(portal.fromHex(hex))", known["hex"]
    )
    back = protocol_page.evaluate(
        """async (text) => portal.toHex(new Uint8Array(
            await portal.sealedFile.blobOfText(text).arrayBuffer()))""",
        "see:\r\n" + known["text"].replace("\n", " \r\n"),
    )

    assert (made["id"], made["files"], made["same"]) == (known["submission_id"], 1, True)
    assert text == known["text"]
    assert back == known["hex"]


def test_a_file_with_photos_keeps_its_pieces_in_order(protocol_page: Page) -> None:
    made = opened(protocol_page, sealed_file(*FILES))

    manifest = a_manifest(*FILES)
    assert made["id"] == manifest.submission_id
    assert made["names"] == [name for blob in manifest.blobs for name in blob.chunks]
    assert made["same"]


@pytest.mark.parametrize("kept", [0, 10, 23, 200, 5_000, -CHUNK_SIZE, -1])
def test_a_file_that_is_cut_off_is_known_as_such(protocol_page: Page, kept: int) -> None:
    assert opened(protocol_page, sealed_file(*FILES)[:kept]) == "SealedFileCutOff"


@pytest.mark.parametrize("place", [0, 20, 24, 60, 400, 2_000, -400, -1])
def test_a_changed_byte_is_refused(protocol_page: Page, place: int) -> None:
    data = bytearray(sealed_file(*FILES))
    data[place] ^= 1

    expected = "SealedFileOfAnotherKind" if 0 <= place <= 20 else "SealedFileInvalid"
    assert opened(protocol_page, bytes(data)) == expected


def test_nothing_may_follow(protocol_page: Page) -> None:
    assert opened(protocol_page, sealed_file() + b"\n") == "SealedFileInvalid"


def test_releases_are_judged_alike(protocol_page: Page) -> None:
    known = KNOWN["release"]
    check = """async ([note, roots, deployment]) => {
        let release = null
        const open = () => { release = portal.release.openRelease(
            note, roots.map(portal.notes.parseVerifyKey), deployment) }
        return (await portal.failure(open)) || release
    }"""

    def release(note: str, deployment: str = "iimp-demo") -> Any:
        return protocol_page.evaluate(check, [note, known["roots"], deployment])

    good = release(known["note"])
    text, _, signatures = known["note"].partition("\n\n")
    one_only = f"{text}\n\n{signatures.splitlines()[0]}\n"

    assert good["issued"] == "2026-11-20"
    assert [file["name"] for file in good["files"]] == ["paper-ar-1f2e.html", "reader-ar.html"]
    assert release(known["note"], "another") == "ReleaseInvalid"
    assert release(one_only) == "SignaturesMissing"
    assert release(known["note"].replace("reader", "writer")) == "NoteForged"
