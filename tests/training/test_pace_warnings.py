"""The two early warnings by themselves: easy runs too fast, and weeks that do not fit."""

import pytest
from handmade import DAY, MONDAY, easy, logged, long, plan, tempo, week

from training.early_warnings import easy_runs_too_fast, weeks_do_not_fit
from training.history import plan_paces
from training.measures import is_run
from training.units import render_pace

# Easy pace at the handmade plans' fitness is between 5:43 and 6:17 a km.


def easy_weeks(*runs, kind=easy):
    """Return a plan with one run a day and logs of it; runs: (pace, effort) each."""
    given = plan(*(week(number, dict.fromkeys(range(6), kind(6))) for number in range(5)))
    days = [w for w in given.workouts if is_run(w)]
    done = [
        logged(day, minutes=36.0, avg_pace=pace, rpe=rpe)
        for day, (pace, rpe) in zip(days, runs, strict=False)
    ]
    return given, done


@pytest.mark.parametrize(
    ("runs", "warned"),
    [
        ([("5:20", 5)] * 3, True),
        ([("5:20", 5)] * 2, False),
        ([("5:20", 4)] * 3, False),
        ([("5:20", None)] * 3, False),
        ([("6:10", 5)] * 3, False),
        ([("5:20", 5), ("6:10", 5), ("5:20", 7), ("5:20", 6)], True),
    ],
)
def test_three_easy_runs_that_were_fast_and_felt_so_are_a_warning(runs, warned):
    given, done = easy_weeks(*runs)
    assert easy_runs_too_fast(given, done, MONDAY + 7 * DAY) is warned


def test_the_fast_end_of_easy_is_still_easy():
    given, _ = easy_weeks()
    end = render_pace(plan_paces(given).easy.fast_s_per_km)
    faster = render_pace(plan_paces(given).easy.fast_s_per_km - 1)
    for pace, warned in ((end, False), (faster, True)):
        _, done = easy_weeks(*[(pace, 5)] * 3)
        assert easy_runs_too_fast(given, done, MONDAY + 7 * DAY) is warned


def test_fast_runs_count_for_four_weeks_on_gentle_days():
    given, done = easy_weeks(*[("5:20", 5)] * 3)
    assert easy_runs_too_fast(given, done, MONDAY + 28 * DAY)
    assert not easy_runs_too_fast(given, done, MONDAY + 29 * DAY)
    assert not easy_runs_too_fast(given, done, MONDAY + DAY)
    hard, done = easy_weeks(*[("5:20", 9)] * 3, kind=tempo)
    assert not easy_runs_too_fast(hard, done, MONDAY + 7 * DAY)
    far, done = easy_weeks(*[("5:20", 9)] * 3, kind=long)
    assert easy_runs_too_fast(far, done, MONDAY + 7 * DAY)


def shares(*by_week, start=0):
    """Return a plan and logs that do a share of each week's runs."""
    given = plan(*(week(number, {1: 10, 3: 10}) for number in range(4)))
    done = [
        logged(day, minutes=share * day.planned_minutes)
        for number, share in enumerate(by_week)
        for day in given.weeks[start + number].workouts
        if is_run(day) and share is not None
    ]
    return given, done


@pytest.mark.parametrize(
    ("by_week", "warned"),
    [
        ((0.5, 0.5), True),
        ((0.5, 0.6), False),
        ((0.6, 0.5), False),
        ((0.5, None), False),
        ((0.5, 0.5, 1.0), True),
        ((1.0, 0.5, 0.5), False),
    ],
)
def test_two_whole_weeks_under_60_do_not_fit(by_week, warned):
    # A share r of the minutes, effort unknown, scores 85 r + 15, half of it 57, 60 % of it 66.
    given, done = shares(*by_week)
    assert weeks_do_not_fit(given, done, MONDAY + 16 * DAY) is warned
