"""What holds for a whole plan while its weeks are filled, and what one week should be."""

import datetime as dt
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from training.events import Event
from training.kits import Kit
from training.measures import (
    days_from,
)
from training.phases import Outline
from training.runners import Distance, Level, Runner
from training.scheduling import Pattern
from training.units import DAY, WEEK


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for a whole plan while its weeks are filled.

    run_cap_km: no run longer than this. run_from: no run before it. quality_from: no quality
    before it. half_dose_until: quality at half its repeats before it. walk_from: the stage at
    which run-walk begins, or None.
    events: the races and test runs on the way. trial_weeks: the numbers of the weeks of which one
    gets a test run.
    """

    plan_id: str
    version: int
    distance: Distance
    start_date: dt.date
    goal_date: dt.date
    runner: Runner
    kit: Kit
    pattern: Pattern
    known_ids: Mapping[dt.date, str] = field(default_factory=dict)
    run_cap_km: float = math.inf
    run_from: dt.date = dt.date.min
    quality_from: dt.date = dt.date.min
    half_dose_until: dt.date = dt.date.min
    walk_from: int | None = None
    maintenance: bool = False
    events: tuple[Event, ...] = ()
    trial_weeks: tuple[int, ...] = ()

    @property
    def level(self) -> Level:
        """The runner's level."""
        return self.runner.level

    @property
    def flagged(self) -> bool:
        """Whether an injury flag bars intensity."""
        return bool(self.runner.injury_flags)

    @property
    def days_off(self) -> set[dt.date]:
        """The days of races and test runs, and the days after races, which are rest."""
        after = {event.day + DAY for event in self.events if not event.is_trial}
        return after | {event.day for event in self.events}

    @property
    def easy_days(self) -> set[dt.date]:
        """The days around races and test runs, on which nothing hard stands."""
        return {day for event in self.events for day in event.easy_days}

    def days_out(self, day: dt.date) -> int:
        """Days from a day to the race."""
        return (self.goal_date - day).days


@dataclass(frozen=True, slots=True)
class Brief:
    """What one week should be: its outline, volume, and number in the plan."""

    outline: Outline
    target_km: float
    note: str | None
    number: int


def new_id(prefix: str, plan_id: str, day: dt.date, version: int) -> str:
    """Return a deterministic id: the prefix and 12 hex digits."""
    seed = f"{plan_id}|{day.isoformat()}|{version}".encode()
    return f"{prefix}_{hashlib.sha1(seed, usedforsecurity=False).hexdigest()[:12]}"


def week_days(frame: Frame, monday: dt.date) -> list[dt.date]:
    """Return the week's dates inside the plan, race day included."""
    first = max(monday, frame.start_date)
    return list(days_from(first, min(monday + WEEK - DAY, frame.goal_date)))
