"""Adherence scores and progress."""

import datetime as dt

import pytest

from training.adherence import adherence_score
from training.executions import ActualMetrics, CompletionStatus, Execution, Feedback
from training.progress import progress
from training.workouts import (
    PaceRange,
    RpeRange,
    Structure,
    Targets,
    Workout,
    WorkoutType,
)

DAY = dt.date(2026, 2, 10)
EASY = Workout(
    "wk_987",
    DAY,
    WorkoutType.EASY,
    "40 min easy",
    Structure(),
    Targets(duration_minutes=40, rpe=RpeRange(3, 4)),
    planned_km=6.6,
    planned_minutes=40,
)
TEMPO = Workout(
    "wk_1",
    DAY,
    WorkoutType.TEMPO,
    "Tempo 3 x 8 min",
    targets=Targets(duration_minutes=45, rpe=RpeRange(6, 7)),
    planned_km=8,
    planned_minutes=45,
)
COMPLETED, MODIFIED, MISSED = CompletionStatus


def logged(status=COMPLETED, minutes=None, rpe=None, workout=EASY, **more):
    return Execution(
        "ex_1",
        workout.id,
        DAY,
        status,
        ActualMetrics(duration_minutes=minutes),
        Feedback(rpe=rpe),
        **more,
    )


def test_the_schema_example_scores_72():
    run = Execution(
        "ex_1",
        "wk_987",
        DAY,
        MODIFIED,
        ActualMetrics(35, 6.2, "5:40", 158, 8, 168),
        Feedback(8, 4, 3, "Felt heavy in last 10 minutes"),
    )
    assert adherence_score(EASY, run) == 72


@pytest.mark.parametrize(
    ("minutes", "rpe", "score"),
    [(40, 4, 100), (44, 3, 100), (32, None, 83), (48, None, 83), (80, 4, 38), (10, 3, 51)],
)
def test_volume_and_effort_make_the_score(minutes, rpe, score):
    assert adherence_score(EASY, logged(minutes=minutes, rpe=rpe)) == score


def test_missed_is_nothing_rest_is_everything_and_stopping_for_safety_is_not_scored():
    rest = Workout("wk_2", DAY, WorkoutType.REST, "Rest")
    assert adherence_score(EASY, logged(MISSED)) == 0
    assert adherence_score(rest, logged()) == 100
    assert adherence_score(rest, logged(minutes=30)) is None
    assert adherence_score(EASY, logged(minutes=10, stopped_for_safety=True)) is None


def test_too_gentle_costs_only_on_quality():
    assert adherence_score(EASY, logged(minutes=40, rpe=1)) == 100
    assert adherence_score(TEMPO, logged(minutes=45, rpe=4, workout=TEMPO)) == 94


def test_an_easy_run_that_is_too_fast_costs_and_a_slow_one_does_not():
    paced = Workout(
        "wk_3",
        DAY,
        WorkoutType.EASY,
        "40 min easy",
        targets=Targets(duration_minutes=40, pace_range=PaceRange(360, 400)),
        planned_km=6.3,
        planned_minutes=40,
    )
    fast = Execution("e", "wk_3", DAY, COMPLETED, ActualMetrics(40, avg_pace="5:24"))
    slow = Execution("e", "wk_3", DAY, COMPLETED, ActualMetrics(40, avg_pace="7:30"))
    assert adherence_score(paced, fast) == 85
    assert adherence_score(paced, slow) == 100


def test_a_run_without_numbers_is_scored_by_its_status():
    assert adherence_score(EASY, logged()) == 100
    assert adherence_score(EASY, logged(MODIFIED)) == 80


def test_progress_without_a_plan_counts_what_was_run():
    runs = [
        Execution(
            f"e{i}", None, DAY - dt.timedelta(days=7 * i), COMPLETED, ActualMetrics(60, 10 - i)
        )
        for i in range(4)
    ]
    found = progress(None, runs, DAY + dt.timedelta(days=5), weeks=4)
    assert [week.done_km for week in found.weeks] == [7, 8, 9, 10]
    assert (found.adherence, found.band, found.volume_trend) == (None, None, "up")
    assert found.done_km == 34


def test_progress_of_an_empty_stretch_says_nothing():
    found = progress(None, [], DAY, weeks=1)
    assert (found.adherence, found.volume_trend, found.weeks[0].done_runs) == (None, None, 0)


# The parts of the score, each alone: 55 % volume, 30 % intensity, 15 % status.


@pytest.mark.parametrize(
    ("share", "score"),
    [
        (1.0, 100),
        (1.1, 100),
        (1.16, 93),
        (1.2, 89),
        (0.8, 89),
        (0.5, 72),
        (0.49, 64),
        (1.45, 54),
        (1.7, 38),
        (0.1, 43),
    ],
)
def test_volume_costs_its_shortfall_and_twice_its_overrun(share, score):
    assert adherence_score(EASY, logged(minutes=40 * share, rpe=4)) == score


@pytest.mark.parametrize(
    ("workout", "rpe", "score"),
    [
        (EASY, 4, 100),
        (EASY, 5, 96),
        (EASY, 6, 91),
        (EASY, 10, 73),
        (EASY, 2, 100),
        (TEMPO, 6, 100),
        (TEMPO, 5, 97),
        (TEMPO, 3, 91),
        (TEMPO, 0, 82),
        (TEMPO, 8, 96),
    ],
)
def test_effort_costs_15_a_point_over_and_10_under_where_it_should_be_hard(workout, rpe, score):
    minutes = workout.targets.duration_minutes
    assert adherence_score(workout, logged(minutes=minutes, rpe=rpe, workout=workout)) == score


@pytest.mark.parametrize(
    ("pace", "score"), [("6:00", 100), ("5:42", 92), ("5:24", 85), ("4:30", 70), ("4:00", 70)]
)
def test_an_easy_pace_costs_five_for_each_percent_too_fast(pace, score):
    paced = Workout(
        "wk_3",
        DAY,
        WorkoutType.LONG,
        "Long",
        targets=Targets(duration_minutes=40, pace_range=PaceRange(360, 400)),
        planned_km=6.3,
        planned_minutes=40,
    )
    run = Execution("e", "wk_3", DAY, COMPLETED, ActualMetrics(40, avg_pace=pace))
    assert adherence_score(paced, run) == score


def test_effort_and_pace_are_averaged_and_a_sessions_pace_is_not_judged():
    targets = Targets(duration_minutes=40, pace_range=PaceRange(360, 400), rpe=RpeRange(3, 4))
    easy = Workout("w", DAY, WorkoutType.EASY, "Easy", targets=targets, planned_minutes=40)
    run = Execution("e", "w", DAY, COMPLETED, ActualMetrics(40, avg_pace="5:24"), Feedback(rpe=4))
    assert adherence_score(easy, run) == round(55 + 0.30 * 75 + 15)
    hard = Workout("w", DAY, WorkoutType.TEMPO, "Tempo", targets=targets, planned_minutes=40)
    assert adherence_score(hard, run) == 100


def test_the_status_counts_15_and_half_of_it_for_half_a_run():
    assert adherence_score(EASY, logged(MODIFIED, minutes=40, rpe=4)) == 97
    assert adherence_score(EASY, logged(MODIFIED, minutes=20, rpe=4)) == round(27.5 + 30 + 12)
    assert adherence_score(EASY, logged(MODIFIED, minutes=19, rpe=4)) == round(26.1 + 30 + 7.5)


def test_volume_is_measured_in_the_targets_unit_then_in_what_was_planned():
    def score(targets, metrics):
        workout = Workout(
            "w", DAY, WorkoutType.EASY, "Easy", targets=targets, planned_km=8, planned_minutes=50
        )
        run = Execution("e", "w", DAY, COMPLETED, metrics, Feedback(rpe=4))
        return adherence_score(workout, run)

    rpe = RpeRange(3, 4)
    by_both = Targets(duration_minutes=50, distance_km=10, rpe=rpe)
    assert score(by_both, ActualMetrics(50, 5.0)) == 100
    assert score(by_both, ActualMetrics(None, 6.0)) == 78
    assert score(Targets(rpe=rpe), ActualMetrics(25, 8.0)) == 100
    assert score(Targets(rpe=rpe), ActualMetrics(30, None)) == 78
    assert score(Targets(distance_km=10, rpe=rpe), ActualMetrics(50, 6.0)) == 78
    assert score(Targets(rpe=rpe), ActualMetrics()) == 100


def test_a_rest_day_with_a_run_is_not_scored():
    rest = Workout("wk_2", DAY, WorkoutType.REST, "Rest")
    by_km = Execution("e", "wk_2", DAY, COMPLETED, ActualMetrics(distance_km=5))
    assert adherence_score(rest, by_km) is None
    assert adherence_score(rest, logged(MISSED)) == 100
