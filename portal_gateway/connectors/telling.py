"""Telling: a family learns the number that our own case system has given to what it wrote."""

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from portal_content.library import Library
from portal_gateway.cases import Case
from portal_gateway.connectors.consent import OWN
from portal_gateway.connectors.interface import Connector
from portal_gateway.keys import Keys
from portal_gateway.steps.replying import Draft, queue_reply

log = logging.getLogger(__name__)

_NUMBER = re.compile(r"[0-9A-Za-z-]{1,20}")
"""What may stand in a reply that we sign: another system's word is not ours."""


@dataclass(frozen=True)
class Telling:
    """What families are told with."""

    keys: Keys
    library: Library

    def number(
        self, session: Session, connector: Connector, case_id: str, number: str, *, now: datetime
    ) -> bool:
        """Queue a signed reply with the number of a case, in the caller's transaction.

        Returns:
            False if the system is somebody else's, if what it said is no number, or if the family
            was told before.
        """
        if connector.recipient != OWN:
            return False
        if not _NUMBER.fullmatch(number):
            log.warning("number_not_told connector=%s", connector.name)
            return False
        case = session.get_one(Case, case_id)
        # Isolated from the right-to-left words around it, with its own direction.
        text = self.library.strings.text(
            "replies.numbered", case.reply_language, number=f"\u2066{number}\u2069"
        )
        draft = Draft(_told(case_id, connector.name), "received", case.reply_language, text)
        return queue_reply(session, self.keys, case, draft, now=now)


def _told(case_id: str, connector: str) -> str:
    """Return the id of the one reply that tells a family so: a repeat sends nothing."""
    return hashlib.sha256(f"numbered {case_id} {connector}".encode()).hexdigest()[:32]
