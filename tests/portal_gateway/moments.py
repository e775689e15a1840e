"""Moments that tests pass in: nothing below the loop looks at the clock."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def later(**parts: float) -> datetime:
    return NOON + timedelta(**parts)
