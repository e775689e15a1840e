"""Receipts: the portal's signed word that a submission is stored.

Source: docs/protocol.md.
"""

import datetime as dt
import re
from dataclasses import dataclass

from portal_protocol.errors import ReceiptInvalid
from portal_protocol.notes import SigningKey, VerifyKey, open_note, sign_note

LOG_WITHIN = dt.timedelta(days=2)
"""Time after which a missing log entry proves misbehaviour."""
_TEXT = re.compile(
    r"imp-portal/v1/receipt\n"
    r"submission (?P<id>[0-9a-f]{64})\n"
    r"date (?P<day>[0-9-]{10})\n"
    r"log-by (?P<log>[0-9-]{10})\n"
)


@dataclass(frozen=True)
class Receipt:
    """What a receipt says."""

    submission: str
    date: dt.date
    log_by: dt.date


def make_receipt(submission_id: str, day: dt.date, key: SigningKey) -> str:
    """Sign a receipt; the same submission and day give the same bytes.

    Raises:
        ReceiptInvalid: If this is no submission's id.
    """
    log_by = day + LOG_WITHIN
    text = f"imp-portal/v1/receipt\nsubmission {submission_id}\ndate {day}\nlog-by {log_by}\n"
    if not _TEXT.fullmatch(text):
        raise ReceiptInvalid("not an id")
    return sign_note(text, key)


def open_receipt(note: str, key: VerifyKey, *, submission_id: str) -> Receipt:
    """Read a receipt for a submission.

    Raises:
        NoteError: If the signature is missing or fails.
        ReceiptInvalid: If it is no receipt, or one for another submission.
    """
    match = _TEXT.fullmatch(open_note(note, [key]))
    if match is None or match["id"] != submission_id:
        raise ReceiptInvalid("not for this submission")
    try:
        return Receipt(
            match["id"],
            dt.date.fromisoformat(match["day"]),
            dt.date.fromisoformat(match["log"]),
        )
    except ValueError as error:
        raise ReceiptInvalid("date") from error
