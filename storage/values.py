"""Values that rows hold and that the engine does not need."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from training.plans import IntensityMix, PersonalizationInputs, Phase, PlanKind
from training.runners import Distance
from training.workouts import Workout


@dataclass(frozen=True, slots=True)
class Preferences:
    """The seed's preferences: units for replies, the runner's time zone, liked training."""

    units: Literal["km", "mi"] = "km"
    time_zone: str = "UTC"
    workout_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Physiology:
    """Age and heart rates, where the runner gave them."""

    age: int | None = None
    hr_max_bpm: int | None = None
    hr_rest_bpm: int | None = None
    lthr_bpm: int | None = None
    injury_history: bool = False
    no_hr_targets: bool = False


@dataclass(frozen=True, slots=True)
class SafetyHold:
    """While it is on nothing grows. pauses: the whole plan, or intensity alone."""

    since: dt.date
    flag: str
    pauses: Literal["plan", "intensity"]
    ends_when: str


@dataclass(frozen=True, slots=True)
class WeekHeader:
    """A week without its workouts."""

    id: str
    week_start_date: dt.date
    phase: Phase
    target_volume_km: float
    target_intensity_mix: IntensityMix
    focus_summary: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Inverse:
    """What a change replaced: enough to make the former plan again from the present one.

    workouts, weeks: as they were, those that differ or are gone; added_*: ids that are new.
    """

    goal_distance: Distance
    goal_date: dt.date
    phase: Phase
    start_date: dt.date
    inputs: PersonalizationInputs
    kind: PlanKind
    workouts: tuple[Workout, ...] = ()
    weeks: tuple[WeekHeader, ...] = ()
    added_workouts: tuple[str, ...] = ()
    added_weeks: tuple[str, ...] = ()
