"""The tool that records a run or a missed one."""

from pydantic import Field

from tools.arguments import Arguments, Date, Scale, WorkoutId
from training.executions import CompletionStatus


class MetricsArguments(Arguments):
    """What was measured. Leave out whatever the runner did not say."""

    duration_minutes: float | None = Field(None, gt=0, le=1440)
    """Moving time in minutes, e.g. 41.5."""
    distance_km: float | None = Field(None, gt=0, le=200)
    """Distance in km (convert miles: 1 mile = 1.609 km), e.g. 6.2."""
    avg_pace: str | None = Field(None, pattern=r"^\d{1,2}:[0-5]\d$")
    """Average pace per km as minutes:seconds, e.g. "5:40"."""
    hr_avg: int | None = Field(None, ge=1, le=400)
    """Average heart rate in beats per minute, e.g. 158."""
    hr_drift: float | None = Field(None, ge=-100, le=100)
    """Heart-rate drift over the run in percent, e.g. 8."""
    cadence: int | None = Field(None, ge=1, le=400)
    """Steps per minute, e.g. 168."""


class FeedbackArguments(Arguments):
    """How it felt. Leave out whatever the runner did not say."""

    rpe: Scale | None = None
    """Effort, 0 (none) to 10 (all out), e.g. 8."""
    soreness: Scale | None = None
    """Muscle soreness, 0 to 10, e.g. 4."""
    fatigue: Scale | None = None
    """General tiredness, 0 to 10, e.g. 3."""
    notes: str | None = Field(None, min_length=1, max_length=1000)
    """The runner's own words, e.g. "Felt heavy in last 10 minutes"."""


class LogExecution(Arguments):
    """Record what the runner did, or that a workout was missed.

    Use it when the runner reports a run ("40 min easy done, rpe 3") or corrects an earlier report:
    a second log of the same workout corrects the first, and fields left out keep what was recorded.
    Do not use it for plans, wishes or questions. Give `workout_id` or `date`; a run on a day
    without a workout is kept as an extra run. Returns the record with its adherence score.
    """

    completion_status: CompletionStatus
    """completed: done as planned; modified: shorter, longer or otherwise changed; missed."""
    date: Date | None = None
    """The day it was run, e.g. "2026-02-10"; never in the future."""
    workout_id: WorkoutId | None = None
    """The workout's id from the plan, e.g. "wk_987"; a workout may be run some days early."""
    actual_metrics: MetricsArguments = MetricsArguments()
    """What was measured."""
    feedback: FeedbackArguments = FeedbackArguments()
    """How it felt."""
    stopped_for_safety: bool = False
    """True where the runner stopped early for pain, illness, heat or danger."""
