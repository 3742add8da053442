"""Early warnings: easy runs that are too fast, targets missed, weeks that don't fit."""

import datetime as dt
from collections.abc import Sequence

from training.executions import CompletionStatus, Execution
from training.history import plan_paces
from training.measures import QUALITY_TYPES
from training.plans import Plan
from training.progress import progress
from training.units import DAY, monday_of, render_pace
from training.workouts import Workout, WorkoutType

WINDOW_DAYS = 28
FAST_RUNS, FAST_RPE = 3, 5
LOW_ADHERENCE, LOW_WEEKS = 60, 2
MISSED_BY, MISSED_TIMES = 1.03, 2
DRIFT_PERCENT, DRIFT_RUNS, DRIFT_TIMES = 5.0, 3, 2
GENTLE = (WorkoutType.EASY, WorkoutType.RECOVERY, WorkoutType.LONG)


def easy_runs_too_fast(plan: Plan, done: Sequence[Execution], today: dt.date) -> bool:
    """Say whether three easy runs of four weeks were faster than easy and felt like it (RPE 5 up).

    Such runs are a reason to slow down, never to raise paces.
    """
    fast_end = plan_paces(plan).easy.fast_s_per_km
    fast = 0
    for execution, workout in _pairs(plan, done, today):
        pace, rpe = execution.actual_metrics.pace_s_per_km, execution.feedback.rpe
        too_fast = pace is not None and pace < fast_end
        fast += workout.type in GENTLE and too_fast and rpe is not None and rpe >= FAST_RPE
    return fast >= FAST_RUNS


def missed_targets(plan: Plan, done: Sequence[Execution], today: dt.date) -> tuple[Execution, ...]:
    """Return the sessions of four weeks that were over 3 % slower than planned and felt harder.

    A session's pace is that of the whole run, warmup and recoveries included, as it was logged.
    Those before the last change of fitness don't count again.
    """
    since = plan.inputs.baseline_fitness.as_of
    found = []
    for execution, workout in _pairs(plan, done, today):
        pace, rpe = execution.actual_metrics.pace_s_per_km, execution.feedback.rpe
        band = workout.targets.rpe
        if workout.type not in QUALITY_TYPES or pace is None or rpe is None or band is None:
            continue
        if not workout.planned_km or (since is not None and execution.performed_on <= since):
            continue
        planned = workout.planned_minutes * 60 / workout.planned_km
        if pace > MISSED_BY * planned and rpe > band.high:
            found.append(execution)
    return tuple(found)


def drifting_long_runs(
    plan: Plan, done: Sequence[Execution], today: dt.date
) -> tuple[Execution, ...]:
    """Return those of the last three long runs whose heart rate drifted by over 5 %."""
    long = [
        e
        for e, w in _pairs(plan, done, today)
        if w.type is WorkoutType.LONG and e.actual_metrics.hr_drift is not None
    ]
    last = sorted(long, key=lambda e: e.performed_on)[-DRIFT_RUNS:]
    return tuple(e for e in last if (e.actual_metrics.hr_drift or 0.0) > DRIFT_PERCENT)


def weeks_do_not_fit(plan: Plan, done: Sequence[Execution], today: dt.date) -> bool:
    """Say whether the last two whole weeks each scored under 60: the plan should change then.

    Weeks before the last such cut don't count again.
    """
    last_sunday = monday_of(today) - DAY
    fitted_on = plan.inputs.fitted_on
    if fitted_on is not None and last_sunday - (7 * LOW_WEEKS - 1) * DAY < fitted_on:
        return False
    weeks = progress(plan, done, last_sunday, weeks=LOW_WEEKS).weeks
    scores = [week.adherence for week in weeks]
    return all(score is not None and score < LOW_ADHERENCE for score in scores)


def warnings(plan: Plan, done: Sequence[Execution], today: dt.date) -> tuple[str, ...]:
    """Return the early warnings that hold today, in words for the runner.

    done: the logged runs of the last four weeks at least.
    """
    found = []
    if easy_runs_too_fast(plan, done, today):
        found.append(
            "Several easy runs were faster than easy lately, and felt like it: slow them down to "
            f"{render_pace(plan_paces(plan).easy.fast_s_per_km)} a km or slower. Easy days make "
            "the fast ones possible."
        )
    if weeks_do_not_fit(plan, done, today):
        found.append(
            "The last two weeks did not go as planned. Which days, and how much time, do you have? "
            "The plan can be made to fit."
        )
    return tuple(found)


def _pairs(
    plan: Plan, done: Sequence[Execution], today: dt.date
) -> list[tuple[Execution, Workout]]:
    workouts = {w.id: w for w in plan.workouts}
    first = today - WINDOW_DAYS * DAY
    return [
        (e, workouts[e.workout_id])
        for e in done
        if e.workout_id in workouts
        and first <= e.performed_on <= today
        and e.completion_status is not CompletionStatus.MISSED
    ]
