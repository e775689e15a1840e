"""Pulling: what waits at the portal, and its sealed bytes."""

import hashlib
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from portal_gateway.arrivals import Arrival, ArrivalState, list_arrival
from portal_gateway.database import transaction
from portal_gateway.errors import NotWhole
from portal_gateway.lines import Line
from portal_gateway.protected_files import ENVELOPE, MANIFEST, ProtectedFiles
from portal_protocol.errors import ManifestInvalid, SubmissionInvalid
from portal_protocol.manifest import Manifest
from portal_protocol.submissions import (
    check_delivery,
    manifest_without_files,
    unpack_submission,
)

PAGES = 20
"""Pages listed in one go; the rest comes with the next round."""
LARGEST_SUBMISSION = 80 * 1024 * 1024
"""Sealed bytes of all files; the portal accepts 64 MiB of content."""


def list_waiting(engine: Engine, handover: Line, *, now: datetime, pages: int = PAGES) -> None:
    """Remember every submission that waits at the portal.

    Args:
        engine: The register.
        handover: The way to the portal.
        now: The moment.
        pages: How many pages to read at most.

    Raises:
        TryLater: If the portal cannot be asked now.
    """
    after = ""
    for _ in range(pages):
        ids = handover.waiting(after=after)
        if not ids:
            return
        with transaction(engine) as session:
            for submission_id in ids:
                list_arrival(session, submission_id, now=now)
            finished = _finished(session, ids)
        for submission_id in finished:
            # The portal has forgotten that it was told, for instance after a restored backup.
            handover.acknowledge(submission_id)
        after = max(ids)


def fetch(handover: Line, sealed: ProtectedFiles, submission_id: str) -> None:
    """Bring every sealed byte of a submission here; what is here already is not fetched again.

    Raises:
        NotWhole: If what the portal hands over is not what the id names.
        TryLater: If the portal cannot be asked now; what came stays.
    """
    manifest = _fetch_manifest(handover, sealed, submission_id)
    if sum(blob.size for blob in manifest.blobs) > LARGEST_SUBMISSION:
        raise NotWhole("too_large")
    for blob in manifest.blobs:
        for name in blob.chunks:
            if not _is_here(sealed, submission_id, name):
                _fetch_chunk(handover, sealed, submission_id, name)


def read_delivery(sealed: ProtectedFiles, submission_id: str) -> tuple[Manifest, bytes]:
    """Return manifest and sealed envelope as they lie here, proven against the id.

    If no files belong to it, the envelope alone tells the manifest, and that is not read.

    Raises:
        NotWhole: If they do not lie here as they were sent.
    """
    try:
        envelope = sealed.read(submission_id, ENVELOPE)
        alone = manifest_without_files(envelope)
        if alone.submission_id == submission_id:
            return alone, envelope
        manifest = sealed.read(submission_id, MANIFEST)
        return check_delivery(submission_id, manifest, envelope), envelope
    except (FileNotFoundError, ManifestInvalid) as error:
        raise NotWhole("local_copy_damaged") from error


def _finished(session: Session, ids: list[str]) -> list[str]:
    finished = (ArrivalState.DONE, ArrivalState.KEPT)
    wanted = select(Arrival.id).where(col(Arrival.id).in_(ids), col(Arrival.state).in_(finished))
    return list(session.exec(wanted))


def _fetch_manifest(handover: Line, sealed: ProtectedFiles, submission_id: str) -> Manifest:
    if sealed.has(submission_id, MANIFEST):
        try:
            return read_delivery(sealed, submission_id)[0]
        except NotWhole:
            sealed.forget(submission_id)
    try:
        manifest, envelope = unpack_submission(handover.delivery(submission_id))
        parsed = check_delivery(submission_id, manifest, envelope)
    except SubmissionInvalid as error:
        raise NotWhole("delivery_malformed", str(error)) from error
    except ManifestInvalid as error:
        raise NotWhole("manifest_altered", str(error)) from error
    sealed.put(submission_id, ENVELOPE, envelope)
    sealed.put(submission_id, MANIFEST, manifest)
    return parsed


def _is_here(sealed: ProtectedFiles, submission_id: str, name: str) -> bool:
    if not sealed.has(submission_id, name):
        return False
    return hashlib.sha256(sealed.read(submission_id, name)).hexdigest() == name


def _fetch_chunk(handover: Line, sealed: ProtectedFiles, submission_id: str, name: str) -> None:
    data = handover.chunk(name)
    if hashlib.sha256(data).hexdigest() != name:
        raise NotWhole("chunk_altered")
    sealed.put(submission_id, name, data)
