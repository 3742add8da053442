"""How often a user, an integration and an address may ask."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from assistant.threads import in_thread
from storage.database import Database, retried
from storage.rate_limits import WINDOW_S, Bucket, sweep, take


@dataclass(frozen=True, slots=True)
class PerMinute:
    """Requests a minute; 0 is no limit."""

    user: int
    integration: int
    address: int


class RateLimits:
    """The limits of one installation, kept in its store so that all workers share them.

    clock: Unix seconds.
    """

    def __init__(
        self, database: Database, per_minute: PerMinute, *, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._per_minute = per_minute
        self._clock = clock
        self._swept_at = float("-inf")

    async def take(
        self, *, address: str | None = None, integration: str | None = None, user: str | None = None
    ) -> None:
        """Count one request against each that is given. Raises RateExceeded."""
        asked = (
            ("address", network_of(address), self._per_minute.address),
            ("integration", integration, self._per_minute.integration),
            ("user", user, self._per_minute.user),
        )
        buckets = tuple(
            Bucket(scope, subject, limit)
            for scope, subject, limit in asked
            if subject is not None and limit > 0
        )
        if buckets:
            await in_thread(self._take, buckets, self._clock())

    def _take(self, buckets: tuple[Bucket, ...], now: float) -> None:
        self._draw(buckets, now)
        if now - self._swept_at > WINDOW_S:
            self._swept_at = now
            self._sweep(now)

    @retried
    def _draw(self, buckets: tuple[Bucket, ...], now: float) -> None:
        with self._database.write_common() as session:
            take(session, buckets, now=now)

    @retried  # it takes rows in any order, so it and a draw can deadlock
    def _sweep(self, now: float) -> None:
        with self._database.write_common() as session:
            sweep(session, now=now)


def network_of(address: str | None) -> str | None:
    """Return what is counted as one address: an IPv6 caller owns at least a /64."""
    if address is None:
        return None
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)
