"""GET /plan: the plan as a page shows it, from this week's days to race day, and its changes."""

import datetime as dt
from typing import Literal

from fastapi import FastAPI, Request
from fastapi.responses import Response
from pydantic import BaseModel

from assistant.coach import Coach
from assistant.threads import in_thread
from assistant.web.bodies import json_answer
from assistant.web.callers import Callers
from assistant.web.gate import caller_of
from assistant.web.problems import refusals
from storage.adaptations import PastChange, find_past_changes, find_undoable
from storage.database import Database, Session
from storage.executions import find_executions
from storage.plans import find_plan
from storage.profiles import Profile, load_profile
from storage.subscriptions import top_prompt
from tools.results import DatedWorkout, HoldResult, Number, ReceiptResult
from training.executions import Execution
from training.plans import Plan, Week
from training.progress import WeekProgress, progress
from training.units import WEEK, monday_of
from training.workouts import Segment, Workout

PLAN = "/plan"
CHANGES = 20


class StepBody(BaseModel):
    """A stretch of a workout. minutes, km: of one repeat, work only; by: which is prescribed."""

    part: Literal["warmup", "main", "cooldown"]
    zone: str
    text: str
    minutes: Number
    km: Number
    by: str
    repeats: int
    recovery_minutes: Number
    pace_s_per_km: tuple[int, int] | None


class RunBody(BaseModel):
    """What was logged of a day."""

    status: Literal["completed", "modified", "missed"]
    distance_km: Number | None
    duration_minutes: Number | None
    rpe: int | None
    adherence: int | None


class DayBody(BaseModel):
    """One day of the plan; a rest day has no steps."""

    date: dt.date
    workout_id: str
    type: str
    name: str
    marker: str | None
    effort: str | None
    planned_km: Number
    planned_minutes: Number
    rationale: str
    cues: tuple[str, ...]
    steps: list[StepBody]
    run: RunBody | None


class WeekBody(BaseModel):
    """One week: planned against done. done_km counts runs outside the plan, too."""

    week_start_date: dt.date
    phase: str
    focus: str
    note: str | None
    planned_km: Number
    done_km: Number
    done_runs: int
    adherence: int | None
    days: list[DayBody]


class DayChangeBody(BaseModel):
    """One workout before and after; null where it did not or does not exist."""

    before: DatedWorkout | None
    after: DatedWorkout | None


class ChangeBody(BaseModel):
    """One change of the plan. undoable: whether "undo that" would take this one back."""

    id: str
    changed_at: dt.datetime
    version: int
    kind: str
    summary: str
    reason: str
    volume_change_km: Number
    changes: list[DayChangeBody]
    receipt: ReceiptResult
    undone: bool
    undoable: bool


class PlanDetails(BaseModel):
    """The plan from its start to race day."""

    plan_id: str
    version: int
    goal_distance: str
    goal_date: dt.date
    phase: str
    weeks: list[WeekBody]
    changes: list[ChangeBody]


class PlanBody(BaseModel):
    """plan: null where there is none, or where the subscription holds none (top_prompt null)."""

    today: dt.date
    units: Literal["km", "mi"]
    top_prompt: str | None
    hold: HoldResult | None
    plan: PlanDetails | None


def add_plan(app: FastAPI, callers: Callers, coach: Coach, database: Database) -> None:
    """Add the route to the application."""

    @app.get(PLAN, response_model=PlanBody, responses=refusals(_TEXTS))
    async def plan(request: Request) -> Response:
        """Return the runner's plan, what was done of it, and what changed it."""
        user_id = await callers.runner_alone(caller_of(request))
        return json_answer(request, await in_thread(_read, database, coach, user_id))


def _read(database: Database, coach: Coach, user_id: str) -> PlanBody:
    with database.read() as session:
        profile = load_profile(session, user_id)
        today = coach.today_in(profile.preferences.time_zone)
        prompt = top_prompt(profile.subscription)
        plan = None if prompt is None else find_plan(session, user_id)
        details = None if plan is None else _details(session, user_id, plan, today)
    return PlanBody(
        today=today,
        units=profile.preferences.units,
        top_prompt=prompt,
        hold=_hold(profile, plan, today),
        plan=details,
    )


def _hold(profile: Profile, plan: Plan | None, today: dt.date) -> HoldResult | None:
    timed = None if plan is None else plan.inputs.hold
    return HoldResult.of(profile.safety_hold, None if timed is None else timed.on(today), today)


def _details(session: Session, user_id: str, plan: Plan, today: dt.date) -> PlanDetails:
    done = find_executions(session, user_id, monday_of(plan.start_date), today)
    latest = find_undoable(session, user_id, plan.id)
    changes = find_past_changes(session, user_id, plan.id, count=CHANGES)
    current = plan.week_of(max(today, plan.start_date))
    return PlanDetails(
        plan_id=plan.id,
        version=plan.version,
        goal_distance=plan.goal_distance.value,
        goal_date=plan.goal_date,
        phase=(current.phase if current else plan.phase).value,
        weeks=weeks_of(plan, done, today),
        changes=[_change(each, None if latest is None else latest.id) for each in changes],
    )


def weeks_of(plan: Plan, done: tuple[Execution, ...], today: dt.date) -> list[WeekBody]:
    """Return the plan's weeks, each with what was done in it. Pure."""
    first = plan.weeks[0].week_start_date
    past = max(1, (monday_of(today) - first) // WEEK + 1)
    by_week = {week.week_start_date: week for week in progress(plan, done, today, past).weeks}
    runs = {run.workout_id: run for run in done if run.workout_id is not None}
    return [_week(week, by_week.get(week.week_start_date), runs) for week in plan.weeks]


def _week(week: Week, progress: WeekProgress | None, runs: dict[str, Execution]) -> WeekBody:
    return WeekBody(
        week_start_date=week.week_start_date,
        phase=week.phase.value,
        focus=week.focus_summary,
        note=week.note,
        planned_km=round(week.planned_km, 1),
        done_km=0 if progress is None else progress.done_km,
        done_runs=0 if progress is None else progress.done_runs,
        adherence=None if progress is None else progress.adherence,
        days=[_day(workout, runs.get(workout.id)) for workout in week.workouts],
    )


def _day(workout: Workout, run: Execution | None) -> DayBody:
    structure = workout.structure
    return DayBody(
        date=workout.scheduled_date,
        workout_id=workout.id,
        type=workout.type.value,
        name=workout.name,
        marker=None if workout.marker is None else workout.marker.value,
        effort=workout.effort,
        planned_km=round(workout.planned_km, 1),
        planned_minutes=round(workout.planned_minutes),
        rationale=workout.rationale,
        cues=workout.coach_cues,
        steps=[
            *(_step("warmup", segment) for segment in structure.warmup),
            *(_step("main", segment) for segment in structure.main),
            *(_step("cooldown", segment) for segment in structure.cooldown),
        ],
        run=None if run is None else _run(run),
    )


def _step(part: Literal["warmup", "main", "cooldown"], segment: Segment) -> StepBody:
    pace = segment.pace_range
    return StepBody(
        part=part,
        zone=segment.zone.value,
        text=segment.text,
        minutes=round(segment.minutes, 2),
        km=round(segment.km, 2),
        by=segment.by,
        repeats=segment.repeats,
        recovery_minutes=round(segment.recovery_minutes, 2),
        pace_s_per_km=None if pace is None else (pace.fast_s_per_km, pace.slow_s_per_km),
    )


def _run(run: Execution) -> RunBody:
    return RunBody(
        status=run.completion_status.value,
        distance_km=run.actual_metrics.distance_km,
        duration_minutes=run.actual_metrics.duration_minutes,
        rpe=run.feedback.rpe,
        adherence=run.adherence_score,
    )


def _change(change: PastChange, undoable: str | None) -> ChangeBody:
    return ChangeBody(
        id=change.id,
        changed_at=change.created_at,
        version=change.plan_version,
        kind=change.kind,
        summary=change.change_summary,
        reason=change.reason,
        volume_change_km=round(change.delta.volume_change, 1),
        changes=[
            DayChangeBody(before=DatedWorkout.of(day.before), after=DatedWorkout.of(day.after))
            for day in change.changes
        ],
        receipt=ReceiptResult.of(change.receipt),
        undone=change.undone,
        undoable=change.id == undoable,
    )


_TEXTS = {403: "Only the runner may ask for this, no integration"}
