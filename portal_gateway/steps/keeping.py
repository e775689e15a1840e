"""Keeping: what is stored of a consent and of a file, whether it came first or with the code."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from portal_gateway.steps.checking import Checked, CheckedConsent


def consent_values(checked: Checked, consent: CheckedConsent, *, now: datetime) -> dict[str, Any]:
    """Return what is kept of a choice and of the text it was made on (rule DR-04)."""
    choice = consent.choice
    return {
        "consent_id": choice["id"],
        "version": choice["version"],
        "language": choice["language"],
        "text_sha256": choice["sha256"],
        "text_known": consent.text_known,
        "given": choice["given"],
        "scopes": choice.get("scopes", []),
        "capacity": "self" if checked.filled.mode == "self" else "assisted",
        "recorded_at": now,
    }


def files_values(checked: Checked) -> Iterator[dict[str, Any]]:
    """Yield what is kept of each file, in the order of the envelope."""
    files = zip(checked.envelope.files, checked.file_questions, strict=True)
    for position, (file, question) in enumerate(files, start=1):
        yield {
            "position": position,
            "name": file.name,
            "mime": file.mime,
            "size": file.size,
            "sha256": file.sha256,
            "processing": file.processing,
            "question": question,
        }
