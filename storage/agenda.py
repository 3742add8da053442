"""The plan in a few lines, read by columns: what is next, and the days around today."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from storage import tables
from storage.database import execute
from storage.tables import table_of
from training.plans import Hold, Phase, PlanKind
from training.runners import Distance
from training.workouts import WorkoutType


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """One day of the plan as a runner sees it; status: planned, completed, modified or missed."""

    date: dt.date
    workout_id: str
    type: str
    name: str
    effort: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The seed's 3.1, and the numbers beside it."""

    plan_id: str
    goal_distance: Distance
    goal_date: dt.date
    phase: Phase
    version: int
    kind: PlanKind
    start_date: dt.date
    weekly_focus: str
    fitness: float
    hold: Hold | None
    next_workouts: tuple[AgendaDay, ...]


_plan = table_of(tables.Plan)
_week = table_of(tables.WeekPlan)
_workout = table_of(tables.WorkoutPlan)
_done = table_of(tables.Execution)
_FIND_PLAN = sa.select(
    _plan.c.id,
    _plan.c.goal_distance,
    _plan.c.goal_date,
    _plan.c.phase,
    _plan.c.version,
    _plan.c.kind,
    _plan.c.start_date,
    _plan.c.personalization_inputs,
).where(_plan.c.user_id == sa.bindparam("runner"), _plan.c.ended_at.is_(None))
_FIND_WEEK = (
    sa.select(_week.c.phase, _week.c.focus_summary)
    .where(
        _week.c.user_id == sa.bindparam("runner"),
        _week.c.plan_id == sa.bindparam("plan"),
        _week.c.week_start_date <= sa.bindparam("day"),
    )
    .order_by(_week.c.week_start_date.desc())
    .limit(1)
)
_DAYS = (
    sa.select(
        _workout.c.scheduled_date,
        _workout.c.id,
        _workout.c.type,
        _workout.c.name,
        _workout.c.targets,
        _done.c.completion_status,
    )
    .join(
        _done,
        (_done.c.user_id == _workout.c.user_id) & (_done.c.workout_id == _workout.c.id),
        isouter=True,
    )
    .where(_workout.c.user_id == sa.bindparam("runner"), _workout.c.plan_id == sa.bindparam("plan"))
    .order_by(_workout.c.scheduled_date)
)
_FIND_DAYS = _DAYS.where(
    _workout.c.scheduled_date.between(sa.bindparam("first"), sa.bindparam("last"))
)
_FIND_NEXT = _DAYS.where(
    _workout.c.scheduled_date >= sa.bindparam("today"),
    (_workout.c.type != WorkoutType.REST.value) | _workout.c.marker.is_not(None),
    _done.c.id.is_(None),
).limit(sa.bindparam("count"))


def find_overview(
    session: Session, user_id: str, today: dt.date, *, count: int = 3
) -> Overview | None:
    """Return the plan in a few lines: today's phase and focus, and the next `count` workouts."""
    plan = execute(session, _FIND_PLAN, runner=user_id).first()
    if plan is None:
        return None
    day = max(today, plan.start_date)
    week = execute(session, _FIND_WEEK, runner=user_id, plan=plan.id, day=day).first()
    inputs = plan.personalization_inputs
    return Overview(
        plan_id=plan.id,
        goal_distance=Distance(plan.goal_distance),
        goal_date=plan.goal_date,
        phase=Phase(week.phase if week else plan.phase),
        version=plan.version,
        kind=PlanKind(plan.kind),
        start_date=plan.start_date,
        weekly_focus=week.focus_summary if week else "",
        fitness=inputs.baseline_fitness.value,
        hold=None if inputs.hold is None else inputs.hold.on(today),
        next_workouts=_next_workouts(session, user_id, plan.id, today, count) if count else (),
    )


def find_agenda(
    session: Session, user_id: str, plan_id: str, first: dt.date, last: dt.date
) -> tuple[AgendaDay, ...]:
    """Return the plan's days from first to last, both included, rest days too."""
    rows = execute(session, _FIND_DAYS, runner=user_id, plan=plan_id, first=first, last=last)
    return tuple(map(_agenda_day, rows))


def _next_workouts(
    session: Session, user_id: str, plan_id: str, today: dt.date, count: int
) -> tuple[AgendaDay, ...]:
    rows = execute(session, _FIND_NEXT, runner=user_id, plan=plan_id, today=today, count=count)
    return tuple(map(_agenda_day, rows))


def _agenda_day(row: Any) -> AgendaDay:
    date, workout_id, kind, name, targets, status = row
    effort = None if targets.rpe is None else targets.rpe.text
    return AgendaDay(date, workout_id, kind, name, effort, status or "planned")
