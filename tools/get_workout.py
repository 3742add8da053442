"""The tool that shows one workout whole."""

import datetime as dt

from storage.adaptations import find_changes
from storage.agenda import find_overview
from storage.errors import PlanNotFound, WorkoutNotFound
from storage.executions import find_for_workout
from storage.plans import find_workout
from tools.arguments import Arguments, Date, WorkoutId
from tools.context import Context
from tools.errors import InvalidArguments
from tools.log_execution import ExecutionRecord
from tools.results import HoldResult, Number, Result, render_pace_range, render_segment
from training.units import weekday


class GetWorkout(Arguments):
    """Show one workout whole: structure, targets, cues, what was done, and why it is there.

    Use it for "what's on Thursday", "how do I run the tempo", "why is Thursday a tempo". Give
    `date` or `workout_id`.
    """

    date: Date | None = None
    """The day, e.g. "2026-02-12"."""
    workout_id: WorkoutId | None = None
    """The workout's id, e.g. "wk_987"."""


class StructureResult(Result):
    """The seed's structure, each part as a list of lines."""

    warmup: tuple[str, ...]
    main: tuple[str, ...]
    cooldown: tuple[str, ...]


class TouchedBy(Result):
    """One change of the plan that touched this workout."""

    version: int
    date: dt.date
    change_summary: str
    reason: str
    rule: str
    execution_id: str | None


class WorkoutDetails(Result):
    """One workout whole, and why it is there: its rationale, then each change that touched it."""

    workout_id: str
    date: dt.date
    weekday: str
    type: str
    name: str
    effort: str | None
    duration_minutes: Number | None
    distance_km: Number | None
    pace_range: str | None
    hr_zone: str | None
    structure: StructureResult
    coach_cues: tuple[str, ...]
    rationale: str
    execution: ExecutionRecord | None
    history: tuple[TouchedBy, ...]
    safety_hold: HoldResult | None


def run(context: Context, arguments: GetWorkout) -> WorkoutDetails:
    """Show one workout. Raises PlanNotFound, WorkoutNotFound, InvalidArguments."""
    if arguments.date is None and arguments.workout_id is None:
        raise InvalidArguments("say which day or which workout", field="date")
    overview = find_overview(context.session, context.user_id, context.today)
    if overview is None:
        raise PlanNotFound("there is no plan yet: say a distance and a race day to make one")
    workout = find_workout(
        context.session, context.user_id, workout_id=arguments.workout_id, date=arguments.date
    )
    if workout is None:
        wanted = arguments.workout_id or arguments.date
        raise WorkoutNotFound(
            f"the plan has no workout {str(wanted)!r}; it runs from {overview.start_date} "
            f"to {overview.goal_date}"
        )
    done = find_for_workout(context.session, context.user_id, workout.id)
    changes = find_changes(context.session, context.user_id, overview.plan_id)
    targets, structure = workout.targets, workout.structure
    return WorkoutDetails(
        workout_id=workout.id,
        date=workout.scheduled_date,
        weekday=weekday(workout.scheduled_date),
        type=workout.type.value,
        name=workout.name,
        effort=workout.effort,
        duration_minutes=targets.duration_minutes,
        distance_km=targets.distance_km,
        pace_range=None if targets.pace_range is None else render_pace_range(targets.pace_range),
        hr_zone=targets.hr_zone,
        structure=StructureResult(
            warmup=tuple(map(render_segment, structure.warmup)),
            main=tuple(map(render_segment, structure.main)),
            cooldown=tuple(map(render_segment, structure.cooldown)),
        ),
        coach_cues=workout.coach_cues,
        rationale=workout.rationale,
        execution=None if done is None else ExecutionRecord.of(done),
        history=tuple(
            TouchedBy(
                version=change.plan_version,
                date=change.created_at.date(),
                change_summary=change.change_summary,
                reason=change.reason,
                rule=change.rule,
                execution_id=change.trigger_execution_id,
            )
            for change in changes
            if workout.id in change.impacted_workouts
        ),
        safety_hold=HoldResult.of(context.profile.safety_hold),
    )
