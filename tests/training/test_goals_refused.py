"""Which goals are refused, right at the edge, and what is said of short notice."""

from dataclasses import replace

import pytest
from handmade import DAY, MONDAY, steady

from training.building import build_plan, current_phase
from training.errors import GoalRefused
from training.plans import Phase
from training.requests import Baseline, PlanRequest
from training.runners import Day, DayBlock, Distance, Level, Runner

EVERY_DAY = tuple(map(DayBlock, Day))


def refused(distance, weeks, longest=10.0, *, days=EVERY_DAY, age=None):
    runner = Runner(Level.INTERMEDIATE, days, age=age)
    goal = MONDAY + (7 * weeks - 1) * DAY
    baseline = Baseline(None, 40.0, longest)
    try:
        build_plan(PlanRequest(distance, goal, MONDAY, runner, baseline), plan_id="p")
    except GoalRefused as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    ("distance", "age", "code"),
    [
        (Distance.FIVE_K, 12, "too_young"),
        (Distance.FIVE_K, 13, None),
        (Distance.TEN_K, 17, None),
        (Distance.HALF, 17, "too_young"),
        (Distance.HALF, 18, None),
    ],
)
def test_5_and_10_km_are_from_13_on_and_longer_races_from_18(distance, age, code):
    assert refused(distance, 12, age=age) == code


@pytest.mark.parametrize(
    ("weeks", "longest", "code"), [(7, 15.9, "too_soon"), (7, 16.0, None), (8, 10.0, None)]
)
def test_a_marathon_under_eight_weeks_takes_a_run_of_16_km(weeks, longest, code):
    assert refused(Distance.MARATHON, weeks, longest) == code


def test_two_days_a_week_are_needed():
    assert (
        refused(Distance.TEN_K, 10, days=(DayBlock(Day.SUN), DayBlock(Day.SUN))) == "too_few_days"
    )
    assert refused(Distance.TEN_K, 10, days=(DayBlock(Day.WED), DayBlock(Day.SUN))) is None


def test_ids_are_of_the_plan_the_day_and_the_version():
    def ids(plan_id):
        runner = Runner(Level.INTERMEDIATE, EVERY_DAY)
        request = PlanRequest(
            Distance.TEN_K, MONDAY + 69 * DAY, MONDAY, runner, Baseline(None, 30.0, 10.0)
        )
        plan = build_plan(request, plan_id=plan_id).plan
        return {w.id for w in plan.workouts} | {week.id for week in plan.weeks}

    assert ids("one") == ids("one")
    assert not ids("one") & ids("two")


@pytest.mark.parametrize(
    ("day", "phase"),
    [(-1, Phase.BASE), (0, Phase.BASE), (6, Phase.BASE), (7, Phase.BUILD), (90, Phase.TAPER)],
)
def test_the_phase_is_that_of_the_days_week(day, phase):
    first, *rest = steady().weeks
    weeks = (replace(first, phase=Phase.BASE), *rest)
    assert current_phase(weeks, MONDAY + day * DAY) is phase
