"""Scenarios played on fresh stores: days, given runs, runners of their own, misses with lines."""

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from assistant.bootstrap import build_embedded_model
from assistant.completions import Answer
from assistant.errors import ModelUnavailable
from assistant.events import Restarted, TextDelta
from assistant.model import ChatModel
from assistant.scenarios.loading import load_text
from assistant.scenarios.running import Clock, Outcome, play, read_state
from assistant.scenarios.scenario import Scenario
from assistant.scenarios.stage import Stage

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def stage() -> Any:
    made = Stage()
    yield made
    made.close()


def scenario(text: str) -> Scenario:
    loaded = load_text("f.scenario.yaml", text)
    assert not loaded.mistakes, loaded.mistakes
    [found] = loaded.scenarios
    return found


async def played(text: str, stage: Stage, model: ChatModel | None = None) -> Outcome:
    return await play(scenario(text), stage, model or build_embedded_model(streaming=False))


DEMO = "name: n\nrunner: demo\ntoday: 2026-02-10\nturns:\n"


async def test_a_conversation_goes_on_over_days(stage: Stage) -> None:
    outcome = await played(
        DEMO
        + "  - say: 40 min easy done, rpe 3\n"
        + "    expect: {executions: {2026-02-10: {adherence_score: 100}}}\n"
        + "  - say: missed todays run\n"
        + "    today: 2026-02-12\n"
        + "    expect:\n"
        + "      executions:\n"
        + "        2026-02-12: {completion_status: missed, created_at: {contains: 2026-02-12}}\n",
        stage,
    )
    assert [str(miss) for miss in outcome.misses] == []
    assert len(outcome.turns) == 2


async def test_what_is_otherwise_has_its_line_and_turn(stage: Stage) -> None:
    outcome = await played(
        DEMO
        + "  - say: hi\n    expect: {calls: []}\n"
        + "  - say: move thursday to friday\n    expect:\n      plan: {version: 1}\n",
        stage,
    )
    assert [str(miss) for miss in outcome.misses] == [
        "f.scenario.yaml:9: turn 2: plan.version is 2, not 1"
    ]
    assert not outcome.passed


async def test_each_scenario_has_a_store_of_its_own(stage: Stage) -> None:
    text = DEMO + "  - say: move thursday to friday\n    expect: {plan: {version: 2}}\n"
    for _ in range(2):
        assert (await played(text, stage)).passed


async def test_a_runner_of_ones_own_with_plan_and_runs(stage: Stage) -> None:
    outcome = await played(
        "name: n\n"
        "runner: {id: ada, name: Ada, weekly_availability: [{day: tue}, {day: thu}, {day: sun}]}\n"
        "plan: {goal_distance: 10k, goal_date: 2026-04-26, start_date: 2026-02-09,"
        " weekly_km: 25, longest_km: 10}\n"
        "executions:\n"
        "  - {performed_on: 2026-02-10, actual_metrics: {duration_minutes: 30}}\n"
        "  - {performed_on: 2026-02-11, actual_metrics: {distance_km: 5, duration_minutes: 31}}\n"
        "  - {performed_on: 2026-02-12, completion_status: missed}\n"
        "today: 2026-02-13\n"
        "turns:\n"
        "  - say: what's on this week?\n"
        "    expect:\n"
        "      plan: {id: plan_1, goal_distance: 10k}\n"
        "      profile: {id: ada, subscription: {status: active, plan_entitled: true}}\n"
        "      top_prompt: Track my training\n"
        "      executions:\n"
        "        2026-02-10: {workout_id: {not: null}, adherence_score: {at_most: 100}}\n"
        "        2026-02-11: {workout_id: null, adherence_score: null}\n"
        "        2026-02-12: {adherence_score: 0}\n",
        stage,
    )
    assert [str(miss) for miss in outcome.misses] == []


async def test_a_runner_of_ones_own_may_be_left_to_the_defaults(stage: Stage) -> None:
    outcome = await played(
        "name: n\nrunner: {}\ntoday: 2026-02-10\nturns:\n"
        "  - say: hi\n"
        "    expect:\n"
        "      plan: null\n"
        "      profile: {id: runner, experience_level: intermediate}\n"
        "      top_prompt: Track my training\n",
        stage,
    )
    assert [str(miss) for miss in outcome.misses] == []


async def test_a_demo_runner_may_be_without_the_plan(stage: Stage) -> None:
    outcome = await played(
        "name: n\nrunner: demo\nplan: null\ntoday: 2026-02-10\nturns:\n"
        "  - {say: hi, expect: {plan: null, profile: {id: demo}}}\n",
        stage,
    )
    assert [str(miss) for miss in outcome.misses] == []


async def test_a_runner_like_a_demo_runner_differs_where_it_says_so(stage: Stage) -> None:
    outcome = await played(
        "name: n\nrunner: {like: demo, preferences: {units: mi}}\ntoday: 2026-02-10\nturns:\n"
        "  - say: hi\n"
        "    expect:\n"
        "      profile: {id: demo, preferences: {units: mi}}\n"
        "      workouts: {2026-02-12: {id: wk_988}}\n",
        stage,
    )
    assert outcome.passed


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("{performed_on: 2026-02-11, completion_status: missed}", "nothing was planned on 2026-02"),
        ("{performed_on: 2026-02-10, workout_id: wk_0}", "the plan has no workout 'wk_0'"),
        (
            "{performed_on: 2026-02-10, actual_metrics: {distance_km: 90, duration_minutes: 9}}",
            "a pace of 0:06 a km can't be",
        ),
    ],
)
async def test_a_run_that_can_not_be_is_one_line(stage: Stage, given: str, why: str) -> None:
    text = DEMO.replace("today", f"executions: [{given}]\ntoday", 1) + "  - say: hi\n"
    [miss] = (await played(text, stage)).misses
    assert str(miss).startswith("f.scenario.yaml:2: ")
    assert why in str(miss)


async def test_a_plan_that_can_not_be_built_is_one_line(stage: Stage) -> None:
    text = (
        "name: n\nrunner: {}\n"
        "plan: {goal_distance: marathon, goal_date: 2026-03-01, start_date: 2026-02-09}\n"
        "today: 2026-02-10\nturns: [{say: hi}]\n"
    )
    [miss] = (await played(text, stage)).misses
    assert "the plan 'plan_1' can't be taken" in str(miss)


class Unavailable:
    """A model that can't be reached."""

    async def stream(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        tools: Sequence[dict[str, Any]],
        deadline: float,
    ) -> AsyncIterator[TextDelta | Restarted | Answer]:
        raise ModelUnavailable("the model can't be reached right now")
        yield TextDelta("")

    async def close(self) -> None:
        pass


async def test_a_turn_without_an_answer_ends_the_scenario(stage: Stage) -> None:
    outcome = await played(DEMO + "  - say: hi\n  - say: ho\n", stage, Unavailable())
    assert [str(miss) for miss in outcome.misses] == [
        "f.scenario.yaml:5: turn 1 was not answered: the model can't be reached right now"
    ]
    assert len(outcome.turns) == 1


async def test_only_what_is_judged_is_read(stage: Stage) -> None:
    with stage.set_up(scenario(DEMO + "  - say: hi\n")) as database:
        state = read_state(database, "demo", {"plan"})
    assert [row["id"] for row in state["plan"]] == ["plan_123"]
    assert list(state) == ["plan"]


def test_the_clock_goes_on_by_a_minute_and_by_days() -> None:
    clock = Clock(dt.date(2026, 2, 10))
    first = clock()
    clock.go_on(dt.date(2026, 2, 10))
    assert clock() - first == dt.timedelta(minutes=1)
    clock.go_on(dt.date(2026, 2, 12))
    assert clock() == dt.datetime(2026, 2, 12, 8, tzinfo=dt.UTC)
