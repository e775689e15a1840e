"""What families send: real sealed submissions, right ones and wrong ones."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portal_content.consents import consent_text
from portal_content.forms.placing import placed
from portal_content.library import Library
from portal_protocol.age import Recipient, seal
from portal_protocol.derivation import Mailbox, derive_mailbox
from portal_protocol.envelope import Envelope, MailboxAddress
from portal_protocol.files import AttachedFile, FileSealer
from portal_protocol.manifest import Manifest
from portal_protocol.padding import padded_json
from portal_protocol.return_code import new_code
from portal_protocol.submissions import pack_submission
from tests.portal_api.factories import DEPLOYMENT, TODAY, Office

NAME = "عبد الرحمن محمد خالد آل الشيخ ياسين الحسن"
ENOUGH: Mapping[str, Any] = {
    "person_name": NAME,
    "relation": "wife",
    "last_contact_when": {"text": "ربيع ٢٠١٣"},
    "last_contact_where": {
        "area": "on_the_way",
        "text": "معبر باب السلامة، طريق الخروج إلى تركيا",
    },
    "role": "family",
    "age_group": "adult",
    "contact_language": "ar",
    "safe_contact": {"way": "none"},
}
"""The eight answers that are needed."""

MORE: Mapping[str, Any] = {
    **ENOUGH,
    "father_name": "محمد",
    "mother_name": "فاطمة الزهراء",
    "also_known_as": "أبو عُمر",
    "latin_name": "Abd al-Rahman al-Hasan",
    "sex": "male",
    "birth": {"text": "حوالي ١٩٨٠"},
    "age_last_heard": "٣٣",
    "circumstance": "fleeing_or_moving",
    "maybe_held": "yes",
    "registered_with": ["red_cross_red_crescent", "association"],
    "missing_in_family": "٢",
    "message": "كان يحمل حقيبة زرقاء.\nننتظر منكم أي خبر.",
    "writer_name": "أم عُمر",
    "country": "تركيا",
    "access_needs": ["reading", "someone_with_me"],
}


@dataclass(frozen=True)
class Family:
    """Somebody who writes, and the code they come back with."""

    code: str = field(default_factory=new_code)

    @property
    def mailbox(self) -> Mailbox:
        return derive_mailbox(self.code, DEPLOYMENT)


@dataclass(frozen=True)
class Sent:
    """A submission as it leaves the phone."""

    id: str
    body: bytes
    chunks: Mapping[str, bytes]
    manifest: Manifest
    envelope: bytes


def consents(library: Library, lang: str = "ar", *, given: Sequence[str] = ("C1", "C3")) -> Any:
    """What a person chose, with the digests of the texts they saw."""
    form = library.forms.get("search-request", 1)
    chosen = []
    for wanted in form.consents:
        words = library.consents[wanted.id]
        text = consent_text(words, library.strings, lang)
        choice = {"id": wanted.id, "version": words.version, "language": lang}
        choice |= {"sha256": text.sha256, "given": wanted.id in given}
        if words.scopes:
            choice["scopes"] = list(words.scopes[:2]) if wanted.id in given else []
        chosen.append(choice)
    return chosen


def filled_form(library: Library, lang: str = "ar", **changes: Any) -> dict[str, Any]:
    """The form part of an envelope."""
    form = {
        "id": "search-request",
        "version": 1,
        "mode": "self",
        "answers": dict(ENOUGH),
        "consents": consents(library, lang),
    }
    return form | changes


def write(
    office: Office,
    form: Mapping[str, Any],
    *,
    family: Family | None = None,
    photos: Sequence[bytes] = (),
    files: Sequence[tuple[str, str, str, bytes]] = (),
    lang: str = "ar",
    client: str = "web-js/1",
    pad: Callable[[Mapping[str, Any]], bytes] = padded_json,
    recipients: Sequence[Recipient] | None = None,
    change_envelope: Callable[[dict[str, Any]], None] = lambda _: None,
    change_manifest: Callable[[Manifest], Manifest] = lambda manifest: manifest,
) -> Sent:
    """Seal a form and its files as the script does, or almost as it does.

    Photos answer the question "photos"; of other files, question, name, type and content are given.
    """
    to = [one.recipient for one in office.identities] if recipients is None else recipients
    chunks: dict[str, bytes] = {}
    named = [
        ("photos", f"صورة {number}.jpg", "image/jpeg", photo)
        for number, photo in enumerate(photos, start=1)
    ]
    all_files = [*named, *files]
    sealed_files = [_sealed(to, chunks, *one[1:]) for one in all_files]
    if all_files and "files" not in form:
        form = {**form, "files": placed([one[0] for one in all_files])}
    mailbox = (family or Family()).mailbox
    address = MailboxAddress(mailbox.id, mailbox.recipient, mailbox.proof)
    envelope = Envelope("search", lang, TODAY, client, 1, address, form, tuple(sealed_files))
    value = envelope.to_json()
    change_envelope(value)
    sealed = seal(pad(value), to)
    digest = hashlib.sha256(sealed).hexdigest()
    blobs = tuple(file.blob for file in sealed_files)
    manifest = change_manifest(Manifest(digest, len(sealed), blobs))
    body = pack_submission(manifest.to_bytes(), sealed)
    return Sent(manifest.submission_id, body, chunks, manifest, sealed)


def _sealed(
    to: Sequence[Recipient], chunks: dict[str, bytes], name: str, mime: str, content: bytes
) -> AttachedFile:
    sealer = FileSealer(to, chunks.__setitem__)
    sealer.write(content)
    processing = "reencode" if mime == "image/jpeg" else "none"
    return sealer.finish(name=name, mime=mime, processing=processing)


def swapped(manifest: Manifest) -> Manifest:
    """The same files in another order than the envelope says."""
    return replace(manifest, blobs=manifest.blobs[::-1])
