"""The tool that makes a new plan."""

from typing import Annotated

from pydantic import Field

from tools.arguments import Arguments, Block, Date
from training.runners import Distance


class RaceArguments(Arguments):
    """A race or time trial run all out."""

    distance_km: float = Field(gt=0, le=100)
    """Its distance in km, e.g. 10."""
    time_minutes: float = Field(gt=0, le=1440)
    """Its time in minutes, e.g. 52.5."""
    date: Date | None = None
    """The day it was run; null for recently."""


class BaselineArguments(Arguments):
    """What the runner did lately. Leave out whatever the runner did not say."""

    recent_race: RaceArguments | None = None
    """The best recent race."""
    weekly_km: float | None = Field(None, ge=0, le=300)
    """Average km a week over the last four weeks, e.g. 25."""
    longest_km: float | None = Field(None, ge=0, le=200)
    """Longest run of the last 30 days in km, e.g. 12."""


class CreatePlan(Arguments):
    """Make a plan from today to a race.

    Use it when the runner names a distance and a race day. Ask for what is missing first; never
    guess a date. Over an existing plan it comes back as a proposal that the runner has to accept.
    Returns the new plan's summary, its receipt and its warnings, or why there can be none.
    """

    goal_distance: Distance
    """5k, 10k, half or marathon."""
    goal_date: Date
    """Race day, e.g. "2026-05-18"."""
    baseline: BaselineArguments = BaselineArguments()
    """Recent race or running."""
    days: Annotated[tuple[Block, ...], Field(max_length=21)] = ()
    """Days that the runner can run on, e.g. [{"day": "tue"}, {"day": "sat", "minutes": 120}];
    empty for what the profile says."""
