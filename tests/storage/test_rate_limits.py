"""Buckets that fill again with time, and that workers share."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.errors import RateExceeded
from storage.rate_limits import Bucket, sweep, take

ROOT = Path(__file__).parents[2]
NOW = 1_770_710_400.0
TEN = Bucket("user", "demo", 10)


def allowed(database: Database, *buckets: Bucket, now: float = NOW) -> bool:
    try:
        with database.write_common() as session:
            take(session, buckets, now=now)
    except RateExceeded:
        return False
    return True


def count(database: Database) -> int:
    with database.read() as session:
        found: int = (
            session.connection().execute(sa.text("SELECT count(*) FROM rate_limit")).scalar_one()
        )
        return found


@pytest.mark.parametrize("per_minute", [1, 3, 7, 30, 600, 1000])
def test_a_full_bucket_holds_a_minutes_requests(database: Database, per_minute: int) -> None:
    bucket = Bucket("user", "demo", per_minute)
    with database.write_common() as session:
        for _ in range(per_minute):
            take(session, [bucket], now=NOW)
    assert not allowed(database, bucket)


def test_a_request_comes_back_every_so_often(database: Database) -> None:
    assert all(allowed(database, TEN) for _ in range(10))
    assert not allowed(database, TEN, now=NOW + 5.9)
    assert allowed(database, TEN, now=NOW + 6.1)
    assert not allowed(database, TEN, now=NOW + 6.2)
    assert [allowed(database, TEN, now=NOW + 600) for _ in range(11)] == [True] * 10 + [False]


def test_whoever_is_held_back_is_told_for_how_long(database: Database) -> None:
    for _ in range(10):
        allowed(database, TEN)
    with pytest.raises(RateExceeded) as caught, database.write_common() as session:
        take(session, [TEN], now=NOW + 2)
    assert (caught.value.scope, caught.value.per_minute) == ("user", 10)
    assert caught.value.retry_after_s == pytest.approx(4, abs=0.01)


def test_buckets_are_apart_by_scope_and_subject(database: Database) -> None:
    one = Bucket("user", "demo", 1)
    assert allowed(database, one)
    assert not allowed(database, one)
    assert allowed(database, Bucket("user", "other", 1))
    assert allowed(database, Bucket("integration", "demo", 1))


def test_a_refused_request_costs_its_other_buckets_nothing(database: Database) -> None:
    empty, others = Bucket("user", "demo", 1), [Bucket("address", str(n), 1) for n in range(4)]
    assert allowed(database, empty)
    for other in others:
        assert not allowed(database, empty, other)
        assert allowed(database, other)


def test_a_clock_that_was_wrong_does_not_shut_anybody_out(database: Database) -> None:
    for _ in range(10):
        allowed(database, TEN, now=NOW + 86_400)
    assert allowed(database, TEN, now=NOW)


def test_no_subject_is_kept_and_full_buckets_go(database: Database) -> None:
    allowed(database, Bucket("address", "203.0.113.9", 60))
    allowed(database, Bucket("user", "demo", 1))
    with database.read() as session:
        ids = session.connection().scalars(sa.text("SELECT id FROM rate_limit")).all()
    assert not any("203.0" in name or "demo" in name for name in ids)
    with database.write_common() as session:
        assert sweep(session, now=NOW + 2) == 1
    assert count(database) == 1


WORKER = """
import sys
from storage.database import Database
from storage.errors import RateExceeded
from storage.rate_limits import Bucket, take
database = Database(sys.argv[1])
taken = 0
for number in range(40):
    try:
        with database.write_common() as session:
            take(session, [Bucket("user", "demo", 30)], now=float(sys.argv[2]) + number / 1000)
        taken += 1
    except RateExceeded:
        pass
print(taken)
"""


def test_processes_share_a_bucket_exactly(database: Database) -> None:
    command = [sys.executable, "-c", WORKER, str(database.url), str(NOW)]
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)
    ]
    taken = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    assert all(worker.returncode == 0 for worker in workers)
    assert sum(taken) == 30, taken
