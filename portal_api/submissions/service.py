"""Accepting a submission: checked without being read, saved, then receipted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from portal_api.chunks.guard import hold_off_sweep
from portal_api.chunks.storage import ChunkStore
from portal_api.database import save_once
from portal_api.errors import (
    ChunkMismatch,
    ChunkMissing,
    NotSealed,
    SizeNotAllowed,
    SubmissionMalformed,
)
from portal_api.keys.ring import KeyRing
from portal_api.submissions.sealed import check_blob, chunk_sizes
from portal_api.submissions.tables import Submission, SubmissionChunk
from portal_api.writer import Writer
from portal_protocol import errors as protocol
from portal_protocol.manifest import Manifest, parse_manifest
from portal_protocol.notes import SigningKey
from portal_protocol.receipts import make_receipt
from portal_protocol.submissions import check_delivery, check_sealed, unpack_submission

MAX_FILES = 10
MAX_FILE = 27_000_000
"""Bytes of one sealed file: 25 MiB with padding and sealing."""
MAX_FILES_TOGETHER = 70_000_000
"""Bytes of all sealed files: 64 MiB with padding and sealing."""


@dataclass(frozen=True)
class Intake:
    """What accepting needs."""

    writer: Writer
    chunks: ChunkStore
    keys: KeyRing
    receipt_key: SigningKey


def accept(intake: Intake, body: bytes, *, today: date) -> str:
    """Store a submission unless it is already stored.

    Args:
        intake: Where to, and with which keys.
        body: Length of the manifest (4 bytes, big-endian), manifest, envelope.
        today: Day in UTC written to the record; no finer time is kept.

    Returns:
        The receipt; the same body always gives the same receipt.

    Raises:
        ApiError: If anything about it is not as the protocol asks.
    """
    manifest, envelope = _unpack(body)
    return accept_sealed(intake, manifest, envelope, today=today)


def accept_sealed(intake: Intake, manifest_bytes: bytes, envelope: bytes, *, today: date) -> str:
    """Store a submission whose parts are at hand; as `accept` otherwise."""
    _check_envelope(intake, envelope, today=today)
    manifest = _check_manifest(manifest_bytes, envelope)
    _check_blobs(intake, manifest, today=today)
    row = {
        "id": manifest.submission_id,
        "received_on": today,
        "manifest": manifest_bytes,
        "envelope": envelope,
    }
    day = _save(intake, row, manifest)
    # Only now: whoever holds a receipt can rely on it.
    return make_receipt(manifest.submission_id, day, intake.receipt_key)


def _unpack(body: bytes) -> tuple[bytes, bytes]:
    try:
        return unpack_submission(body)
    except protocol.ProtocolError:
        raise SubmissionMalformed from None


def _check_envelope(intake: Intake, envelope: bytes, *, today: date) -> None:
    try:
        count = check_sealed(envelope)
    except protocol.SizeNotAllowed:
        raise SizeNotAllowed from None
    except protocol.ProtocolError:
        raise NotSealed from None
    intake.keys.check_count(count, today=today)


def _check_manifest(manifest_bytes: bytes, envelope: bytes) -> Manifest:
    try:
        submission_id = parse_manifest(manifest_bytes).submission_id
        return check_delivery(submission_id, manifest_bytes, envelope)
    except protocol.ProtocolError:
        raise SubmissionMalformed from None


def _check_blobs(intake: Intake, manifest: Manifest, *, today: date) -> None:
    sizes = [blob.size for blob in manifest.blobs]
    if (
        len(sizes) > MAX_FILES
        or sum(sizes) > MAX_FILES_TOGETHER
        or max(sizes, default=0) > MAX_FILE
    ):
        raise SubmissionMalformed
    _check_chunks(intake.chunks, manifest)
    for blob in manifest.blobs:
        first = intake.chunks.get(blob.chunks[0])
        if first is None:
            raise ChunkMissing
        intake.keys.check_count(check_blob(first, blob.size), today=today)


def _check_chunks(chunks: ChunkStore, manifest: Manifest) -> None:
    expected = [pair for blob in manifest.blobs for pair in chunk_sizes(blob)]
    stored = chunks.sizes(name for name, _ in expected)
    if any(name not in stored for name, _ in expected):
        raise ChunkMissing
    if any(stored[name] != size for name, size in expected):
        raise ChunkMismatch


def _save(intake: Intake, row: dict[str, Any], manifest: Manifest) -> date:
    """Store a submission; return the day on which it was stored first."""
    names = sorted({name for blob in manifest.blobs for name in blob.chunks})
    # No piece, nothing a sweep could take: nobody to hold off.
    if not names and intake.writer.insert_once(Submission, row):
        first: date = row["received_on"]
        return first
    return intake.writer.run(
        lambda session: _save_with_pieces(session, intake.chunks, Submission(**row), names)
    )


def _save_with_pieces(
    session: Session, chunks: ChunkStore, row: Submission, names: Sequence[str]
) -> date:
    hold_off_sweep(session)
    # Again, now that the sweep is held off: a receipt stands for pieces that are there and stay.
    if len(chunks.sizes(names)) != len(names):
        raise ChunkMissing
    chunks.use(names, today=row.received_on)
    save_once(session, row)
    save_once(session, *(SubmissionChunk(chunk=name, submission=row.id) for name in names))
    return session.exec(select(col(Submission.received_on)).where(Submission.id == row.id)).one()
