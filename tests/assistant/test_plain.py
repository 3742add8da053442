"""Without any model, the plan is told and runs are logged; all else waits, and nothing is lost."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from openai_server import Endpoint, calls, serve, streamed
from pydantic import SecretStr
from wiring import NOW, TODAY, say

from assistant.bootstrap import build_model
from assistant.coach import Coach
from assistant.errors import ModelUnavailable
from assistant.plain import MARK, PLAIN_TOOLS
from assistant.settings import load_settings
from storage.database import Database
from tools.registry import openai_tools

pytestmark = pytest.mark.anyio
DOWN = (500, {}, {"error": {"message": "down"}})
NOBODY = "http://127.0.0.1:9/v1"


@asynccontextmanager
async def coach_without_model(database: Database, url: str = NOBODY) -> AsyncIterator[Coach]:
    settings = load_settings(
        openai_base_url=url, openai_api_key=SecretStr("k"), model_attempts=1, today=TODAY
    )
    model = build_model(settings, streaming=True)
    coach = Coach(database, model, clock=lambda: NOW, today=TODAY)
    try:
        yield coach
    finally:
        await coach.close()


@pytest.mark.parametrize(
    ("message", "tool", "named"),
    [
        ("what's tomorrow's workout?", "get_workout", "Wednesday"),
        ("how is my plan going?", "get_plan_summary", "Tempo"),
        ("I ran 8 km in 44:10 today, easy", "log_execution", "8"),
    ],
)
async def test_the_plan_is_told_and_runs_are_logged_and_the_answer_says_what_it_is(
    demo: Database, message: str, tool: str, named: str
) -> None:
    async with coach_without_model(demo) as coach:
        response = await say(coach, message)
    assert response["reply"].startswith(MARK)
    assert named in response["reply"].removeprefix(MARK)
    assert tool in [action["tool"] for action in response["actions"]]
    assert not any("error" in action["result"] for action in response["actions"])


@pytest.mark.parametrize(
    "message", ["move Thursday's run to Friday", "hello", "I want to run a marathon in October"]
)
async def test_all_else_waits_for_the_model_under_the_same_key(
    demo: Database, message: str
) -> None:
    async with coach_without_model(demo) as coach:
        with pytest.raises(ModelUnavailable):
            await say(coach, message, idempotency_key="k1")
    with serve(Endpoint("Fine, we can talk about that.")) as url:
        async with coach_without_model(demo, url) as coach:
            response = await say(coach, message, idempotency_key="k1")
    assert response["reply"] == "Fine, we can talk about that."
    assert response["actions"] == []


async def test_a_model_that_is_gone_after_its_call_leaves_the_results_to_be_told_plainly(
    demo: Database,
) -> None:
    logged = calls(
        (
            "log_execution",
            {
                "date": "2026-02-10",
                "completion_status": "completed",
                "actual_metrics": {"distance_km": 8.0, "duration_minutes": 44.0},
            },
        )
    )
    with serve(Endpoint(streamed(logged), DOWN)) as url:
        async with coach_without_model(demo, url) as coach:
            response = await say(coach, "8 km in 44:00 done today")
    assert [action["tool"] for action in response["actions"]] == ["log_execution"]
    assert response["reply"].startswith(MARK)


async def test_a_red_flag_needs_no_model(demo: Database) -> None:
    async with coach_without_model(demo) as coach:
        response = await say(coach, "I have chest pain since the run")
    assert "emergency" in response["reply"]
    assert response["safety"]["pauses"] == "plan"


async def test_a_model_that_hangs_leaves_time_for_a_plain_answer(demo: Database) -> None:
    async def hang(_scope: Any, _receive: Any, send: Any) -> None:
        import anyio

        await send({"type": "http.response.start", "status": 200, "headers": []})
        await anyio.sleep(30)

    from openai_server import serve_app

    with serve_app(hang) as url:
        async with coach_without_model(demo, f"{url}/v1") as coach:
            coach.deadline_s = 3.0
            started = time.monotonic()
            response = await say(coach, "what's tomorrow's workout?")
            assert time.monotonic() - started < 4.0
    assert response["reply"].startswith(MARK)


async def test_plain_answers_can_be_turned_off(demo: Database) -> None:
    settings = load_settings(
        openai_base_url=NOBODY, model_attempts=1, plain_answers=False, today=TODAY
    )
    coach = Coach(demo, build_model(settings, streaming=True), clock=lambda: NOW, today=TODAY)
    with pytest.raises(ModelUnavailable):
        await say(coach, "what's tomorrow's workout?")
    await coach.close()


def test_plain_tools_are_tools() -> None:
    assert {tool["function"]["name"] for tool in openai_tools()} > PLAIN_TOOLS
