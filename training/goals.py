"""Another race day or distance: the rest of the plan is built again."""

from dataclasses import replace

from training import texts
from training.changes import Adaptation, Goal, NoChange
from training.drafts import Draft, Reason, settle
from training.plans import Plan, PlanKind
from training.replanning import kind_from, rebuilt, refuse_change_of_goal
from training.units import day_text

KIND_ADVICE = {
    PlanKind.REDUCED: "There is less time than a full plan takes, so the goal is to finish well.",
    PlanKind.MAINTENANCE: "There is too little time to build: this keeps you moving and rested. "
    "A later race or a shorter distance would allow real training.",
}


def adapt_goal(draft: Draft, change: Goal) -> Adaptation | NoChange:
    """Build the rest of the plan for another date or distance; always proposed first.

    Raises ChangeRefused where no responsible plan exists.
    """
    plan = draft.plan
    goal_date = change.goal_date or plan.goal_date
    distance = change.goal_distance or plan.goal_distance
    if (goal_date, distance) == (plan.goal_date, plan.goal_distance):
        return NoChange("That is your goal already.")
    refuse_change_of_goal(draft, goal_date, distance)
    weeks = rebuilt(draft, draft.runner, draft.inputs, goal_date=goal_date, distance=distance)
    kind = kind_from(plan, distance, draft.today, goal_date)

    def header(new: Plan) -> Plan:
        return replace(new, goal_date=goal_date, goal_distance=distance, kind=kind)

    name = texts.DISTANCE_NAMES[distance.value]
    why = Reason(
        rule="3.8-goal",
        summary=f"New goal: {name} on {day_text(goal_date)}, {goal_date.year}; "
        "the coming weeks are built again.",
        reason="The taper is counted back from race day, and the weeks before it are shared out "
        "again; growth stays as careful as before.",
        advice=(KIND_ADVICE[kind],) if kind in KIND_ADVICE else (),
    )
    return settle(draft, why, weeks=weeks, header=header, needs_yes=True)
