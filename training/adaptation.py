"""Deciding what a change does to a plan, and taking a change back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from training.absence import adapt_missed
from training.changes import (
    Adaptation,
    Availability,
    Change,
    Fatigue,
    FeelingStrong,
    Goal,
    Illness,
    Missed,
    Move,
    NoChange,
    Pain,
    Swap,
    TuneUpRace,
)
from training.days import adapt_availability
from training.drafts import draft_of
from training.executions import Execution
from training.fatigue import adapt_fatigue
from training.goals import adapt_goal
from training.illness import adapt_illness
from training.moving import adapt_move, adapt_swap
from training.pain import adapt_pain
from training.plans import Plan
from training.runners import Runner
from training.strength import adapt_feeling_strong
from training.tune_ups import adapt_tune_up
from training.undo import revert
from training.units import DAY

__all__ = ["adapt", "revert"]


def adapt(
    plan: Plan, runner: Runner, done: Sequence[Execution], change: Change, today: dt.date
) -> Adaptation | NoChange:
    """Decide what a change does to the plan; only open days from today on may differ.

    done: the runner's logged runs, all of them or those of the last eight weeks.
    Raises ChangeRefused where a rule forbids it, with what would allow it.
    """
    flags = tuple(dict.fromkeys((*runner.injury_flags, *plan.inputs.injury_flags)))
    if not isinstance(change, Pain):
        flags = runner.injury_flags
    runner = replace(runner, injury_flags=flags)
    days_off = _days_off(change)
    gap_from = None if days_off is None else today - days_off * DAY
    draft = draft_of(plan, runner, done, today, gap_from=gap_from)
    match change:
        case Missed():
            return adapt_missed(draft, change)
        case Pain():
            return adapt_pain(draft, change)
        case Illness():
            return adapt_illness(draft, change)
        case Fatigue():
            return adapt_fatigue(draft, change)
        case Availability():
            return adapt_availability(draft, change)
        case Move():
            return adapt_move(draft, change)
        case Swap():
            return adapt_swap(draft, change)
        case Goal():
            return adapt_goal(draft, change)
        case FeelingStrong():
            return adapt_feeling_strong(draft, change)
        case TuneUpRace():
            return adapt_tune_up(draft, change)


def _days_off(change: Change) -> int | None:
    match change:
        case Missed(days_off=days):
            return days
        case Pain(cleared=True, days_out=days):
            return days or None
        case _:
            return None
