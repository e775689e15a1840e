"""Pieces of sealed files: stored whole or not at all, by their hash, with a day and no hour."""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from portal_api.chunks.disk import DiskChunks
from portal_api.settings import ApiSettings
from tests.portal_api.factories import TODAY

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC).timestamp()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Pieces are not in the database: one engine is enough here."""
    return f"sqlite:///{tmp_path / 'portal.sqlite'}"


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_what_is_stored_no_longer_misses(api: TestClient) -> None:
    pieces = [b"one", b"two", b"three"]
    names = [name_of(piece) for piece in pieces]

    before = api.post("/v1/chunks/missing", json=names).json()
    answers = [api.put(f"/v1/chunks/{name_of(piece)}", content=piece) for piece in pieces[:2]]
    after = api.post("/v1/chunks/missing", json=names).json()

    assert before == names
    assert [answer.status_code for answer in answers] == [201, 201]
    assert after == names[2:]


def test_a_repeat_does_no_harm(api: TestClient, settings: ApiSettings) -> None:
    answers = [api.put(f"/v1/chunks/{name_of(b'same')}", content=b"same") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201] * 3
    assert [path.read_bytes() for path in files(settings.blobs)] == [b"same"]


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        pytest.param(name_of(b"a"), b"b", (422, "chunk_mismatch"), id="changed on the way"),
        pytest.param(name_of(b""), b"", (422, "chunk_mismatch"), id="nothing"),
        pytest.param("..%2f..%2fetc", b"a", (405, "method_not_allowed"), id="a path"),
        pytest.param("A" * 64, b"a", (422, "chunk_mismatch"), id="no name"),
        pytest.param(name_of(b"x" * 262_145), b"x" * 262_145, (413, "too_large"), id="too long"),
    ],
)
def test_anything_else_is_refused_and_not_kept(
    api: TestClient, settings: ApiSettings, name: str, data: bytes, problem: tuple[int, str]
) -> None:
    answer = api.put(f"/v1/chunks/{name}", content=data)

    status, code = problem
    assert answer.status_code == status
    assert list(files(settings.blobs)) == []
    if status != 405:
        assert answer.json() == {"type": f"/problems/{code}", "status": status}


def test_a_body_without_a_length_is_cut_at_the_limit(api: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(5):
            yield b"x" * 65_536

    answer = api.put(f"/v1/chunks/{name_of(b'x' * 5 * 65_536)}", content=pieces())

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[1]",
        b'["short"]',
        b"[" * 100_000,
        json.dumps(["a" * 64] * 4_097).encode(),
    ],
)
def test_a_question_that_is_no_list_of_names_is_refused(api: TestClient, body: bytes) -> None:
    answer = api.post("/v1/chunks/missing", content=body)

    assert answer.json() == {"type": "/problems/submission_malformed", "status": 422}


def test_files_and_folders_carry_a_day_and_no_hour(api: TestClient, settings: ApiSettings) -> None:
    api.put(f"/v1/chunks/{name_of(b'a')}", content=b"a")

    (path,) = files(settings.blobs)
    assert path.relative_to(settings.blobs).parts[:2] == (path.name[:2], path.name[2:4])
    assert (path.stat().st_mtime, path.stat().st_atime) == (MIDNIGHT, MIDNIGHT)
    assert path.parent.stat().st_mtime == MIDNIGHT


def test_a_piece_that_is_sent_again_waits_again(
    app: FastAPI, api: TestClient, settings: ApiSettings
) -> None:
    api.put(f"/v1/chunks/{name_of(b'a')}", content=b"a")
    app.state.today = lambda: TODAY + timedelta(days=2)

    api.put(f"/v1/chunks/{name_of(b'a')}", content=b"a")

    (path,) = files(settings.blobs)
    assert path.stat().st_mtime == MIDNIGHT + 2 * 86_400


def test_a_write_that_breaks_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = DiskChunks(tmp_path)

    def full(_: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        chunks.put(name_of(b"a"), b"a", today=TODAY)

    assert list(files(tmp_path)) == []


def test_what_a_killed_process_left_half_written_is_removed_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = DiskChunks(tmp_path)
    chunks.put(name_of(b"a"), b"a", today=TODAY)
    left = next(files(tmp_path)).with_name("0123.part")
    left.write_bytes(b"half")

    chunks.remove_unfinished()
    after_an_hour = left.exists()
    monkeypatch.setattr("portal_api.chunks.disk.UNFINISHED_SECONDS", -1)
    chunks.remove_unfinished()

    assert after_an_hour
    assert [path.name for path in files(tmp_path)] == [name_of(b"a")]
