"""The tool that records a run or a missed one."""

import datetime as dt
from dataclasses import asdict, replace
from typing import TypeVar

from pydantic import Field

from storage.errors import WorkoutNotFound
from storage.executions import find_extra, find_for_workout, save_execution
from storage.ids import new_id
from storage.plans import find_workout
from tools.arguments import Arguments, Date, Scale, WorkoutId
from tools.context import Context
from tools.errors import InvalidArguments
from tools.results import Number, Result
from training.adherence import adherence_score
from training.executions import (
    ActualMetrics,
    CompletionStatus,
    Execution,
    Feedback,
    check_metrics,
)
from training.units import weekday
from training.workouts import Workout, WorkoutType

EARLIEST_AHEAD = dt.timedelta(days=7)
T = TypeVar("T", bound=ActualMetrics | Feedback)


class MetricsArguments(Arguments):
    """What was measured. Leave out whatever the runner did not say."""

    duration_minutes: float | None = Field(None, gt=0, le=1440)
    """Moving time in minutes, e.g. 41.5."""
    distance_km: float | None = Field(None, gt=0, le=200)
    """Distance in km (convert miles: 1 mile = 1.609 km), e.g. 6.2."""
    avg_pace: str | None = Field(None, pattern=r"^\d{1,2}:[0-5]\d$")
    """Average pace per km as minutes:seconds, e.g. "5:40"."""
    hr_avg: int | None = Field(None, ge=1, le=400)
    """Average heart rate in beats per minute, e.g. 158."""
    hr_drift: float | None = Field(None, ge=-100, le=100)
    """Heart-rate drift over the run in percent, e.g. 8."""
    cadence: int | None = Field(None, ge=1, le=400)
    """Steps per minute, e.g. 168."""


class FeedbackArguments(Arguments):
    """How it felt. Leave out whatever the runner did not say."""

    rpe: Scale | None = None
    """Effort, 0 (none) to 10 (all out), e.g. 8."""
    soreness: Scale | None = None
    """Muscle soreness, 0 to 10, e.g. 4."""
    fatigue: Scale | None = None
    """General tiredness, 0 to 10, e.g. 3."""
    notes: str | None = Field(None, min_length=1, max_length=1000)
    """The runner's own words, e.g. "Felt heavy in last 10 minutes"."""


class LogExecution(Arguments):
    """Record what the runner did, or that a workout was missed.

    Use it when the runner reports a run ("40 min easy done, rpe 3") or corrects an earlier report:
    a second log of the same workout corrects the first, and fields left out keep what was recorded.
    Do not use it for plans, wishes or questions. Give `workout_id` or `date`; a run on a day
    without a workout is kept as an extra run. Returns the record with its adherence score.
    """

    completion_status: CompletionStatus
    """completed: done as planned; modified: shorter, longer or otherwise changed; missed."""
    date: Date | None = None
    """The day it was run, e.g. "2026-02-10"; never in the future."""
    workout_id: WorkoutId | None = None
    """The workout's id from the plan, e.g. "wk_987"; a workout may be run some days early."""
    actual_metrics: MetricsArguments = MetricsArguments()
    """What was measured."""
    feedback: FeedbackArguments = FeedbackArguments()
    """How it felt."""
    stopped_for_safety: bool = False
    """True where the runner stopped early for pain, illness, heat or danger."""


class MetricsResult(Result):
    """The seed's actual_metrics."""

    duration_minutes: Number | None
    distance_km: Number | None
    avg_pace: str | None
    hr_avg: int | None
    hr_drift: Number | None
    cadence: int | None


class FeedbackResult(Result):
    """The seed's feedback."""

    rpe: int | None
    soreness: int | None
    fatigue: int | None
    notes: str | None


class ExecutionRecord(Result):
    """The seed's 3.2, key for key."""

    workout_id: str | None
    completion_status: CompletionStatus
    actual_metrics: MetricsResult
    feedback: FeedbackResult
    adherence_score: int | None

    @classmethod
    def of(cls, execution: Execution) -> "ExecutionRecord":
        """Return what was recorded."""
        return cls(
            workout_id=execution.workout_id,
            completion_status=execution.completion_status,
            actual_metrics=MetricsResult(**asdict(execution.actual_metrics)),
            feedback=FeedbackResult(**asdict(execution.feedback)),
            adherence_score=execution.adherence_score,
        )


def run(context: Context, arguments: LogExecution) -> ExecutionRecord:
    """Record what was done, or correct it.

    Raises InvalidArguments for a day in the future, WorkoutNotFound, ImpossibleValue.
    """
    workout = _workout(context, arguments)
    former = _former(context, workout, arguments.date)
    execution = Execution(
        id=new_id("exec") if former is None else former.id,
        workout_id=None if workout is None else workout.id,
        performed_on=_performed_on(context, arguments, workout, former),
        completion_status=arguments.completion_status,
        actual_metrics=_merge(
            former.actual_metrics if former else ActualMetrics(), arguments.actual_metrics
        ),
        feedback=_merge(former.feedback if former else Feedback(), arguments.feedback),
        stopped_for_safety=arguments.stopped_for_safety,
    )
    if arguments.completion_status is CompletionStatus.MISSED:
        execution = replace(execution, actual_metrics=ActualMetrics())
    check_metrics(execution.actual_metrics)
    if workout is not None:
        execution = replace(execution, adherence_score=adherence_score(workout, execution))
    save_execution(context.session, context.user_id, execution, now=context.now)
    return ExecutionRecord.of(execution)


def _workout(context: Context, arguments: LogExecution) -> Workout | None:
    """Return the workout that was meant; None for a run on a day that has none."""
    if arguments.date is not None and arguments.date > context.today:
        raise InvalidArguments(
            f"{weekday(arguments.date)} {arguments.date} is still to come; "
            "what was done on a day up to today can be logged",
            field="date",
        )
    if arguments.workout_id is not None:
        workout = find_workout(context.session, context.user_id, workout_id=arguments.workout_id)
        if workout is None:
            raise WorkoutNotFound(f"the plan has no workout {arguments.workout_id!r}")
        if workout.scheduled_date > context.today + EARLIEST_AHEAD:
            raise InvalidArguments(
                f"{workout.name} is planned for {workout.scheduled_date}: a workout can be run "
                f"at most {EARLIEST_AHEAD.days} days early",
                field="workout_id",
            )
        return workout
    if arguments.date is None:
        raise InvalidArguments("say which day, or which workout, it was", field="date")
    workout = find_workout(context.session, context.user_id, date=arguments.date)
    if workout is None or _is_rest(workout):
        if arguments.completion_status is CompletionStatus.MISSED:
            raise InvalidArguments(
                f"nothing was planned on {weekday(arguments.date)} {arguments.date}, "
                "so nothing was missed",
                field="date",
            )
        return None
    return workout


def _is_rest(workout: Workout) -> bool:
    return workout.type is WorkoutType.REST and workout.marker is None


def _former(context: Context, workout: Workout | None, day: dt.date | None) -> Execution | None:
    if workout is not None:
        return find_for_workout(context.session, context.user_id, workout.id)
    return None if day is None else find_extra(context.session, context.user_id, day)


def _performed_on(
    context: Context, arguments: LogExecution, workout: Workout | None, former: Execution | None
) -> dt.date:
    if arguments.date is not None:
        return arguments.date
    if former is not None:
        return former.performed_on
    return context.today if workout is None else min(workout.scheduled_date, context.today)


def _merge(former: T, said: Arguments) -> T:
    """Return what was recorded before with what is said now in its place.

    A note is added to the former one, since both are the runner's words.
    """
    fresh = {key: value for key, value in said.model_dump().items() if value is not None}
    earlier = former.notes if isinstance(former, Feedback) else None
    if earlier and "notes" in fresh:
        known = fresh["notes"] in earlier
        fresh["notes"] = earlier if known else f"{earlier}; {fresh['notes']}"
    return replace(former, **fresh)
