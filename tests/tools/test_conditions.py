"""Heat and altitude through get_workout, and early warnings through get_progress."""

import datetime as dt
from typing import Any

import pytest
from running import Runner

from storage.database import Database
from storage.plans import load_plan

EASY, TEMPO = "2026-02-10", "2026-02-12"


def conditions(database: Database, date: str = TEMPO, **said: float) -> dict[str, Any]:
    found = Runner(database).call("get_workout", date=date, **said)["conditions"]
    assert isinstance(found, dict)
    return found


def seconds(pace_range: str) -> list[int]:
    return [int(p[:-3]) * 60 + int(p[-2:]) for p in pace_range.split("-")]


def test_heat_slows_the_paces_and_changes_nothing(demo: Database) -> None:
    with demo.read() as session:
        before = load_plan(session, "demo")
    found = conditions(demo, temperature_c=30, dew_point_c=20)
    assert found["percent_slower"] == 5.1  # 86 F and 68 F: a sum of 154
    usual, slower = seconds(found["usual_pace_range"]), seconds(found["pace_range"])
    assert [round(s * 1.051) for s in usual] == pytest.approx(slower, abs=1)
    assert "5.1 %" in found["advice"][0]
    with demo.read() as session:
        assert load_plan(session, "demo") == before


def test_humidity_gives_the_dew_point_by_the_magnus_formula(demo: Database) -> None:
    damp = conditions(demo, temperature_c=25, humidity_percent=50)
    assert damp["dew_point_c"] == 13.9
    assert (
        conditions(demo, temperature_c=25, dew_point_c=13.9)["percent_slower"]
        == (damp["percent_slower"])
    )
    known = conditions(demo, temperature_c=25, dew_point_c=10, humidity_percent=90)
    assert known["dew_point_c"] == 10


def test_a_temperature_alone_says_what_is_assumed(demo: Database) -> None:
    found = conditions(demo, EASY, temperature_c=30)
    assert found["dew_point_c"] is None
    assert any("50 % humidity is assumed" in advice for advice in found["advice"])
    cool = conditions(demo, EASY, temperature_c=10)
    assert (cool["percent_slower"], cool["usual_pace_range"]) == (0, cool["pace_range"])
    assert cool["advice"] == ["The temperature asks for no change of pace."]


def test_above_a_sum_of_180_a_tempo_has_no_pace(demo: Database) -> None:
    tempo = conditions(demo, temperature_c=38, dew_point_c=28)
    assert (tempo["no_hard_running"], tempo["pace_range"]) == (True, None)
    assert "too hot for hard running" in tempo["advice"][0]
    easy = conditions(demo, EASY, temperature_c=38, dew_point_c=28)
    assert easy["pace_range"] is not None
    assert "short and easy" in easy["advice"][0]


def test_altitude_slows_a_tempo_and_not_an_easy_run(demo: Database) -> None:
    assert conditions(demo, altitude_m=1500)["percent_slower"] == 3
    easy = conditions(demo, EASY, altitude_m=1800)
    assert easy["percent_slower"] == 0
    assert any("first 3 days" in advice for advice in easy["advice"])
    both = conditions(demo, altitude_m=1500, temperature_c=30, dew_point_c=20)
    assert both["percent_slower"] == 8.1


def test_without_conditions_there_is_nothing_to_adjust(demo: Database) -> None:
    assert Runner(demo).call("get_workout", date=TEMPO)["conditions"] is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"humidity_percent": 50}, "invalid_arguments"),
        ({"dew_point_c": 10}, "invalid_arguments"),
        ({"temperature_c": 90}, "invalid_arguments"),
        ({"temperature_c": 20, "humidity_percent": 0}, "invalid_arguments"),
        ({"temperature_c": 20, "dew_point_c": 25}, "impossible_value"),
    ],
)
def test_weather_that_cannot_be_is_refused(
    demo: Database, said: dict[str, float], code: str
) -> None:
    error = Runner(demo).call("get_workout", date=TEMPO, **said)["error"]
    assert error["code"] == code


def log_easy_runs(database: Database, pace: str, rpe: int) -> Runner:
    with database.read() as session:
        plan = load_plan(session, "demo")
    easy = [w for w in plan.workouts if w.type.value in ("easy", "long")]
    for workout in easy[:4]:
        Runner(database, today=workout.scheduled_date).call(
            "log_execution",
            completion_status="completed",
            date=workout.scheduled_date.isoformat(),
            actual_metrics={"avg_pace": pace, "duration_minutes": 40},
            feedback={"rpe": rpe},
        )
    return Runner(database, today=easy[3].scheduled_date + dt.timedelta(days=1))


@pytest.mark.parametrize("weeks", [1, 4])
def test_easy_runs_that_are_too_fast_are_told_of(demo: Database, weeks: int) -> None:
    runner = log_easy_runs(demo, "4:30", 6)
    (advice,) = runner.call("get_progress", weeks=weeks)["advice"]
    assert "slow them down to 5:40 a km or slower" in advice


def test_easy_runs_that_are_easy_bring_no_warning(demo: Database) -> None:
    runner = log_easy_runs(demo, "6:00", 3)
    assert runner.call("get_progress")["advice"] == []
    assert Runner(demo, "noplan").call("get_progress")["advice"] == []


def test_two_weeks_that_did_not_fit_are_asked_about(demo: Database) -> None:
    with demo.read() as session:
        plan = load_plan(session, "demo")
    monday = dt.date(2026, 2, 23)
    for workout in (w for w in plan.workouts if w.planned_km and w.scheduled_date < monday):
        Runner(demo, today=workout.scheduled_date).call(
            "log_execution", completion_status="missed", workout_id=workout.id
        )
    (advice,) = Runner(demo, today=monday).call("get_progress")["advice"]
    assert "Which days" in advice
