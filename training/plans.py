"""A plan as a value: weeks of days from start to race."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from training.keeping import kept
from training.runners import DayBlock, Distance, Level
from training.units import day_text, monday_of
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
    source: str  # race | time_trial | hard_run | steady_hr | easy_rpe | training |
    # placeholder
    confidence: str  # high | medium | low
    result: float | None = None  # what the race behind it showed, where only part was taken over
    as_of: dt.date | None = None  # the day a change set it; None where the plan began with it


@dataclass(frozen=True, slots=True)
class Hold:
    """What illness or pain bars for a time; each part ends by itself on its date.

    cause: "illness", "injury" or "break". since: the day it was reported. no_run_before: the
    first day with running; nothing_fast_before: the first day with quality; half_dose_before: the
    first day with whole sessions. None where it bars nothing.
    """

    cause: str
    since: dt.date
    no_run_before: dt.date | None = None
    nothing_fast_before: dt.date | None = None
    half_dose_before: dt.date | None = None

    def bars_running(self, day: dt.date) -> bool:
        """Whether there is no running on the day."""
        return self.no_run_before is not None and self.since <= day < self.no_run_before

    def bars_quality(self, day: dt.date) -> bool:
        """Whether nothing fast or hard may stand on the day."""
        fast_from = self.nothing_fast_before
        barred = fast_from is not None and self.since <= day < fast_from
        return barred or self.bars_running(day)

    @property
    def ends(self) -> dt.date:
        """The first day on which nothing is barred."""
        return _last(self.no_run_before, self.nothing_fast_before) or self.since

    def on(self, today: dt.date) -> "Hold | None":
        """Return itself while it bars anything, else None."""
        return self if today < self.ends else None

    def ends_when(self, today: dt.date) -> str:
        """Say when it ends, in words for the runner."""
        parts = []
        if self.no_run_before is not None and today < self.no_run_before:
            parts.append(f"running is back on {day_text(self.no_run_before)}")
        if self.nothing_fast_before is not None and today < self.nothing_fast_before:
            parts.append(f"nothing fast before {day_text(self.nothing_fast_before)}")
        return ", and ".join(parts)

    def joined(self, later: "Hold") -> "Hold":
        """Return what bars all that the two of them bar, under the later one's cause."""
        return Hold(
            cause=later.cause,
            since=min(self.since, later.since),
            no_run_before=_last(self.no_run_before, later.no_run_before),
            nothing_fast_before=_last(self.nothing_fast_before, later.nothing_fast_before),
            half_dose_before=_last(self.half_dose_before, later.half_dose_before),
        )


def _last(a: dt.date | None, b: dt.date | None) -> dt.date | None:
    return max((day for day in (a, b) if day is not None), default=None)


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
    hold: Hold | None = None  # what illness or pain bars for a time
    fitted_on: dt.date | None = None  # the day volume was cut to what the runner's weeks allow


@dataclass(frozen=True, slots=True)
class IntensityMix:
    """Percent of planned minutes in Z1-2, Z3-4 and Z5; sums to 100."""

    low: int
    moderate: int
    high: int


@dataclass(frozen=True)  # no slots: its sums are kept once they are asked for
class Week:
    """Monday to Sunday, one entry a day; only a plan's first and last may be partial.

    note: None, or "cutback", "return", "fatigue", "illness", "injury", "missed",
    "missed_cutback", "tune_up", "race".
    """

    id: str
    week_start_date: dt.date
    phase: Phase
    target_volume_km: float
    target_intensity_mix: IntensityMix
    focus_summary: str
    workouts: tuple[Workout, ...]
    note: str | None = None

    @kept
    def planned_km(self) -> float:
        """The km of its runs; a race holds none."""
        return sum(w.planned_km for w in self.workouts)

    @kept
    def planned_minutes(self) -> float:
        """The minutes of its runs; a race holds none."""
        return sum(w.planned_minutes for w in self.workouts)


@dataclass(frozen=True)  # no slots: its days are kept once they are asked for
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

    @kept
    def workouts(self) -> tuple[Workout, ...]:
        """Every day from start to race."""
        return tuple(workout for week in self.weeks for workout in week.workouts)

    def on(self, day: dt.date) -> Workout | None:
        """Return the day's entry, or None outside the plan."""
        return self.by_day.get(day)

    def week_of(self, day: dt.date) -> Week | None:
        """Return the week that holds the day, or None outside the plan."""
        return self._by_monday.get(monday_of(day))

    @kept
    def by_day(self) -> Mapping[dt.date, Workout]:
        """The days by their dates."""
        return {workout.scheduled_date: workout for workout in self.workouts}

    @kept
    def _by_monday(self) -> Mapping[dt.date, Week]:
        return {week.week_start_date: week for week in self.weeks}
