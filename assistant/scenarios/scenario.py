"""A scenario as a value: who talks, on which days, what is said, and what is expected of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.plan_files import PlanFile
from assistant.scenarios.values import Given
from training.executions import ActualMetrics, CompletionStatus, Feedback


@dataclass(frozen=True, slots=True)
class GivenExecution:
    """A run that was logged before the first message.

    workout_id: None takes the workout of its day; `outside_plan` keeps it from any workout.
    """

    performed_on: dt.date
    completion_status: CompletionStatus = CompletionStatus.COMPLETED
    workout_id: str | None = None
    outside_plan: bool = False
    actual_metrics: ActualMetrics = field(default_factory=ActualMetrics)
    feedback: Feedback = field(default_factory=Feedback)
    stopped_for_safety: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """Who talks. file: the runner's own; None for a demo runner as they are."""

    user_id: str
    file: PlanFile | None = None
    executions: tuple[GivenExecution, ...] = ()
    line: int = 1


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """A tool's call. arguments, result: what they must hold; None for anything."""

    tool: str
    line: int
    arguments: Given | None = None
    result: Given | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected after a turn; what is left out is not judged.

    state: by entity, such as "plan" or "workouts". calls: exactly these, in this order.
    calls_include: these and maybe others. top_prompt: a value of null expects none.
    """

    state: Mapping[str, Given] = field(default_factory=dict)
    calls: tuple[ExpectedCall, ...] | None = None
    calls_line: int = 0
    calls_include: tuple[ExpectedCall, ...] = ()
    forbidden_calls: tuple[ExpectedCall, ...] = ()
    top_prompt: Given | None = None
    mentions: tuple[Given, ...] = ()
    never: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: what the runner says, on which day, and what is expected then."""

    say: str
    today: dt.date
    line: int
    expect: Expected = field(default_factory=Expected)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A conversation as a test."""

    file: str
    line: int
    name: str
    cast: Cast
    turns: tuple[Said, ...]
