"""The rules as a page for coaches: `python -m training.document > docs/training.md`."""

import datetime as dt
import sys
from collections.abc import Iterable, Sequence

from training.building import Baseline, PlanRequest, build_plan
from training.measures import is_hard
from training.published import PLANS, Published
from training.rulebook import CHANGES, LIMITS, Rule
from training.runners import Distance, Level, Runner
from training.tables import GROWTH, LONG_KM, VOLUME_KM

START = dt.date(2026, 1, 5)
USUAL_LONG = 0.35  # of the first week, where a plan does not say

HEAD = """# The training rules

This page is made from the program's own tables by `python -m training.document`. A test holds it to
them. It is for coaches; no programming is needed.

How sure a rule is: **E** stands on evidence, **C** is established coaching practice, **D** is our
own decision. Evidence on injuries is mostly observational, so even E means prudent, not proven.
Three numbers with strokes are for beginner, intermediate and advanced. **Fitness** is the number
that the Daniels-Gilbert equations give for a race. The rules are not clinically reviewed.
"""
LIMITS_HEAD = """
## Limits

Every plan and every change is held against these. The receipt names them by id. What is past or
logged is not judged; it counts as history.
"""
CHANGES_HEAD = """
## Changes

What a runner reports, and what the plan does about it. A change must still hold the limits.
"""
AGAINST = """
## Against published plans

One known plan for each distance and level, and ours for as many weeks from the same first week.
Km a week, the race left out. "?" is a figure that we don't know; it is not guessed. Ours starts
from the table's usual week where the published first week is not known.
"""
DIFFERENCES = """
Why they differ:

- **Volume.** Ours may grow {growth} at most over the highest of three weeks, so from a low
  start the highest week is lower than some books have. From a usual start it may be higher, since
  our tables aim at the middle of published plans and not at the least that gets one round.
- **Long run.** Ours is capped by the week's share, by time and by the longest run of 30 days. It is
  often shorter than in first-marathon plans, where one run can be half of a week. A beginner's
  marathon run ends at {marathon} km or three hours.
- **Hard days.** Ours counts a long run over two hours, or with fast parts, as hard. The published
  count has faster sessions only. Beginners get faster running after the base alone.
- **Lighter weeks.** Ours come every third or fourth week and take off 15 to 25 %.

Sources: Hal Higdon's schedules at halhigdon.com, TrainingPeaks and runningexcels.com; Runner's
World South Africa for Burfoot's; Pfitzinger & Douglas, Advanced Marathoning, as runners' pages
tell it.
"""


def render_document() -> str:
    """Return the whole page."""
    differences = DIFFERENCES.replace("{growth}", f"{100 * (GROWTH - 1):.0f} %").replace(
        "{marathon}", f"{LONG_KM[Distance.MARATHON][Level.BEGINNER]:g}"
    )
    return "".join(
        (
            HEAD,
            LIMITS_HEAD,
            _rules(LIMITS),
            CHANGES_HEAD,
            _rules(CHANGES),
            AGAINST,
            _table(
                (
                    "plan",
                    "weeks",
                    "first week",
                    "highest week",
                    "longest run",
                    "hard days",
                    "known",
                ),
                [row for plan in PLANS for row in _rows(plan)],
            ),
            differences,
        )
    )


def _rules(rules: Sequence[Rule]) -> str:
    rows = [(f"`{rule.id}`", rule.words, rule.source, rule.sure.value) for rule in rules]
    return _table(("id", "rule", "source", "sure"), rows)


def _rows(plan: Published) -> list[tuple[str, ...]]:
    known = f"{plan.known}. {plan.note}".strip()
    theirs = (
        f"{plan.name} ({plan.distance.value}, {plan.level.value})",
        str(plan.weeks),
        *(_km(value) for value in (plan.first_km, plan.peak_km, plan.longest_km)),
        "?" if plan.hard_days is None else str(plan.hard_days),
        known,
    )
    usual = plan.first_km or VOLUME_KM[plan.distance][plan.level][0]
    goal_date = START + dt.timedelta(days=7 * plan.weeks - 1)
    baseline = Baseline(None, usual, round(USUAL_LONG * usual, 1))
    request = PlanRequest(plan.distance, goal_date, START, Runner(plan.level), baseline)
    ours = build_plan(request, plan_id="plan").plan
    return [
        theirs,
        (
            "ours",
            str(len(ours.weeks)),
            _km(ours.weeks[0].target_volume_km),
            _km(max(week.target_volume_km for week in ours.weeks)),
            _km(max(workout.planned_km for workout in ours.workouts)),
            str(max(sum(map(is_hard, week.workouts)) for week in ours.weeks)),
            "",
        ),
    ]


def _km(value: float | None) -> str:
    return "?" if value is None else f"{value:.0f}"


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(render_document())
