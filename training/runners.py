"""Who the plan is for: level, days, limits and what is known of the heart."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Experience as the seed schema names it."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Distance(StrEnum):
    """A goal distance."""

    FIVE_K = "5k"
    TEN_K = "10k"
    HALF = "half"
    MARATHON = "marathon"

    @property
    def km(self) -> float:
        """The race's length."""
        return {"5k": 5.0, "10k": 10.0, "half": 21.0975, "marathon": 42.195}[self.value]


class Day(StrEnum):
    """A weekday as profiles store it, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @property
    def position(self) -> int:
        """0 for Monday to 6 for Sunday, as `date.weekday()`."""
        return _POSITIONS[self]

    @classmethod
    def of(cls, day: dt.date) -> "Day":
        """Return the weekday of a date."""
        return list(cls)[day.weekday()]


_POSITIONS = {day: position for position, day in enumerate(Day)}


@dataclass(frozen=True, slots=True)
class DayBlock:
    """One block of time in which the runner can run.

    start: "HH:MM" local, or None for any time; minutes: length, or None for no limit.
    """

    day: Day
    start: str | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Runner:
    """What the engine knows of a runner.

    availability: empty where nothing was said; the level's default days are used then.
    injury_flags: free text, one a body part or condition; any one bars intensity.
    """

    level: Level
    availability: tuple[DayBlock, ...] = ()
    injury_flags: tuple[str, ...] = ()
    age: int | None = None
    hr_max_bpm: int | None = None
    hr_rest_bpm: int | None = None
    lthr_bpm: int | None = None
    injury_history: bool = False
    no_hr_targets: bool = False  # beta-blocker or arrhythmia reported
