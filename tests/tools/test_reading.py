"""The tools that read: summary, one workout with its why, progress, and what is not there."""

import datetime as dt

from running import Runner

from storage.adaptations import find_changes
from storage.database import Database
from storage.proposals import find_proposal
from storage.turns import find_asked

MONDAY = dt.date(2026, 2, 9)


def test_the_seeds_summary_is_key_for_key(demo: Database) -> None:
    assert Runner(demo, today=MONDAY).call("get_plan_summary") == {
        "plan_id": "plan_123",
        "goal_distance": "half",
        "goal_date": "2026-05-18",
        "phase": "build",
        "weekly_focus": "Aerobic efficiency + pacing control",
        "next_workouts": [
            {"date": "2026-02-10", "name": "40 min easy", "effort": "RPE 3-4"},
            {"date": "2026-02-12", "name": "Tempo 3 x 8 min", "effort": "RPE 6-7"},
            {"date": "2026-02-15", "name": "Long run 75 min", "effort": "RPE 4-5"},
        ],
    }


def test_what_was_done_is_no_longer_next(demo: Database) -> None:
    runner = Runner(demo)
    runner.call("log_execution", completion_status="completed", date="2026-02-10")
    names = [w["name"] for w in runner.call("get_plan_summary")["next_workouts"]]
    assert names[0] == "Tempo 3 x 8 min"


def test_a_workout_tells_why_it_is_there(demo: Database) -> None:
    runner = Runner(demo)
    runner.adapt(kind="move", date="2026-02-12", to_date="2026-02-13")
    found = runner.call("get_workout", date="2026-02-13")
    assert (found["workout_id"], found["weekday"], found["effort"]) == (
        "wk_988",
        "Friday",
        "RPE 6-7",
    )
    assert found["structure"]["main"] == ["3 x 8 min at tempo effort, 2 min easy between"]
    assert found["rationale"].startswith("Threshold work")
    (change,) = found["history"]
    assert (change["version"], change["rule"]) == (2, "move")
    assert found["coach_cues"]


def test_the_last_change_leads_back_to_its_rule_and_to_the_run_behind_it(demo: Database) -> None:
    runner = Runner(demo)
    felt = {"rpe": 9}
    runner.call("log_execution", completion_status="completed", date="2026-02-10", feedback=felt)
    changed = runner.adapt(kind="fatigue")
    found = runner.call("get_workout", date="2026-02-12")
    assert found["rationale"].startswith("Threshold work")
    (change,) = found["history"]
    assert (change["rule"], change["reason"]) == (changed["rule"], changed["reason"])
    assert change["rule_words"].startswith("A strong sign")
    assert change["date"] == "2026-02-10"
    run = change["execution"]
    assert (run["date"], run["weekday"], run["workout_id"]) == ("2026-02-10", "Tuesday", "wk_987")
    assert run["feedback"]["rpe"] == 9
    assert change["message"] == "x"  # what these tests' turns say


def test_a_change_without_a_run_leads_back_to_the_words_that_asked_for_it(demo: Database) -> None:
    runner = Runner(demo)
    goal = {"kind": "goal", "goal_date": "2026-05-31"}
    proposed = runner.adapt(**goal)
    runner.call("adapt_plan", proposed["proposal_id"], **goal)
    with demo.read() as session:
        (row,) = find_changes(session, "demo", "plan_123")
        asked = find_asked(session, "demo", [row.turn_id or ""])
        assert find_asked(session, "noplan", [row.turn_id or ""]) == {}
        proposal = find_proposal(session, "demo", proposed["proposal_id"])
    assert proposal is not None
    assert row.turn_id == proposal.turn_id  # the turn that asked, not the one that said yes
    assert [(a.today.isoformat(), a.text) for a in asked.values()] == [("2026-02-10", "x")]
    (change,) = runner.call("get_workout", date="2026-05-31")["history"]
    assert (change["execution"], change["execution_id"], change["message"]) == (None, None, "x")


def test_every_workout_of_the_plan_can_be_read(demo: Database) -> None:
    runner = Runner(demo)
    for n in range((dt.date(2026, 5, 18) - MONDAY).days + 1):
        day = MONDAY + dt.timedelta(days=n)
        found = runner.call("get_workout", date=day.isoformat())
        assert found["date"] == day.isoformat()
        assert found["name"]


def test_what_is_not_there_is_said(demo: Database) -> None:
    runner = Runner(demo)
    assert runner.call("get_workout")["error"]["code"] == "invalid_arguments"
    outside = runner.call("get_workout", date="2030-01-01")["error"]
    assert outside["code"] == "no_such_workout"
    assert "2026-05-18" in outside["message"]
    without = Runner(demo, "noplan")
    for name, said in (("get_plan_summary", {}), ("get_workout", {"date": "2026-02-10"})):
        assert without.call(name, **said)["error"]["code"] == "no_plan"
    assert without.adapt(kind="fatigue")["error"]["code"] == "no_plan"


def test_a_workout_of_another_runner_is_not_there(demo: Database) -> None:
    other = Runner(demo, "noplan")
    other.call("create_plan", goal_distance="10k", goal_date="2026-05-31")
    result = other.call("get_workout", workout_id="wk_987")
    assert result["error"]["code"] == "no_such_workout"
    logged = other.call("log_execution", completion_status="completed", workout_id="wk_987")
    assert logged["error"]["code"] == "no_such_workout"


def test_progress_compares_planned_and_done(demo: Database) -> None:
    runner = Runner(demo)
    runner.call(
        "log_execution",
        completion_status="completed",
        date="2026-02-10",
        actual_metrics={"distance_km": 6.5, "duration_minutes": 40},
    )
    found = runner.call("get_progress", weeks=2)
    assert [week["week_start_date"] for week in found["weeks"]] == ["2026-02-02", "2026-02-09"]
    assert found["weeks"][1]["done_km"] == 6.5
    assert found["weeks"][1]["runs"] == 1
    assert "6.5 km in 2 weeks" in found["trend"]
    empty = Runner(demo, "noplan").call("get_progress")
    assert [week["planned_km"] for week in empty["weeks"]] == [0, 0, 0, 0]


def test_without_the_subscription_nothing_is_read_or_done(demo: Database) -> None:
    for user in ("inactive", "active_not_entitled"):
        for name in ("get_plan_summary", "get_progress"):
            assert Runner(demo, user).call(name)["error"]["code"] == "not_entitled"
