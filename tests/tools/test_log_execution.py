"""Runs are recorded as said, scored by the engine, corrected by a second log."""

import datetime as dt
from typing import Any

import pytest
from running import Runner

from storage.database import Database
from storage.executions import find_executions

TUESDAY = "2026-02-10"


def metrics(**said: Any) -> dict[str, Any]:
    return {"completion_status": "completed", "date": TUESDAY, "actual_metrics": said}


def test_the_seeds_record_is_key_for_key(demo: Database) -> None:
    said = {
        "workout_id": "wk_987",
        "completion_status": "modified",
        "actual_metrics": {
            "duration_minutes": 35,
            "distance_km": 6.2,
            "avg_pace": "5:40",
            "hr_avg": 158,
            "hr_drift": 8,
            "cadence": 168,
        },
        "feedback": {
            "rpe": 8,
            "soreness": 4,
            "fatigue": 3,
            "notes": "Felt heavy in last 10 minutes",
        },
    }
    runner = Runner(demo, today=dt.date(2026, 2, 9))
    assert runner.call("log_execution", **said) == said | {"adherence_score": 72}


def test_a_correction_changes_what_was_said_and_keeps_the_rest(demo: Database) -> None:
    runner = Runner(demo)
    runner.call("log_execution", **metrics(duration_minutes=40, hr_avg=142), feedback={"rpe": 3})
    again = runner.call(
        "log_execution", completion_status="completed", date=TUESDAY, feedback={"rpe": 5}
    )
    assert again["actual_metrics"]["hr_avg"] == 142
    assert again["feedback"]["rpe"] == 5
    with demo.read() as session:
        found = find_executions(session, "demo", dt.date(2026, 1, 1), dt.date(2026, 3, 1))
    assert [(e.workout_id, e.feedback.rpe) for e in found] == [("wk_987", 5)]


def test_notes_are_added_to(demo: Database) -> None:
    runner = Runner(demo)
    for note in ("Legs heavy", "Windy", "Windy"):
        result = runner.call(
            "log_execution",
            completion_status="completed",
            date=TUESDAY,
            feedback={"notes": note},
        )
    assert result["feedback"]["notes"] == "Legs heavy; Windy"


def test_a_missed_workout_scores_nothing_and_keeps_no_numbers(demo: Database) -> None:
    runner = Runner(demo)
    runner.call("log_execution", **metrics(duration_minutes=40))
    missed = runner.call("log_execution", completion_status="missed", date=TUESDAY)
    assert missed["adherence_score"] == 0
    assert missed["actual_metrics"]["duration_minutes"] is None


def test_a_run_on_a_rest_day_is_kept_outside_the_plan(demo: Database) -> None:
    runner = Runner(demo, today=dt.date(2026, 2, 11))
    said = metrics(distance_km=5) | {"date": "2026-02-11"}
    assert runner.call("log_execution", **said)["workout_id"] is None
    more = runner.call("log_execution", **said, feedback={"rpe": 2})
    assert (more["adherence_score"], more["feedback"]["rpe"]) == (None, 2)


def test_a_run_that_was_stopped_for_safety_is_not_scored(demo: Database) -> None:
    said = metrics(duration_minutes=10) | {"completion_status": "modified"}
    result = Runner(demo).call("log_execution", **said, stopped_for_safety=True)
    assert result["adherence_score"] is None


@pytest.mark.parametrize(
    ("said", "code", "word"),
    [
        ({"date": "2026-02-12"}, "invalid_arguments", "still to come"),
        ({}, "invalid_arguments", "which day"),
        ({"workout_id": "wk_nope"}, "no_such_workout", "wk_nope"),
        ({"date": TUESDAY, "actual_metrics": {"avg_pace": "1:59"}}, "impossible_value", "1:59"),
        (
            {"date": TUESDAY, "actual_metrics": {"distance_km": 200, "duration_minutes": 20}},
            "impossible_value",
            "a pace of 0:06",
        ),
        ({"date": TUESDAY, "actual_metrics": {"hr_avg": 300}}, "impossible_value", "300"),
        (
            {
                "date": TUESDAY,
                "actual_metrics": {
                    "distance_km": 10,
                    "duration_minutes": 50,
                    "avg_pace": "6:00",
                },
            },
            "impossible_value",
            "which of the three",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_logged(
    demo: Database, said: dict[str, Any], code: str, word: str
) -> None:
    result = Runner(demo).call("log_execution", completion_status="completed", **said)
    assert result["error"]["code"] == code
    assert word in result["error"]["message"]
    assert Runner(demo).call("get_workout", date=TUESDAY)["execution"] is None


def test_nothing_is_missed_on_a_rest_day(demo: Database) -> None:
    runner = Runner(demo, today=dt.date(2026, 2, 11))
    result = runner.call("log_execution", completion_status="missed", date="2026-02-11")
    assert "nothing was planned" in result["error"]["message"]


def test_a_workout_can_be_run_some_days_early_but_not_weeks(demo: Database) -> None:
    runner = Runner(demo)
    early = runner.call("log_execution", completion_status="completed", workout_id="wk_989")
    assert early["workout_id"] == "wk_989"
    far = runner.call("get_workout", date="2026-03-15")["workout_id"]
    result = runner.call("log_execution", completion_status="completed", workout_id=far)
    assert "days early" in result["error"]["message"]
