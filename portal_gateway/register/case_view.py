"""One case as finished values for its page."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from portal_content.forms.definition import FormUnknown
from portal_content.forms.reading import readable_answers, readable_consents
from portal_content.library import Library
from portal_content.strings import StringMissing
from portal_gateway.audit import acts_about
from portal_gateway.cases import Attachment, Case
from portal_gateway.follow_ups import Standing, standing_consents
from portal_gateway.register.again_view import again_view, contact_view, must_not_contact
from portal_gateway.register.case_list import case_row, case_title
from portal_gateway.register.handed_view import handed_over
from portal_gateway.register.pages import Words
from portal_gateway.register.reprisals import QUEUE
from portal_gateway.register.work_view import work_view
from portal_gateway.replies import Batch, Parcel, Reply

ACTS_READ = 500
ACTS_SHOWN = 20


def case_view(session: Session, library: Library, words: Words, case: Case) -> dict[str, Any]:
    """Return everything a page shows of a case.

    Args:
        session: Transaction of the request.
        library: Forms and words.
        words: The officer's language.
        case: The case.
    """
    return case_row(words, case) | {
        "work": work_view(session, words, case),
        "is_reprisal": case.queue == QUEUE,
        "id": case.id,
        # Who sees this page has opened the case.
        "name": case_title(words, case),
        "consents": _consents(session, library, words, case),
        "sections": _sections(library, words, case),
        "files": _files(session, library, words, case),
        "again": again_view(session, library, words, case),
        "no_contact": must_not_contact(session, case),
        "contact_now": contact_view(session, library, words, case),
        "origin": [*_origin(library, words, case), *handed_over(session, words, case)],
        "replies": _replies(session, library, words, case),
        "acts": _acts(session, words, case),
        "reply_language": case.reply_language,
        "asked_for": words.text(
            "reply.asked_for", language=words.language_name(case.reply_language)
        ),
    }


def _sections(library: Library, words: Words, case: Case) -> list[Any]:
    try:
        form = library.forms.get(case.form_id, case.form_version)
    except FormUnknown:
        return []
    return list(readable_answers(form, library, case.answers, words.lang))


def _consents(session: Session, library: Library, words: Words, case: Case) -> list[dict[str, Any]]:
    """Return consents in the order of C1, C2, …: given ones are told apart by word and mark."""
    standing = standing_consents(session, case.id)
    ordered = [one.now for one in standing]
    choices = [
        {
            "id": consent.consent_id,
            "version": consent.version,
            "given": consent.given,
            "scopes": consent.scopes,
        }
        for consent in ordered
    ]
    readable = readable_consents(library, choices, words.lang)
    return [
        {
            "id": row.id,
            "label": row.label,
            "given": row.given,
            "scopes": row.scopes,
            "text_known": consent.text_known,
            "taken_back": not consent.given and any(old.given for old in one.before),
            "before": _before(words, one),
            "shown": words.text(
                "case.consent_shown",
                version=consent.version,
                language=words.language_name(consent.language),
            ),
        }
        for row, consent, one in zip(readable, ordered, standing, strict=True)
    ]


def _before(words: Words, standing: Standing) -> list[str]:
    """Return what was said before, the newest first."""
    return [
        words.text(
            "again.consent_before",
            state=words.text("case.given" if old.given else "case.not_given"),
        )
        for old in standing.before
    ]


def _files(session: Session, library: Library, words: Words, case: Case) -> list[dict[str, Any]]:
    wanted = select(Attachment).where(Attachment.case_id == case.id)
    stored = session.exec(wanted.order_by(col(Attachment.position))).all()
    return [
        {
            "kind": _file_kind(file),
            "title": words.text("case.file", number=file.position, count=len(stored)),
            "question": _question(library, words, case, file),
            "address": f"/cases/{case.id}/files/{file.position}",
            "name": file.name,
            "size": words.size(file.size),
            "processing": words.text(f"processing.{file.processing}"),
            "hidden_data": file.processing == "none",
        }
        for file in stored
    ]


def _file_kind(file: Attachment) -> str:
    """Return how a file is shown, by what the device said; what it really is, its route finds."""
    kind = file.mime.partition("/")[0]
    return {"image": "photo", "audio": "sound"}.get(kind, "document")


def _question(library: Library, words: Words, case: Case, file: Attachment) -> str:
    key = f"form-{case.form_id}.fields.{file.question}.label"
    try:
        return library.strings.text(key, words.lang)
    except StringMissing:
        return ""


def _origin(library: Library, words: Words, case: Case) -> list[dict[str, Any]]:
    """Return where a case came from (rule DR-03)."""
    form = library.strings.text(f"form-{case.form_id}.title", words.lang)
    on_phone = case.client.startswith("web-js/")
    encrypted = "case.encrypted_phone" if on_phone else "case.encrypted_arrival"
    version = words.text("case.form_version", form=form, version=case.form_version)
    rows = [
        ("received", words.moment(case.registered_at)),
        ("written_on", words.day(case.written_on)),
        ("form", version),
        ("encryption", words.text(encrypted)),
        ("mode", words.text(f"modes.{case.mode}")),
        ("language", words.language_name(case.language)),
        ("reply_language", words.language_name(case.reply_language)),
        ("queue", words.text(f"queues.{case.queue}")),
    ]
    shown = [
        {"label": words.text(f"case.{key}"), "value": value, "code": ""} for key, value in rows
    ]
    code = {"label": words.text("case.submission"), "value": "", "code": case.submission_id}
    return [*shown, *_helper(library, words, case), code]


def _helper(library: Library, words: Words, case: Case) -> list[dict[str, str]]:
    """Return what a helper said of themself; they have no part in the case beyond this."""
    said = dict(case.helper or {})
    language = said.get("read_language")
    if language == "other":
        said["read_language"] = library.strings.text("forms.options.other", words.lang)
    elif language:
        said["read_language"] = words.language_name(language)
    return [
        {"label": words.text(f"helper.{part}"), "value": text, "code": ""}
        for part, text in said.items()
    ]


def _replies(session: Session, library: Library, words: Words, case: Case) -> list[dict[str, Any]]:
    wanted = (
        select(Reply, Parcel, Batch)
        .join(Parcel, col(Parcel.reply_id) == col(Reply.id))
        .outerjoin(Batch, col(Batch.id) == col(Parcel.batch_id))
        .where(Reply.case_id == case.id)
        .order_by(col(Reply.seq).desc())
    )
    return [
        {
            "title": words.text("reply.number", number=reply.seq),
            "status": words.text(f"statuses.{reply.status}"),
            "text": reply.text,
            "lang": library.languages[reply.language].html_lang,
            "language": words.language_name(reply.language),
            "day": words.moment(reply.signed_at),
            "automatic": reply.officer is None,
            "by": words.text("reply.by", officer=reply.officer or ""),
            "delivery": _delivery(words, parcel, batch),
            "delivered": parcel.delivered_at is not None,
        }
        for reply, parcel, batch in session.exec(wanted).all()
    ]


def _delivery(words: Words, parcel: Parcel, batch: Batch | None) -> str:
    if parcel.delivered_at is not None:
        return words.text("reply.delivery.delivered", time=words.moment(parcel.delivered_at))
    if batch is not None and batch.trouble:
        why = words.text(f"trouble.{batch.trouble}")
        return words.text("reply.delivery.trouble", trouble=why)
    return words.text("reply.delivery.waiting")


def _acts(session: Session, words: Words, case: Case) -> list[dict[str, str]]:
    """Return who did what, newest first; the same by the same person only once a day."""
    shown: dict[tuple[Any, ...], dict[str, str]] = {}
    for entry in acts_about(session, case.id, limit=ACTS_READ):
        act = {
            "who": entry.actor or words.text("case.gateway"),
            "what": words.text(f"audit.actions.{entry.action}"),
            "when": words.moment(entry.at),
        }
        shown.setdefault((entry.actor, entry.action, entry.at.date()), act)
    return list(shown.values())[:ACTS_SHOWN]


def statuses(words: Words) -> Sequence[dict[str, str]]:
    """Return the kinds of answer an officer can give; "received" is sent by itself."""
    return [
        {"value": status, "text": words.text(f"statuses.{status}")}
        for status in ("review", "answer", "action")
    ]
