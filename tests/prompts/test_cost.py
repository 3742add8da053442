"""What the prompt costs in tokens, and that its first part never differs."""

import datetime as dt

import pytest
from fakes import ScriptedModel
from prompt_cost import Cost, measure, published

from assistant.coach import Coach, Incoming
from prompts.render import render
from storage.database import Database

NOW = dt.datetime(2026, 2, 10, 8, tzinfo=dt.UTC)
UNANNOUNCED = 1.10


def test_the_prompt_costs_what_is_published() -> None:
    now, last = measure(), published()[-1]
    if now.version == last.version:
        assert (now.rules, now.tools) == (last.rules, last.tools)
        assert now.turn == pytest.approx(last.turn, rel=0.03)  # ids differ, and so do their tokens
    for name in ("rules", "tools", "turn"):
        grown = getattr(now, name) / getattr(last, name)
        assert grown <= UNANNOUNCED, f"{name}: {grown:.2f} times as many; run `make prompt-cost`"


def test_most_of_a_turn_is_the_same_for_everybody() -> None:
    now = measure()
    assert isinstance(now, Cost)
    assert now.cached / now.turn > 0.4


@pytest.mark.anyio
async def test_the_first_part_is_the_same_bytes_for_every_runner_and_turn(demo: Database) -> None:
    stable = render("role")
    requests = []
    for user in ("demo", "noplan", "demo"):
        model = ScriptedModel("Fine.")
        coach = Coach(demo, model, clock=lambda: NOW, today=NOW.date())
        async for _ in coach.answer(Incoming(user, "hello there", conversation_id=f"of-{user}")):
            pass
        requests += model.requests
    assert len(requests) == 3
    assert all(messages[0]["content"].startswith(stable) for messages, _ in requests)
    assert len({str(tools) for _, tools in requests}) == 1
