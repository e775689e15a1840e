"""Things to test the public zone with: keys, sealed submissions, posted forms."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from portal_api.abuse.settings import AbuseSettings
from portal_api.settings import ApiSettings
from portal_protocol.age import HybridIdentity
from portal_protocol.derivation import Mailbox, derive_mailbox
from portal_protocol.envelope import Envelope, MailboxAddress, seal_envelope
from portal_protocol.files import AttachedFile, FileSealer
from portal_protocol.key_list import KeyList
from portal_protocol.manifest import Manifest
from portal_protocol.notes import SigningKey, sign_note
from portal_protocol.replies import ReplyBody, make_reply, seal_reply
from portal_protocol.submissions import pack_submission

ROOT = Path(__file__).parents[2]
DEPLOYMENT = "test"
TODAY = date(2026, 11, 20)
CREDENTIAL = "credential-of-the-gateway"
CODE = "123456789012345678901235"
FORM = {"id": "search-request", "version": 1, "mode": "self", "answers": {}, "consents": []}
OPEN = AbuseSettings(passes=False, limits=False)
BOUNDARY = "----a-browser-makes-this-up"

ENOUGH = {
    "form": "search-request",
    "version": "1",
    "lang": "ar",
    "person_name": "محمد نور الدين عبد الرحمن الخطيب الحلبي",
    "relation": "wife",
    "last_contact_when.text": "ربيع ٢٠١٣",
    "last_contact_where.text": "معبر باب السلامة، طريق الخروج إلى تركيا",
    "last_contact_where.area": "aleppo",
    "role": "family",
    "age_group": "adult",
    "contact_language": "ar",
    "safe_contact.way": "none",
    "consent.C1": "yes",
    "consent.C3": "yes",
}
"""A form that can be sent: the eight answers and the two consents that are needed."""


@dataclass
class Office:
    """The Institution's side: every private key of a deployment."""

    roots: list[SigningKey] = field(
        default_factory=lambda: [SigningKey.generate(f"test/root{n}") for n in range(3)]
    )
    identities: list[HybridIdentity] = field(
        default_factory=lambda: [HybridIdentity.generate() for _ in range(2)]
    )
    receipts: SigningKey = field(default_factory=lambda: SigningKey.generate("test/receipts"))
    replies: SigningKey = field(default_factory=lambda: SigningKey.generate("test/replies"))
    others: list[SigningKey] = field(
        default_factory=lambda: [SigningKey.generate(f"test/{name}") for name in ("log", "letters")]
    )

    def key_list(
        self,
        *,
        serial: int = 1,
        issued: date = TODAY,
        recipients: Sequence[HybridIdentity] | None = None,
        signers: Sequence[int] = (0, 2),
    ) -> str:
        """Sign a key list with some of the roots."""
        used = self.identities if recipients is None else recipients
        keys = KeyList(
            deployment=DEPLOYMENT,
            serial=serial,
            issued=issued,
            expires=issued + timedelta(days=90),
            recipients=tuple((f"r{n}", one.recipient.text) for n, one in enumerate(used)),
            receipts=self.receipts.verify_key,
            log=self.others[0].verify_key,
            replies=self.replies.verify_key,
            letters=self.others[1].verify_key,
            previous="0" * 64,
        )
        return sign_note(keys.to_text(), *(self.roots[n] for n in signers))

    def settings(
        self,
        folder: Path,
        *,
        database_url: str,
        site: Path | None = None,
        abuse: AbuseSettings = OPEN,
    ) -> ApiSettings:
        """Write what the public zone is given, and return its settings.

        Without `abuse` the gate stands open: most tests are about what lies behind it.
        """
        (folder / "keys.note").write_text(self.key_list(), encoding="utf-8")
        (folder / "receipts.key").write_text(self.receipts.text + "\n", encoding="utf-8")
        return ApiSettings(
            root=ROOT,
            database_url=database_url,
            blobs=folder / "blobs",
            key_list=folder / "keys.note",
            roots=tuple(root.verify_key.text for root in self.roots),
            deployment=DEPLOYMENT,
            receipt_key=folder / "receipts.key",
            site_directory=site,
            handover_credential_sha256=hashlib.sha256(CREDENTIAL.encode()).hexdigest(),
            abuse=abuse,
        )

    def reply(self, mailbox: Mailbox, text: str, *, seq: int = 1) -> bytes:
        """Write, sign and seal an answer."""
        body = ReplyBody(status="answer", text=text, lang="ar")
        note = make_reply(mailbox.id, seq, TODAY, body, self.replies)
        return seal_reply(note, mailbox.identity.recipient)


@dataclass(frozen=True)
class Sealed:
    """A submission as a browser would send it."""

    body: bytes
    id: str
    chunks: Mapping[str, bytes]
    manifest: Manifest
    envelope: bytes


@cache
def demonstration_mailbox() -> Mailbox:
    """Derive once: it is slow on purpose."""
    return derive_mailbox(CODE, DEPLOYMENT)


def seal_submission(
    office: Office,
    *,
    photos: Sequence[bytes] = (),
    form: Mapping[str, object] = FORM,
    form_type: str = "search",
    recipients: Sequence[HybridIdentity] | None = None,
) -> Sealed:
    """Seal a form and photos as the script does."""
    keys = [one.recipient for one in (office.identities if recipients is None else recipients)]
    chunks: dict[str, bytes] = {}
    files: list[AttachedFile] = []
    for content in photos:
        sealer = FileSealer(keys, chunks.__setitem__)
        sealer.write(content)
        files.append(sealer.finish(name="صورة.jpg", mime="image/jpeg", processing="reencode"))
    mailbox = demonstration_mailbox()
    address = MailboxAddress(mailbox.id, mailbox.recipient, mailbox.proof)
    envelope = seal_envelope(
        Envelope(form_type, "ar", TODAY, "web-js/1", 1, address, dict(form), tuple(files)), keys
    )
    digest = hashlib.sha256(envelope).hexdigest()
    manifest = Manifest(digest, len(envelope), tuple(file.blob for file in files))
    body = pack_submission(manifest.to_bytes(), envelope)
    return Sealed(body, manifest.submission_id, chunks, manifest, envelope)


def multipart(
    inputs: Mapping[str, str | Sequence[str]],
    photos: Sequence[tuple[str, bytes]] = (),
    files: Sequence[tuple[str, str, str, bytes]] = (),
) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of a form as a browser posts it.

    Args:
        inputs: Values by name.
        photos: Names and contents of files to the question "photos".
        files: Question, name, type and content of files to any question.
    """
    parts = []
    for name, values in inputs.items():
        for value in [values] if isinstance(values, str) else values:
            head = f'Content-Disposition: form-data; name="{name}"\r\n\r\n'
            parts.append(head.encode() + value.replace("\n", "\r\n").encode())
    chosen = [("photos", name, "image/jpeg", content) for name, content in photos]
    for question, name, kind, content in [*chosen, *files] or [("photos", "", "image/jpeg", b"")]:
        head = f'Content-Disposition: form-data; name="{question}"; filename="{name}"\r\n'
        head += f"Content-Type: {kind}\r\n\r\n"
        parts.append(head.encode() + content)
    body = b"".join(f"--{BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts)
    body += f"--{BOUNDARY}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
