"""Keys that live for minutes, and what was used up under them. Nothing of it outlives an hour.

On SQLite one process serves, so all of it is in memory. On PostgreSQL several serve side by side:
a pass that one handed out must hold at the others, and must be used up at all of them. There it is
in two tables that are not logged: PostgreSQL writes them to no log, sends them to no replica, and
empties them after a crash. They hold random marks; none says who, what or when to the minute.
"""

import secrets
import threading
from collections import defaultdict
from typing import Protocol

from sqlalchemy import Connection, Engine, text

KEY = 32
PERIOD_SECONDS = 300
"""A key is new this often."""
KEPT_PERIODS = 13
"""Keys before that are forgotten, with everything that was used up under them."""
LEDGER_LOCK = 7_402_103

_TABLES = (
    "CREATE UNLOGGED TABLE IF NOT EXISTS gate_key (period bigint PRIMARY KEY, key bytea NOT NULL)",
    (
        "CREATE UNLOGGED TABLE IF NOT EXISTS gate_use (mark bytea PRIMARY KEY,"
        " period bigint NOT NULL, uses integer NOT NULL, holder bytea NOT NULL)"
    ),
)
_MAKE_KEY = text("INSERT INTO gate_key (period, key) VALUES (:period, :key) ON CONFLICT DO NOTHING")
_READ_KEY = text("SELECT key FROM gate_key WHERE period = :period")
_COUNT = text(
    "INSERT INTO gate_use (mark, period, uses, holder) VALUES (:mark, :period, 1, '')"
    " ON CONFLICT (mark) DO UPDATE SET uses = gate_use.uses + 1 RETURNING uses"
)
_CLAIM = text(
    "INSERT INTO gate_use (mark, period, uses, holder) VALUES (:mark, :period, 0, :holder)"
    " ON CONFLICT (mark) DO UPDATE SET holder = gate_use.holder RETURNING holder"
)
_FORGET_KEYS = text("DELETE FROM gate_key WHERE period < :before")
_FORGET_USES = text("DELETE FROM gate_use WHERE period < :before")


class Ledger(Protocol):
    """Keys by period, and marks of what was used."""

    def key(self, period: int) -> bytes:
        """Return the key of a period; the first who asks makes it."""
        ...

    def count(self, mark: bytes, *, period: int) -> int:
        """Note one more use and return how many there are now."""
        ...

    def claim(self, mark: bytes, holder: bytes, *, period: int) -> bool:
        """Take a mark for a holder; false if another has it."""
        ...

    def forget(self, *, before: int) -> None:
        """Forget keys and uses of the periods before one."""
        ...


def period_of(now: float) -> int:
    """Return the number of the period that a moment (seconds since 1970) lies in."""
    return int(now // PERIOD_SECONDS)


def open_ledger(engine: Engine) -> Ledger:
    """Return the ledger that suits the database."""
    return MemoryLedger() if engine.dialect.name == "sqlite" else SharedLedger(engine)


class MemoryLedger:
    """The ledger of one process; it ends with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[int, bytes] = {}
        self._uses: defaultdict[int, dict[bytes, int]] = defaultdict(dict)
        self._holders: defaultdict[int, dict[bytes, bytes]] = defaultdict(dict)

    def key(self, period: int) -> bytes:
        """Return the key of a period."""
        with self._lock:
            return self._keys.setdefault(period, secrets.token_bytes(KEY))

    def count(self, mark: bytes, *, period: int) -> int:
        """Note one more use and return how many there are now."""
        with self._lock:
            uses = self._uses[period]
            uses[mark] = uses.get(mark, 0) + 1
            return uses[mark]

    def claim(self, mark: bytes, holder: bytes, *, period: int) -> bool:
        """Take a mark for a holder; false if another has it."""
        with self._lock:
            return self._holders[period].setdefault(mark, holder) == holder

    def forget(self, *, before: int) -> None:
        """Forget keys and uses of the periods before one."""
        with self._lock:
            for kept in (self._keys, self._uses, self._holders):
                for period in [period for period in kept if period < before]:
                    del kept[period]


class SharedLedger:
    """The ledger of all processes that use one PostgreSQL database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._keys: dict[int, bytes] = {}
        with engine.begin() as connection:
            # Several instances may start at once: one makes the tables, the others wait.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LEDGER_LOCK})")
            for table in _TABLES:
                connection.exec_driver_sql(table)

    def key(self, period: int) -> bytes:
        """Return the key of a period."""
        known = self._keys.get(period)
        if known is None:
            with self._engine.begin() as connection:
                new = {"period": period, "key": secrets.token_bytes(KEY)}
                connection.execute(_MAKE_KEY, new)
                known = bytes(connection.execute(_READ_KEY, {"period": period}).scalar_one())
            self._keys[period] = known
        return known

    def count(self, mark: bytes, *, period: int) -> int:
        """Note one more use and return how many there are now."""
        with self._engine.begin() as connection:
            _hurry(connection)
            uses: int = connection.execute(_COUNT, {"mark": mark, "period": period}).scalar_one()
        return uses

    def claim(self, mark: bytes, holder: bytes, *, period: int) -> bool:
        """Take a mark for a holder; false if another has it."""
        with self._engine.begin() as connection:
            _hurry(connection)
            wanted = {"mark": mark, "period": period, "holder": holder}
            found = connection.execute(_CLAIM, wanted).scalar_one()
        return bytes(found) == holder

    def forget(self, *, before: int) -> None:
        """Forget keys and uses of the periods before one."""
        self._keys = {period: key for period, key in self._keys.items() if period >= before}
        with self._engine.begin() as connection:
            connection.execute(_FORGET_KEYS, {"before": before})
            connection.execute(_FORGET_USES, {"before": before})


def _hurry(connection: Connection) -> None:
    # What is lost in a crash here is lost anyway: the tables are emptied.
    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
