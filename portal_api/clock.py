"""The day and the moment, as parameters: nothing below the routes looks at a clock.

What gives them to a request is `async`, here and wherever a dependency only looks something up:
the framework sends any other through a thread, which takes far longer than the look.
"""

import time
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Request


async def today(request: Request) -> date:
    """Return the day in UTC; tests put another clock into the app's state."""
    day: date = request.app.state.today()
    return day


def current_day() -> date:
    """Return the day in UTC by the machine's clock."""
    return datetime.now(UTC).date()


async def now(request: Request) -> datetime:
    """Return the moment in UTC; for what ends at an hour, never to be written down."""
    moment: datetime = request.app.state.now()
    return moment


def current_moment() -> datetime:
    """Return the moment in UTC by the machine's clock."""
    return datetime.now(UTC)


Today = Annotated[date, Depends(today)]
Now = Annotated[datetime, Depends(now)]


async def seconds(request: Request) -> float:
    """Return seconds since 1970, for what lives for minutes and is never stored."""
    now: float = request.app.state.seconds()
    return now


def current_seconds() -> float:
    """Return seconds since 1970 by the machine's clock."""
    return time.time()


Seconds = Annotated[float, Depends(seconds)]
