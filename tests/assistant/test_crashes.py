"""A process killed inside a turn: the same key afterwards gives one effect and one reply."""

import httpx2
import pytest
import sqlalchemy as sa
from openai_server import Endpoint, serve
from workers import LOG, TOLD, running

from storage.database import Database


@pytest.mark.both_stores
@pytest.mark.parametrize(
    ("point", "asked"), [("before_call", 2), ("after_call", 2), ("before_finish", 3)]
)
def test_a_killed_turn_is_finished_once_by_the_same_key(
    demo: Database, point: str, asked: int
) -> None:
    """asked: how often the model is: an answer that calls is stored first, one that speaks with the
    reply, so a process killed in between costs one model call and nothing else."""
    endpoint = Endpoint(LOG, TOLD)
    with serve(endpoint) as model_url, running(demo, model_url, point, "never") as (dying, heir):
        with pytest.raises(httpx2.TransportError):
            dying.post()
        dying.process.wait(10)
        first, again = heir.post(), heir.post()
    assert first.status_code == 200
    assert first.json()["reply"] == TOLD
    assert [action["tool"] for action in first.json()["actions"]] == ["log_execution"]
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(endpoint.requests) == asked
    with demo.read() as session:
        for table, count in (("execution", 1), ("turn", 1), ("message", 4)):
            found = session.connection().scalar(sa.text(f"SELECT count(*) FROM {table}"))
            assert (table, found) == (table, count)
