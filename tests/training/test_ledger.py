"""The account of runs and weeks that the next week is measured against."""

import datetime as dt

import pytest
from handmade import MONDAY, SUN, THU, TUE, WED, easy, long, plan, tempo, week

from training.ledger import Ledger, open_ledger, reference_longest_km, reference_week_km
from training.runners import Distance, Level

BEGINNER, INTERMEDIATE, ADVANCED = Level
DAY = dt.timedelta(days=1)


def ledger(*weeks, level=INTERMEDIATE):
    return Ledger(level, weeks=[w if isinstance(w, tuple) else (float(w), None) for w in weeks])


def inputs(**known):
    return plan(week(0, {TUE: 5}), **known).inputs


@pytest.mark.parametrize(
    ("weeks", "cap"),
    [
        ((20, 20, 20), 23),
        ((30, 30, 30), 33),
        ((50, 50, 50), 55),
        ((50, 40, 40), 48),
        ((50, 44, 40), 48),
        ((60, 40, 48), 52),
        ((90, 20, 20, 20), 23),
    ],
)
def test_the_next_week_grows_by_a_tenth_and_never_jumps(weeks, cap):
    assert ledger(*weeks).week_cap_km() == pytest.approx(cap)


def test_after_an_easier_week_the_highest_of_three_counts():
    assert ledger(50, 50, (40.0, "cutback")).week_cap_km() == pytest.approx(55)
    assert ledger(50, 50, (40.0, "missed")).week_cap_km() == pytest.approx(48)
    assert ledger(50, (36.0, "cutback"), 45).week_cap_km() == pytest.approx(54)
    assert ledger(50, 36, 45).week_cap_km() == pytest.approx(46.8)


def test_small_weeks_do_not_bound_the_next():
    assert ledger(50, 50, 29).week_cap_km() == pytest.approx(55)
    assert ledger(50, 50, 30).week_cap_km() == pytest.approx(36)
    assert ledger(50, 29, 40).week_cap_km() == pytest.approx(48)
    assert ledger(50, 30, 40).week_cap_km() == pytest.approx(39)


def test_advanced_runners_grow_by_8_percent_above_80_km():
    assert ledger(90, 90, 90, level=ADVANCED).week_cap_km() == pytest.approx(97.2)
    assert ledger(80, 80, 80, level=ADVANCED).week_cap_km() == pytest.approx(88)


def test_the_longest_run_of_30_days_bounds_the_next():
    account = Ledger(INTERMEDIATE)
    account.add_run(MONDAY, 20.0)
    assert account.longest_before(MONDAY + 30 * DAY) == 20.0
    assert account.longest_before(MONDAY + 31 * DAY) == 0.0
    assert account.longest_before(MONDAY) == 0.0
    assert account.spike_cap_km(MONDAY + DAY) == pytest.approx(22)
    assert account.spike_cap_km(MONDAY) == pytest.approx(1)


def test_planned_runs_and_hard_days_are_entered():
    account = Ledger(INTERMEDIATE)
    days = week(0, {TUE: tempo(8), WED: easy(5), SUN: long(12)}).workouts
    account.add_workouts(days)
    assert account.runs == [
        (MONDAY + TUE * DAY, 8),
        (MONDAY + WED * DAY, 5),
        (MONDAY + SUN * DAY, 12),
    ]
    assert account.hard == {MONDAY + TUE * DAY}
    assert account.longest_planned == 12
    account.add_workouts(week(1, {THU: 9}).workouts)
    assert account.longest_planned == 12


@pytest.mark.parametrize(("km", "loading"), [(34, 0), (34.1, 3)])
def test_a_week_of_at_most_85_percent_ends_a_run_of_loading_ones(km, loading):
    account = ledger(30)
    account.close_week(38.0, None)
    account.close_week(40.0, None)
    assert account.loading == 2
    account.close_week(km, "cutback")
    assert account.loading == loading
    assert account.weeks[-1] == (km, "cutback")
    assert account.peak_km == 40.0


def test_a_first_week_that_began_late_counts_as_the_one_before_and_for_no_peak():
    account = ledger(30)
    account.close_week(5.0, None, began_late=True)
    assert account.weeks[-1] == (30.0, None)
    assert (account.loading, account.peak_km, account.top_km) == (1, 30.0, 0.0)


@pytest.mark.parametrize(
    ("known", "distance", "km"),
    [
        ({"weekly_km": 42.0}, Distance.HALF, 42.0),
        ({"weekly_km": 3.0}, Distance.HALF, 6.0),
        ({"weekly_km": None}, Distance.HALF, 35 / 1.1),
        ({"weekly_km": None, "experience_level": ADVANCED}, Distance.MARATHON, 65 / 1.1),
        ({"weekly_km": None, "experience_level": BEGINNER}, Distance.HALF, 12 / 1.1),
        ({"weekly_km": None, "experience_level": BEGINNER}, Distance.FIVE_K, 10 / 1.1),
    ],
)
def test_the_first_week_starts_from_history_or_from_the_table(known, distance, km):
    assert reference_week_km(inputs(**known), distance) == pytest.approx(km)


@pytest.mark.parametrize(
    ("known", "km"),
    [
        ({"longest_km": 14.0, "weekly_km": 80.0}, 14.0),
        ({"longest_km": None, "weekly_km": None}, 7.0),
        ({"longest_km": None, "weekly_km": 40.0}, 10.0),
        ({"longest_km": None, "weekly_km": None, "experience_level": ADVANCED}, 12 / 1.1),
        ({"longest_km": None, "weekly_km": None, "experience_level": BEGINNER}, 4.0),
    ],
)
def test_the_longest_run_is_known_or_allows_the_levels_first_run(known, km):
    # At six minutes a km a beginner's 30 minutes are the 5 km that are the other bound.
    assert reference_longest_km(inputs(**known), 360.0) == pytest.approx(km)


def test_a_slow_beginner_starts_with_half_an_hour():
    slow = inputs(longest_km=None, weekly_km=None, experience_level=BEGINNER)
    assert reference_longest_km(slow, 450.0) == pytest.approx(4.0 - 1.0)


def test_an_account_opens_with_three_weeks_and_one_long_run_of_history():
    account = open_ledger(inputs(weekly_km=40.0, longest_km=14.0), Distance.HALF, MONDAY, 360.0)
    assert account.weeks == [(40.0, None)] * 3
    assert account.runs == [(MONDAY - DAY, 14.0)]
    assert account.level is INTERMEDIATE
    assert (account.loading, account.hard, account.peak_km) == (0, set(), 40.0)
    assert account.week_cap_km() == pytest.approx(44)
