"""The tool that asks the engine to change the plan."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import zip_longest
from typing import Annotated, Any

from pydantic import Field

from storage.adaptations import UNDO, find_undoable, plans_around
from storage.executions import find_executions
from storage.plans import load_plan
from storage.profiles import load_profile, save_profile
from tools.arguments import Arguments, Block, Date, Scale, day_blocks
from tools.changes import (
    ChangeResult,
    Way,
    carry_out,
    chosen_way,
    diff_sha256,
    keep_flags,
    propose,
    refuse_growth_on_hold,
    refuse_on_hold,
    unchanged,
)
from tools.context import Context
from tools.errors import InvalidArguments, NothingToUndo, PlanEnded
from tools.recovery import require_recovery_said
from training.adaptation import adapt, revert
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
    Symptoms,
    TuneUpRace,
)
from training.executions import Execution
from training.fitness import fitness_from_race
from training.options import MOST_OPTIONS, options
from training.plans import Fitness, Plan
from training.runners import DayBlock, Distance
from training.undo import without_change

NAME = "adapt_plan"
HISTORY = dt.timedelta(days=60)


class Kind(StrEnum):
    """Why the plan should change."""

    MISSED = "missed"
    PAIN = "pain"
    ILLNESS = "illness"
    FATIGUE = "fatigue"
    AVAILABILITY = "availability"
    MOVE = "move"
    SWAP = "swap"
    GOAL = "goal"
    FEELING_STRONG = "feeling_strong"
    TUNE_UP = "tune_up"
    UNDO = "undo"


WHILE_RUNNING = frozenset((Kind.MOVE, Kind.SWAP, Kind.GOAL, Kind.FEELING_STRONG, Kind.TUNE_UP))
"""Changes that make no sense while the whole plan is on hold."""


class AdaptPlan(Arguments):
    """Change the plan because of what the runner reports or asks for; the engine decides how.

    missed: dates (missed, or that will be skipped) or days_off (days without any running).
    pain: pain_level and body_part; cleared=true when the runner says that it is over, with days_off
    where they did not run.
    illness: symptoms and days_ill; over=true when the runner is well again.
    fatigue: very tired or sore, or a run felt far harder than planned; soreness, fatigue.
    availability: days (the week's blocks, from now on or until `until`) or dates that are off.
    move: date and to_date. swap: date and to_date, both with workouts.
    goal: goal_date and/or goal_distance. feeling_strong: training feels too easy; a race result
    goes into race_distance_km and race_minutes. tune_up: a race before the goal, date and
    tune_up_distance. undo: take back the latest change, or the latest one of undo_kind.
    With preview=true ("what if") nothing changes: for a day that can't be run, or an illness, two
    or three options come back, each a proposal; an illness may be looked at without symptoms.
    Returns what changed and why, or a proposal that the runner has to accept, or an option that
    they have to choose, in a later message.
    """

    kind: Kind
    """Why the plan should change, e.g. "move"."""
    preview: bool = False
    """True for "what would happen if": show the change, apply nothing."""
    date: Date | None = None
    """The workout's day for move and swap, the race's for tune_up, e.g. "2026-02-12"."""
    to_date: Date | None = None
    """The other day for move and swap, e.g. "2026-02-13"."""
    dates: Annotated[tuple[Date, ...], Field(max_length=31)] = ()
    """Days missed or skipped (missed), or days that are off (availability)."""
    days_off: int | None = Field(None, ge=1, le=3650)
    """Days without any running that end today, e.g. 9."""
    pain_level: Scale | None = None
    """Pain, 0 to 10, e.g. 4."""
    body_part: str | None = Field(None, min_length=1, max_length=60)
    """Where it hurts, e.g. "left knee"."""
    pain_signs: Annotated[
        tuple[Annotated[str, Field(pattern="^(limp|sharp|swelling|night|rest|rising)$")], ...],
        Field(max_length=6),
    ] = ()
    """Any of limp, sharp, swelling, night, rest, rising that the runner named."""
    cleared: bool = False
    """True when the runner says that the pain or injury is over."""
    symptoms: Symptoms | None = None
    """above_neck (cold, runny nose), below_neck (chest, cough, aches, stomach) or fever."""
    days_ill: int | None = Field(None, ge=1, le=365)
    """Days ill so far, today included, e.g. 2."""
    over: bool = False
    """True when the illness is over."""
    soreness: Scale | None = None
    """Soreness, 0 to 10."""
    fatigue: Scale | None = None
    """Tiredness, 0 to 10."""
    days: Annotated[tuple[Block, ...], Field(max_length=21)] = ()
    """The week's time blocks for availability, e.g. [{"day": "tue", "minutes": 60}]."""
    until: Date | None = None
    """Last day for which `days` holds; null for good."""
    goal_date: Date | None = None
    """The new race day, e.g. "2026-05-31"."""
    goal_distance: Distance | None = None
    """The new race distance: 5k, 10k, half or marathon."""
    race_distance_km: float | None = Field(None, gt=0, le=100)
    """Distance of a race or time trial just run, e.g. 10."""
    race_minutes: float | None = Field(None, gt=0, le=1440)
    """Its time in minutes, e.g. 48.5."""
    tune_up_distance: Distance | None = None
    """The distance of a race before the goal: 5k, 10k or half."""
    undo_kind: Kind | None = None
    """Which kind of change to take back, e.g. "move"; null for the latest of any."""


def run(context: Context, arguments: AdaptPlan) -> ChangeResult:
    """Let the engine decide on the change, then apply it or put it to the runner.

    Raises PlanNotFound, InvalidArguments, ChangeRefused, OnHold, NothingToUndo, NotSaid,
    VersionConflict.
    """
    plan = load_plan(context.session, context.user_id)
    if context.today > plan.goal_date:
        raise PlanEnded(
            f"the plan ended with the race on {plan.goal_date}: name a new race for a new plan"
        )
    if arguments.kind in WHILE_RUNNING:
        refuse_on_hold(context)
    if arguments.cleared and context.confirmed is None:
        require_recovery_said(context, arguments.body_part or "the injury")
    done = find_executions(
        context.session, context.user_id, plan.start_date - HISTORY, context.today
    )
    if arguments.kind is Kind.UNDO:
        return _undo(context, arguments, plan, done)
    runner = context.profile.runner
    if context.confirmed is not None:
        ways = options(plan, runner, done, change_from(arguments), context.today)
        outcome: Adaptation | NoChange = chosen_way(context, plan, context.confirmed, ways)
    elif arguments.preview:
        return _preview(context, arguments, plan, done)
    else:
        outcome = adapt(plan, runner, done, change_from(arguments), context.today)
    if isinstance(outcome, NoChange):
        keep_flags(context, outcome)
        return unchanged(plan, outcome)
    refuse_growth_on_hold(context, outcome)
    if context.confirmed is None and outcome.needs_yes:
        return propose(context, plan, (Way(outcome, _asked(arguments)),), tool=NAME)
    result = carry_out(context, plan, outcome, kind=_kind_of(outcome, arguments))
    if arguments.kind is Kind.AVAILABILITY and arguments.days and arguments.until is None:
        _keep_availability(context, day_blocks(arguments.days))
    return result


def _kind_of(outcome: Adaptation, arguments: AdaptPlan) -> str:
    """Return what the log calls the change: a chosen way may be a move where a miss was told."""
    arranged = outcome.rule in (Kind.MOVE.value, Kind.SWAP.value)
    return outcome.rule if arranged else arguments.kind.value


def _preview(
    context: Context, arguments: AdaptPlan, plan: Plan, done: tuple[Execution, ...]
) -> ChangeResult:
    """Put each way of the change to the runner, the usual one first; store nothing else.

    While a safety hold is on, the usual way is the only one.
    """
    runner, today = context.profile.runner, context.today
    found: list[list[Way]] = []
    nothing = None
    for said in _readings(arguments):
        usual = adapt(plan, runner, done, change_from(said), today)
        if isinstance(usual, NoChange):
            nothing = nothing or usual
            continue
        refuse_growth_on_hold(context, usual)
        ways = options(plan, runner, done, change_from(said), today)
        shown = ways[:1] if context.profile.safety_hold is not None else ways
        found.append([Way(way, _asked(said)) for way in shown])
    if nothing is not None and not found:
        return unchanged(plan, nothing)
    offered: dict[str, Way] = {}  # by diff, so that no two are the same
    for way in (way for row in zip_longest(*found) for way in row if way is not None):
        offered.setdefault(diff_sha256(way.adaptation.changes), way)
    return propose(context, plan, tuple(offered.values())[:MOST_OPTIONS], tool=NAME)


def _readings(arguments: AdaptPlan) -> Iterator[AdaptPlan]:
    """Yield what the runner may mean: an illness that nobody has yet may be of either kind."""
    if arguments.kind is not Kind.ILLNESS or arguments.symptoms is not None:
        yield arguments
        return
    for symptoms in (Symptoms.BELOW_NECK, Symptoms.ABOVE_NECK):
        yield arguments.model_copy(update={"symptoms": symptoms})


def _asked(arguments: AdaptPlan) -> dict[str, Any]:
    """Return the arguments that carry the change out."""
    return arguments.model_dump(mode="json", exclude_defaults=True, exclude={"preview"})


def _undo(
    context: Context, arguments: AdaptPlan, plan: Plan, done: tuple[Execution, ...]
) -> ChangeResult:
    """Bring back what a change replaced, as a new version, or show what that would do.

    What later changes did on other days stays.
    """
    kind = arguments.undo_kind
    change = find_undoable(
        context.session, context.user_id, plan.id, kind=None if kind is None else kind.value
    )
    if change is None:
        what = "no change" if kind is None else f"no change of the kind {kind.value}"
        raise NothingToUndo(f"the plan has {what} to undo")
    before, after = plans_around(context.session, context.user_id, plan, change)
    former = without_change(plan, before, after)
    latest = former is before
    restored = revert(
        plan,
        former,
        context.profile.runner,
        done,
        context.today,
        what="The latest change" if latest else f'The change "{change.change_summary}"',
    )
    refuse_growth_on_hold(context, restored)
    if context.confirmed is not None:
        restored = chosen_way(context, plan, context.confirmed, (restored,))
    elif arguments.preview:
        return propose(context, plan, (Way(restored, _asked(arguments)),), tool=NAME)
    result = carry_out(context, plan, restored, kind=UNDO, undoes=change.id)
    if change.kind == Kind.AVAILABILITY.value:
        _keep_availability(context, former.inputs.availability)
    return result


def _keep_availability(context: Context, blocks: tuple[DayBlock, ...]) -> None:
    if blocks != context.profile.weekly_availability:
        profile = load_profile(context.session, context.user_id)
        save_profile(context.session, replace(profile, weekly_availability=blocks), now=context.now)


def change_from(arguments: AdaptPlan) -> Change:
    """Return what was asked for as the engine's value.

    Raises InvalidArguments naming the field that the kind of change needs.
    """
    match arguments.kind:
        case Kind.MISSED:
            if not arguments.dates and arguments.days_off is None:
                raise InvalidArguments("say which days, or how many days off", field="dates")
            return Missed(arguments.dates, arguments.days_off)
        case Kind.PAIN:
            if arguments.pain_level is None and not (arguments.pain_signs or arguments.cleared):
                raise InvalidArguments(
                    "how bad is the pain, from 0 (none) to 10?", field="pain_level"
                )
            return Pain(
                arguments.body_part,
                arguments.pain_level,
                arguments.pain_signs,
                arguments.cleared,
                days_out=arguments.days_off or 0,
            )
        case Kind.ILLNESS:
            if arguments.symptoms is None:
                raise InvalidArguments(
                    "is it a cold in the head (above_neck), chest, cough, aches or stomach "
                    "(below_neck), or a fever?",
                    field="symptoms",
                )
            return Illness(arguments.symptoms, arguments.days_ill or 1, arguments.over)
        case Kind.FATIGUE:
            return Fatigue(arguments.soreness, arguments.fatigue)
        case Kind.AVAILABILITY:
            if not arguments.days and not arguments.dates:
                raise InvalidArguments("say which days can be run on, or are off", field="days")
            return Availability(day_blocks(arguments.days), arguments.dates, arguments.until)
        case Kind.MOVE:
            return Move(*_two_days(arguments))
        case Kind.SWAP:
            return Swap(*_two_days(arguments))
        case Kind.GOAL:
            if arguments.goal_date is None and arguments.goal_distance is None:
                raise InvalidArguments("say the new race day or distance", field="goal_date")
            return Goal(arguments.goal_date, arguments.goal_distance)
        case Kind.FEELING_STRONG:
            return FeelingStrong(_new_fitness(arguments))
        case Kind.TUNE_UP:
            if arguments.date is None:
                raise InvalidArguments("say on which day the race is", field="date")
            if arguments.tune_up_distance is None:
                raise InvalidArguments("say how long the race is", field="tune_up_distance")
            return TuneUpRace(arguments.date, arguments.tune_up_distance)
        case Kind.UNDO:
            raise InvalidArguments("undo takes no change", field="kind")


def _two_days(arguments: AdaptPlan) -> tuple[dt.date, dt.date]:
    if arguments.date is None:
        raise InvalidArguments("say which day's workout", field="date")
    if arguments.to_date is None:
        raise InvalidArguments("say to which day", field="to_date")
    return arguments.date, arguments.to_date


def _new_fitness(arguments: AdaptPlan) -> Fitness | None:
    km, minutes = arguments.race_distance_km, arguments.race_minutes
    if km is None and minutes is None:
        return None
    if km is None:
        raise InvalidArguments("say the race's distance too", field="race_distance_km")
    if minutes is None:
        raise InvalidArguments("say the race's time too", field="race_minutes")
    return Fitness(fitness_from_race(km, minutes), source="race", confidence="high")
