"""Plans with their weeks and workouts: reading them whole, and writing what differs."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, delete, select, update

from storage import tables
from storage.database import count_changed
from storage.errors import PlanNotFound, VersionConflict
from storage.values import Inverse, WeekHeader
from training.plans import Phase, Plan, PlanKind, Week
from training.runners import Distance
from training.workouts import Marker, Workout, WorkoutType

_PARKED = dt.timedelta(days=365_000)  # where dates wait while two of them change places


def find_plan(session: Session, user_id: str) -> Plan | None:
    """Return the runner's current plan, or None."""
    row = session.exec(
        select(tables.Plan).where(
            col(tables.Plan.user_id) == user_id, col(tables.Plan.ended_at).is_(None)
        )
    ).first()
    return None if row is None else _plan(session, row)


def load_plan(session: Session, user_id: str) -> Plan:
    """Return the runner's current plan. Raises PlanNotFound."""
    plan = find_plan(session, user_id)
    if plan is None:
        raise PlanNotFound("there is no plan yet: say a distance and a race day to make one")
    return plan


def save_new_plan(session: Session, user_id: str, plan: Plan, *, now: dt.datetime) -> None:
    """Store a plan as the runner's current one; a former plan ends and keeps its history."""
    session.execute(
        update(tables.Plan)
        .where(col(tables.Plan.user_id) == user_id, col(tables.Plan.ended_at).is_(None))
        .values(ended_at=now, updated_at=now)
    )
    session.add(
        tables.Plan(user_id=user_id, id=plan.id, created_at=now, **_header(plan), updated_at=now)
    )
    session.flush()
    for week in plan.weeks:
        session.add(tables.WeekPlan(user_id=user_id, id=week.id, **_week_values(plan.id, week)))
    session.flush()
    for week in plan.weeks:
        for workout in week.workouts:
            values = _workout_values(plan.id, week.id, workout)
            session.add(tables.WorkoutPlan(user_id=user_id, id=workout.id, **values))
    session.flush()


def save_changed_plan(
    session: Session, user_id: str, old: Plan, new: Plan, *, now: dt.datetime
) -> Inverse:
    """Replace the plan by its next version, writing only what differs; return what undoes it.

    Raises VersionConflict where the stored plan is no longer the old one.
    """
    claimed = count_changed(
        session,
        update(tables.Plan)
        .where(
            col(tables.Plan.user_id) == user_id,
            col(tables.Plan.id) == old.id,
            col(tables.Plan.version) == old.version,
            col(tables.Plan.ended_at).is_(None),
        )
        .values(**_header(new), updated_at=now),
    )
    if claimed != 1:
        raise VersionConflict(f"the plan is no longer at version {old.version}")
    inverse = _inverse(old, new)
    _write_differences(session, user_id, old, new)
    return inverse


def former_plan(plan: Plan, inverse: Inverse) -> Plan:
    """Return the plan as it was before the change that left this inverse."""
    workouts = {w.id: w for w in plan.workouts if w.id not in inverse.added_workouts}
    workouts |= {w.id: w for w in inverse.workouts}
    headers = {week.id: _week_header(week) for week in plan.weeks}
    headers = {key: h for key, h in headers.items() if key not in inverse.added_weeks}
    headers |= {header.id: header for header in inverse.weeks}
    weeks = []
    for header in sorted(headers.values(), key=lambda h: h.week_start_date):
        end = header.week_start_date + dt.timedelta(days=7)
        inside = (w for w in workouts.values() if header.week_start_date <= w.scheduled_date < end)
        weeks.append(_week(header, sorted(inside, key=lambda w: w.scheduled_date)))
    return replace(
        plan,
        goal_distance=inverse.goal_distance,
        goal_date=inverse.goal_date,
        phase=inverse.phase,
        start_date=inverse.start_date,
        inputs=inverse.inputs,
        kind=inverse.kind,
        version=plan.version - 1,
        weeks=tuple(weeks),
    )


def find_workout(
    session: Session,
    user_id: str,
    *,
    workout_id: str | None = None,
    date: dt.date | None = None,
) -> Workout | None:
    """Return one workout of the current plan by its id, or else by its date; or None."""
    workout, plan = tables.WorkoutPlan, tables.Plan
    wanted = (
        col(workout.id) == workout_id
        if workout_id is not None
        else col(workout.scheduled_date) == date
    )
    row = session.exec(
        select(workout)
        .join(plan, (col(plan.user_id) == workout.user_id) & (col(plan.id) == workout.plan_id))
        .where(col(workout.user_id) == user_id, col(plan.ended_at).is_(None), wanted)
    ).first()
    return None if row is None else _workout(row)


def _plan(session: Session, row: tables.Plan) -> Plan:
    weeks = session.exec(
        select(tables.WeekPlan)
        .where(col(tables.WeekPlan.user_id) == row.user_id, col(tables.WeekPlan.plan_id) == row.id)
        .order_by(col(tables.WeekPlan.week_start_date))
    ).all()
    workouts: dict[str, list[Workout]] = {week.id: [] for week in weeks}
    for found in session.exec(
        select(tables.WorkoutPlan)
        .where(
            col(tables.WorkoutPlan.user_id) == row.user_id,
            col(tables.WorkoutPlan.plan_id) == row.id,
        )
        .order_by(col(tables.WorkoutPlan.scheduled_date))
    ).all():
        workouts[found.week_id].append(_workout(found))
    return Plan(
        id=row.id,
        goal_distance=Distance(row.goal_distance),
        goal_date=row.goal_date,
        phase=Phase(row.phase),
        version=row.version,
        start_date=row.start_date,
        inputs=row.personalization_inputs,
        kind=PlanKind(row.kind),
        weeks=tuple(_week(_header_of_row(week), workouts[week.id]) for week in weeks),
    )


def _workout(row: tables.WorkoutPlan) -> Workout:
    return Workout(
        id=row.id,
        scheduled_date=row.scheduled_date,
        type=WorkoutType(row.type),
        name=row.name,
        structure=row.structure,
        targets=row.targets,
        rationale=row.rationale,
        coach_cues=row.coach_cues,
        planned_km=row.planned_km,
        planned_minutes=row.planned_minutes,
        marker=None if row.marker is None else Marker(row.marker),
        pinned=row.pinned,
    )


def _header_of_row(row: tables.WeekPlan) -> WeekHeader:
    return WeekHeader(
        id=row.id,
        week_start_date=row.week_start_date,
        phase=Phase(row.phase),
        target_volume_km=row.target_volume,
        target_intensity_mix=row.target_intensity_mix,
        focus_summary=row.focus_summary,
        note=row.note,
    )


def _week_header(week: Week) -> WeekHeader:
    return WeekHeader(
        id=week.id,
        week_start_date=week.week_start_date,
        phase=week.phase,
        target_volume_km=week.target_volume_km,
        target_intensity_mix=week.target_intensity_mix,
        focus_summary=week.focus_summary,
        note=week.note,
    )


def _week(header: WeekHeader, workouts: Iterable[Workout]) -> Week:
    return Week(
        id=header.id,
        week_start_date=header.week_start_date,
        phase=header.phase,
        target_volume_km=header.target_volume_km,
        target_intensity_mix=header.target_intensity_mix,
        focus_summary=header.focus_summary,
        workouts=tuple(workouts),
        note=header.note,
    )


def _header(plan: Plan) -> dict[str, Any]:
    return {
        "goal_distance": plan.goal_distance.value,
        "goal_date": plan.goal_date,
        "phase": plan.phase.value,
        "version": plan.version,
        "start_date": plan.start_date,
        "personalization_inputs": plan.inputs,
        "kind": plan.kind.value,
    }


def _week_values(plan_id: str, week: Week | WeekHeader) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "week_start_date": week.week_start_date,
        "target_volume": week.target_volume_km,
        "target_intensity_mix": week.target_intensity_mix,
        "focus_summary": week.focus_summary,
        "phase": week.phase.value,
        "note": week.note,
    }


def _workout_values(plan_id: str, week_id: str, workout: Workout) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "week_id": week_id,
        "scheduled_date": workout.scheduled_date,
        "type": workout.type.value,
        "structure": workout.structure,
        "targets": workout.targets,
        "rationale": workout.rationale,
        "coach_cues": workout.coach_cues,
        "name": workout.name,
        "planned_km": workout.planned_km,
        "planned_minutes": workout.planned_minutes,
        "marker": None if workout.marker is None else workout.marker.value,
        "pinned": workout.pinned,
    }


def _inverse(old: Plan, new: Plan) -> Inverse:
    before = {w.id: w for w in old.workouts}
    after = {w.id: w for w in new.workouts}
    weeks_before = {week.id: _week_header(week) for week in old.weeks}
    weeks_after = {week.id: _week_header(week) for week in new.weeks}
    return Inverse(
        goal_distance=old.goal_distance,
        goal_date=old.goal_date,
        phase=old.phase,
        start_date=old.start_date,
        inputs=old.inputs,
        kind=old.kind,
        workouts=tuple(w for key, w in before.items() if after.get(key) != w),
        weeks=tuple(h for key, h in weeks_before.items() if weeks_after.get(key) != h),
        added_workouts=tuple(key for key in after if key not in before),
        added_weeks=tuple(key for key in weeks_after if key not in weeks_before),
    )


def _write_differences(session: Session, user_id: str, old: Plan, new: Plan) -> None:
    """Write new and changed weeks, then workouts, then remove what is gone.

    Dates that change places wait far in the future first, since a date is unique in its plan.
    """
    week_table, workout_table = tables.WeekPlan, tables.WorkoutPlan
    weeks = {week.id: _week_header(week) for week in old.weeks}
    for week in new.weeks:
        values = _week_values(new.id, week)
        if week.id not in weeks:
            session.add(week_table(user_id=user_id, id=week.id, **values))
        elif weeks[week.id] != _week_header(week):
            _set(session, week_table, user_id, week.id, values)
    session.flush()
    before = {w.id: (week.id, w) for week in old.weeks for w in week.workouts}
    after = {w.id: (week.id, w) for week in new.weeks for w in week.workouts}
    gone = [key for key in before if key not in after]
    moved = [
        key
        for key in after
        if key in before and after[key][1].scheduled_date != before[key][1].scheduled_date
    ]
    for key in moved:
        parked = before[key][1].scheduled_date + _PARKED
        _set(session, workout_table, user_id, key, {"scheduled_date": parked})
    session.execute(
        delete(workout_table).where(
            col(workout_table.user_id) == user_id, col(workout_table.id).in_(gone)
        )
    )
    for key, (week_id, workout) in after.items():
        values = _workout_values(new.id, week_id, workout)
        if key not in before:
            session.add(workout_table(user_id=user_id, id=key, **values))
        elif before[key] != (week_id, workout):
            _set(session, workout_table, user_id, key, values)
    session.flush()
    kept = {week.id for week in new.weeks}
    session.execute(
        delete(week_table).where(
            col(week_table.user_id) == user_id,
            col(week_table.id).in_([key for key in weeks if key not in kept]),
        )
    )


def _set(session: Session, table: Any, user_id: str, key: str, values: dict[str, Any]) -> None:
    session.execute(
        update(table).where(col(table.user_id) == user_id, col(table.id) == key).values(**values)
    )
