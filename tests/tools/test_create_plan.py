"""New plans: whole, within their limits, or refused in words that a runner would accept."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from running import NOW, Runner

from storage.database import Database
from storage.plans import load_plan
from storage.profiles import load_profile, save_profile
from training.runners import Day, DayBlock, Level

DAYS = {
    3: ("tue", "thu", "sun"),
    4: ("tue", "thu", "sat", "sun"),
    5: ("mon", "tue", "thu", "sat", "sun"),
    6: ("mon", "tue", "wed", "thu", "sat", "sun"),
}
WEEKLY_KM = {"beginner": 26, "intermediate": 42, "advanced": 60}


def become(database: Database, level: str) -> None:
    with database.write("noplan") as session:
        profile = load_profile(session, "noplan")
        save_profile(session, replace(profile, experience_level=Level(level)), now=NOW)


@pytest.mark.parametrize("days", [3, 4, 5, 6])
@pytest.mark.parametrize("level", ["beginner", "intermediate", "advanced"])
@pytest.mark.parametrize("distance", ["5k", "10k", "half", "marathon"])
def test_every_day_of_a_new_plan_is_filled_within_its_limits(
    demo: Database, distance: str, level: str, days: int
) -> None:
    become(demo, level)
    result = Runner(demo, "noplan").call(
        "create_plan",
        goal_distance=distance,
        goal_date="2026-06-28",
        days=[{"day": day} for day in DAYS[days]],
        baseline={"weekly_km": WEEKLY_KM[level], "longest_km": 12},
    )
    assert result["applied"], result
    assert result["receipt"]["passed"]
    assert result["summary"]["next_workouts"]
    with demo.read() as session:
        plan = load_plan(session, "noplan")
        profile = load_profile(session, "noplan")
    assert profile.weekly_availability == tuple(DayBlock(Day(day)) for day in DAYS[days])
    found = [workout.scheduled_date for workout in plan.workouts]
    first, last = dt.date(2026, 2, 10), dt.date(2026, 6, 28)
    assert found == [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    for workout in plan.workouts:
        assert workout.rationale
        if workout.type == "rest":
            continue
        assert workout.structure.main
        assert workout.targets.rpe is not None
        assert (workout.targets.duration_minutes or workout.targets.distance_km or 0) > 0
        assert 2 <= len(workout.coach_cues) <= 4
        assert workout.scheduled_date.weekday() in {Day(day).position for day in DAYS[days]}


@pytest.mark.parametrize(
    "said",
    [
        {"goal_distance": "10k", "goal_date": "2026-02-10"},
        {"goal_distance": "10k", "goal_date": "2025-12-31"},
        {"goal_distance": "marathon", "goal_date": "2026-03-03"},
        {
            "goal_distance": "half",
            "goal_date": "2026-06-28",
            "days": [{"day": "mon", "minutes": 10}],
        },
    ],
)
def test_a_goal_that_cannot_be_met_is_refused_with_alternatives(
    demo: Database, said: dict[str, Any]
) -> None:
    runner = Runner(demo, "noplan")
    error = runner.call("create_plan", **said)["error"]
    assert len(error["message"]) > 30
    assert error["alternatives"]
    assert runner.call("get_plan_summary")["error"]["code"] == "no_plan"


def test_short_notice_gives_a_reduced_plan_with_a_warning(demo: Database) -> None:
    result = Runner(demo, "noplan").call(
        "create_plan",
        goal_distance="10k",
        goal_date="2026-03-22",
        baseline={"weekly_km": 20, "longest_km": 8},
    )
    assert result["kind"] == "reduced"
    assert result["warnings"]


def test_a_plan_over_another_waits_for_a_yes(demo: Database) -> None:
    runner = Runner(demo)
    said = {"goal_distance": "10k", "goal_date": "2026-05-31"}
    proposed = runner.call("create_plan", **said)
    assert (proposed["applied"], proposed["summary"]) == (False, None)
    assert runner.call("get_plan_summary")["plan_id"] == "plan_123"
    accepted = runner.call("create_plan", proposal=proposed["proposal_id"], **said)
    assert accepted["applied"]
    assert accepted["summary"]["goal_date"] == "2026-05-31"
    again = runner.call("create_plan", proposal=proposed["proposal_id"], **said)
    assert again["error"]["code"] == "plan_changed"


def test_a_race_gives_the_paces(demo: Database) -> None:
    result = Runner(demo, "noplan").call(
        "create_plan",
        goal_distance="10k",
        goal_date="2026-05-31",
        baseline={"recent_race": {"distance_km": 5, "time_minutes": 25}, "weekly_km": 20},
    )
    assert result["applied"]
    with demo.read() as session:
        fitness = load_plan(session, "noplan").inputs.baseline_fitness
    assert fitness.source == "race"
    assert 37 < fitness.value < 40


def test_an_impossible_race_is_refused(demo: Database) -> None:
    result = Runner(demo, "noplan").call(
        "create_plan",
        goal_distance="10k",
        goal_date="2026-05-31",
        baseline={"recent_race": {"distance_km": 42.2, "time_minutes": 20}},
    )
    assert result["error"]["code"] == "impossible_value"
