"""A plan as a value: weeks of days from start to race."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from training.runners import DayBlock, Distance, Level
from training.workouts import Workout


class Phase(StrEnum):
    """The four phases, in their only order."""

    BASE = "base"
    BUILD = "build"
    PEAK = "peak"
    TAPER = "taper"


class PlanKind(StrEnum):
    """How much of a full structure the lead time allows."""

    NORMAL = "normal"
    REDUCED = "reduced"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class Fitness:
    """A Daniels-Gilbert fitness number, ml/kg/min VO2max equivalent, and where it comes from."""

    value: float
    source: str  # race | time_trial | hard_run | steady_hr | easy_rpe | placeholder
    confidence: str  # high | medium | low
    result: float | None = None  # what the race behind it showed, where only part was taken over


@dataclass(frozen=True, slots=True)
class PersonalizationInputs:
    """What the plan was made from; the seed's four, and the history behind the volumes."""

    baseline_fitness: Fitness
    availability: tuple[DayBlock, ...]
    experience_level: Level
    injury_flags: tuple[str, ...]
    weekly_km: float | None = None  # mean of the last 4 weeks
    longest_km: float | None = None  # longest run of the last 30 days
    age: int | None = None
    pre_flag_weekly_km: float | None = None  # mean before an injury flag went up


@dataclass(frozen=True, slots=True)
class IntensityMix:
    """Percent of planned minutes in Z1-2, Z3-4 and Z5; sums to 100."""

    low: int
    moderate: int
    high: int


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday, one entry a day; only a plan's first and last may be partial.

    note: None, or "cutback", "return", "fatigue", "illness", "injury", "missed",
    "race".
    """

    id: str
    week_start_date: dt.date
    phase: Phase
    target_volume_km: float
    target_intensity_mix: IntensityMix
    focus_summary: str
    workouts: tuple[Workout, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan at one version; `phase` is that of the current week."""

    id: str
    goal_distance: Distance
    goal_date: dt.date
    phase: Phase
    version: int
    start_date: dt.date
    inputs: PersonalizationInputs
    weeks: tuple[Week, ...]
    kind: PlanKind = PlanKind.NORMAL

    @property
    def workouts(self) -> Iterator[Workout]:
        """Every day from start to race."""
        return (workout for week in self.weeks for workout in week.workouts)

    def on(self, day: dt.date) -> Workout | None:
        """Return the day's entry, or None outside the plan."""
        return next((w for w in self.workouts if w.scheduled_date == day), None)

    def week_of(self, day: dt.date) -> Week | None:
        """Return the week that holds the day, or None outside the plan."""
        monday = day - dt.timedelta(days=day.weekday())
        return next((week for week in self.weeks if week.week_start_date == monday), None)
