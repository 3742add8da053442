"""Which phase each week of a plan belongs to, counted back from the race."""

import datetime as dt
import math
from dataclasses import dataclass

from training import tables
from training.plans import Phase, PlanKind
from training.runners import Distance, Level
from training.tables import (
    BASE_SHARE,
    LENGTHS,
    NEEDED_KM,
    PEAK_SHARE,
    PEAK_WEEKS,
    taper_weeks,
)
from training.units import WEEK, monday_of

FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Outline:
    """One week to come: its Monday, phase, and place in the phase; weeks_left: to the taper."""

    monday: dt.date
    phase: Phase
    turn: int
    weeks_left: int


def lead_weeks(start: dt.date, goal: dt.date) -> int:
    """Return the whole weeks from start to race day, both included."""
    return ((goal - start).days + 1) // 7


def plan_kind(distance: Distance, start: dt.date, goal: dt.date) -> PlanKind:
    """Say how much of a full structure the lead time allows."""
    weeks = lead_weeks(start, goal)
    if weeks < LENGTHS[distance].maintenance:
        return PlanKind.MAINTENANCE
    return PlanKind.REDUCED if weeks < LENGTHS[distance].full else PlanKind.NORMAL


def taper_start(distance: Distance, level: Level, start: dt.date, goal: dt.date) -> dt.date:
    """Return the taper's first Monday: the one nearest to race day minus the taper's weeks."""
    weeks = taper_weeks(distance, level, lead_weeks(start, goal))
    day = goal - weeks * WEEK
    return monday_of(day) + (WEEK if day.weekday() >= FRIDAY else dt.timedelta())


def outlines(
    distance: Distance,
    level: Level,
    start: dt.date,
    goal: dt.date,
    *,
    opening_phase: Phase = Phase.BASE,
    weekly_km: float | None = None,
) -> tuple[Outline, ...]:
    """Return every week from start to race with its phase; base, build, peak, taper in order.

    weekly_km: the mean of the last four weeks; where it is below what the distance needs, base
    weeks are added at the cost of later ones. A maintenance plan has base and taper alone.
    """
    first, last = monday_of(start), monday_of(goal)
    mondays = [first + i * WEEK for i in range((last - first).days // 7 + 1)]
    taper_from = max(first, taper_start(distance, level, start, goal))
    before = sum(monday < taper_from for monday in mondays)
    if plan_kind(distance, start, goal) is PlanKind.MAINTENANCE:
        counts = [(Phase.BASE, before)]
    else:
        general = max(0, len(mondays) - LENGTHS[distance].longest)
        counts = _counts(distance, level, before, general, opening_phase, weekly_km)
    phases = [phase for phase, count in counts for _ in range(count)]
    phases += [Phase.TAPER] * (len(mondays) - before)
    return tuple(
        Outline(monday, phase, phases[:i].count(phase), max(0, before - 1 - i))
        for i, (monday, phase) in enumerate(zip(mondays, phases, strict=True))
    )


def _counts(
    distance: Distance,
    level: Level,
    weeks: int,
    general: int,
    opening: Phase,
    weekly_km: float | None,
) -> list[tuple[Phase, int]]:
    """Share the weeks before the taper out; base first, then peak, give way in short plans.

    general: weeks over the longest plan, which are base too.
    """
    low, high = PEAK_WEEKS[distance]
    weeks -= general
    peak = min(max(round(PEAK_SHARE * weeks), low), high)
    if opening is not Phase.BASE:
        peak = min(peak, max(0, weeks - 1))
        return [(Phase.BUILD, general + weeks - peak), (Phase.PEAK, peak)]
    needed = NEEDED_KM[distance][level]
    missing = weekly_km is not None and 0 < weekly_km < needed
    if weeks < low + 2:
        peak = 0 if missing or weeks < 3 else weeks - 2
    base = max(1, round(BASE_SHARE[level] * (weeks - peak)))
    if missing and weekly_km:
        base += math.ceil(math.log(needed / weekly_km) / math.log(tables.GROWTH))
    base = min(base, weeks - peak - 1) if weeks > 1 else 0
    return [
        (Phase.BASE, general + base),
        (Phase.BUILD, weeks - peak - base),
        (Phase.PEAK, peak),
    ]
