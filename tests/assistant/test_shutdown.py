"""SIGTERM: nothing new is taken, what runs is brought to its end, the rest goes on elsewhere."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from openai_server import serve
from served import served
from workers import LOG, TOLD, HeldEndpoint

from storage.database import Database

pytestmark = pytest.mark.both_stores


@pytest.fixture
def endpoint() -> Iterator[HeldEndpoint]:
    found = HeldEndpoint(LOG, TOLD)
    yield found
    found.released.set()


def environment(demo: Database, url: str, drain_s: float) -> dict[str, str]:
    return {
        "RUNPLAN_DATABASE_URL": demo.url.render_as_string(hide_password=False),
        "RUNPLAN_TODAY": "2026-02-10",
        "RUNPLAN_PLAIN_ANSWERS": "false",
        "RUNPLAN_DRAIN_S": str(drain_s),
        "OPENAI_BASE_URL": url,
        "OPENAI_API_KEY": "k",
    }


def post(url: str) -> httpx2.Response:
    headers = {"Idempotency-Key": "one", "X-Runplan-User": "demo"}
    return httpx2.post(f"{url}/chat", json={"message": "done"}, headers=headers, timeout=60)


def in_background(url: str) -> tuple[threading.Thread, list[httpx2.Response | Exception]]:
    answers: list[httpx2.Response | Exception] = []

    def ask() -> None:
        try:
            answers.append(post(url))
        except httpx2.TransportError as error:
            answers.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, answers


def test_a_turn_under_way_is_answered_before_the_process_ends(
    demo: Database, endpoint: HeldEndpoint, tmp_path: Path
) -> None:
    with serve(endpoint) as url, served(tmp_path / "log", **environment(demo, url, 30)) as service:
        thread, answers = in_background(service.url)
        assert endpoint.asked.wait(30)
        threading.Timer(0.5, endpoint.released.set).start()
        assert service.terminate() == 0
        thread.join(30)
    (answer,) = answers
    assert isinstance(answer, httpx2.Response)
    assert (answer.status_code, answer.json()["reply"]) == (200, TOLD)


def test_a_turn_that_outlasts_the_drain_goes_on_in_another_process_at_once(
    demo: Database, endpoint: HeldEndpoint, tmp_path: Path
) -> None:
    with serve(endpoint) as url:
        settings = environment(demo, url, 1)
        with served(tmp_path / "log", **settings) as service:
            thread, answers = in_background(service.url)
            assert endpoint.asked.wait(30)
            started = time.monotonic()
            assert service.terminate() == 0
            assert time.monotonic() - started < 10
            thread.join(30)
        (cut_off,) = answers
        assert isinstance(cut_off, httpx2.Response)
        assert (cut_off.status_code, cut_off.headers["Retry-After"]) == (503, "1")
        assert cut_off.headers["Content-Type"] == "application/problem+json"
        endpoint.released.set()
        with served(tmp_path / "log", **settings) as service:
            started = time.monotonic()
            answer = post(service.url)
            assert time.monotonic() - started < 15  # the lease was let go: no wait for its end
    assert (answer.status_code, answer.json()["reply"]) == (200, TOLD)
    assert [action["tool"] for action in answer.json()["actions"]] == ["log_execution"]
