"""Plans as files: reading one into the store, and writing one out.

A file may hold a plan's first weeks alone: days that it does not name are rest, and the weeks that
it leaves out are built by the engine. A plan that fails a limit is not stored, wherever it is from.
"""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import AssistantError
from storage.database import Database, retried
from storage.errors import UserNotFound
from storage.executions import find_executions, save_execution
from storage.plans import load_plan, save_new_plan
from storage.profiles import Profile, load_profile, save_profile
from storage.subscriptions import Subscription
from storage.values import Physiology, Preferences, SafetyHold
from training.building import extend_plan
from training.errors import TrainingError
from training.executions import Execution
from training.frames import new_id
from training.limits import check_plan
from training.measures import intensity_mix, week_km
from training.plans import Fitness, Phase, Plan, Week
from training.requests import Baseline, PlanRequest
from training.runners import DayBlock, Distance, Level
from training.sessions import rest_day
from training.workouts import Workout

FORMAT = "runplan/1"


class PlanFileInvalid(AssistantError):
    """A plan file that can't be read; names the file, the place and what is wrong there."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class UserPart(_Part):
    """The seed's UserProfile."""

    id: str
    name: str
    experience_level: Level
    injury_flags: tuple[str, ...] = ()
    weekly_availability: tuple[DayBlock, ...] = ()
    preferences: Preferences = Preferences()
    subscription: Subscription = Subscription()
    physiology: Physiology = Physiology()
    safety_hold: SafetyHold | None = None

    def to_profile(self) -> Profile:
        """Return the profile that the store takes."""
        return Profile(**{name: getattr(self, name) for name in type(self).model_fields})


class WeekPart(_Part):
    """One week; the engine works out what is not given."""

    week_start_date: dt.date
    phase: Phase
    focus_summary: str
    workouts: tuple[Workout, ...]
    id: str | None = None
    note: str | None = None


class PlanPart(_Part):
    """A plan whole, or its beginning."""

    id: str
    goal_distance: Distance
    goal_date: dt.date
    start_date: dt.date
    opening_phase: Phase = Phase.BASE
    fitness: Fitness | None = None
    weekly_km: float | None = None
    longest_km: float | None = None
    version: int = 1
    weeks: tuple[WeekPart, ...] = ()


class PlanFile(_Part):
    """One runner, with or without a plan and what was done."""

    format: Literal["runplan/1"]
    user: UserPart
    plan: PlanPart | None = None
    executions: tuple[Execution, ...] = ()


def read_plan_file(path: Path) -> PlanFile:
    """Return the file's content. Raises PlanFileInvalid."""
    try:
        return PlanFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise PlanFileInvalid(f"{path} can't be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise PlanFileInvalid(f"{path}: {place}: {first['msg']}") from None


@retried
def store_plan_file(database: Database, file: PlanFile, *, now: dt.datetime) -> Plan | None:
    """Store the file's runner where unknown, and its plan as the runner's current one.

    Raises PlanFileInvalid for a plan that can't be completed or that fails a limit.
    """
    profile = file.user.to_profile()
    plan = None if file.plan is None else _plan(file.plan, profile)
    with database.write(profile.id) as session:
        try:
            load_profile(session, profile.id)
        except UserNotFound:
            save_profile(session, profile, now=now)
        if plan is not None:
            save_new_plan(session, profile.id, plan, now=now)
        for execution in file.executions:
            save_execution(session, profile.id, execution, now=now)
    return plan


def export_plan_file(database: Database, user_id: str) -> str:
    """Return the runner and their current plan as a file that imports again.

    Raises UserNotFound, PlanNotFound.
    """
    with database.read() as session:
        profile = load_profile(session, user_id)
        plan = load_plan(session, user_id)
        done = find_executions(session, user_id, plan.start_date, dt.date.max)
    user = {name: getattr(profile, name) for name in UserPart.model_fields}
    ids = {workout.id for workout in plan.workouts} | {None}
    file = PlanFile(
        format=FORMAT,
        user=UserPart(**user),
        plan=PlanPart(
            id=plan.id,
            goal_distance=plan.goal_distance,
            goal_date=plan.goal_date,
            start_date=plan.start_date,
            opening_phase=plan.weeks[0].phase,
            fitness=plan.inputs.baseline_fitness,
            weekly_km=plan.inputs.weekly_km,
            longest_km=plan.inputs.longest_km,
            version=plan.version,
            weeks=tuple(_week_part(week) for week in plan.weeks),
        ),
        executions=tuple(execution for execution in done if execution.workout_id in ids),
    )
    values: dict[str, Any] = file.model_dump(mode="json")
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def _plan(part: PlanPart, profile: Profile) -> Plan:
    request = PlanRequest(
        goal_distance=part.goal_distance,
        goal_date=part.goal_date,
        start_date=part.start_date,
        runner=profile.runner,
        baseline=Baseline(part.fitness, part.weekly_km, part.longest_km),
        opening_phase=part.opening_phase,
    )
    weeks = tuple(_week(week, part) for week in part.weeks)
    try:
        built = extend_plan(request, plan_id=part.id, first_weeks=weeks).plan
    except TrainingError as error:
        raise PlanFileInvalid(f"the plan {part.id!r} can't be taken: {error}") from error
    plan = replace(built, version=part.version)
    receipt = check_plan(plan, profile.runner, part.start_date)
    if not receipt.passed:
        broken = "; ".join(f"{c.limit}: {c.found}, {c.allowed}" for c in receipt.failures)
        raise PlanFileInvalid(f"the plan {part.id!r} fails a limit: {broken}")
    return plan


def _week(part: WeekPart, plan: PlanPart) -> Week:
    """Return the week with its rest days, its volume and its mix worked out."""
    first = max(part.week_start_date, plan.start_date)
    last = min(part.week_start_date + dt.timedelta(days=6), plan.goal_date)
    given = {workout.scheduled_date: workout for workout in part.workouts}
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    workouts = tuple(given.get(day) or _rest(plan.id, day) for day in days)
    return Week(
        id=part.id or new_id("week", plan.id, part.week_start_date, 1),
        week_start_date=part.week_start_date,
        phase=part.phase,
        target_volume_km=round(week_km(workouts), 2),
        target_intensity_mix=intensity_mix(workouts, plan.goal_distance),
        focus_summary=part.focus_summary,
        workouts=workouts,
        note=part.note,
    )


def _rest(plan_id: str, day: dt.date) -> Workout:
    return replace(rest_day(), id=new_id("wk", plan_id, day, 1), scheduled_date=day)


def _week_part(week: Week) -> WeekPart:
    return WeekPart(
        id=week.id,
        week_start_date=week.week_start_date,
        phase=week.phase,
        focus_summary=week.focus_summary,
        note=week.note,
        workouts=week.workouts,
    )
