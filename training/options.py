"""Ways to handle a run that can't be run, or days of illness: each one a plan within the limits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from training.adaptation import adapt
from training.changes import Adaptation, Availability, Change, Illness, Missed, Move, NoChange
from training.cutting import shortened
from training.drafts import Reason, draft_of, settle
from training.errors import ChangeRefused, LimitBroken
from training.executions import Execution
from training.measures import is_race, is_run
from training.plans import Plan
from training.runners import Runner
from training.units import DAY, weekday
from training.workouts import Workout, WorkoutType

MOST_OPTIONS = 3
FARTHEST_MOVE_DAYS = 3
SHORT_SHARE = 0.6


def options(
    plan: Plan, runner: Runner, done: Sequence[Execution], change: Change, today: dt.date
) -> tuple[Adaptation, ...]:
    """Return up to three ways to answer a change, the usual one first, none of them applied.

    One skipped day: drop the run, move it by at most three days, or run it shorter. Anything
    else: the usual answer, and for an illness also a return that takes a few days more. Ways that
    a limit forbids are left out.
    Raises ChangeRefused where the change itself is refused.
    """
    usual = adapt(plan, runner, done, change, today)
    found = [] if isinstance(usual, NoChange) else [usual]
    day = _single_day(change)
    if day is not None and day >= today:
        found += _moved(plan, runner, done, day, today)
        found += _shorter(plan, runner, done, day, today)
    if isinstance(change, Illness):
        found += _longer_rest(plan, runner, done, change, today)
    return tuple(_distinct(found)[:MOST_OPTIONS])


def _single_day(change: Change) -> dt.date | None:
    match change:
        case Missed(days=(day,), days_off=None):
            return day
        case Availability(blocks=(), days_off=(day,)):
            return day
        case _:
            return None


def _moved(
    plan: Plan, runner: Runner, done: Sequence[Execution], day: dt.date, today: dt.date
) -> list[Adaptation]:
    """Return the move to the nearest free day that holds the limits, later days first."""
    offsets = sorted(
        (n for n in range(-FARTHEST_MOVE_DAYS, FARTHEST_MOVE_DAYS + 1) if n),
        key=lambda n: (abs(n), -n),
    )
    for offset in offsets:
        target = day + offset * DAY
        other = plan.on(target)
        if other is None or target < today or is_run(other) or is_race(other):
            continue
        try:
            moved = adapt(plan, runner, done, Move(day, target), today)
        except ChangeRefused:
            continue
        if isinstance(moved, Adaptation):
            return [replace(moved, reason="Nothing is lost, and the hard days stay apart.")]
    return []


def _shorter(
    plan: Plan, runner: Runner, done: Sequence[Execution], day: dt.date, today: dt.date
) -> list[Adaptation]:
    draft = draft_of(plan, runner, done, today)
    run = draft.days.get(day)
    if run is None or not is_run(run) or not draft.history.is_open(run):
        return []
    cut = shortened(_plain(run), draft.kit, SHORT_SHARE * run.planned_km)
    if not is_run(cut):
        return []
    draft.put(cut)
    why = Reason(
        rule="3.1-shorter",
        summary=f"{weekday(day)}'s {run.name} becomes {cut.name}.",
        reason="A short run keeps the habit, and what is left out is not made up for.",
    )
    try:
        result = settle(draft, why, is_small=True)
    except LimitBroken:
        return []
    return [result] if isinstance(result, Adaptation) else []


def _plain(run: Workout) -> Workout:
    """Return a long run as an easy one, so that the week's other runs need not be shorter still."""
    return replace(run, type=WorkoutType.EASY) if run.type is WorkoutType.LONG else run


def _longer_rest(
    plan: Plan, runner: Runner, done: Sequence[Execution], change: Illness, today: dt.date
) -> list[Adaptation]:
    longer = replace(change, days_ill=change.days_ill + 2)
    try:
        result = adapt(plan, runner, done, longer, today)
    except ChangeRefused:
        return []
    if isinstance(result, NoChange):
        return []
    slower = replace(
        result,
        rule=f"{result.rule}-longer",
        summary=f"Two days more before anything fast. {result.summary}",
    )
    return [slower]


def _distinct(found: Sequence[Adaptation]) -> list[Adaptation]:
    """Drop ways that lead to the same days as one before them."""
    kept: list[Adaptation] = []
    for way in found:
        if all(tuple(way.plan.workouts) != tuple(k.plan.workouts) for k in kept):
            kept.append(way)
    return kept
