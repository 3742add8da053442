"""A workout: its type, structure, targets, and why it is there."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from training.keeping import kept

STRIDE_MINUTES = 0.5


class WorkoutType(StrEnum):
    """The six types of the seed schema."""

    EASY = "easy"
    TEMPO = "tempo"
    INTERVAL = "interval"
    LONG = "long"
    RECOVERY = "recovery"
    REST = "rest"


class Marker(StrEnum):
    """What the six types cannot say."""

    RACE = "race"
    TUNE_UP = "tune_up"
    WALK_RUN = "walk_run"
    TIME_TRIAL = "time_trial"


class Zone(StrEnum):
    """Daniels' intensities, the goal's race pace, and walking."""

    WALK = "walk"
    E = "easy"
    M = "marathon"
    T = "threshold"
    I = "interval"  # noqa: E741 - the field's own letter
    R = "repetition"
    RACE = "race"


@dataclass(frozen=True, slots=True)
class PaceRange:
    """Paces in whole s/km; `fast` is the smaller number."""

    fast_s_per_km: int
    slow_s_per_km: int


@dataclass(frozen=True, slots=True)
class RpeRange:
    """Effort on the 0-10 scale."""

    low: int
    high: int

    @property
    def text(self) -> str:
        """The effort as runners read it: "RPE 3-4"."""
        return f"RPE {self.low}" if self.low == self.high else f"RPE {self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one intensity, run `repeats` times.

    minutes, km: of one repeat, work only; one of them is the prescription (`by`), the other an
    estimate at the target pace. recovery_*: easy running or walking after each repeat but the last.
    """

    zone: Zone
    minutes: float
    km: float
    by: str = "time"  # or "distance"
    repeats: int = 1
    recovery_minutes: float = 0.0
    recovery_km: float = 0.0
    pace_range: PaceRange | None = None
    text: str = ""

    @property
    def is_stride(self) -> bool:
        """Whether these are strides: short, relaxed, and counted as easy running."""
        return self.zone is Zone.R and self.minutes <= STRIDE_MINUTES


@dataclass(frozen=True)  # no slots: its sums are kept once they are asked for
class Structure:
    """Warmup, main and cooldown, each a list of segments; a rest day has none."""

    warmup: tuple[Segment, ...] = ()
    main: tuple[Segment, ...] = ()
    cooldown: tuple[Segment, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Every segment, warmup first."""
        return (*self.warmup, *self.main, *self.cooldown)

    @kept
    def work_minutes(self) -> Mapping[Zone, float]:
        """The minutes of work by zone, recoveries and strides left out."""
        sums: dict[Zone, float] = {}
        for s in self.segments:
            if not s.is_stride:
                sums[s.zone] = sums.get(s.zone, 0.0) + s.repeats * s.minutes
        return sums

    @kept
    def work_km(self) -> Mapping[Zone, float]:
        """The km of work by zone, recoveries and strides left out."""
        sums: dict[Zone, float] = {}
        for s in self.segments:
            if not s.is_stride:
                sums[s.zone] = sums.get(s.zone, 0.0) + s.repeats * s.km
        return sums

    @kept
    def faster_minutes(self) -> tuple[float, float, float]:
        """The minutes at marathon and threshold pace, at interval and repetition, at race pace."""
        minutes = self.work_minutes
        return (
            minutes.get(Zone.M, 0.0) + minutes.get(Zone.T, 0.0),
            minutes.get(Zone.I, 0.0) + minutes.get(Zone.R, 0.0),
            minutes.get(Zone.RACE, 0.0),
        )

    @kept
    def stride_count(self) -> int:
        """How many strides there are."""
        return sum(s.repeats for s in self.segments if s.is_stride)


@dataclass(frozen=True, slots=True)
class Targets:
    """What to aim at: duration or distance, and effort, pace and heart rate where known."""

    duration_minutes: float | None = None
    distance_km: float | None = None
    pace_range: PaceRange | None = None
    hr_zone: str | None = None  # "Z1" to "Z5"
    rpe: RpeRange | None = None


@dataclass(frozen=True, slots=True)
class Workout:
    """One day's entry of a plan; a rest day is one too.

    planned_km, planned_minutes: totals with warmup, recoveries and cooldown; 0 for rest; the race
    itself is held in `marker`, with its distance outside the volume rules.
    pinned: put on this day at the runner's own word, so availability does not bar it.
    """

    id: str
    scheduled_date: dt.date
    type: WorkoutType
    name: str
    structure: Structure = Structure()
    targets: Targets = Targets()
    rationale: str = ""
    coach_cues: tuple[str, ...] = ()
    planned_km: float = 0.0
    planned_minutes: float = 0.0
    marker: Marker | None = None
    pinned: bool = False

    def standing(self, identity: str, day: dt.date, *, pinned: bool = False) -> "Workout":
        """Return the workout under an id, on a day (a cheaper `replace`)."""
        return Workout(
            identity,
            day,
            self.type,
            self.name,
            self.structure,
            self.targets,
            self.rationale,
            self.coach_cues,
            self.planned_km,
            self.planned_minutes,
            self.marker,
            pinned,
        )

    @property
    def effort(self) -> str | None:
        """The effort as runners read it: "RPE 3-4"."""
        rpe = self.targets.rpe
        return None if rpe is None else rpe.text
