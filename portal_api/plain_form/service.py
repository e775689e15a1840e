"""The form without script, from the posted page to the receipt. Nothing readable leaves memory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal_api.plain_form.parser import PostedForm
from portal_api.submissions.service import Intake, accept_sealed
from portal_content.consents import consent_text
from portal_content.forms.answers import check, consent_choices, from_inputs
from portal_content.forms.assistance import check_helper, filled_in_by
from portal_content.forms.definition import Form
from portal_content.forms.offered import offered_consents
from portal_content.forms.problems import Problem
from portal_content.library import Library
from portal_protocol.derivation import derive_mailbox
from portal_protocol.envelope import Envelope, MailboxAddress, seal_envelope
from portal_protocol.manifest import Manifest
from portal_protocol.return_code import new_code

CLIENT = "web-plain/1"


@dataclass(frozen=True)
class Desk:
    """What receiving a form needs."""

    library: Library
    intake: Intake
    deployment: str


@dataclass(frozen=True)
class Received:
    """What the person gets to see, once."""

    code: str
    receipt: str
    photos: int


def problems(form: Form, posted: PostedForm) -> list[Problem]:
    """List what the person has to put right."""
    given = [choice.id for choice in consent_choices(form, posted.inputs) if choice.given]
    found = check_helper(filled_in_by(form, posted.inputs).get("helper"))
    found += check(form, from_inputs(form, posted.inputs), given)
    return found + [Problem("photos", code) for code in posted.photo_problems]


def receive(desk: Desk, form: Form, posted: PostedForm, *, lang: str, today: date) -> Received:
    """Seal what was written, accept it as any other submission, and make the return code.

    Every post gets a code of its own, also the second of a double click. To give the first code
    again, the server would have to keep it or what it was made from; then whoever takes the
    server's memory or disk could read the answers. Two requests with the same words are easy for
    the office to put together.

    Raises:
        EnvelopeInvalid: If the answers together do not fit into the largest envelope.
        ApiError: If it cannot be accepted.
    """
    code = new_code()
    mailbox = derive_mailbox(code, desk.deployment)
    keys = desk.intake.keys.current
    envelope = Envelope(
        type=form.type,
        lang=lang,
        date=today,
        client=CLIENT,
        keys=keys.keys.serial,
        mailbox=MailboxAddress(mailbox.id, mailbox.recipient, mailbox.proof),
        form={
            "id": form.id,
            "version": form.version,
            **filled_in_by(form, posted.inputs),
            "answers": from_inputs(form, posted.inputs),
            "consents": _consents(desk.library, form, posted, lang),
        },
        files=tuple(posted.photos),
    )
    sealed = seal_envelope(envelope, keys.recipients)
    blobs = tuple(photo.blob for photo in posted.photos)
    manifest = Manifest(hashlib.sha256(sealed).hexdigest(), len(sealed), blobs).to_bytes()
    receipt = accept_sealed(desk.intake, manifest, sealed, today=today)
    return Received(code, receipt, len(posted.photos))


def _consents(
    library: Library, form: Form, posted: PostedForm, lang: str
) -> Sequence[dict[str, Any]]:
    listed = []
    offered = {wanted.id for wanted in offered_consents(form, library, lang)}
    for choice in consent_choices(form, posted.inputs):
        if choice.id not in offered:
            continue
        consent = library.consents[choice.id]
        text = consent_text(consent, library.strings, lang)
        value: dict[str, Any] = {
            "id": consent.id,
            "version": consent.version,
            "language": lang,
            "sha256": text.sha256,
            "given": choice.given,
        }
        if consent.scopes:
            known = [scope for scope in choice.scopes if scope in consent.scopes]
            value["scopes"] = known if choice.given else []
        listed.append(value)
    return listed
