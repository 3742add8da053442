"""The tool that makes a new plan."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from storage.ids import new_id
from storage.plans import find_plan, save_new_plan
from storage.profiles import save_profile
from tools.arguments import Arguments, Block, Date, day_blocks
from tools.changes import Offer, confirm, keep_offers
from tools.context import Context
from tools.errors import OnHold
from tools.get_plan_summary import PlanSummary, summarize
from tools.results import Number, ReceiptResult, Result
from training.building import Baseline, PlanRequest, build_plan
from training.changes import WorkoutChange
from training.fitness import fitness_from_race
from training.plans import Fitness, PlanKind
from training.runners import Distance
from training.units import weekday

NAME = "create_plan"


class RaceArguments(Arguments):
    """A race or time trial run all out."""

    distance_km: float = Field(gt=0, le=100)
    """Its distance in km, e.g. 10."""
    time_minutes: float = Field(gt=0, le=1440)
    """Its time in minutes, e.g. 52.5."""
    date: Date | None = None
    """The day it was run; null for recently."""


class BaselineArguments(Arguments):
    """What the runner did lately. Leave out whatever the runner did not say."""

    recent_race: RaceArguments | None = None
    """The best recent race."""
    weekly_km: float | None = Field(None, ge=0, le=300)
    """Average km a week over the last four weeks, e.g. 25."""
    longest_km: float | None = Field(None, ge=0, le=200)
    """Longest run of the last 30 days in km, e.g. 12."""


class CreatePlan(Arguments):
    """Make a plan from today to a race.

    Use it when the runner names a distance and a race day. Ask for what is missing first; never
    guess a date. Over an existing plan it comes back as a proposal that the runner has to accept.
    Returns the new plan's summary, its receipt and its warnings, or why there can be none.
    """

    goal_distance: Distance
    """5k, 10k, half or marathon."""
    goal_date: Date
    """Race day, e.g. "2026-05-18"."""
    baseline: BaselineArguments = BaselineArguments()
    """Recent race or running."""
    days: Annotated[tuple[Block, ...], Field(max_length=21)] = ()
    """Days that the runner can run on, e.g. [{"day": "tue"}, {"day": "sat", "minutes": 120}];
    empty for what the profile says."""


class NewPlan(Result):
    """The new plan: summary, receipt, warnings. A proposal where there is a plan already."""

    applied: bool
    proposal_id: str | None
    summary: PlanSummary | None
    change_summary: str
    kind: PlanKind
    weeks: int
    peak_week_km: Number
    warnings: tuple[str, ...]
    receipt: ReceiptResult
    version: int


def run(context: Context, arguments: CreatePlan) -> NewPlan:
    """Build the plan; store it where there is none, else put it to the runner.

    Raises GoalRefused, ImpossibleValue, OnHold, VersionConflict.
    """
    hold = context.profile.safety_hold
    if hold is not None:
        raise OnHold(f"a safety hold is on since {hold.since}, so no new plan: {hold.ends_when}")
    former = find_plan(context.session, context.user_id)
    if former is not None and former.goal_date < context.today:
        former = None  # its race is over, so nothing is given up
    proposal_id = new_id("prop") if context.confirmed is None else context.confirmed.id
    request = _request(context, arguments)
    if former is not None:
        request = replace(request, hold=former.inputs.hold)
    built = build_plan(request, plan_id=f"plan_{proposal_id[5:]}")
    plan = built.plan
    summary = (
        f"A new {plan.goal_distance} plan to {weekday(plan.goal_date)} {plan.goal_date}, "
        f"{len(plan.weeks)} weeks"
    )
    result = NewPlan(
        applied=True,
        proposal_id=None,
        summary=None,
        change_summary=summary,
        kind=plan.kind,
        weeks=len(plan.weeks),
        peak_week_km=round(max(week.target_volume_km for week in plan.weeks), 1),
        warnings=built.warnings,
        receipt=ReceiptResult.of(built.receipt),
        version=plan.version,
    )
    changes = tuple(WorkoutChange(None, workout) for workout in plan.workouts)
    if former is not None:
        confirm(context, former, changes)
        if context.confirmed is None:
            asked = arguments.model_dump(mode="json", exclude_defaults=True)
            offer = Offer(proposal_id, asked, changes, {"change_summary": summary})
            keep_offers(context, former, (offer,), tool=NAME)
            return result.model_copy(update={"applied": False, "proposal_id": proposal_id})
    save_new_plan(context.session, context.user_id, plan, now=context.now)
    if arguments.days:
        profile = replace(context.profile, weekly_availability=day_blocks(arguments.days))
        save_profile(context.session, profile, now=context.now)
    return result.model_copy(update={"summary": summarize(context)})


def _request(context: Context, arguments: CreatePlan) -> PlanRequest:
    profile = context.profile
    if arguments.days:
        profile = replace(profile, weekly_availability=day_blocks(arguments.days))
    return PlanRequest(
        goal_distance=arguments.goal_distance,
        goal_date=arguments.goal_date,
        start_date=context.today,
        runner=profile.runner,
        baseline=Baseline(
            fitness=_fitness(arguments.baseline.recent_race),
            weekly_km=arguments.baseline.weekly_km,
            longest_km=arguments.baseline.longest_km,
        ),
    )


def _fitness(race: RaceArguments | None) -> Fitness | None:
    if race is None:
        return None
    value = fitness_from_race(race.distance_km, race.time_minutes)
    return Fitness(value, source="race", confidence="high")
