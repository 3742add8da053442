"""The rules as a page for coaches: `python -m training.document > docs/training.md`."""

import datetime as dt
import sys
from collections.abc import Iterable, Mapping, Sequence

from training.building import Baseline, PlanRequest, build_plan
from training.measures import is_hard
from training.overriding import SCALARS, TABLES, standard_of
from training.published import PLANS, Published
from training.rulebook import CHANGES, LIMITS, Rule
from training.runners import Distance, Runner
from training.tables import GROWTH

START = dt.date(2026, 1, 5)
USUAL_LONG = 0.35  # the longest run so far, as a share of the usual week

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

One known plan for each distance and level, and ours under it: for as many weeks, on the level's
usual days, for a runner whose usual week is the published first one. Km a week; races are left out.
Hard days are the most in one week; a long run with a faster part is one. Ours knows no race of the
runner, so it has the level's placeholder fitness, by which the limits in minutes become km. "?" is
a figure that the source does not give; it is not guessed.
"""
DIFFERENCES = """
Why they differ:

- **Volume.** Ours grows by {growth} at most over the highest of three weeks (or 3 km, below 30 km),
  and every third or fourth week takes off 15 to 25 %. From the half marathon up its highest week is
  therefore at or below the published one. In 5k plans and the beginner's 10k it is above: our
  tables aim at the middle of published plans, and a novice plan is the least that gets one round.
- **First week.** No other run is longer than 85 % of the long run. Where that is capped, a week on
  four or five days is too, so our upper 10k plans start below the published week and stay below.
- **Long run.** Ours is capped by the week's share, by time, by distance and by the longest run of
  30 days. It is as long as the published one or longer up to the beginner's 10k, and shorter from
  there. First-marathon plans are furthest off; there one run can be half of a week.
- **Hard days.** Ours counts a long run over two hours as hard too, so the advanced half and the
  upper marathon plans have up to three where the books have two. Its beginners get faster running
  after the base; Higdon's novices get none.

Sources:

1. Hal Higdon, halhigdon.com, as kept in github.com/S0hamJosh1/hermes (data/hal-higdon); the half
   and marathon plans also in github.com/nanreh/calendar-hack (public/plans/yaml), which agrees.
2. Pfitzinger & Douglas, Advanced Marathoning, 18-week schedules, as kept in
   github.com/hoovercj/time-to-run and github.com/Josh-moreton/calendar-hack, which agree in these
   figures.
3. Pfitzinger & Latter, Faster Road Racing, as kept in the history of
   github.com/nanreh/calendar-hack (5K and 8K-10K schedules), and for the half in both of 2.
4. trainingpeaks.com, training plan tp-76538, by Runner's World.
"""


OWN_NUMBERS = """
## Your own numbers

An installation may put in its own numbers, by a TOML file that the setting `RUNPLAN_RULES_FILE`
names. They may be more careful than ours, never less. `runplan rules check FILE` says whether a
file can be used: it holds each number to what may stand there, and builds a plan of each distance
and level with them. A file that fails stops the program as it starts, before anything is planned.

```toml
growth = 1.05           # weeks grow by 5 %
[rest_days]
beginner = 4
[peak_km.marathon]
intermediate = 70
```
"""


def render_document() -> str:
    """Return the whole page."""
    differences = DIFFERENCES.replace("{growth}", f"{100 * (GROWTH - 1):.0f} %")
    return "".join(
        (
            HEAD,
            LIMITS_HEAD,
            _rules(LIMITS),
            CHANGES_HEAD,
            _rules(CHANGES),
            OWN_NUMBERS,
            _table(("key", "what", "may be", "ours"), _own_numbers()),
            AGAINST,
            _table(
                (
                    "plan",
                    "weeks",
                    "first week",
                    "highest week",
                    "longest run",
                    "hard days",
                    "source; ours: why",
                ),
                [row for plan in PLANS for row in _rows(plan)],
            ),
            differences,
        )
    )


def _rules(rules: Sequence[Rule]) -> str:
    rows = [(f"`{rule.id}`", rule.words, rule.source, rule.sure.value) for rule in rules]
    return _table(("id", "rule", "source", "sure"), rows)


def _own_numbers() -> Iterable[tuple[str, ...]]:
    for key, number in (*SCALARS.items(), *TABLES.items()):
        yield (f"`{key}`", number.words, number.direction, _standard(standard_of(key)))


def _standard(value: object) -> str:
    """Return a table's numbers, its innermost ones with strokes between them."""
    if not isinstance(value, Mapping):
        return f"{value:g}"
    if all(isinstance(inner, Mapping) for inner in value.values()):
        return "; ".join(f"{key.value} {_standard(inner)}" for key, inner in value.items())
    between = ", " if any(isinstance(key, Distance) for key in value) else "/"
    named = between == ", "
    return between.join(f"{k.value} {v:g}" if named else f"{v:g}" for k, v in value.items())


def _rows(plan: Published) -> list[tuple[str, ...]]:
    theirs = (
        f"{plan.name} ({plan.distance.value}, {plan.level.value})",
        str(plan.weeks),
        *(_km(value) for value in (plan.first_km, plan.peak_km, plan.longest_km)),
        "?" if plan.hard_days is None else str(plan.hard_days),
        plan.source,
    )
    goal_date = START + dt.timedelta(days=7 * plan.weeks - 1)
    baseline = Baseline(None, plan.first_km, round(USUAL_LONG * plan.first_km, 1))
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
            plan.ours,
        ),
    ]


def _km(value: float) -> str:
    return f"{value:.0f}"


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(render_document())
