"""The form without script, from the posted page to the receipt. Nothing readable leaves memory."""

import hashlib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal_api.plain_form.parser import PostedFile, PostedForm
from portal_api.plain_form.seats import chosen_meeting, seat_held
from portal_api.seats.service import SeatView
from portal_api.submissions.service import Intake, accept_sealed
from portal_content.consents import consent_text
from portal_content.forms.answers import check, consent_choices, from_inputs
from portal_content.forms.assistance import check_helper, filled_in_by
from portal_content.forms.definition import Form
from portal_content.forms.emptiness import left_empty
from portal_content.forms.offered import offered_consents
from portal_content.forms.placing import file_questions, placed
from portal_content.forms.problems import Problem
from portal_content.library import Library
from portal_protocol.derivation import derive_mailbox
from portal_protocol.envelope import Envelope, MailboxAddress, seal_envelope
from portal_protocol.manifest import Manifest
from portal_protocol.return_code import new_code, parse_code

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
    submission_id: str
    chunks: tuple[str, ...]
    """Names of the pieces of the files that came with it."""
    files: int
    assisted: bool
    """Whether somebody helped: then the code is shown only after the phone was handed over."""
    seat: SeatView | None = None
    """What the person has at the meeting that the form registers for."""


def problems(form: Form, posted: PostedForm) -> list[Problem]:
    """List what the person has to put right."""
    given = [choice.id for choice in consent_choices(form, posted.inputs) if choice.given]
    found = check_helper(filled_in_by(form, posted.inputs).get("helper"))
    answers = from_inputs(form, posted.inputs)
    asked = file_questions(form, answers)
    sent = [*(one.question for one in posted.files), *(one.question for one in posted.left_out)]
    return [
        *found,
        *check(form, answers, given),
        # Isolated, so that a Latin file name does not turn an Arabic sentence round.
        *(
            Problem(one.question, one.reason, {"name": f"\u2068{one.name}\u2069"})
            for one in posted.left_out
            if one.question in asked
        ),
        *left_empty(form, posted.inputs, files=any(question in asked for question in sent)),
    ]


def code_of(form: Form, posted: PostedForm) -> str:
    """Return the code that a form is sent under: a new one, or for a follow-up the person's own.

    Raises:
        ReturnCodeInvalid: If a follow-up comes without a code.
    """
    return new_code() if form.own_page else parse_code(posted.first("code"))


def receive(
    desk: Desk, form: Form, posted: PostedForm, *, lang: str, today: date, now: datetime
) -> Received:
    """Seal what was written, accept it as any other submission, and make the return code.

    What is written again is sealed under the code that came with it; nothing tells whether anybody
    ever got that code.

    Every post gets a code of its own, also the second of a double click. To give the first code
    again, the server would have to keep it or what it was made from; then whoever takes the
    server's memory or disk could read the answers. Two requests with the same words are easy for
    the office to put together.

    Raises:
        EnvelopeInvalid: If the answers together do not fit into the largest envelope.
        ReturnCodeInvalid: If a follow-up comes without a code.
        MeetingClosed: If the form registers for a meeting and one cannot any more.
        ApiError: If it cannot be accepted.
    """
    files = _asked_files(form, posted)
    code = code_of(form, posted)
    answers = from_inputs(form, posted.inputs)
    mailbox = derive_mailbox(code, desk.deployment)
    keys = desk.intake.keys.current
    envelope = Envelope(
        type=form.type,
        lang=lang,
        date=today,
        client=CLIENT,
        keys=keys.keys.serial,
        mailbox=MailboxAddress(mailbox.id, mailbox.recipient, mailbox.proof),
        form=_written(desk.library, form, posted, lang),
        files=tuple(one.file for one in files),
    )
    sealed = seal_envelope(envelope, keys.recipients)
    blobs = tuple(one.file.blob for one in files)
    manifest = Manifest(hashlib.sha256(sealed).hexdigest(), len(sealed), blobs)
    meeting = chosen_meeting(form, answers)
    writer, library = desk.intake.writer, desk.library
    held = seat_held(writer, library, meeting, mailbox, now=now) if meeting else nullcontext()
    with held as seat:
        receipt = accept_sealed(desk.intake, manifest.to_bytes(), sealed, today=today)
    chunks = tuple(name for blob in blobs for name in blob.chunks)
    assisted = filled_in_by(form, posted.inputs)["mode"] == "assisted"
    return Received(code, receipt, manifest.submission_id, chunks, len(files), assisted, seat)


def _asked_files(form: Form, posted: PostedForm) -> list[PostedFile]:
    """Return the files that answer a question which is asked, in the order of the form."""
    asked = file_questions(form, from_inputs(form, posted.inputs))
    return [one for question in asked for one in posted.files if one.question == question]


def _written(library: Library, form: Form, posted: PostedForm, lang: str) -> dict[str, Any]:
    """Return the form part of the envelope."""
    files = placed([one.question for one in _asked_files(form, posted)])
    return {
        "id": form.id,
        "version": form.version,
        **filled_in_by(form, posted.inputs),
        "answers": from_inputs(form, posted.inputs),
        **({"files": files} if files else {}),
        "consents": _consents(library, form, posted, lang),
    }


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
