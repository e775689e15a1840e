"""The moment, as a parameter: nothing below the loops and routes looks at a clock."""

from datetime import UTC, datetime


def current_moment() -> datetime:
    """Return the moment in UTC by the machine's clock."""
    return datetime.now(UTC)
