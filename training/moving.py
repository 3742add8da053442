"""Moving and swapping single workouts: two entries exchange their dates."""

import datetime as dt
from dataclasses import replace

from training.changes import Adaptation, Move, NoChange, Swap
from training.drafts import Draft, Reason, settle
from training.errors import ChangeRefused
from training.limits import check_plan
from training.measures import is_race, is_run
from training.plans import Plan
from training.receipts import Check
from training.restraining import reweighed
from training.units import DAY, day_text, monday_of
from training.workouts import Workout

LOOK_DAYS = 6
RUNNER_WORDS = {
    "15": "it would put two hard days in a row",
    "26": "it would be too near to the race",
    "27": "it would put the longest run too near to the race",
    "12": "the long run would be too large a part of that week",
    "6": "that week would grow too fast",
    "7": "that week would grow too fast",
    "8": "the easier week would be lost",
    "14": "that week would have two long runs",
    "11": "the run would be a big step up from the last weeks",
    "17": "that week would have too few rest days",
    "16": "that week would have too many hard days",
    "2.7": "that week would have too many hard sessions",
    "18": "too much of that week would be hard",
    "29": "you are getting well on that day: no running, or nothing fast, then",
    "25": "the weeks before the race have to get easier",
}


def adapt_move(draft: Draft, change: Move) -> Adaptation | NoChange:
    """Move one run to a day of rest.

    Raises ChangeRefused where a limit bars it, naming days that would work.
    """
    run = _open_entry(draft, change.from_date)
    if not is_run(run):
        raise ChangeRefused(
            f"There is no run on {day_text(change.from_date)}.",
            code="no_run",
            unlocked_by="a day that has a run",
        )
    if change.to_date == change.from_date:
        return NoChange(f"{run.name} is on {day_text(change.from_date)} already.")
    other = _open_entry(draft, change.to_date)
    if is_run(other):
        days = _days_that_work(draft, run)
        raise ChangeRefused(
            f"{day_text(change.to_date)} already has {other.name}. {days} "
            "You could also swap the two.",
            code="day_taken",
            unlocked_by="a swap, or a free day",
        )
    why = Reason(
        rule="move",
        summary=f"{run.name} moves from {day_text(change.from_date)} "
        f"to {day_text(change.to_date)}.",
        reason="You asked for it, and the hard days stay apart.",
    )
    return _exchange(draft, run, other, why)


def adapt_swap(draft: Draft, change: Swap) -> Adaptation | NoChange:
    """Exchange the entries of two days.

    Raises ChangeRefused where a limit bars it.
    """
    first, second = _open_entry(draft, change.first_date), _open_entry(draft, change.second_date)
    if change.first_date == change.second_date or not (is_run(first) or is_run(second)):
        return NoChange("There is nothing to swap between those days.")
    why = Reason(
        rule="swap",
        summary=f"{first.name} and {second.name} change places: {day_text(change.first_date)} and "
        f"{day_text(change.second_date)}.",
        reason="You asked for it, and the hard days stay apart.",
    )
    return _exchange(draft, first, second, why)


def exchanged(plan: Plan, first: Workout, second: Workout) -> Plan:
    """Return the plan with two entries on each other's dates, runs pinned there."""
    days = dict(plan.by_day)
    for workout, day in ((first, second.scheduled_date), (second, first.scheduled_date)):
        days[day] = replace(workout, scheduled_date=day, pinned=is_run(workout))
    touched = {monday_of(first.scheduled_date), monday_of(second.scheduled_date)}
    weeks = tuple(
        reweighed(plan, week, [days[w.scheduled_date] for w in week.workouts], week.note)
        if week.week_start_date in touched
        else week
        for week in plan.weeks
    )
    return replace(plan, weeks=weeks)


def _exchange(draft: Draft, first: Workout, second: Workout, why: Reason) -> Adaptation | NoChange:
    broken = _newly_broken(draft, first, second)
    if broken:
        reasons = "; ".join(dict.fromkeys(_in_words(check) for check in broken))
        raise ChangeRefused(
            f"That doesn't work: {reasons}. {_days_that_work(draft, first)}",
            code="limit",
            unlocked_by=_days_that_work(draft, first),
        )
    moved = exchanged(draft.plan, first, second)
    return settle(draft, why, weeks=moved.weeks, is_small=True)


def _newly_broken(draft: Draft, first: Workout, second: Workout) -> list[Check]:
    moved = exchanged(draft.plan, first, second)
    after = check_plan(moved, draft.runner, draft.today, draft.done)
    if after.passed:
        return []
    before = check_plan(draft.plan, draft.runner, draft.today, draft.done)
    broken = {check.rule for check in before.failures}
    return [check for check in after.failures if check.rule not in broken]


def _in_words(check: Check) -> str:
    return RUNNER_WORDS.get(check.rule, f"{check.limit} would not hold ({check.found})")


def _open_entry(draft: Draft, day: dt.date) -> Workout:
    workout = draft.days.get(day)
    if workout is None:
        raise ChangeRefused(
            f"{day_text(day)} is outside your plan.",
            code="outside_plan",
            unlocked_by="a day between today and race day",
        )
    if day < draft.today:
        raise ChangeRefused(
            f"{day_text(day)} is in the past, and what is past stays as it was.",
            code="past",
            unlocked_by="a day from today on",
        )
    if workout.id in draft.history.logged_ids:
        raise ChangeRefused(
            f"The run of {day_text(day)} is logged already.",
            code="logged",
            unlocked_by="a day without a logged run",
        )
    if is_race(workout):
        raise ChangeRefused(
            "Race day stays where it is; to change it, tell me the new race date.",
            code="race_day",
            unlocked_by="a new race date",
        )
    return workout


def _days_that_work(draft: Draft, run: Workout) -> str:
    """Name the rest days nearby on which the run could stand."""
    works = []
    for offset in range(-LOOK_DAYS, LOOK_DAYS + 1):
        day = run.scheduled_date + offset * DAY
        other = draft.days.get(day)
        if other is None or day < draft.today or is_run(other) or is_race(other):
            continue
        if not _newly_broken(draft, run, other):
            works.append(day_text(day))
    if not works:
        return "No day near it works; dropping it for this week is fine."
    return f"What would work: {', '.join(works)}."
