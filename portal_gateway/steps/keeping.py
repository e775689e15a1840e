"""Keeping: what is stored of a consent and of a file, whether it came first or with the code."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from portal_content.consents import known_digest
from portal_content.library import Library
from portal_gateway.steps.checking import Checked


def consents_values(
    checked: Checked, library: Library, *, now: datetime
) -> Iterator[dict[str, Any]]:
    """Yield what is kept of each choice and of the text it was made on (rule DR-04).

    Another digest than ours does not keep a submission out: the site may show a newer wording than
    this installation has. The officer sees that the text is not known here.
    """
    for choice in checked.filled.consents:
        words, language = library.consents[choice["id"]], choice["language"]
        known = known_digest(words, library.strings, language, version=choice["version"])
        yield {
            "consent_id": choice["id"],
            "version": choice["version"],
            "language": language,
            "text_sha256": choice["sha256"],
            "text_known": choice["sha256"] == known,
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
