"""Races on the way to the goal, and test runs: where they stand, and what stands around them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from training.cutting import relabelled, softened
from training.kits import Kit
from training.measures import hard_minutes, is_hard, is_run
from training.plans import Phase
from training.runners import Distance
from training.sessions import event_day, rest_day
from training.tables import (
    TUNE_UP_DAYS_APART,
    TUNE_UP_EASY_DAYS_BEFORE,
    tune_up_days_out,
    tune_up_easy_days_after,
)
from training.units import DAY, monday_of
from training.workouts import Marker, Workout, WorkoutType

PHASES = (Phase.BUILD, Phase.PEAK)
TRIAL_KM = 3.0
LEAST_TRIAL_MINUTES = 25.0  # a shorter run has no room for warmup, test and cooldown
LONG_APART_DAYS = 2


@dataclass(frozen=True, slots=True)
class Event:
    """A tune-up race or a test run: its day and km."""

    day: dt.date
    km: float
    is_trial: bool = False

    @property
    def easy_days(self) -> list[dt.date]:
        """The days around it on which nothing hard stands."""
        before = range(-TUNE_UP_EASY_DAYS_BEFORE, 0)
        after = range(1, tune_up_easy_days_after(self.km) + 1)
        return [self.day + n * DAY for n in (*before, *after)]


def events_of(workouts: Iterable[Workout]) -> tuple[Event, ...]:
    """Return the tune-up races and test runs among some days."""
    return tuple(
        Event(w.scheduled_date, w.targets.distance_km or 0.0, w.marker is Marker.TIME_TRIAL)
        for w in workouts
        if w.marker in (Marker.TUNE_UP, Marker.TIME_TRIAL)
    )


def unfit(
    event: Event, others: Iterable[Event], phase: Phase | None, goal: dt.date, distance: Distance
) -> str | None:
    """Say why a race does not fit where it stands, in words for the runner; None where it does."""
    out = tune_up_days_out(event.km, distance)
    if (goal - event.day).days < out:
        return f"it is fewer than {out} days before your goal race"
    if phase not in PHASES and not event.is_trial:
        return "races fit in the build and peak weeks of a plan, not in its base or taper"
    near = (o for o in others if o != event and abs((o.day - event.day).days) < TUNE_UP_DAYS_APART)
    if not event.is_trial and any(not o.is_trial for o in near):
        return f"another race is fewer than {TUNE_UP_DAYS_APART} days from it"
    return None


def fitting(
    events: Iterable[Event], phases: Mapping[dt.date, Phase], goal: dt.date, distance: Distance
) -> tuple[Event, ...]:
    """Return those that still fit once the weeks' phases, the race day or the distance changed."""
    events = tuple(events)
    return tuple(
        e for e in events if unfit(e, events, phases.get(monday_of(e.day)), goal, distance) is None
    )


def place(days: dict[dt.date, Workout], kit: Kit, event: Event) -> None:
    """Put an event on its day in the week's hardest session's place, easy days around it.

    days: some dates' entries, changed in place; no run grows.
    """
    if event.day in days:
        monday = monday_of(event.day)
        week = [w for day, w in days.items() if monday_of(day) == monday and day != event.day]
        sessions = [w for w in week if is_run(w) and is_hard(w)]
        if sessions and not is_hard(days[event.day]):
            hardest = max(
                sessions, key=lambda w: (hard_minutes(w, kit.distance), w.planned_minutes)
            )
            days[hardest.scheduled_date] = softened(hardest, kit)
        days[event.day] = relabelled(event_day(event.km, event.is_trial), days[event.day])
    for day in event.easy_days:
        if day in days and is_run(days[day]) and is_hard(days[day]):
            days[day] = softened(days[day], kit)
    after = event.day + DAY
    if after in days and is_run(days[after]) and not event.is_trial:
        days[after] = relabelled(rest_day(), days[after])


def trial_in(workouts: Iterable[Workout]) -> Event | None:
    """Return a test run for a week: in its first session's place, or an easy run's; or None."""
    runs = [w for w in workouts if is_run(w)]
    long = [w.scheduled_date for w in runs if w.type is WorkoutType.LONG]
    usable = [
        w
        for w in runs
        if w.type is not WorkoutType.LONG
        and w.planned_minutes >= LEAST_TRIAL_MINUTES
        and all(abs((w.scheduled_date - day).days) >= LONG_APART_DAYS for day in long)
    ]
    chosen = next((w for w in usable if is_hard(w)), usable[0] if usable else None)
    return None if chosen is None else Event(chosen.scheduled_date, TRIAL_KM, is_trial=True)
