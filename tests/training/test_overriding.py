"""An installation's own numbers: more careful ones, and plans that hold them."""

import re

import pytest

from training import tables
from training.errors import ImpossibleValue
from training.overriding import apply_overrides, check_overrides, overridden
from training.runners import Distance, Level


def test_plans_are_built_by_the_more_careful_numbers(plan_of):
    usual, _ = plan_of(Distance.HALF, Level.INTERMEDIATE, 4, 16)
    with overridden(
        {"growth": 1.05, "peak_km": {"half": {"intermediate": 40}}, "hard_days": {"beginner": 1}}
    ):
        careful, _ = plan_of(Distance.HALF, Level.INTERMEDIATE, 4, 16)
        assert tables.HARD_DAYS[Level.BEGINNER] == 1
    top = max(week.target_volume_km for week in careful.plan.weeks)
    assert top <= 40 < max(week.target_volume_km for week in usual.plan.weeks)
    limits = {check.rule: check for check in careful.receipt.checks}
    assert limits["10"].allowed == "40.0 km"
    again, _ = plan_of(Distance.HALF, Level.INTERMEDIATE, 4, 16)
    assert again.plan == usual.plan


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"growth": 1.2}, "growth can be 1.02 to 1.1, not 1.2"),
        ({"rest_days": {"beginner": 2}}, "rest_days.beginner can be 3 to 5, not 2"),
        ({"peak_km": {"half": {"beginner": 90}}}, "peak_km.half.beginner can be 10 to 42"),
        ({"long_km": {"ultra": {}}}, "long_km.ultra is not there; 5k, 10k, half, marathon are"),
        ({"long_km": 20}, "long_km is a table"),
        ({"hard_days": {"beginner": 1.5}}, "whole number"),
        ({"hard_days": {"beginner": True}}, "is a number, not True"),
        ({"speed": 3}, "speed is no number of the rules; known are growth"),
        ({"growth": float("nan")}, "growth can be"),
    ],
)
def test_a_number_that_is_less_careful_or_unknown_is_refused_by_name(values, words):
    with pytest.raises(ImpossibleValue, match=re.escape(words)):
        check_overrides(values)


def test_a_refused_file_leaves_every_number_as_it_was():
    before = tables.HARD_DAYS[Level.ADVANCED], tables.GROWTH
    with pytest.raises(ImpossibleValue):
        apply_overrides({"hard_days": {"advanced": 2}, "growth": 9})
    assert (tables.HARD_DAYS[Level.ADVANCED], tables.GROWTH) == before


def test_numbers_by_which_no_plan_holds_its_limits_are_refused():
    with pytest.raises(ImpossibleValue, match=r"no 5k plan of beginner runners .*25-touch"):
        check_overrides({"low_share": {"beginner": 1.0}})


def test_sound_numbers_pass_the_plans_of_every_distance_and_level():
    check_overrides({"rest_days": {"advanced": 2}, "spike": 1.05, "loading_weeks": 2})
