"""Heat and altitude against the tables that they come from."""

from dataclasses import replace

import pytest

from training.conditions import (
    Conditions,
    altitude_percent,
    arrival,
    dew_point,
    heat_percent,
    slowed,
    slowing,
    too_hot_for_hard,
)
from training.cutting import hard_segments
from training.errors import ImpossibleValue
from training.workouts import PaceRange, WorkoutType, Zone


def celsius(fahrenheit):
    return (fahrenheit - 32) * 5 / 9


@pytest.mark.parametrize(
    ("sum_f", "low", "high"),
    [
        (90, 0, 0),
        (100, 0, 0),
        (105, 0, 0.5),
        (115, 0.5, 1),
        (125, 1, 2),
        (135, 2, 3),
        (145, 3, 4.5),
        (155, 4.5, 6),
        (165, 6, 8),
        (175, 8, 10),
        (190, 10, 10),
    ],
)
def test_heat_slows_as_in_hadleys_table(sum_f, low, high):
    half = celsius(sum_f / 2)
    assert low - 1e-9 <= heat_percent(half, half) <= high + 1e-9
    assert heat_percent(half, half, short_repeats=True) == heat_percent(half, half) / 2
    assert too_hot_for_hard(half, half) is (sum_f > 180)


def test_altitude_shifts_the_faster_paces_and_not_the_easy_ones():
    assert altitude_percent(400, Zone.T) == 0
    assert altitude_percent(1500, Zone.T) == pytest.approx(3)
    assert altitude_percent(2500, Zone.I) == pytest.approx(6)
    assert altitude_percent(2500, Zone.E) == 0
    assert slowed(PaceRange(240, 250), 3) == PaceRange(247, 258)


def test_the_first_days_high_up_are_easy():
    high, low = arrival(2000), arrival(800)
    assert (high.quality_free_days, high.first_week_share, high.by_effort) == (3, 0.8, True)
    assert (low.quality_free_days, low.first_week_share, low.by_effort) == (0, 1.0, False)


@pytest.mark.parametrize(
    ("temperature", "humidity", "expected"),
    [(20, 100, 20), (25, 50, 13.9), (30, 60, 21.4), (0, 50, -9.2), (35, 20, 8.7)],
)
def test_the_dew_point_is_that_of_published_tables(temperature, humidity, expected):
    assert dew_point(temperature, humidity) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("humidity", [0, -5, 101])
def test_a_humidity_that_cannot_be_is_refused(humidity):
    with pytest.raises(ImpossibleValue):
        dew_point(20, humidity)


@pytest.mark.parametrize(("minutes", "percent"), [(2.0, 2.5), (4.0, 5.1)])
def test_short_repeats_are_slowed_half_as_much(demo, minutes, percent):
    warm = Conditions(temperature_c=30, dew_point_c=20)
    session = next(w for w in demo.workouts if w.type is WorkoutType.INTERVAL)
    (stretch, *_) = hard_segments(session)
    main = (replace(stretch, minutes=minutes, repeats=6),)
    workout = replace(session, structure=replace(session.structure, main=main))
    assert slowing(workout, warm).percent == pytest.approx(percent, abs=0.051)


def test_a_long_run_with_fast_blocks_has_its_easy_pace_adjusted(demo):
    run = next(w for w in demo.workouts if w.type is WorkoutType.LONG)
    assert slowing(run, Conditions(altitude_m=1200)).zone is Zone.E
    with pytest.raises(ImpossibleValue):
        slowing(run, Conditions(20, 25))


@pytest.mark.parametrize(
    ("sum_f", "percent"),
    [(100, 0), (102, 0.1), (110, 0.5), (115, 0.75), (120, 1), (145, 3.75), (165, 7), (180, 10)],
)
def test_between_the_tables_steps_heat_is_read_off_a_straight_line(sum_f, percent):
    assert heat_percent(celsius(60), celsius(sum_f - 60)) == pytest.approx(percent, abs=1e-6)


@pytest.mark.parametrize(("sum_f", "hot"), [(179.9, False), (180.1, True)])
def test_above_180_nothing_hard_is_run(sum_f, hot):
    assert too_hot_for_hard(celsius(80), celsius(sum_f - 80)) is hot


def test_altitude_begins_at_500_metres_for_marathon_threshold_interval_and_race_pace():
    shifted = [zone for zone in Zone if altitude_percent(1000, zone)]
    assert shifted == [Zone.M, Zone.T, Zone.I, Zone.RACE]
    assert altitude_percent(500, Zone.M) == 0
    assert altitude_percent(600, Zone.M) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("metres", "days", "share", "by_effort"),
    [(1000, 0, 1.0, False), (1001, 0, 1.0, True), (1500, 0, 1.0, True), (1501, 3, 0.8, True)],
)
def test_effort_leads_above_1000_metres_and_quality_waits_above_1500(
    metres, days, share, by_effort
):
    found = arrival(metres)
    assert (found.quality_free_days, found.first_week_share, found.by_effort) == (
        days,
        share,
        by_effort,
    )
