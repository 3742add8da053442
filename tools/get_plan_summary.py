"""The tool that sums up the current plan."""

import datetime as dt
from typing import Any

from pydantic import SerializerFunctionWrapHandler, model_serializer

from storage.agenda import find_overview
from storage.errors import PlanNotFound
from tools.arguments import Arguments
from tools.context import Context
from tools.results import HoldResult, Result
from training.plans import Phase
from training.runners import Distance


class GetPlanSummary(Arguments):
    """Sum up the runner's plan: goal, race day, phase, this week's focus and the next workouts.

    Use it for "what's next", "what's on this week", "how long to the race". No arguments.
    """


class NextWorkout(Result):
    """The seed's entry of next_workouts."""

    date: dt.date
    name: str
    effort: str | None


class PlanSummary(Result):
    """The seed's 3.1, key for key; `safety_hold` is there only while one is on."""

    plan_id: str
    goal_distance: Distance
    goal_date: dt.date
    phase: Phase
    weekly_focus: str
    next_workouts: tuple[NextWorkout, ...]
    safety_hold: HoldResult | None = None

    @model_serializer(mode="wrap")
    def _without_absent_hold(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = handler(self)
        if self.safety_hold is None:
            del values["safety_hold"]
        return values


def run(context: Context, arguments: GetPlanSummary) -> PlanSummary:
    """Sum up the current plan. Raises PlanNotFound."""
    return summarize(context)


def summarize(context: Context) -> PlanSummary:
    """Return the current plan's summary as of the context's day. Raises PlanNotFound."""
    overview = find_overview(context.session, context.user_id, context.today)
    if overview is None:
        raise PlanNotFound("there is no plan yet: say a distance and a race day to make one")
    hold = context.profile.safety_hold
    return PlanSummary(
        plan_id=overview.plan_id,
        goal_distance=overview.goal_distance,
        goal_date=overview.goal_date,
        phase=overview.phase,
        weekly_focus=overview.weekly_focus,
        next_workouts=tuple(
            NextWorkout(date=day.date, name=day.name, effort=day.effort)
            for day in overview.next_workouts
            if hold is None or hold.pauses != "plan"
        ),
        safety_hold=HoldResult.of(hold, overview.hold, context.today),
    )
