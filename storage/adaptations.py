"""The log of what changed a plan, and the way back."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from storage import tables
from storage.database import execute
from storage.ids import new_id
from storage.plans import former_plan
from storage.tables import table_of
from storage.values import Inverse
from training.changes import Adaptation, Delta, WorkoutChange
from training.plans import Plan
from training.receipts import Receipt

UNDO = "undo"


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One row of the log. turn_id: of the turn that asked for it."""

    id: str
    plan_id: str
    created_at: dt.datetime
    change_summary: str
    reason: str
    impacted_workouts: tuple[str, ...]
    delta: Delta
    kind: str
    rule: str
    plan_version: int
    trigger_execution_id: str | None
    turn_id: str | None
    changes: tuple[WorkoutChange, ...]
    inverse: Inverse


@dataclass(frozen=True, slots=True)
class PastChange:
    """One row of the log as a reader sees it, without the way back. undone: it was taken back."""

    id: str
    created_at: dt.datetime
    plan_version: int
    kind: str
    change_summary: str
    reason: str
    delta: Delta
    changes: tuple[WorkoutChange, ...]
    receipt: Receipt
    undone: bool


_log = table_of(tables.AdaptationLog)
_FIND_PAST = (
    sa.select(
        _log.c.id,
        _log.c.created_at,
        _log.c.plan_version,
        _log.c.kind,
        _log.c.change_summary,
        _log.c.reason,
        _log.c.delta,
        _log.c.changes,
        _log.c.receipt,
        _log.c.undone_by.is_not(None),
    )
    .where(_log.c.user_id == sa.bindparam("runner"), _log.c.plan_id == sa.bindparam("plan"))
    .order_by(_log.c.plan_version.desc())
    .limit(sa.bindparam("count"))
)


def impacted(adaptation: Adaptation) -> tuple[str, ...]:
    """Return the ids of the workouts that differ, in the order of their changes."""
    entries = (change.after or change.before for change in adaptation.changes)
    return tuple(dict.fromkeys(entry.id for entry in entries if entry is not None))


def log_change(
    session: Session,
    user_id: str,
    adaptation: Adaptation,
    inverse: Inverse,
    *,
    kind: str,
    turn_id: str | None,
    now: dt.datetime,
    undoes: str | None = None,
) -> str:
    """Write the one row that a change leaves; return its id. undoes: the row it takes back."""
    row_id = new_id("adapt")
    session.add(
        tables.AdaptationLog(
            user_id=user_id,
            id=row_id,
            plan_id=adaptation.plan.id,
            created_at=now,
            change_summary=adaptation.summary,
            reason=adaptation.reason,
            impacted_workouts=impacted(adaptation),
            delta=adaptation.delta,
            kind=kind,
            rule=adaptation.rule,
            plan_version=adaptation.plan.version,
            trigger_execution_id=adaptation.trigger,
            turn_id=turn_id,
            changes=adaptation.changes,
            inverse=inverse,
            receipt=adaptation.receipt,
        )
    )
    session.flush()
    if undoes is not None:
        log = tables.AdaptationLog
        session.execute(
            update(log)
            .where(col(log.user_id) == user_id, col(log.id) == undoes)
            .values(undone_by=row_id)
        )
    return row_id


def find_changes(session: Session, user_id: str, plan_id: str) -> tuple[LoggedChange, ...]:
    """Return the plan's changes, oldest first."""
    log = tables.AdaptationLog
    rows = session.exec(
        select(log)
        .where(col(log.user_id) == user_id, col(log.plan_id) == plan_id)
        .order_by(col(log.plan_version))
    ).all()
    return tuple(_change(row) for row in rows)


def find_past_changes(
    session: Session, user_id: str, plan_id: str, *, count: int
) -> tuple[PastChange, ...]:
    """Return the plan's last changes, newest first."""
    rows = execute(session, _FIND_PAST, runner=user_id, plan=plan_id, count=count)
    return tuple(PastChange(*row) for row in rows)


def find_undoable(
    session: Session, user_id: str, plan_id: str, *, kind: str | None = None
) -> LoggedChange | None:
    """Return the latest change (of a kind) that is not undone and is no undo itself, or None."""
    log = tables.AdaptationLog
    wanted = col(log.kind) != UNDO if kind is None else col(log.kind) == kind
    row = session.exec(
        select(log)
        .where(
            col(log.user_id) == user_id,
            col(log.plan_id) == plan_id,
            wanted,
            col(log.undone_by).is_(None),
        )
        .order_by(col(log.plan_version).desc())
    ).first()
    return None if row is None else _change(row)


def plans_around(
    session: Session, user_id: str, plan: Plan, change: LoggedChange
) -> tuple[Plan, Plan]:
    """Return the plan right before and right after a change, walked back to from the present one.

    plan: the present one.
    """
    after = plan
    for row in reversed(find_changes(session, user_id, plan.id)):
        before = former_plan(after, row.inverse)
        if row.id == change.id:
            return before, after
        after = before
    raise LookupError(f"change {change.id} is not in the log of plan {plan.id}")


def _change(row: tables.AdaptationLog) -> LoggedChange:
    return LoggedChange(
        id=row.id,
        plan_id=row.plan_id,
        created_at=row.created_at,
        change_summary=row.change_summary,
        reason=row.reason,
        impacted_workouts=row.impacted_workouts,
        delta=row.delta,
        kind=row.kind,
        rule=row.rule,
        plan_version=row.plan_version,
        trigger_execution_id=row.trigger_execution_id,
        turn_id=row.turn_id,
        changes=row.changes,
        inverse=row.inverse,
    )
