"""Several workers over one store: parallel posts, clocks that differ, one that wakes up late."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from openai_server import serve
from workers import LOG, TOLD, HeldEndpoint, LoggingEndpoint, running

from storage.database import Database, count_changed
from storage.tables import Turn

pytestmark = pytest.mark.both_stores
TWO = ("never", "never")


def rows(database: Database, statement: str) -> list[tuple[Any, ...]]:
    with database.read() as session:
        return [tuple(row) for row in session.connection().execute(sa.text(statement))]


def test_two_workers_with_parallel_posts_answer_each_message_once(demo: Database) -> None:
    endpoint = LoggingEndpoint("")
    with serve(endpoint) as url, running(demo, url, *TWO, hours_off=(6, -6)) as workers:
        begin = threading.Barrier(8)

        def post(number: int, key: str) -> Any:
            begin.wait(20)
            return workers[number % 2].post(key)

        with ThreadPoolExecutor(8) as pool:
            same = list(pool.map(lambda n: post(n, "one"), range(8)))
            others = list(pool.map(lambda n: post(n, f"key {n}"), range(8)))
    assert {answer.status_code for answer in same + others} == {200}
    assert len({answer.content for answer in same}) == 1
    assert {answer.json()["reply"] for answer in others} == {TOLD}
    assert len(endpoint.requests) == 2 * 9
    assert rows(demo, "SELECT count(*), sum(attempt) FROM turn WHERE status = 'done'") == [(9, 9)]
    assert rows(demo, "SELECT count(*), count(DISTINCT turn_id) FROM message") == [(36, 9)]
    assert rows(demo, "SELECT count(*) FROM execution") == [(1,)]
    assert one_after_the_other(demo)


def one_after_the_other(database: Database) -> bool:
    """Whether no turn's steps lie between those of another."""
    spans = rows(
        database,
        "SELECT min(m.created_at), max(t.finished_at) FROM turn t JOIN message m ON m.user_id = "
        "t.user_id AND m.turn_id = t.id WHERE m.position > 0 GROUP BY t.id ORDER BY 1",
    )
    return all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_a_worker_that_wakes_up_after_its_lease_cannot_commit(demo: Database) -> None:
    endpoint = HeldEndpoint(LOG, TOLD, LOG)
    with (
        serve(endpoint) as url,
        running(demo, url, *TWO) as (sleeper, heir),
        ThreadPoolExecutor(1) as pool,
    ):
        late = pool.submit(sleeper.post)
        assert endpoint.asked.wait(20)
        sleeper.stop()
        run_out(demo)
        answer = heir.post()
        endpoint.released.set()
        sleeper.go_on()
        refused, again = late.result(60), sleeper.post()
    assert (answer.status_code, answer.json()["reply"]) == (200, TOLD)
    assert (refused.status_code, refused.json()["title"]) == (409, "Busy")
    assert again.content == answer.content
    assert len(endpoint.requests) == 3
    assert rows(demo, "SELECT attempt, status FROM turn") == [(2, "done")]
    assert rows(demo, "SELECT count(*) FROM execution") == [(1,)]
    assert rows(demo, "SELECT count(*) FROM message") == [(4,)]


def run_out(database: Database) -> None:
    """Let all leases run out."""
    with database.write("demo") as session:
        count_changed(session, sa.update(Turn).values(lease_until=Turn.created_at))
