"""Looking back: planned and done by week, adherence, and which way it goes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from training.adherence import ON_TRACK, PARTLY, adherence_score
from training.executions import CompletionStatus, Execution
from training.history import executed_km, plan_paces
from training.measures import is_run, mean
from training.plans import Plan
from training.units import monday_of
from training.workouts import Workout, WorkoutType

KEY_TYPES = (WorkoutType.TEMPO, WorkoutType.INTERVAL, WorkoutType.LONG)
KEY_WEIGHT = 1.5
TREND_SHARE = 0.10
UNKNOWN_EASY_S_PER_KM = 390.0  # without a plan, for runs logged by time alone
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekProgress:
    """One week: planned and done km and minutes, runs, and adherence (None where nothing counts).

    The current week counts up to today.
    """

    week_start_date: dt.date
    planned_km: float
    done_km: float
    planned_minutes: float
    done_minutes: float
    planned_runs: int
    done_runs: int
    adherence: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Weeks oldest first, the whole stretch's adherence, and words for it.

    volume_trend: "up", "steady" or "down", None with fewer than two weeks. band: "on track",
    "partly" or "adapt the plan", None where nothing is scored.
    """

    weeks: tuple[WeekProgress, ...]
    adherence: int | None
    band: str | None
    volume_trend: str | None

    @property
    def done_km(self) -> float:
        """All km of the stretch."""
        return round(sum(week.done_km for week in self.weeks), 1)


def progress(
    plan: Plan | None, done: Sequence[Execution], today: dt.date, weeks: int = 4
) -> Progress:
    """Compare planned and done over the last weeks, the current one included.

    Adherence is the mean weighted by planned minutes, quality and long runs 1.5 times; past runs
    without a log are left out of it, since nothing was said of them.
    """
    first = monday_of(today) - (weeks - 1) * WEEK
    mondays = [first + i * WEEK for i in range(weeks)]
    workouts = {w.id: w for w in plan.workouts} if plan is not None else {}
    easy = plan_paces(plan).easy_s_per_km if plan is not None else UNKNOWN_EASY_S_PER_KM
    rows = tuple(_week(workouts, done, monday, today, easy) for monday in mondays)
    stretch = [e for e in done if first <= e.performed_on <= today]
    score = _weighted(workouts, stretch)
    return Progress(rows, score, _band(score), _trend(rows, today))


def _week(
    workouts: dict[str, Workout],
    done: Sequence[Execution],
    monday: dt.date,
    today: dt.date,
    easy_s_per_km: float,
) -> WeekProgress:
    last = min(monday + WEEK - dt.timedelta(days=1), today)
    planned = [w for w in workouts.values() if is_run(w) and monday <= w.scheduled_date <= last]
    logged = [e for e in done if monday <= e.performed_on <= last]
    runs = [e for e in logged if e.completion_status is not CompletionStatus.MISSED]
    km = [executed_km(e, workouts.get(e.workout_id or ""), easy_s_per_km) for e in runs]
    minutes = [
        e.actual_metrics.duration_minutes
        or distance * (e.actual_metrics.pace_s_per_km or easy_s_per_km) / 60
        for e, distance in zip(runs, km, strict=True)
    ]
    return WeekProgress(
        week_start_date=monday,
        planned_km=round(sum(w.planned_km for w in planned), 1),
        done_km=round(sum(km), 1),
        planned_minutes=round(sum(w.planned_minutes for w in planned), 1),
        done_minutes=round(sum(minutes), 1),
        planned_runs=len(planned),
        done_runs=sum(distance > 0 for distance in km),
        adherence=_weighted(workouts, logged),
    )


def _weighted(workouts: dict[str, Workout], done: Sequence[Execution]) -> int | None:
    total = weights = 0.0
    for execution in done:
        workout = workouts.get(execution.workout_id or "")
        if workout is None or not is_run(workout):
            continue
        score = adherence_score(workout, execution)
        if score is None:
            continue
        weight = workout.planned_minutes * (KEY_WEIGHT if workout.type in KEY_TYPES else 1.0)
        total += weight * score
        weights += weight
    return round(total / weights) if weights else None


def _band(score: int | None) -> str | None:
    if score is None:
        return None
    if score >= ON_TRACK:
        return "on track"
    return "partly" if score >= PARTLY else "adapt the plan"


def _trend(rows: Sequence[WeekProgress], today: dt.date) -> str | None:
    """Compare the later half of the whole weeks with the earlier one."""
    whole = [row.done_km for row in rows if row.week_start_date + WEEK <= today + WEEK / 7]
    if len(whole) < 2:
        return None
    half = len(whole) // 2
    before, after = mean(whole[:half]), mean(whole[-half:])
    if after > before * (1 + TREND_SHARE):
        return "up"
    return "down" if after < before * (1 - TREND_SHARE) else "steady"
