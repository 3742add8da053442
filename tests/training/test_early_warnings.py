"""Early warnings in logged runs, and what they change."""

import datetime as dt
from dataclasses import replace

from training.adaptation import adapt
from training.changes import Adaptation, Fatigue, FeelingStrong, Missed, NoChange, Pain
from training.executions import ActualMetrics, CompletionStatus, Execution, Feedback
from training.measures import QUALITY_TYPES, block_minutes, is_run
from training.units import render_pace
from training.workouts import WorkoutType

TODAY = dt.date(2026, 3, 16)
DAY = dt.timedelta(days=1)


def logged(plan, *, easy_pace=None, missed=False):
    status = CompletionStatus.MISSED if missed else CompletionStatus.COMPLETED
    for w in plan.workouts:
        if not is_run(w) or w.scheduled_date >= TODAY:
            continue
        easy = easy_pace is not None and w.type not in QUALITY_TYPES
        metrics = ActualMetrics(w.planned_minutes, avg_pace=easy_pace if easy else None)
        rpe = 5 if easy else w.targets.rpe.low
        yield Execution(
            f"ex_{w.id}",
            w.id,
            w.scheduled_date,
            status,
            ActualMetrics() if missed else metrics,
            Feedback() if missed else Feedback(rpe),
            0 if missed else 95,
        )


def test_easy_runs_that_are_too_fast_hold_the_paces_back(demo, demo_runner):
    fast = tuple(logged(demo, easy_pace="4:30"))
    result = adapt(demo, demo_runner, fast, FeelingStrong(), TODAY)
    assert isinstance(result, NoChange)
    assert "slow them down" in result.reason
    good = tuple(logged(demo))
    assert not isinstance(adapt(demo, demo_runner, good, FeelingStrong(), TODAY), NoChange)


def test_after_two_weeks_that_did_not_fit_a_fifth_less_is_proposed_once(demo, demo_runner):
    missed = tuple(logged(demo, missed=True))
    day = next(w.scheduled_date for w in demo.workouts if is_run(w) and w.scheduled_date >= TODAY)
    asked = adapt(demo, demo_runner, missed, Missed((day,)), TODAY)
    assert isinstance(asked, Adaptation)
    assert (asked.rule, asked.needs_yes) == ("3.1-repeated", True)
    assert any("Which days" in advice for advice in asked.advice)
    for before, after in zip(demo.weeks, asked.plan.weeks, strict=True):
        if after.week_start_date > TODAY:
            assert after.target_volume_km <= 0.81 * before.target_volume_km + 0.1
    again = adapt(asked.plan, demo_runner, missed, Missed((day,)), TODAY)
    assert isinstance(again, NoChange)
    usual = adapt(demo, demo_runner, (), Missed((day,)), TODAY)
    assert isinstance(usual, Adaptation)
    assert usual.rule == "3.1-missed"


def test_sessions_missed_twice_and_felt_harder_lower_the_paces_once(demo, demo_runner):
    done = tuple(
        replace(
            execution,
            actual_metrics=ActualMetrics(execution.actual_metrics.duration_minutes, avg_pace=pace),
            feedback=Feedback(workout.targets.rpe.high + 1),
        )
        for execution in logged(demo)
        for workout in demo.workouts
        if workout.id == execution.workout_id and workout.type in QUALITY_TYPES
        for pace in [render_pace(1.05 * 60 * workout.planned_minutes / workout.planned_km)]
    )
    result = adapt(demo, demo_runner, done, Fatigue(), TODAY)
    assert isinstance(result, Adaptation)
    assert (result.rule, result.trigger) == ("3.6-missed-targets", done[-1].id)
    old, new = (p.inputs.baseline_fitness.value for p in (demo, result.plan))
    assert 0.98 * old <= new < old
    assert result.delta.volume_change <= 0
    assert isinstance(adapt(result.plan, demo_runner, done, Fatigue(), TODAY), NoChange)
    assert isinstance(adapt(demo, demo_runner, done[-1:], Fatigue(), TODAY), NoChange)


def test_long_runs_that_drift_stay_as_long_and_become_easy(demo, demo_runner):
    done = tuple(
        replace(e, actual_metrics=replace(e.actual_metrics, hr_drift=7.0)) for e in logged(demo)
    )
    result = adapt(demo, demo_runner, done, Fatigue(), TODAY)
    assert isinstance(result, Adaptation)
    assert result.rule == "3.5-drift"
    ran = max(w.planned_km for w in demo.workouts if w.scheduled_date < TODAY)
    for week in result.plan.weeks:
        for w in week.workouts:
            if w.type is WorkoutType.LONG and TODAY <= w.scheduled_date <= TODAY + 21 * DAY:
                assert w.planned_km <= ran + 0.1
                assert block_minutes(w) == 0
    assert isinstance(adapt(result.plan, demo_runner, done, Fatigue(), TODAY), NoChange)


def test_a_drift_of_five_percent_is_no_drift_yet(demo, demo_runner):
    done = tuple(
        replace(e, actual_metrics=replace(e.actual_metrics, hr_drift=5.0)) for e in logged(demo)
    )
    assert isinstance(adapt(demo, demo_runner, done, Fatigue(), TODAY), NoChange)
    over = tuple(
        replace(e, actual_metrics=replace(e.actual_metrics, hr_drift=5.5)) for e in logged(demo)
    )
    assert isinstance(adapt(demo, demo_runner, over, Fatigue(), TODAY), Adaptation)


def test_light_pain_keeps_this_weeks_long_run_as_long_as_usual(demo, demo_runner):
    monday = dt.date(2026, 2, 16)
    result = adapt(demo, demo_runner, (), Pain("calf", 2), monday)
    assert isinstance(result, Adaptation)
    change = next(c for c in result.changes if c.before.type is WorkoutType.LONG)
    assert change.after.scheduled_date <= monday + 6 * DAY
    assert all(c.after.planned_km <= c.before.planned_km for c in result.changes)
    assert len(result.changes) == 1 or "becomes" in result.reason
    before = max(w.planned_km for w in demo.workouts if w.scheduled_date < monday)
    assert change.after.planned_km < change.before.planned_km
    assert change.after.planned_km <= before + 0.1
