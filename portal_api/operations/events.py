"""What the service says about itself: events from a closed list, with fields from a closed list.

No address, no path, nothing that was sent, no id that links two things, no time finer than the
day for anything that a person did.
"""

import json
import logging
import sys
import traceback
from enum import StrEnum
from pathlib import Path

LOGGER = logging.getLogger("portal_api")
OURS = Path(__file__).parents[1]


class Event(StrEnum):
    """Everything that is ever written to the log."""

    STARTED = "started"
    STOPPED = "stopped"
    KEY_LIST_LOADED = "key_list_loaded"
    KEY_LIST_REFUSED = "key_list_refused"
    TIDIED = "tidied"
    SWAP_IS_ON = "swap_is_on"
    FAILED = "failed"


def record(event: Event, **fields: int) -> None:
    """Write an event; fields are numbers, so that no text of a person can be among them."""
    LOGGER.info(json.dumps({"event": event, **fields}))


def record_failure(error: BaseException) -> None:
    """Write that something failed which should not: its kind and the places in our code.

    The error's own words are left out: they may repeat what a person sent.
    """
    places = [
        f"{Path(frame.filename).relative_to(OURS)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(OURS)
    ]
    fields = {"event": Event.FAILED, "error": type(error).__name__, "at": places}
    LOGGER.error(json.dumps(fields))


def log_to_stderr() -> None:
    """Send events, and warnings of the libraries, to the standard error stream."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    LOGGER.setLevel(logging.INFO)
