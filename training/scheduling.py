"""Which weekday holds which kind of run, the same every week."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from training.runners import Day, DayBlock, Distance, Runner
from training.tables import REST_DAYS, RUN_DAYS

DEFAULT_DAYS = {
    3: (Day.TUE, Day.THU, Day.SUN),
    4: (Day.TUE, Day.THU, Day.SAT, Day.SUN),
    5: (Day.TUE, Day.WED, Day.THU, Day.SAT, Day.SUN),
    6: (Day.MON, Day.TUE, Day.WED, Day.THU, Day.SAT, Day.SUN),
}
WEEKEND = {6: 2, 5: 1}  # preference for the long run
USEFUL_MINUTES = 30  # a shorter block holds no quality session


@dataclass(frozen=True, slots=True)
class Pattern:
    """The weekdays (0-6) of the long run, of quality and of easy runs, and each day's minutes."""

    long: int
    quality: tuple[int, ...]
    easy: tuple[int, ...]
    minutes: dict[int, float]

    @property
    def run_days(self) -> int:
        """Runs in a full week."""
        return 1 + len(self.quality) + len(self.easy)

    def holds(self, day: dt.date) -> bool:
        """Whether the day is one to run on."""
        weekday = day.weekday()
        return weekday == self.long or weekday in self.quality or weekday in self.easy

    def minutes_on(self, day: dt.date) -> float:
        """How long a run may take on the day."""
        return self.minutes[day.weekday()]


def available_minutes(availability: Sequence[DayBlock]) -> dict[int, float]:
    """Return each available weekday's longest block in minutes, infinity where it has no limit."""
    limits: dict[int, float] = {}
    for block in availability:
        minutes = math.inf if block.minutes is None else float(block.minutes)
        limits[block.day.position] = max(limits.get(block.day.position, 0.0), minutes)
    return limits


def default_availability(distance: Distance, runner: Runner) -> tuple[DayBlock, ...]:
    """Return the runner's days, or the level's usual ones where nothing was said."""
    if runner.availability:
        return runner.availability
    days = min(RUN_DAYS[distance][runner.level], 7 - REST_DAYS[runner.level])
    return tuple(DayBlock(day) for day in DEFAULT_DAYS[days])


def week_pattern(distance: Distance, runner: Runner, quality_sessions: int) -> Pattern:
    """Choose the days: the long run, quality at least two days from it, easy runs spread out."""
    limits = available_minutes(default_availability(distance, runner))
    most = min(len(limits), RUN_DAYS[distance][runner.level], 7 - REST_DAYS[runner.level])
    long = max(limits, key=lambda d: (limits[d], WEEKEND.get(d, 0), d))
    quality = _quality_days(limits, long, min(quality_sessions, most - 1))
    easy: list[int] = []
    while 1 + len(quality) + len(easy) < most:
        taken = [long, *quality, *easy]
        left = [d for d in limits if d not in taken]
        easy.append(
            max(
                left,
                key=lambda d: (
                    d != (long + 1) % 7,
                    limits[d] >= USEFUL_MINUTES,
                    min(_apart(d, other) for other in taken),
                    -d,
                ),
            )
        )
    return Pattern(long, quality, tuple(sorted(easy)), limits)


def _quality_days(limits: dict[int, float], long: int, count: int) -> tuple[int, ...]:
    free = [d for d in sorted(limits) if _apart(d, long) >= 2 and limits[d] >= USEFUL_MINUTES]
    for size in range(min(count, len(free)), 0, -1):
        sets = [
            days
            for days in combinations(free, size)
            if all(_apart(a, b) >= 2 for a, b in combinations(days, 2))
        ]
        if sets:
            best = max(sets, key=lambda days: (_spread(days, long), days))
            return tuple(sorted(best, key=lambda d: (-_apart(d, long), -d)))
    return ()


def _spread(days: Sequence[int], long: int) -> int:
    return min(_apart(a, b) for a, b in combinations((*days, long), 2))


def _apart(a: int, b: int) -> int:
    return min((a - b) % 7, (b - a) % 7)
