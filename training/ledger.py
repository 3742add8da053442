"""The running account of what was and will be run, against which each next week is measured."""

import datetime as dt
import math
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from training.measures import hard_minutes, is_hard, is_run
from training.plans import PersonalizationInputs, Phase, Week
from training.runners import Distance, Level
from training.tables import (
    FIRST_RUN_KM,
    FIRST_RUN_MINUTES,
    FIRST_WEEK_GROWTH,
    JUMP,
    LEAST_WEEK_KM,
    NO_HISTORY_WEEK_KM,
    SMALL_WEEK_KM,
    SPIKE,
    SPIKE_DAYS,
    SPIKE_STEP_KM,
    SPIKE_STEP_UP_TO_KM,
    TWO_WEEK_JUMP,
    UNLOADING,
    USUAL_LONG_SHARE,
    VOLUME_KM,
    growth_cap_km,
    spike_cap_km,
)
from training.workouts import Workout

RELIEF_NOTES = (
    *("cutback", "missed_cutback", "return", "fatigue", "illness", "injury"),
    "tune_up",
)


QUALITY_RISE_WEEKS = 3


@dataclass(slots=True)
class Ledger:
    """Runs by day, weeks by volume, and hard days, growing as weeks are filled.

    runs: sorted by day. weeks: (km, note), oldest first, opened by three weeks of the runner's
    history. quality: each whole week's phase and minutes at moderate and high intensity.
    """

    level: Level
    runs: list[tuple[dt.date, float]] = field(default_factory=list)
    weeks: list[tuple[float, str | None]] = field(default_factory=list)
    hard: set[dt.date] = field(default_factory=set)
    quality: list[tuple[Phase, float]] = field(default_factory=list)
    loading: int = 0
    longest_planned: float = 0.0
    top_km: float = 0.0

    def longest_before(self, day: dt.date) -> float:
        """Return the longest run of the 30 days before the day, in km."""
        first = day - dt.timedelta(days=SPIKE_DAYS)
        start, end = bisect_left(self.runs, (first, 0.0)), bisect_left(self.runs, (day, 0.0))
        return max([km for _, km in self.runs[start:end]], default=0.0)

    def spike_cap_km(self, day: dt.date) -> float:
        """Return the longest run that the day may hold."""
        return spike_cap_km(self.longest_before(day))

    def week_cap_km(self) -> float:
        """Return the largest next week: growth over three weeks, and the jump over one and two."""
        recent = [km for km, _ in self.weeks[-3:]]
        cap = growth_cap_km(self.level, max(recent))
        last, note = self.weeks[-1]
        if note in RELIEF_NOTES or last < SMALL_WEEK_KM:
            return cap
        cap = min(cap, JUMP * last)
        if (
            len(recent) > 1
            and self.weeks[-2][1] not in RELIEF_NOTES
            and recent[-2] >= SMALL_WEEK_KM
        ):
            cap = min(cap, TWO_WEEK_JUMP * recent[-2])
        return cap

    def add_run(self, day: dt.date, km: float) -> None:
        """Enter a run."""
        insort(self.runs, (day, km))

    def add_workouts(self, workouts: Iterable[Workout]) -> None:
        """Enter planned runs, and which days are hard."""
        for workout in workouts:
            if is_run(workout):
                self.add_run(workout.scheduled_date, workout.planned_km)
                self.longest_planned = max(self.longest_planned, workout.planned_km)
            if is_hard(workout):
                self.hard.add(workout.scheduled_date)

    def close_week(self, km: float, note: str | None, *, began_late: bool = False) -> None:
        """Enter a week's volume; a clear drop ends a run of loading weeks.

        A first week that began late counts as the week before it, and for no peak.
        """
        if began_late:
            km = self.weeks[-1][0]
        else:
            self.top_km = max(self.top_km, km)
        dropped = km <= UNLOADING * self.weeks[-1][0] + 1e-9
        self.loading = 0 if dropped else self.loading + 1
        self.weeks.append((km, note))

    def add_quality(self, week: Week, distance: Distance) -> None:
        """Enter a week's minutes at moderate and high intensity."""
        self.quality.append((week.phase, sum(hard_minutes(w, distance) for w in week.workouts)))

    @property
    def quality_minutes(self) -> float:
        """The most minutes of quality in the last three weeks, infinity where none are known."""
        return max((minutes for _, minutes in self.quality[-3:]), default=math.inf)

    def may_raise_quality(self, phase: Phase) -> bool:
        """Whether quality may rise in place of the long run: as a phase begins, and every third
        week."""
        if not self.quality:
            return False
        minutes = [m for _, m in self.quality]
        rises = [
            i for i in range(1, len(minutes)) if minutes[i] > max(minutes[max(0, i - 3) : i]) + 0.5
        ]
        new_phase = self.quality[-1][0] is not phase
        return new_phase or len(minutes) - max(rises, default=0) > QUALITY_RISE_WEEKS

    @property
    def peak_km(self) -> float:
        """The largest whole week since the plan began, the week before it without any."""
        return self.top_km or self.weeks[-1][0]


def reference_week_km(inputs: PersonalizationInputs, distance: Distance) -> float:
    """Return the week that growth is measured from: history, or the level's start without any."""
    if inputs.weekly_km:
        return max(inputs.weekly_km, LEAST_WEEK_KM)
    level = inputs.experience_level
    start = VOLUME_KM[distance][level][0]
    return min(start, NO_HISTORY_WEEK_KM.get(level, start)) / FIRST_WEEK_GROWTH


def reference_longest_km(inputs: PersonalizationInputs, easy_s_per_km: float) -> float:
    """Return the longest recent run in km; without history, one that allows the level's first run.

    No history: first runs of at most 5 km or 30 minutes (beginner), 8 km, 12 km (advanced). Where
    only the weekly volume is known, the longest is taken as a quarter of it (Daniels: 25-30 %).
    """
    if inputs.longest_km:
        return inputs.longest_km
    level = inputs.experience_level
    minutes = FIRST_RUN_MINUTES.get(level)
    first = FIRST_RUN_KM[level]
    if minutes is not None:
        first = min(first, minutes * 60 / easy_s_per_km)
    longest = first - SPIKE_STEP_KM if first <= SPIKE_STEP_UP_TO_KM else first / SPIKE
    return max(longest, USUAL_LONG_SHARE * (inputs.weekly_km or 0.0))


def open_ledger(
    inputs: PersonalizationInputs, distance: Distance, start: dt.date, easy_s_per_km: float
) -> Ledger:
    """Return the account as it stands on the plan's first day."""
    ledger = Ledger(inputs.experience_level)
    ledger.weeks = [(reference_week_km(inputs, distance), None)] * 3
    longest = reference_longest_km(inputs, easy_s_per_km)
    ledger.add_run(start - dt.timedelta(days=1), longest)
    return ledger
