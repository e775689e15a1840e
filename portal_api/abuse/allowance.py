"""So much an hour, whoever sends it: what a flood can leave on the disk is known beforehand."""

import threading

HOUR = 3_600.0


class Allowance:
    """So many bytes an hour; what is not used up fills up again as time passes."""

    def __init__(self, bytes_an_hour: int) -> None:
        self._most = float(bytes_an_hour)
        self._lock = threading.Lock()
        self._taken = 0.0
        self._at = 0.0

    def take(self, size: int, *, now: float) -> bool:
        """Take some; false if there is not as much left."""
        with self._lock:
            over = max(0.0, now - self._at) / HOUR * self._most
            taken = max(0.0, self._taken - over) + size
            if taken > self._most:
                return False
            self._taken, self._at = taken, now
        return True
