"""A circuit breaker: whether a model that kept failing may be asked again yet."""

import time
from collections.abc import Callable

FAILURES = 5
WINDOW_S = 30.0
PROBE_S = 10.0


class Breaker:
    """Opens after `FAILURES` failures in a row within `WINDOW_S`; each worker has its own.

    While it is open, one try is let through each `PROBE_S`, and the first that succeeds closes it.
    clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed_at: list[float] = []
        self._next_try_at: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether tries are held back."""
        return self._next_try_at is not None

    def take(self) -> float:
        """Return 0 where a try may be made now, which takes it; else the seconds to wait for it."""
        if self._next_try_at is None:
            return 0.0
        now = self._clock()
        if now < self._next_try_at:
            return self._next_try_at - now
        self._next_try_at = now + PROBE_S
        return 0.0

    def succeeded(self) -> bool:
        """Close it; returns whether it had been open."""
        was_open = self.is_open
        self._failed_at.clear()
        self._next_try_at = None
        return was_open

    def failed(self) -> bool:
        """Count a failure; returns whether this one opened it."""
        now = self._clock()
        self._failed_at = [*self._failed_at[1 - FAILURES :], now]
        many = len(self._failed_at) == FAILURES and now - self._failed_at[0] <= WINDOW_S
        if not many or self.is_open:
            return False
        self._next_try_at = now + PROBE_S
        return True
