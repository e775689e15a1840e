"""Opening: prove that everything is what was sealed, decrypt it, keep the files."""

from collections.abc import Iterator

from portal_gateway.errors import NotWhole, SetAside
from portal_gateway.keys import Keys
from portal_gateway.protected_files import ProtectedFiles
from portal_gateway.steps.pulling import read_delivery
from portal_protocol.age import Header, HybridRecipient, parse_recipient, read_header
from portal_protocol.envelope import Envelope, open_envelope
from portal_protocol.errors import (
    AgeError,
    EnvelopeInvalid,
    FileInvalid,
    ManifestInvalid,
    NoIdentityMatches,
    NotSealed,
    ProtocolError,
    SizeNotAllowed,
    WrongRecipientCount,
)
from portal_protocol.files import AttachedFile, open_file
from portal_protocol.submissions import check_files, check_header

REASONS: tuple[tuple[type[ProtocolError], str], ...] = (
    (NoIdentityMatches, "sealed_to_others"),
    (WrongRecipientCount, "wrong_recipients"),
    (NotSealed, "not_sealed"),
    (SizeNotAllowed, "size_not_allowed"),
    (AgeError, "unreadable"),
    (EnvelopeInvalid, "envelope_invalid"),
    (ManifestInvalid, "files_differ"),
    (FileInvalid, "file_invalid"),
)
"""Why a submission cannot be opened, the most exact first."""


def open_delivery(
    sealed: ProtectedFiles, opened: ProtectedFiles, keys: Keys, submission_id: str
) -> Envelope:
    """Open a submission whose sealed bytes are all here; its files are numbered from 1.

    Raises:
        SetAside: If it cannot be opened or is not what it claims.
        NotWhole: If the bytes that lie here were damaged since they came.
    """
    try:
        return _open(sealed, opened, keys, submission_id)
    except ProtocolError as error:
        raise SetAside(_reason(error), str(error)) from error


def mailbox_recipient(envelope: Envelope) -> HybridRecipient:
    """Return to whom replies are sealed.

    Raises:
        SetAside: If the envelope names no usable recipient.
    """
    try:
        recipient = parse_recipient(envelope.mailbox.recipient)
    except ProtocolError as error:
        raise SetAside("mailbox_unusable") from error
    if not isinstance(recipient, HybridRecipient):
        raise SetAside("mailbox_unusable")
    return recipient


def _open(
    sealed: ProtectedFiles, opened: ProtectedFiles, keys: Keys, submission_id: str
) -> Envelope:
    manifest, sealed_envelope = read_delivery(sealed, submission_id)
    header = read_header(sealed_envelope)
    envelope = open_envelope(sealed_envelope, keys.identities, header=header)
    recipients = _recipients(header, envelope, keys)
    check_header(header, len(sealed_envelope), recipients=recipients)
    check_files(manifest, envelope)
    for position, file in enumerate(envelope.files, start=1):
        content = open_file(_chunks(sealed, submission_id, file), file, keys.identities)
        opened.put(submission_id, str(position), content)
    return envelope


def _recipients(header: Header, envelope: Envelope, keys: Keys) -> int:
    """Return how many recipients it must have.

    An older key list may have named another number; a newer one than ours cannot be right.
    """
    known = keys.key_list
    if envelope.keys > known.serial:
        raise SetAside("keys_newer", f"serial {envelope.keys}")
    if envelope.keys == known.serial:
        return len(known.recipients)
    return len(header.stanzas)


def _chunks(sealed: ProtectedFiles, submission_id: str, file: AttachedFile) -> Iterator[bytes]:
    for name in file.blob.chunks:
        try:
            yield sealed.read(submission_id, name)
        except FileNotFoundError as error:
            raise NotWhole("local_copy_damaged") from error


def _reason(error: ProtocolError) -> str:
    return next((code for kind, code in REASONS if isinstance(error, kind)), "unreadable")
