"""Sending a filled form without a browser: checked, sealed and receipted exactly as there.

For organisations that help many families, and for tests of a running portal.
"""

import base64
import hashlib
import json
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

import httpx

from portal_content.consents import consent_text
from portal_content.forms.answers import check
from portal_content.forms.assistance import check_helper
from portal_content.forms.definition import Form
from portal_content.forms.offered import offered_consents
from portal_content.forms.problems import Problem
from portal_content.library import Library
from portal_protocol.age import HybridRecipient
from portal_protocol.derivation import Mailbox, derive_mailbox
from portal_protocol.envelope import Envelope, MailboxAddress, seal_envelope
from portal_protocol.errors import ProtocolError
from portal_protocol.files import AttachedFile, FileSealer
from portal_protocol.key_list import KeyList, open_key_list
from portal_protocol.manifest import Manifest
from portal_protocol.notes import parse_verify_key
from portal_protocol.passes import HEADER, fetch_pass
from portal_protocol.receipts import Receipt, open_receipt
from portal_protocol.return_code import new_code
from portal_protocol.seats import seat_token
from portal_protocol.submissions import pack_submission

CLIENT = "command/1"
FILE_KINDS = ("photos", "files", "voice")
TIMEOUT = httpx.Timeout(60, connect=10)
TRIES = 4
"""Of each request: a line that breaks is no reason to begin anew."""
AT_ONCE = 1 << 16


class CannotSend(Exception):
    """The portal says no, cannot be reached, or is not the one whose keys are known."""


class AnswersNotRight(Exception):
    """There is something to put right in the answers."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.input}: {p.code}" for p in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Filled:
    """A form with its answers, ready to be sealed."""

    form: Form
    lang: str
    answers: Mapping[str, Any]
    consents: Mapping[str, Sequence[str]]
    """Consents that were given, each with its scopes."""
    mode: str = "self"
    helper: Mapping[str, str] | None = None
    files: Sequence[tuple[str, Path]] = ()
    """Question and path of each file."""


@dataclass(frozen=True)
class Arrived:
    """What came of it."""

    code: str = field(repr=False)
    receipt: Receipt
    note: str
    seat: str = ""
    """"held" or "waiting", for a meeting."""


class Line:
    """The portal, as the browser reaches it."""

    def __init__(self, url: str, roots: Sequence[str], deployment: str) -> None:
        self._roots = tuple(roots)
        self.deployment = deployment
        # No proxy, no .netrc: the environment must not decide where answers go.
        self._client = httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, method: str, address: str, body: bytes | None = None, **headers: str) -> bytes:
        """Ask, again if the line breaks.

        Raises:
            CannotSend: If the portal says no or does not answer.
        """
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._client.request(method, address, content=body, headers=headers)
            except httpx.TransportError as error:
                if attempt == TRIES:
                    raise CannotSend(f"{address}: no answer") from error
                continue
            if answer.is_success:
                return answer.content
            raise CannotSend(f"{address}: {answer.status_code} {_problem(answer)}")
        raise AssertionError("unreachable")

    def key_list(self) -> KeyList:
        """Return the portal's key list, checked against the roots.

        Raises:
            CannotSend: If it is not the list of the portal whose roots are known.
        """
        note = self.ask("GET", "/v1/keys").decode("utf-8", "replace")
        keys = [parse_verify_key(root) for root in self._roots]
        try:
            return open_key_list(note, keys, deployment=self.deployment)
        except ProtocolError as error:
            raise CannotSend(f"the key list is not to be trusted: {error}") from error

    def seat(self, mailbox: Mailbox, briefing: str, ticket: Mapping[str, str]) -> str:
        """Take a seat at a meeting, and tell whether it is held or waits."""
        token = base64.urlsafe_b64encode(seat_token(mailbox.proof, briefing)).decode().rstrip("=")
        headers = {**ticket, "Authorization": f"Seat {token}"}
        return str(json.loads(self.ask("PUT", f"/v1/seats/{briefing}", None, **headers))["mine"])


def problems_of(filled: Filled, library: Library) -> list[Problem]:
    """List what has to be put right, as the page would."""
    found = check_helper(filled.helper)
    offered = {wanted.id for wanted in offered_consents(filled.form, library, filled.lang)}
    given = [consent for consent in filled.consents if consent in offered]
    return found + check(filled.form, filled.answers, given)


def submit(
    line: Line,
    library: Library,
    filled: Filled,
    *,
    today: date,
    told: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> Arrived:
    """Check, seal, send, and check the receipt.

    Args:
        line: The portal.
        library: The same content as the portal's.
        filled: What to send.
        today: Day in UTC.
        told: Told what is being done, how much is done and of how much.

    Raises:
        AnswersNotRight: If there is something to put right; nothing was sent.
        CannotSend: If it did not arrive.
    """
    if problems := problems_of(filled, library):
        raise AnswersNotRight(problems)
    keys = line.key_list()
    code = new_code()
    mailbox = derive_mailbox(code, line.deployment)
    ticket = {HEADER: fetch_pass(line.ask)}
    seat = _seat(line, filled, mailbox, ticket)
    recipients = keys.parsed_recipients()
    chunks: dict[str, bytes] = {}
    files = [_sealed(path, recipients, chunks) for _, path in filled.files]
    envelope = Envelope(
        type=filled.form.type,
        lang=filled.lang,
        date=today,
        client=CLIENT,
        keys=keys.serial,
        mailbox=MailboxAddress(mailbox.id, mailbox.recipient, mailbox.proof),
        form=_form_part(filled, library),
        files=tuple(files),
    )
    sealed = seal_envelope(envelope, recipients)
    digest = hashlib.sha256(sealed).hexdigest()
    manifest = Manifest(digest, len(sealed), tuple(file.blob for file in files))
    _send_chunks(line, chunks, ticket, told)
    body = pack_submission(manifest.to_bytes(), sealed)
    note = line.ask("POST", "/v1/submissions", body, **ticket).decode("utf-8", "replace")
    return Arrived(code, _receipt(note, keys, manifest.submission_id), note, seat)


def _receipt(note: str, keys: KeyList, submission_id: str) -> Receipt:
    """Whatever is wrong with it: without a receipt nobody may say that anything arrived."""
    try:
        return open_receipt(note, keys.receipts, submission_id=submission_id)
    except ProtocolError as error:
        raise CannotSend(f"the receipt is not valid: {error}") from error


def _seat(line: Line, filled: Filled, mailbox: Mailbox, ticket: Mapping[str, str]) -> str:
    briefings = [f.id for f in filled.form.fields if f.kind == "briefing"]
    chosen = [filled.answers[name] for name in briefings if name in filled.answers]
    return line.seat(mailbox, chosen[0], ticket) if chosen else ""


def _problem(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["type"]).rsplit("/", 1)[-1]
    except (ValueError, KeyError, TypeError):
        return ""


def _sealed(
    path: Path, recipients: Sequence[HybridRecipient], chunks: dict[str, bytes]
) -> AttachedFile:
    sealer = FileSealer(recipients, chunks.__setitem__)
    with path.open("rb") as file:
        while data := file.read(AT_ONCE):
            sealer.write(data)
    mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return sealer.finish(name=path.name, mime=mime, processing="none")


def _form_part(filled: Filled, library: Library) -> dict[str, Any]:
    part: dict[str, Any] = {
        "id": filled.form.id,
        "version": filled.form.version,
        "mode": filled.mode,
        "answers": dict(filled.answers),
        "consents": _consents(filled, library),
    }
    if filled.helper is not None:
        part["helper"] = dict(filled.helper)
    places: dict[str, list[int]] = {}
    for place, (question, _) in enumerate(filled.files, start=1):
        places.setdefault(question, []).append(place)
    return part | ({"files": places} if places else {})


def _consents(filled: Filled, library: Library) -> list[dict[str, Any]]:
    listed = []
    for wanted in offered_consents(filled.form, library, filled.lang):
        consent = library.consents[wanted.id]
        text = consent_text(consent, library.strings, filled.lang)
        given = consent.id in filled.consents
        choice: dict[str, Any] = {"id": consent.id, "version": consent.version}
        choice |= {"language": filled.lang, "sha256": text.sha256, "given": given}
        if consent.scopes:
            choice["scopes"] = list(filled.consents.get(consent.id, ()))
        listed.append(choice)
    return listed


def _send_chunks(
    line: Line,
    chunks: Mapping[str, bytes],
    ticket: dict[str, str],
    told: Callable[[str, int, int], None],
) -> None:
    for done, (name, data) in enumerate(chunks.items()):
        told("file", done, len(chunks))
        line.ask("PUT", f"/v1/chunks/{name}", data, **ticket)
