"""The tool that shows one workout whole."""

import datetime as dt
from collections.abc import Sequence

from pydantic import Field

from storage.adaptations import LoggedChange, find_changes
from storage.agenda import Overview, find_overview
from storage.errors import PlanNotFound, WorkoutNotFound
from storage.executions import find_by_ids, find_for_workout
from storage.plans import find_workout
from storage.turns import find_asked
from tools.arguments import Arguments, Date, WorkoutId
from tools.context import Context
from tools.errors import InvalidArguments
from tools.log_execution import ExecutionRecord
from tools.results import HoldResult, Number, Result, render_pace_range, render_segment
from training.conditions import Conditions, dew_point, slowed, slowing
from training.executions import Execution
from training.paces import training_paces
from training.rulebook import CHANGES
from training.units import weekday
from training.workouts import Workout, Zone

LONGEST_QUOTE = 200


class GetWorkout(Arguments):
    """Show one workout whole: structure, targets, cues, what was done, and why it is there.

    Use it for "what's on Thursday", "how do I run the tempo", "why is Thursday a tempo". Give
    `date` or `workout_id`. For heat or altitude ("it is 30 degrees, should I slow down?") add what
    the runner said of them: the adjusted pace and advice come back, and nothing is stored.
    """

    date: Date | None = None
    """The day, e.g. "2026-02-12"."""
    workout_id: WorkoutId | None = None
    """The workout's id, e.g. "wk_987"."""
    temperature_c: float | None = Field(None, ge=-40, le=55)
    """Air temperature in C where the run will be, e.g. 30 (convert F: 86 F is 30 C)."""
    dew_point_c: float | None = Field(None, ge=-60, le=40)
    """Dew point in C, e.g. 20."""
    humidity_percent: float | None = Field(None, ge=1, le=100)
    """Relative humidity in percent where no dew point was said, e.g. 60."""
    altitude_m: float | None = Field(None, ge=-500, le=6000)
    """Height above the sea in metres, e.g. 1800."""


class ConditionsResult(Result):
    """What heat and altitude ask of this workout.

    pace_range: the adjusted one, a km; None where it is too hot for the workout's own pace.
    """

    percent_slower: Number
    usual_pace_range: str | None
    pace_range: str | None
    no_hard_running: bool
    dew_point_c: Number | None
    advice: tuple[str, ...]


class StructureResult(Result):
    """The seed's structure, each part as a list of lines."""

    warmup: tuple[str, ...]
    main: tuple[str, ...]
    cooldown: tuple[str, ...]


class TriggeringRun(ExecutionRecord):
    """The logged run that led to a change."""

    date: dt.date
    weekday: str

    @classmethod
    def of(cls, execution: Execution) -> "TriggeringRun":
        """Return the run with its day."""
        day = execution.performed_on
        record = ExecutionRecord.of(execution).model_dump()
        return cls(**record, date=day, weekday=weekday(day))


class TouchedBy(Result):
    """One change of the plan that touched this workout.

    rule_words: what the rule says. execution: the run that triggered the change, where one did.
    message: the runner's words that led to it.
    """

    version: int
    date: dt.date
    change_summary: str
    reason: str
    rule: str
    rule_words: str | None
    execution_id: str | None
    execution: TriggeringRun | None
    message: str | None


class WorkoutDetails(Result):
    """One workout whole, and why it is there: its rationale, then each change that touched it,
    oldest first, with its rule and what triggered it."""

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
    conditions: ConditionsResult | None


def run(context: Context, arguments: GetWorkout) -> WorkoutDetails:
    """Show one workout.

    Raises PlanNotFound, WorkoutNotFound, InvalidArguments, ImpossibleValue.
    """
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
    changes = [
        change
        for change in find_changes(context.session, context.user_id, overview.plan_id)
        if workout.id in change.impacted_workouts
    ]
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
        history=_history(context, changes),
        safety_hold=HoldResult.of(context.profile.safety_hold, overview.hold, context.today),
        conditions=_conditions(arguments, workout, overview),
    )


def _conditions(
    arguments: GetWorkout, workout: Workout, overview: Overview
) -> ConditionsResult | None:
    """Return what the heat and altitude that were said ask of the workout, None for none."""
    temperature, dew = arguments.temperature_c, arguments.dew_point_c
    damp = arguments.humidity_percent
    if temperature is None and (dew is not None or damp is not None):
        raise InvalidArguments("say the temperature too", field="temperature_c")
    if temperature is None and arguments.altitude_m is None:
        return None
    if temperature is not None and dew is None and damp is not None:
        dew = dew_point(temperature, damp)
    slower = slowing(workout, Conditions(temperature, dew, arguments.altitude_m))
    paces = training_paces(overview.fitness)
    usual = workout.targets.pace_range or paces.range_of(slower.zone, overview.goal_distance)
    too_hot = slower.no_hard and slower.zone is not Zone.E
    return ConditionsResult(
        percent_slower=slower.percent,
        usual_pace_range=None if usual is None else render_pace_range(usual),
        pace_range=None
        if usual is None or too_hot
        else render_pace_range(slowed(usual, slower.percent)),
        no_hard_running=slower.no_hard,
        dew_point_c=None if dew is None else round(dew, 1),
        advice=slower.advice,
    )


def _history(context: Context, changes: Sequence[LoggedChange]) -> tuple[TouchedBy, ...]:
    """Return the changes with what the rule says, and the run and the words that led to each."""
    session, user_id = context.session, context.user_id
    runs = find_by_ids(session, user_id, [i for c in changes if (i := c.trigger_execution_id)])
    asked = find_asked(session, user_id, [i for c in changes if (i := c.turn_id)])
    words = {rule.id: rule.words for rule in CHANGES}
    found = []
    for change in changes:
        run = runs.get(change.trigger_execution_id or "")
        said = asked.get(change.turn_id or "")
        found.append(
            TouchedBy(
                version=change.plan_version,
                date=change.created_at.date() if said is None else said.today,
                change_summary=change.change_summary,
                reason=change.reason,
                rule=change.rule,
                rule_words=words.get(change.rule.removesuffix("-longer")),
                execution_id=change.trigger_execution_id,
                execution=None if run is None else TriggeringRun.of(run),
                message=None if said is None else said.text[:LONGEST_QUOTE],
            )
        )
    return tuple(found)
