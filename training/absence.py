"""Missed workouts and gaps without running: nothing is made up, the return is gentle."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from training.changes import Adaptation, Missed, NoChange
from training.cutting import eased, relabelled, shortened
from training.drafts import Draft, Reason, settle
from training.early_warnings import weeks_do_not_fit
from training.errors import ChangeRefused
from training.history import reference_week
from training.measures import QUALITY_TYPES, is_hard, is_race, is_run, mean
from training.phases import lead_weeks
from training.plans import Hold
from training.replanning import first_free_monday
from training.sessions import rest_day
from training.units import DAY, day_text, monday_of, weekday
from training.workouts import Workout, WorkoutType

SHORT_GAP, MIDDLE_GAP, LONG_GAP, LONGEST_GAP = 6, 10, 29, 56
WEEK_SHARE = 0.78  # first week after 6-9 days: 75-80 %
HALVES = (0.50, 0.75)
THIRDS = (0.33, 0.50, 0.75)
EASY_RUNS_FIRST = 3
LAYOFF_FLOOR, LAYOFF_PER_DAY, LAYOFF_FREE_DAYS = 0.80, 0.003, 5
CROSS_TRAINED_FLOOR, CROSS_TRAINED_PER_DAY = 0.90, 0.0015
FITTED_SHARE = 0.80
FITTING_ADVICE = (
    "Which days and how much time do you really have? If it is the days that don't suit, tell me "
    "those instead."
)
GOAL_DAYS, REVISE_DAYS, GOAL_WEEKS = 10, 21, 8


def layoff_factor(days_off: int, *, cross_trained: bool = False) -> float:
    """Return what fitness is multiplied by after days without running (Daniels, layoff table).

    cross_trained: regular aerobic training went on. The linear form reproduces the table.
    """
    floor, loss = LAYOFF_FLOOR, LAYOFF_PER_DAY
    if cross_trained:
        floor, loss = CROSS_TRAINED_FLOOR, CROSS_TRAINED_PER_DAY
    return max(floor, 1 - loss * max(0, days_off - LAYOFF_FREE_DAYS))


def adapt_missed(draft: Draft, change: Missed) -> Adaptation | NoChange:
    """Drop missed workouts, and ease the return after a gap of six days and more."""
    if change.days_off is not None and change.days_off >= SHORT_GAP:
        return return_from_gap(draft, change.days_off)
    if not change.days and change.days_off is None:
        raise ChangeRefused(
            "Which day was it? Tell me the date, or how long you were off.",
            code="no_day",
            unlocked_by="a date, or a number of days",
        )
    return drop_days(draft, change.days)


def drop_days(draft: Draft, days: tuple[dt.date, ...]) -> Adaptation | NoChange:
    """Turn open runs on some days into rest; nothing moves and no other day grows."""
    dropped = []
    for day in sorted(set(days)):
        workout = draft.days.get(day)
        if workout is None:
            raise ChangeRefused(
                f"{day_text(day)} is outside your plan.",
                code="outside_plan",
                unlocked_by="a day between the plan's start and race day",
            )
        if is_race(workout):
            raise ChangeRefused(
                "That is race day. If you can't race then, we can change the goal.",
                code="race_day",
                unlocked_by="a new race date",
            )
        if is_run(workout) and draft.history.is_open(workout):
            dropped.append(workout)
            draft.put(relabelled(rest_day(), workout))
            draft.mark_missed(day)
    behind = sum(day < draft.today for day in set(days))
    if behind >= 2:
        _start_easy(draft, 1)
    names = ", ".join(f"{w.name} on {weekday(w.scheduled_date)}" for w in dropped)
    if weeks_do_not_fit(draft.plan, draft.done, draft.today):
        return _fewer_km(draft)
    why = Reason(
        rule="3.1-missed",
        summary=f"Dropped: {names}." if dropped else "The next run is an easy one.",
        reason="A missed run is not made up for: the rest of the week stays as it is, and your "
        "fitness comes from many weeks, not from one run.",
        unchanged="What is missed is behind you: nothing is made up, and the plan goes on as it "
        "is. One run doesn't decide a race.",
        advice=_advice_after_missing(dropped, names),
    )
    return settle(draft, why, is_small=len(dropped) <= 1)


def _fewer_km(draft: Draft) -> Adaptation | NoChange:
    """Propose a fifth less running where two weeks in a row were hard to fit in."""
    draft.inputs = replace(draft.inputs, fitted_on=draft.today)
    draft.change(
        lambda w: shortened(w, draft.kit, FITTED_SHARE * w.planned_km), first_free_monday(draft)
    )
    why = Reason(
        rule="3.1-repeated",
        summary=f"{1 - FITTED_SHARE:.0%} less running from the next whole week on.",
        reason="In the last two weeks less than 60 % was done as planned. A plan that fits your "
        "weeks does more for you than the same one again.",
        advice=(FITTING_ADVICE,),
    )
    return settle(draft, why, needs_yes=True)


def _advice_after_missing(dropped: Sequence[Workout], names: str) -> tuple[str, ...]:
    if len(dropped) == 1 and is_hard(dropped[0]):
        return (f"If another day suits, ask me to move it instead of dropping {names}.",)
    return ()


def return_from_gap(draft: Draft, days_off: int) -> Adaptation | NoChange:
    """Lower paces and volume after a gap, by its length, then go on as planned."""
    today = draft.today
    if _already_returning(draft):
        return NoChange("Your return is already planned gently; take it day by day.")
    before = usual_week(draft, today - days_off * DAY)
    draft.lower_fitness(layoff_factor(days_off))
    stages = _stages(days_off)
    length = 7 if days_off < MIDDLE_GAP else days_off
    first = quality_from = today
    for index, share in enumerate(stages):
        last = _week_end(today + (index + 1) * length * DAY // len(stages) - DAY)
        quality = index > 0 or len(stages) == 1
        _scale_to(draft, first, last, share, before, quality=quality)
        if not quality:
            quality_from = last + DAY
        draft.mark("return", first, last)
        first = last + DAY
    _start_easy(draft, EASY_RUNS_FIRST)
    runs = draft.open_runs(today)
    if len(runs) > EASY_RUNS_FIRST:
        quality_from = max(quality_from, runs[EASY_RUNS_FIRST].scheduled_date)
    draft.hold(Hold("break", today, nothing_fast_before=quality_from))
    why = Reason(
        rule="3.1-gap",
        summary=f"A gentle return after {days_off} days off: {_shares(stages)} of your usual "
        "volume, easy running first, and paces a little slower.",
        reason="Some fitness goes in a break and comes back quickly; tendons and bones need "
        "longer, so the load comes back step by step.",
        advice=_goal_advice(draft, days_off),
    )
    return settle(draft, why, is_small=True)


def usual_week(draft: Draft, before: dt.date) -> float:
    """Return the mean of the four weeks that ended before a day, history included."""
    plan, monday = draft.plan, monday_of(before)
    past = [draft.history.km_in(w) for w in plan.weeks if w.week_start_date < monday]
    return mean(([reference_week(plan)] * 4 + past)[-4:])


def _already_returning(draft: Draft) -> bool:
    coming = [m for m in draft.notes if monday_of(draft.today) <= m]
    return bool(coming) and draft.notes[coming[0]] == "return"


def _stages(days_off: int) -> tuple[float, ...]:
    if days_off < MIDDLE_GAP:
        return (WEEK_SHARE,)
    return HALVES if days_off < LONG_GAP else THIRDS


def _shares(stages: tuple[float, ...]) -> str:
    return ", then ".join(f"{share:.0%}" for share in stages)


def _week_end(day: dt.date) -> dt.date:
    return monday_of(day) + 6 * DAY


def _scale_to(
    draft: Draft, first: dt.date, last: dt.date, share: float, usual: float, *, quality: bool
) -> None:
    """Bring each week of a stretch down to a share of what is planned and of the usual week."""
    monday = monday_of(first)
    while monday <= last:
        runs = draft.open_runs(max(first, monday), min(last, monday + 6 * DAY))
        planned = sum(w.planned_km for w in runs)
        scale = min(share, share * usual / planned) if planned else share
        for workout in runs:
            km = scale * workout.planned_km
            easy = workout if quality else eased(workout, draft.kit)
            draft.put(shortened(easy, draft.kit, km))
        monday += 7 * DAY


def _start_easy(draft: Draft, count: int) -> None:
    for workout in draft.open_runs(draft.today)[:count]:
        if workout.type in QUALITY_TYPES or (workout.type is WorkoutType.LONG and is_hard(workout)):
            draft.put(eased(workout, draft.kit))


def _goal_advice(draft: Draft, days_off: int) -> tuple[str, ...]:
    left = lead_weeks(draft.today, draft.plan.goal_date)
    if days_off > LONGEST_GAP:
        return (
            "After so long a break a new plan, from a new base, is the better way: shall I "
            "make one for a later race?",
        )
    if days_off >= REVISE_DAYS or (days_off >= GOAL_DAYS and left < GOAL_WEEKS):
        return ("Let's look at the goal again: finishing well, or a later race, may suit better.",)
    return ()
