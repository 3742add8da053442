"""A process killed inside a turn: the same key afterwards gives one effect and one reply."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from openai_server import Endpoint, calls, serve

from storage.database import Database

SCRIPT = Path(__file__).parents[1] / "support" / "crashing_server.py"
LOG = calls(("log_execution", {"completion_status": "completed", "date": "2026-02-10"}))


@contextmanager
def running(database: Database, model_url: str, point: str) -> Iterator[str]:
    """Run the service in a process of its own; yields its URL."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    url = database.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, str(SCRIPT), url, model_url, str(port), point])
    try:
        base = f"http://127.0.0.1:{port}"
        for _ in range(400):
            try:
                httpx2.get(f"{base}/healthz")
                break
            except httpx2.TransportError:
                time.sleep(0.05)
        yield base
    finally:
        process.kill()
        process.wait(10)


def post(base: str) -> Any:
    headers = {"Idempotency-Key": "one", "X-Runplan-User": "demo"}
    return httpx2.post(f"{base}/chat", json={"message": "done"}, headers=headers, timeout=20)


@pytest.mark.parametrize("point", ["before_call", "after_call", "before_finish"])
def test_a_killed_turn_is_finished_once_by_the_same_key(demo: Database, point: str) -> None:
    endpoint = Endpoint(LOG, "Logged it, well done.")
    with serve(endpoint) as model_url:
        with running(demo, model_url, point) as base, pytest.raises(httpx2.TransportError):
            post(base)
        with running(demo, model_url, "never") as base:
            first, again = post(base), post(base)
    assert first.status_code == 200
    assert first.json()["reply"] == "Logged it, well done."
    assert [action["tool"] for action in first.json()["actions"]] == ["log_execution"]
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(endpoint.requests) == 2
    with demo.read() as session:
        for table, count in (("execution", 1), ("turn", 1), ("message", 4)):
            found = session.connection().scalar(sa.text(f"SELECT count(*) FROM {table}"))
            assert (table, found) == (table, count)
