"""What runners did."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, select, update

from storage import tables
from storage.database import count_changed
from training.executions import CompletionStatus, Execution


def find_executions(
    session: Session, user_id: str, first: dt.date, last: dt.date
) -> tuple[Execution, ...]:
    """Return what was done from first to last, both included, oldest first."""
    rows = session.exec(
        select(tables.Execution)
        .where(
            col(tables.Execution.user_id) == user_id,
            col(tables.Execution.performed_on).between(first, last),
        )
        .order_by(
            col(tables.Execution.performed_on),
            col(tables.Execution.created_at),
            col(tables.Execution.id),
        )
    ).all()
    return tuple(_execution(row) for row in rows)


def find_for_workout(session: Session, user_id: str, workout_id: str) -> Execution | None:
    """Return the workout's execution, or None."""
    return _first(session, user_id, col(tables.Execution.workout_id) == workout_id)


def find_extra(session: Session, user_id: str, day: dt.date) -> Execution | None:
    """Return the day's run outside the plan, or None."""
    return _first(
        session,
        user_id,
        (col(tables.Execution.workout_id).is_(None)) & (col(tables.Execution.performed_on) == day),
    )


def find_by_ids(
    session: Session, user_id: str, execution_ids: Collection[str]
) -> dict[str, Execution]:
    """Return those of the runner's executions that have one of the ids."""
    if not execution_ids:
        return {}
    table = tables.Execution
    rows = session.exec(
        select(table).where(col(table.user_id) == user_id, col(table.id).in_(execution_ids))
    ).all()
    return {row.id: _execution(row) for row in rows}


def save_execution(
    session: Session, user_id: str, execution: Execution, *, now: dt.datetime
) -> None:
    """Write an execution, new or corrected."""
    values: dict[str, Any] = {
        "workout_id": execution.workout_id,
        "performed_on": execution.performed_on,
        "completion_status": execution.completion_status.value,
        "actual_metrics": execution.actual_metrics,
        "feedback": execution.feedback,
        "adherence_score": execution.adherence_score,
        "stopped_for_safety": execution.stopped_for_safety,
        "updated_at": now,
    }
    table = tables.Execution
    corrected = count_changed(
        session,
        update(table)
        .where(col(table.user_id) == user_id, col(table.id) == execution.id)
        .values(**values),
    )
    if corrected == 0:
        at = _performed_at(execution.performed_on, now)
        session.add(
            table(user_id=user_id, id=execution.id, performed_at=at, created_at=now, **values)
        )
    session.flush()


def _performed_at(day: dt.date, now: dt.datetime) -> dt.datetime:
    """The moment of the report where it is the same day, else noon of the day that was said."""
    if now.date() == day:
        return now
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


def _first(session: Session, user_id: str, condition: Any) -> Execution | None:
    row = session.exec(
        select(tables.Execution).where(col(tables.Execution.user_id) == user_id, condition)
    ).first()
    return None if row is None else _execution(row)


def _execution(row: tables.Execution) -> Execution:
    return Execution(
        id=row.id,
        workout_id=row.workout_id,
        performed_on=row.performed_on,
        completion_status=CompletionStatus(row.completion_status),
        actual_metrics=row.actual_metrics,
        feedback=row.feedback,
        adherence_score=row.adherence_score,
        stopped_for_safety=row.stopped_for_safety,
    )
