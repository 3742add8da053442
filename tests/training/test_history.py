"""What counts as run: logs in place of the planned past, the plan for what is to come."""

import pytest
from handmade import DAY, MONDAY, SUN, THU, TUE, WED, easy, logged, long, plan, seen, tempo, week

from training.executions import CompletionStatus
from training.history import (
    executed_km,
    history_of,
    plan_paces,
    reference_longest,
    reference_week,
)
from training.paces import training_paces
from training.runners import Level

PLAN = plan(
    week(0, {TUE: 6, THU: tempo(8), SUN: long(12)}),
    week(1, {TUE: 6, SUN: 4}, race_on=SUN),
    weekly_km=25.0,
    longest_km=11.0,
)
FIRST, SECOND = PLAN.weeks
MISSED = CompletionStatus.MISSED
WEDNESDAY = MONDAY + WED * DAY


def loads(history):
    return [(load.day, load.km, load.hard, load.workout is not None) for load in history.loads]


def test_an_unlogged_past_counts_as_planned_and_the_race_as_no_km():
    assert loads(seen(PLAN, WEDNESDAY)) == [
        (MONDAY + TUE * DAY, 6, False, False),
        (MONDAY + THU * DAY, 8, True, True),
        (MONDAY + SUN * DAY, 12, False, True),
        (MONDAY + 8 * DAY, 6, False, True),
        (MONDAY + 13 * DAY, 0, True, True),
    ]


def test_a_log_takes_the_place_of_its_workout_on_its_own_day():
    done = logged(FIRST.workouts[THU], km=9.0, on=MONDAY + 4 * DAY)
    found = loads(seen(PLAN, WEDNESDAY, done))
    assert (MONDAY + 4 * DAY, 9.0, True, False) in found
    assert all(day != MONDAY + THU * DAY for day, *_ in found)


def test_a_missed_run_is_no_load_and_one_outside_the_plan_is_an_easy_one():
    done = (
        logged(FIRST.workouts[TUE], status=MISSED),
        logged(None, km=5.0, on=MONDAY),
    )
    assert loads(seen(PLAN, WEDNESDAY, *done))[:2] == [
        (MONDAY, 5.0, False, False),
        (MONDAY + THU * DAY, 8, True, True),
    ]


def test_in_a_gap_nothing_unlogged_was_run():
    today = MONDAY + 7 * DAY
    history = history_of(PLAN, today, (), gap_from=MONDAY + THU * DAY)
    assert [load.day for load in history.loads] == [
        MONDAY + TUE * DAY,
        MONDAY + 8 * DAY,
        MONDAY + 13 * DAY,
    ]


def test_an_entry_is_open_from_today_on_while_it_is_not_logged():
    tuesday, thursday, sunday = (FIRST.workouts[day] for day in (TUE, THU, SUN))
    history = seen(PLAN, MONDAY + THU * DAY, logged(sunday))
    assert [history.is_open(w) for w in (tuesday, thursday, sunday)] == [False, True, False]
    assert history.open_in(FIRST) == (thursday,)
    assert history.open_in(SECOND) == (SECOND.workouts[TUE],)


def test_a_weeks_km_are_those_run_and_those_planned():
    done = logged(FIRST.workouts[TUE], km=7.5)
    history = seen(PLAN, WEDNESDAY, done, logged(None, km=3.0, on=MONDAY + 7 * DAY))
    assert history.km_in(FIRST) == 27.5
    assert history.km_in(SECOND) == 9.0


def test_the_longest_run_before_a_day_is_of_30_days_and_of_the_time_before_the_plan():
    history = seen(PLAN, WEDNESDAY)
    assert history.longest_before(MONDAY) == 11
    assert history.longest_before(MONDAY + SUN * DAY) == 11
    assert history.longest_before(MONDAY + 7 * DAY) == 12
    assert history.longest_before(MONDAY + (30 + SUN) * DAY) == 12
    assert history.longest_before(MONDAY + (31 + SUN) * DAY) == 6
    short = seen(plan(week(0, {TUE: 6}), longest_km=11.0))
    assert short.longest_before(MONDAY + 29 * DAY) == 11
    assert short.longest_before(MONDAY + 30 * DAY) == 6


@pytest.mark.parametrize(
    ("level", "km"), [(Level.BEGINNER, 4), (Level.INTERMEDIATE, 7), (Level.ADVANCED, 11)]
)
def test_after_30_days_of_nothing_the_levels_first_run_is_allowed(level, km):
    alone = seen(plan(week(0, {TUE: 6}), experience_level=level))
    assert alone.longest_before(MONDAY + 90 * DAY) == km


def test_the_weeks_before_the_plan_are_its_inputs():
    assert reference_week(PLAN) == 25
    assert reference_longest(PLAN) == 11
    assert plan_paces(PLAN) == training_paces(43.6)


@pytest.mark.parametrize(
    ("done", "km"),
    [
        (logged(None, km=7.0, minutes=30.0), 7.0),
        (logged(None, minutes=30.0), 5.0),
        (logged(None, minutes=30.0, avg_pace="5:00"), 6.0),
        (logged(None), 8.0),
        (logged(None, km=7.0, status=MISSED), 0.0),
    ],
)
def test_km_are_those_said_else_from_the_minutes_else_as_planned(done, km):
    assert executed_km(done, easy(8), 360.0) == km


def test_a_run_of_which_nothing_is_known_counts_nothing():
    assert executed_km(logged(None), None, 360.0) == 0.0
