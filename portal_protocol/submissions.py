"""Submissions: what is posted, what the public service can check, what the gateway must check.

Source: docs/protocol.md.
"""

import hashlib
from collections.abc import Sequence
from functools import cache

from portal_protocol.age import HYBRID, Header, Stanza, read_header, sealed_size
from portal_protocol.age_header import encoded
from portal_protocol.age_keys import ENCAPSULATED, WRAPPED_KEY
from portal_protocol.envelope import Envelope
from portal_protocol.errors import (
    AgeHeaderInvalid,
    ManifestInvalid,
    NotSealed,
    SizeNotAllowed,
    SubmissionMalformed,
    WrongRecipientCount,
)
from portal_protocol.manifest import LONGEST, Manifest, parse_manifest
from portal_protocol.padding import ENVELOPE_SIZES

LENGTH = 4
"""Bytes that carry the manifest's length, big-endian."""
_SHARE = len(encoded(bytes(ENCAPSULATED)))


def pack_submission(manifest: bytes, envelope: bytes) -> bytes:
    """Return the body of a submission."""
    return len(manifest).to_bytes(LENGTH, "big") + manifest + envelope


def unpack_submission(body: bytes) -> tuple[bytes, bytes]:
    """Return manifest and envelope of a body.

    Raises:
        SubmissionMalformed: If the body is cut off or the manifest too long.
    """
    length = int.from_bytes(body[:LENGTH], "big")
    manifest, envelope = body[LENGTH : LENGTH + length], body[LENGTH + length :]
    if not 0 < length <= LONGEST or len(manifest) != length or not envelope:
        raise SubmissionMalformed("length")
    return manifest, envelope


def check_sealed(envelope: bytes) -> int:
    """Refuse an envelope that is not sealed as it must be; nothing of it can be read for that.

    Returns:
        How many recipients it is sealed to.

    Raises:
        NotSealed: If it is no age file to hybrid recipients only.
        SizeNotAllowed: If no padded envelope has its size.
    """
    try:
        header = read_header(envelope)
        # Whoever opens it needs one share only, and would not notice that another is none.
        recipients = len([stanza.share for stanza in header.stanzas])
    except AgeHeaderInvalid as error:
        raise NotSealed("no age header") from error
    check_header(header, len(envelope), recipients=recipients)
    return recipients


def check_header(header: Header, size: int, *, recipients: int) -> None:
    """Refuse an envelope of some size by its header; what shares say is not looked at.

    Args:
        header: Of the envelope.
        size: Bytes of the whole envelope.
        recipients: How many the key list names.

    Raises:
        NotSealed: If it is not sealed to hybrid recipients only.
        WrongRecipientCount: If it is sealed to more or fewer.
        SizeNotAllowed: If no padded envelope has its size.
    """
    if not all(_is_hybrid(stanza) for stanza in header.stanzas):
        raise NotSealed("not hybrid")
    if len(header.stanzas) != recipients:
        raise WrongRecipientCount(f"{len(header.stanzas)} instead of {recipients}")
    if size not in _sealed_sizes(recipients):
        raise SizeNotAllowed(f"{size} bytes")


def check_delivery(submission_id: str, manifest: bytes, envelope: bytes) -> Manifest:
    """Prove that manifest and envelope are the ones the id names.

    Raises:
        ManifestInvalid: If the manifest has another id, or the envelope another hash or size.
    """
    parsed = parse_manifest(manifest)
    if hashlib.sha256(manifest).hexdigest() != submission_id:
        raise ManifestInvalid("another id")
    check_envelope_hash(parsed, envelope)
    return parsed


def manifest_without_files(envelope: bytes) -> Manifest:
    """Return the manifest that an envelope has if no files belong to it; there is only one."""
    return Manifest(hashlib.sha256(envelope).hexdigest(), len(envelope))


def check_envelope_hash(manifest: Manifest, envelope: bytes) -> None:
    """Prove that the envelope is the one the manifest names.

    Raises:
        ManifestInvalid: If hash or size differ.
    """
    digest = hashlib.sha256(envelope).hexdigest()
    if (manifest.envelope_sha256, manifest.envelope_size) != (digest, len(envelope)):
        raise ManifestInvalid("another envelope")


def check_files(manifest: Manifest, envelope: Envelope) -> None:
    """Prove that the files of the manifest are those of the envelope, in its order.

    Raises:
        ManifestInvalid: If a file was swapped, dropped or added.
    """
    named: Sequence[object] = [file.blob for file in envelope.files]
    if list(manifest.blobs) != named:
        raise ManifestInvalid("other files than the envelope names")


@cache
def _sealed_sizes(recipients: int) -> frozenset[int]:
    """Return the sizes of envelopes that are sealed to so many; a header has few dozen at most."""
    return frozenset(sealed_size(padded, recipients) for padded in ENVELOPE_SIZES)


def _is_hybrid(stanza: Stanza) -> bool:
    kind, *shares = stanza.arguments
    sizes = [*map(len, shares), len(stanza.body)]
    return kind == HYBRID and sizes == [_SHARE, WRAPPED_KEY]
