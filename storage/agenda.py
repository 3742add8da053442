"""The plan in a few lines, read by columns: what is next, and the days around today."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from storage import tables
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


def find_overview(
    session: Session, user_id: str, today: dt.date, *, count: int = 3
) -> Overview | None:
    """Return the plan in a few lines, read by columns: phase and focus of today's week."""
    plan = tables.Plan
    header = session.execute(
        sa.select(
            col(plan.id),
            col(plan.goal_distance),
            col(plan.goal_date),
            col(plan.phase),
            col(plan.version),
            col(plan.kind),
            col(plan.start_date),
            col(plan.personalization_inputs),
        ).where(col(plan.user_id) == user_id, col(plan.ended_at).is_(None))
    ).first()
    if header is None:
        return None
    week = session.execute(
        sa.select(col(tables.WeekPlan.phase), col(tables.WeekPlan.focus_summary))
        .where(
            col(tables.WeekPlan.user_id) == user_id,
            col(tables.WeekPlan.plan_id) == header.id,
            col(tables.WeekPlan.week_start_date) <= max(today, header.start_date),
        )
        .order_by(col(tables.WeekPlan.week_start_date).desc())
    ).first()
    return Overview(
        plan_id=header.id,
        goal_distance=Distance(header.goal_distance),
        goal_date=header.goal_date,
        phase=Phase(week.phase if week else header.phase),
        version=header.version,
        kind=PlanKind(header.kind),
        start_date=header.start_date,
        weekly_focus=week.focus_summary if week else "",
        fitness=header.personalization_inputs.baseline_fitness.value,
        hold=_hold_on(header.personalization_inputs.hold, today),
        next_workouts=tuple(_next_workouts(session, user_id, header.id, today, count)),
    )


def _hold_on(hold: Hold | None, today: dt.date) -> Hold | None:
    return hold if hold is not None and today < hold.ends else None


def find_agenda(
    session: Session, user_id: str, plan_id: str, first: dt.date, last: dt.date
) -> tuple[AgendaDay, ...]:
    """Return the plan's days from first to last, both included, rest days too."""
    query = _agenda(user_id, plan_id).where(
        col(tables.WorkoutPlan.scheduled_date).between(first, last)
    )
    return tuple(_agenda_day(row) for row in session.execute(query).all())


def _next_workouts(
    session: Session, user_id: str, plan_id: str, today: dt.date, count: int
) -> Iterable[AgendaDay]:
    workout = tables.WorkoutPlan
    query = (
        _agenda(user_id, plan_id)
        .where(
            col(workout.scheduled_date) >= today,
            (col(workout.type) != WorkoutType.REST.value) | col(workout.marker).is_not(None),
            col(tables.Execution.id).is_(None),
        )
        .limit(count)
    )
    return (_agenda_day(row) for row in session.execute(query).all())


def _agenda(user_id: str, plan_id: str) -> Any:
    workout, done = tables.WorkoutPlan, tables.Execution
    return (
        sa.select(
            col(workout.scheduled_date),
            col(workout.id),
            col(workout.type),
            col(workout.name),
            col(workout.targets),
            col(done.completion_status),
        )
        .join(
            done,
            (col(done.user_id) == col(workout.user_id)) & (col(done.workout_id) == col(workout.id)),
            isouter=True,
        )
        .where(col(workout.user_id) == user_id, col(workout.plan_id) == plan_id)
        .order_by(col(workout.scheduled_date))
    )


def _agenda_day(row: Any) -> AgendaDay:
    rpe = row.targets.rpe
    return AgendaDay(
        date=row.scheduled_date,
        workout_id=row.id,
        type=row.type,
        name=row.name,
        effort=None if rpe is None else rpe.text,
        status=row.completion_status or "planned",
    )
