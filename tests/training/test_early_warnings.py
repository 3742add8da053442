"""Early warnings in logged runs, and what they change."""

import datetime as dt

from training.adaptation import adapt
from training.changes import FeelingStrong, Missed, NoChange
from training.executions import ActualMetrics, CompletionStatus, Execution, Feedback
from training.measures import QUALITY_TYPES, is_run

TODAY = dt.date(2026, 3, 16)


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


def test_two_weeks_that_did_not_fit_lead_to_a_question_about_days(demo, demo_runner):
    missed = tuple(logged(demo, missed=True))
    day = next(w.scheduled_date for w in demo.workouts if is_run(w) and w.scheduled_date >= TODAY)
    asked = adapt(demo, demo_runner, missed, Missed((day,)), TODAY)
    assert any("Which days" in advice for advice in asked.advice)
    usual = adapt(demo, demo_runner, (), Missed((day,)), TODAY)
    assert not any("Which days" in advice for advice in usual.advice)
