"""Rate limits that hold across workers: a bucket a row, drawn from by one statement.

A bucket is kept as the moment at which it will be full again (the generic cell rate algorithm), so
a row that lies in the past says nothing and can go.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col

from storage import tables  # noqa: F401 - says how constraints are named before a table is made
from storage.database import count_changed
from storage.errors import RateExceeded

WINDOW_S = 60.0
_ROUNDING_S = 0.001  # of sums of Unix times, and less than the cost of one request


class RateLimit(SQLModel, table=True):
    """One bucket. id: a digest, so that no address and no runner's id is kept here."""

    __tablename__ = "rate_limit"

    id: str = Field(primary_key=True)
    full_at: float = Field(index=True)


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many requests a minute a subject may make, at once or spread out.

    scope: what the subject is, such as "user".
    """

    scope: str
    subject: str
    per_minute: int

    @property
    def id(self) -> str:
        """Its row's key."""
        return hashlib.sha256(f"{self.scope}\0{self.subject}".encode()).hexdigest()[:32]

    @property
    def cost_s(self) -> float:
        """How long one request takes to be given back."""
        return WINDOW_S / self.per_minute


# A row further ahead than it can be was written by a clock that was wrong: the bucket starts anew.
_TAKE = sa.text(
    "INSERT INTO rate_limit (id, full_at) VALUES (:id, :now + :cost) "
    "ON CONFLICT (id) DO UPDATE SET full_at = :cost + CASE "
    "WHEN rate_limit.full_at BETWEEN :now AND :latest THEN rate_limit.full_at ELSE :now END "
    "WHERE rate_limit.full_at + :cost <= :end OR rate_limit.full_at > :latest "
    "RETURNING full_at"
).bindparams(*(sa.bindparam(name, type_=sa.Float) for name in ("now", "cost", "end", "latest")))
_FULL_AT = sa.text("SELECT full_at FROM rate_limit WHERE id = :id")


def take(session: Session, buckets: Sequence[Bucket], *, now: float) -> None:
    """Take one request from each bucket. now: Unix seconds.

    Raises RateExceeded where one is empty; left by it, the caller's transaction takes from none.
    """
    for bucket in sorted(buckets, key=lambda each: each.id):  # one order: no two can deadlock
        values = {
            "id": bucket.id,
            "now": now,
            "cost": bucket.cost_s,
            "end": now + WINDOW_S + _ROUNDING_S,
            "latest": now + 2 * WINDOW_S,
        }
        if session.connection().execute(_TAKE, values).first() is None:
            full_at: float = session.connection().execute(_FULL_AT, {"id": bucket.id}).scalar_one()
            wait_s = full_at + bucket.cost_s - now - WINDOW_S
            raise RateExceeded(bucket.scope, bucket.per_minute, max(wait_s, 0.0))


def sweep(session: Session, *, now: float) -> int:
    """Delete the buckets that are full; return how many there were."""
    return count_changed(session, sa.delete(RateLimit).where(col(RateLimit.full_at) < now))
