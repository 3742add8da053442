"""What a plan is asked for, the goals that are refused, and what the runner should know of it."""

import datetime as dt
from dataclasses import dataclass

from training import texts
from training.errors import GoalRefused
from training.events import events_of
from training.measures import is_race
from training.phases import lead_weeks
from training.plans import Fitness, Hold, Phase, Plan, PlanKind
from training.runners import Distance, Runner
from training.tables import (
    LENGTHS,
    MARATHON_SHORT_NOTICE_LONGEST_KM,
    NEEDED_KM,
    REST_DAYS,
    RUN_DAYS,
)
from training.units import day_text, render_number, weeks_text

ADULT, YOUNGEST = 18, 13


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the runner does now: fitness, mean km of the last 4 weeks, longest run of 30 days."""

    fitness: Fitness | None = None
    weekly_km: float | None = None
    longest_km: float | None = None


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A goal and what to start from.

    opening_phase: BUILD where the base is done already. hold: what illness or pain still bars.
    """

    goal_distance: Distance
    goal_date: dt.date
    start_date: dt.date
    runner: Runner
    baseline: Baseline
    opening_phase: Phase = Phase.BASE
    hold: Hold | None = None


def refuse_goal(request: PlanRequest) -> None:
    """Refuse a goal that no plan can meet responsibly.

    Raises GoalRefused with what could be done instead.
    """
    distance, runner = request.goal_distance, request.runner
    name = texts.DISTANCE_NAMES[distance.value]
    if request.goal_date <= request.start_date:
        raise GoalRefused(
            f"That date ({day_text(request.goal_date)}, {request.goal_date.year}) has passed or "
            "is today; a plan needs a race day that is still to come.",
            code="date_passed",
            alternatives=("Tell me the date of your next race.",),
        )
    if runner.age is not None and runner.age < YOUNGEST:
        raise GoalRefused(
            "I don't make training plans for children under 13; playful running with a club "
            "is the better way at that age.",
            code="too_young",
        )
    if runner.age is not None and runner.age < ADULT and distance.km > Distance.TEN_K.km:
        raise GoalRefused(
            f"A {name} plan is for runners of 18 and over.",
            code="too_young",
            alternatives=("A 5 km or 10 km plan, with a guardian's consent.",),
        )
    days = {block.day for block in runner.availability}
    if runner.availability and len(days) < 2:
        raise GoalRefused(
            "A plan needs at least two days a week to run on.",
            code="too_few_days",
            alternatives=("Name a second day; 20 minutes are enough to begin with.",),
        )
    weeks = lead_weeks(request.start_date, request.goal_date)
    longest = request.baseline.longest_km or 0.0
    if (
        distance is Distance.MARATHON
        and weeks < LENGTHS[distance].maintenance
        and longest < MARATHON_SHORT_NOTICE_LONGEST_KM
    ):
        raise GoalRefused(
            f"{weeks_text(max(weeks, 0))} of training {_are(weeks)} too few to get ready for a "
            f"marathon safely from a longest run of {render_number(longest)} km.",
            code="too_soon",
            alternatives=(
                "A half marathon on that day.",
                f"A marathon in {LENGTHS[distance].full} weeks or more.",
            ),
        )


def warnings_for(request: PlanRequest, plan: Plan) -> tuple[str, ...]:
    """Return what the runner should know of a plan: short notice, few days, an unknown pace."""
    distance, runner = request.goal_distance, request.runner
    name = texts.DISTANCE_NAMES[distance.value]
    weeks = lead_weeks(request.start_date, request.goal_date)
    warnings = []
    longest = max((w.planned_km for w in plan.workouts if not is_race(w)), default=0.0)
    if plan.kind is PlanKind.MAINTENANCE:
        warnings.append(
            f"{weeks_text(weeks)} of training {_are(weeks)} too few to build for a {name}: "
            "this plan keeps you moving and rested for the day. A later race or a shorter distance "
            "would allow real training."
        )
    elif plan.kind is PlanKind.REDUCED:
        warnings.append(
            f"{weeks_text(weeks)} {_are(weeks)} fewer than the {LENGTHS[distance].full} that a "
            f"full {name} plan takes, so the goal is to finish well; the longest run will be "
            f"{render_number(longest)} km."
        )
    needed = NEEDED_KM[distance][runner.level]
    weekly = request.baseline.weekly_km
    if weekly is not None and weekly < needed:
        warnings.append(
            f"Plans like this usually start from {render_number(needed)} km a week; "
            f"yours starts from {render_number(weekly)} and builds the base first."
        )
    days = {block.day for block in plan.inputs.availability}
    if len(days) < RUN_DAYS[distance][runner.level]:
        warnings.append(
            f"{len(days)} days a week are fewer than usual for this goal; "
            "the volume is lower in return."
        )
    if plan.inputs.baseline_fitness.source == "placeholder":
        warnings.append(
            "I don't know your current pace yet, so effort leads. A recent race time would set "
            f"your paces{_or_trial(plan)}."
        )
    if len(days) > 7 - REST_DAYS[runner.level]:
        warnings.append("Not every free day is a running day: rest days stay in the plan.")
    return tuple(warnings)


def _or_trial(plan: Plan) -> str:
    day = next((event.day for event in events_of(plan.workouts) if event.is_trial), None)
    return "" if day is None else f"; the test run on {day_text(day)} will do so too"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
