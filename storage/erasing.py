"""Erasing a runner: every row in every table, and what deleted rows leave in SQLite's files."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from storage.database import Database, count_changed, retried
from storage.errors import UserNotFound
from storage.passports import owner_of, tables_of_runners
from storage.rate_limits import Bucket, RateLimit
from storage.tables import UserProfile


@dataclass(frozen=True, slots=True)
class Erased:
    """What went. rows: by table; wiped: whether the store's files hold no trace of it.

    On PostgreSQL they may until its operator's next VACUUM FULL, see `Database.wipe`.
    """

    rows: Mapping[str, int]
    wiped: bool


def erase_user(database: Database, user_id: str) -> Erased:
    """Delete everything that is held of a runner; a turn that runs can't write any more.

    Raises UserNotFound, StoreUnavailable.
    """
    rows = _delete(database, user_id)
    return Erased(rows, database.wipe())


@retried
def _delete(database: Database, user_id: str) -> dict[str, int]:
    with database.write(user_id) as session:
        if session.get(UserProfile, user_id) is None:
            raise UserNotFound(f"there is no runner {user_id!r}")
        found = {
            str(table.name): count_changed(
                session, sa.delete(table).where(owner_of(table) == user_id)
            )
            for table in reversed(tables_of_runners())
        }
        bucket = Bucket("user", user_id, 1).id
        count_changed(session, sa.delete(RateLimit).where(col(RateLimit.id) == bucket))
    return {name: rows for name, rows in found.items() if rows}
