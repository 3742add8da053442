"""The tables. Rows stay inside this package; its functions take and return frozen values.

Every key begins with the user's id: a row can't point at another user's row, every query is scoped
by the user in the query itself, and the store can be distributed by user without a new schema.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storage.columns import Json, UtcDateTime
from storage.messages import ToolCall
from storage.subscriptions import Subscription
from storage.values import Inverse, Physiology, Preferences, SafetyHold
from training.changes import Delta, WorkoutChange
from training.executions import ActualMetrics, CompletionStatus, Feedback
from training.plans import IntensityMix, PersonalizationInputs, Phase, PlanKind
from training.receipts import Receipt
from training.runners import DayBlock, Distance, Level
from training.workouts import Marker, Structure, Targets, WorkoutType

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ONE_OF = "one_of"  # where a constraint keeps the values that its column may have


def table_of(model: type[SQLModel]) -> sa.Table:
    """Return a model's table, for statements by column."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def _one_of(column: str, values: Any, *, or_none: bool = False) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(
        f"{f'{column} IS NULL OR ' if or_none else ''}{column} IN ({listed})",
        name=f"{column}_known",
        info={ONE_OF: (column, tuple(str(value) for value in values))},
    )


def _of_user(column: str, *, to: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id", column], [f"{to}.user_id", f"{to}.id"], ondelete=ondelete
    )


def _owner() -> Any:
    return Field(foreign_key="user_profile.id", primary_key=True, ondelete="CASCADE")


def _json(of: Any, *, nullable: bool = False) -> Any:
    return Field(sa_column=sa.Column(Json(of), nullable=nullable))


def _time(*, nullable: bool = False) -> Any:
    return Field(sa_column=sa.Column(UtcDateTime(), nullable=nullable))


class UserProfile(SQLModel, table=True):
    """Seed 1.1, and what else is known of the runner."""

    __tablename__ = "user_profile"
    __table_args__ = (_one_of("experience_level", Level),)

    id: str = Field(primary_key=True)
    name: str
    experience_level: str
    injury_flags: tuple[str, ...] = _json(tuple[str, ...])
    weekly_availability: tuple[DayBlock, ...] = _json(tuple[DayBlock, ...])
    preferences: Preferences = _json(Preferences)
    subscription: Subscription = _json(Subscription)
    physiology: Physiology = _json(Physiology)
    safety_hold: SafetyHold | None = _json(SafetyHold, nullable=True)
    created_at: dt.datetime = _time()
    updated_at: dt.datetime = _time()


class Plan(SQLModel, table=True):
    """Seed 1.2; a runner's current plan is the one without `ended_at`."""

    __tablename__ = "plan"
    __table_args__ = (
        _one_of("goal_distance", Distance),
        _one_of("phase", Phase),
        _one_of("kind", PlanKind),
        sa.CheckConstraint("version >= 1", name="version_counts_from_1"),
        sa.Index(
            "ix_plan_one_current",
            "user_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    user_id: str = _owner()
    id: str = Field(primary_key=True)
    goal_distance: str
    goal_date: dt.date
    phase: str
    version: int
    start_date: dt.date
    personalization_inputs: PersonalizationInputs = _json(PersonalizationInputs)
    kind: str
    created_at: dt.datetime = _time()
    updated_at: dt.datetime = _time()
    ended_at: dt.datetime | None = _time(nullable=True)


class WeekPlan(SQLModel, table=True):
    """Seed 1.3; target_volume is in km."""

    __tablename__ = "week_plan"
    __table_args__ = (
        _of_user("plan_id", to="plan"),
        _one_of("phase", Phase),
        sa.UniqueConstraint("user_id", "plan_id", "week_start_date"),
    )

    user_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    plan_id: str
    week_start_date: dt.date
    target_volume: float
    target_intensity_mix: IntensityMix = _json(IntensityMix)
    focus_summary: str
    phase: str
    note: str | None = None


class WorkoutPlan(SQLModel, table=True):
    """Seed 1.4; one entry a day of the plan."""

    __tablename__ = "workout_plan"
    __table_args__ = (
        _of_user("plan_id", to="plan"),
        _of_user("week_id", to="week_plan"),
        _one_of("type", WorkoutType),
        _one_of("marker", Marker, or_none=True),
        sa.UniqueConstraint("user_id", "plan_id", "scheduled_date"),
    )

    user_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    plan_id: str
    week_id: str
    scheduled_date: dt.date
    type: str
    structure: Structure = _json(Structure)
    targets: Targets = _json(Targets)
    rationale: str
    coach_cues: tuple[str, ...] = _json(tuple[str, ...])
    name: str
    planned_km: float
    planned_minutes: float
    marker: str | None = None
    pinned: bool = False


class Execution(SQLModel, table=True):
    """Seed 1.5; 0..1 a workout, and runs outside the plan with no workout."""

    __tablename__ = "execution"
    __table_args__ = (
        _of_user("workout_id", to="workout_plan", ondelete="NO ACTION"),
        _one_of("completion_status", CompletionStatus),
        sa.CheckConstraint(
            "adherence_score IS NULL OR adherence_score BETWEEN 0 AND 100", name="score_range"
        ),
        sa.UniqueConstraint("user_id", "workout_id"),
        sa.Index("ix_execution_user_id_performed_on", "user_id", "performed_on"),
        sa.Index(
            "ix_execution_one_extra_a_day",
            "user_id",
            "performed_on",
            unique=True,
            sqlite_where=sa.text("workout_id IS NULL"),
            postgresql_where=sa.text("workout_id IS NULL"),
        ),
    )

    user_id: str = _owner()
    id: str = Field(primary_key=True)
    workout_id: str | None = None
    performed_at: dt.datetime = _time()
    performed_on: dt.date
    completion_status: str
    actual_metrics: ActualMetrics = _json(ActualMetrics)
    feedback: Feedback = _json(Feedback)
    adherence_score: int | None = None
    stopped_for_safety: bool = False
    created_at: dt.datetime = _time()
    updated_at: dt.datetime = _time()


class AdaptationLog(SQLModel, table=True):
    """Seed 1.6; one row a change, with the inverse that undoes it."""

    __tablename__ = "adaptation_log"
    __table_args__ = (
        _of_user("plan_id", to="plan"),
        sa.UniqueConstraint("user_id", "plan_id", "plan_version"),
    )

    user_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    plan_id: str
    created_at: dt.datetime = _time()
    change_summary: str
    reason: str
    impacted_workouts: tuple[str, ...] = _json(tuple[str, ...])
    delta: Delta = _json(Delta)
    kind: str
    rule: str
    plan_version: int
    trigger_execution_id: str | None = None
    turn_id: str | None = None
    changes: tuple[WorkoutChange, ...] = _json(tuple[WorkoutChange, ...])
    inverse: Inverse = _json(Inverse)
    receipt: Receipt = _json(Receipt)
    undone_by: str | None = None


class Conversation(SQLModel, table=True):
    """A thread of messages; `summary` tells of the turns that the model no longer sees."""

    __tablename__ = "conversation"

    user_id: str = _owner()
    id: str = Field(primary_key=True)
    created_at: dt.datetime = _time()
    summary: str = ""


class Turn(SQLModel, table=True):
    """One message of a runner on its way to a reply; unique by its idempotency key."""

    __tablename__ = "turn"
    __table_args__ = (
        _of_user("conversation_id", to="conversation"),
        _one_of("status", ("pending", "done", "failed")),
        sa.UniqueConstraint("user_id", "idempotency_key"),
        sa.Index(
            "ix_turn_user_id_conversation_id_sequence", "user_id", "conversation_id", "sequence"
        ),
        sa.Index(
            "ix_turn_pending",
            "user_id",
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        ),
    )

    user_id: str = _owner()
    id: str = Field(primary_key=True)
    conversation_id: str
    sequence: int
    idempotency_key: str
    payload_sha256: str
    today: dt.date
    status: str
    attempt: int
    lease_owner: str | None = None
    lease_until: dt.datetime | None = _time(nullable=True)
    response: dict[str, Any] | None = _json(dict[str, Any], nullable=True)
    created_at: dt.datetime = _time()
    finished_at: dt.datetime | None = _time(nullable=True)


class Message(SQLModel, table=True):
    """One stored step of a turn: the runner's text, an answer, a tool's result, or a note."""

    __tablename__ = "message"
    __table_args__ = (
        _of_user("turn_id", to="turn"),
        _one_of("role", ("user", "assistant", "tool", "note")),
        sa.Index(
            "ix_message_one_result_a_call",
            "user_id",
            "turn_id",
            "call_id",
            unique=True,
            sqlite_where=sa.text("call_id IS NOT NULL"),
            postgresql_where=sa.text("call_id IS NOT NULL"),
        ),
    )

    user_id: str = Field(primary_key=True)
    turn_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    role: str
    text: str
    calls: tuple[ToolCall, ...] = _json(tuple[ToolCall, ...])
    call_id: str | None = None
    created_at: dt.datetime = _time()


class Proposal(SQLModel, table=True):
    """A change that waits for the runner's yes, on the plan version that it was made for."""

    __tablename__ = "proposal"
    __table_args__ = (
        _of_user("turn_id", to="turn"),
        _one_of("status", ("open", "accepted", "declined", "superseded")),
    )

    user_id: str = _owner()
    id: str = Field(primary_key=True)
    turn_id: str
    conversation_id: str
    tool: str
    arguments: dict[str, Any] = _json(dict[str, Any])
    plan_id: str | None = None
    plan_version: int | None = None
    change_summary: str
    diff_sha256: str
    result: dict[str, Any] = _json(dict[str, Any])
    status: str
    created_at: dt.datetime = _time()
