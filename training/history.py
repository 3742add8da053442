"""What counts as run: logged runs in place of the planned past, the plan for what is to come."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from training.executions import CompletionStatus, Execution
from training.keeping import kept
from training.ledger import reference_longest_km, reference_week_km
from training.measures import is_hard, is_run
from training.paces import Paces, training_paces
from training.plans import Plan, Week
from training.tables import FIRST_RUN_KM, SPIKE_DAYS
from training.units import DAY, monday_of
from training.workouts import Workout


@dataclass(frozen=True, slots=True)
class Load:
    """A run on a day: km, minutes, whether hard, and whether it is still only planned."""

    day: dt.date
    km: float
    hard: bool
    workout: Workout | None  # the open workout, None for what is past or logged


@dataclass(frozen=True)  # no slots: what is asked for again and again is kept
class History:
    """A plan seen from a day: what was run until now, what is planned from now on.

    A past workout without a log counts as planned (nothing was said), a missed one as 0.
    """

    plan: Plan
    today: dt.date
    loads: tuple[Load, ...]
    logged_ids: frozenset[str]

    def is_open(self, workout: Workout) -> bool:
        """Whether the entry may still change: from today on, and not logged."""
        return workout.scheduled_date >= self.today and workout.id not in self.logged_ids

    def open_in(self, week: Week) -> tuple[Workout, ...]:
        """Return the open runs of one of the plan's weeks."""
        return self._open_by_monday[week.week_start_date]

    def km_in(self, week: Week) -> float:
        """Return the week's km, run and planned."""
        return self._km_by_monday.get(week.week_start_date, 0.0)

    def done_km_in(self, week: Week) -> float:
        """Return the week's km that were run, or are not open any more."""
        return self._done_by_monday.get(week.week_start_date, 0.0)

    @kept
    def _open_by_monday(self) -> Mapping[dt.date, tuple[Workout, ...]]:
        return {
            week.week_start_date: tuple(w for w in week.workouts if is_run(w) and self.is_open(w))
            for week in self.plan.weeks
        }

    @kept
    def _km_by_monday(self) -> Mapping[dt.date, float]:
        return _sums_by_monday(self.loads)

    @kept
    def _done_by_monday(self) -> Mapping[dt.date, float]:
        return _sums_by_monday(load for load in self.loads if load.workout is None)

    @kept
    def _load_days(self) -> Sequence[dt.date]:
        return [load.day for load in self.loads]

    def longest_before(self, day: dt.date) -> float:
        """Return the longest run of the 30 days before, the level's first run without any."""
        first = day - SPIKE_DAYS * DAY
        days = self._load_days
        recent = [load.km for load in self.loads[bisect_left(days, first) : bisect_left(days, day)]]
        if self.plan.start_date - DAY >= first:
            recent.append(reference_longest(self.plan))
        return max(recent, default=0.0) or FIRST_RUN_KM[self.plan.inputs.experience_level] - 1.0


def _sums_by_monday(loads: Iterable[Load]) -> Mapping[dt.date, float]:
    sums: dict[dt.date, float] = {}
    for load in loads:
        monday = monday_of(load.day)
        sums[monday] = sums.get(monday, 0.0) + load.km
    return sums


def plan_paces(plan: Plan) -> Paces:
    """Return the paces that the plan's fitness gives."""
    return training_paces(plan.inputs.baseline_fitness.value)


def reference_longest(plan: Plan) -> float:
    """Return the longest run before the plan began, in km."""
    return reference_longest_km(plan.inputs, plan_paces(plan).easy_s_per_km)


def reference_week(plan: Plan) -> float:
    """Return the week before the plan began, in km."""
    return reference_week_km(plan.inputs, plan.goal_distance)


def executed_km(execution: Execution, workout: Workout | None, easy_s_per_km: float) -> float:
    """Return the km of a logged run: said, else from its minutes, else as planned."""
    if execution.completion_status is CompletionStatus.MISSED:
        return 0.0
    metrics = execution.actual_metrics
    if metrics.distance_km is not None:
        return metrics.distance_km
    if metrics.duration_minutes is not None:
        return metrics.duration_minutes * 60 / (metrics.pace_s_per_km or easy_s_per_km)
    return workout.planned_km if workout is not None else 0.0


def history_of(
    plan: Plan, today: dt.date, done: Sequence[Execution], *, gap_from: dt.date | None = None
) -> History:
    """Return the plan seen from a day. gap_from: nothing unlogged since then was run."""
    by_id = {workout.id: workout for workout in plan.workouts}
    logged = {e.workout_id: e for e in done if e.workout_id is not None}
    easy = plan_paces(plan).easy_s_per_km
    loads = []
    for execution in done:
        workout = by_id.get(execution.workout_id or "")
        km = executed_km(execution, workout, easy)
        if km > 0:
            hard = workout is not None and is_hard(workout)
            loads.append(Load(execution.performed_on, km, hard, None))
    for workout in by_id.values():
        if workout.id in logged or not (is_run(workout) or is_hard(workout)):
            continue
        past = workout.scheduled_date < today
        if past and gap_from is not None and workout.scheduled_date >= gap_from:
            continue
        loads.append(
            Load(
                workout.scheduled_date,
                workout.planned_km,
                is_hard(workout),
                None if past else workout,
            )
        )
    loads.sort(key=lambda load: load.day)
    return History(plan, today, tuple(loads), frozenset(logged))
