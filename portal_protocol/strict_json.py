"""JSON objects that every reader understands alike, within bounds that no sender comes near.

Source: docs/protocol.md; RFC 8259.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from types import NoneType
from typing import Any

import jiter

from portal_protocol.errors import EnvelopeInvalid

DEEPEST = 12
"""Levels of an object; forms need five."""
LARGEST_NUMBER = 2**53 - 1
"""Browsers hold no larger whole number exactly."""
LONGEST_TEXT = 40_000
"""Characters of one text; forms allow a tenth of it."""
LONGEST_NAME = 100
MOST_VALUES = 5_000
"""Values at every level together; forms have a few dozen."""
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""A NUL that is written out; backslashes that stand for themselves may come before."""
_UNREADABLE = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000|[\ud800-\udfff]")
"""The same, to be replaced behind those backslashes; or half of a pair."""


def write_strict_json(value: Mapping[str, Any]) -> bytes:
    """Write a JSON object.

    In its texts U+FFFD stands for what no reader takes: NUL, and halves of surrogate pairs.

    Raises:
        EnvelopeInvalid: If it holds what JSON cannot.
    """
    try:
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise EnvelopeInvalid("not writable as JSON") from error
    with suppress(UnicodeEncodeError):
        if "\\u0000" not in written:
            return written.encode()
    return _UNREADABLE.sub("\\1\N{REPLACEMENT CHARACTER}", written).encode()


def parse_strict_json(text: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        EnvelopeInvalid: If it is none, a name comes twice, a text holds NUL or half a surrogate
            pair, which no database keeps, or it is beyond the bounds above.
    """
    try:
        # No text is kept for next time: what a family wrote must not outlast its submission.
        value: Any = jiter.from_json(
            text, allow_inf_nan=False, cache_mode="none", catch_duplicate_keys=True
        )
    except ValueError:
        # Its words may repeat what was written, so they go no further.
        value = None
    if not isinstance(value, dict):
        raise EnvelopeInvalid("no JSON object")
    if b"\\u0000" in text and _NUL.search(text):
        raise EnvelopeInvalid("NUL")
    _check_bounds(value)
    return value


def _check_bounds(value: dict[str, Any]) -> None:
    """Go down level by level; on the last one there may be nothing more to go into."""
    level: list[Any] = [value]
    names: list[str] = []
    count = 0
    for _ in range(DEEPEST - 1):
        within: list[Any] = []
        for outer in level:
            if isinstance(outer, dict):
                names += outer
                within += outer.values()
            else:
                within += outer
        count += len(within)
        level = _nested(within)
        if not level:
            break
    if any(level):
        raise EnvelopeInvalid("nested too deep")
    if count > MOST_VALUES or max(map(len, names), default=0) > LONGEST_NAME:
        raise EnvelopeInvalid("too many values, or a name too long")


def _nested(values: list[Any]) -> list[Any]:
    """Check texts and numbers; return what else has values within."""
    nested = []
    for value in values:
        kind = type(value)
        if kind is str:
            if len(value) > LONGEST_TEXT:
                raise EnvelopeInvalid("a text too long")
        elif kind is dict or kind is list:
            nested.append(value)
        elif kind is not NoneType and abs(value) > LARGEST_NUMBER:
            raise EnvelopeInvalid("number")
    return nested
