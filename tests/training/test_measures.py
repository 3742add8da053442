"""What a workout and a week amount to."""

import datetime as dt
from dataclasses import replace

import pytest
from handmade import SUN, THU, TUE, easy, intervals, long, tempo, week

from training.measures import (
    block_minutes,
    days_from,
    hard_minutes,
    high_minutes,
    intensity_mix,
    is_hard,
    is_hard_or_fast,
    is_race,
    is_run,
    km_in,
    mean,
    minutes_in,
    moderate_minutes,
    stride_count,
    total_km,
    total_minutes,
    week_km,
    week_minutes,
    work_minutes,
)
from training.plans import IntensityMix
from training.runners import Distance
from training.sessions import race_day, rest_day
from training.workouts import Marker, Segment, Structure, Zone

FIVE_K, TEN_K, HALF, MARATHON = Distance
REPEATS = Segment(Zone.I, 3.0, 0.75, repeats=5, recovery_minutes=2.0, recovery_km=0.3)
STRIDES = Segment(Zone.R, 0.5, 0.1, repeats=4, recovery_minutes=1.0, recovery_km=0.1)
LONG_REPEATS = Segment(Zone.R, 0.6, 0.15, repeats=4)


def test_recoveries_lie_between_repeats():
    assert work_minutes(REPEATS) == 15
    assert total_minutes([REPEATS, STRIDES]) == 15 + 8 + 2 + 3
    assert total_km([REPEATS, STRIDES]) == pytest.approx(3.75 + 1.2 + 0.4 + 0.3)
    assert total_minutes([]) == 0


def test_strides_are_repetitions_of_at_most_half_a_minute():
    assert STRIDES.is_stride
    assert not LONG_REPEATS.is_stride
    assert not Segment(Zone.I, 0.3, 0.1).is_stride


def test_minutes_and_km_in_zones_leave_strides_and_recoveries_out():
    run = easy(10, structure=Structure((STRIDES,), (REPEATS, LONG_REPEATS), (STRIDES,)))
    assert list(run.structure.segments) == [STRIDES, REPEATS, LONG_REPEATS, STRIDES]
    assert minutes_in(run, Zone.I) == 15
    assert minutes_in(run, Zone.I, Zone.R) == pytest.approx(15 + 2.4)
    assert minutes_in(run, Zone.T) == 0
    assert km_in(run, Zone.I) == pytest.approx(3.75)
    assert km_in(run, Zone.R) == pytest.approx(0.6)
    assert stride_count(run) == 8


@pytest.mark.parametrize(
    ("zone", "short", "long_race"),
    [
        (Zone.E, (0, 0), (0, 0)),
        (Zone.M, (10, 0), (10, 0)),
        (Zone.T, (10, 0), (10, 0)),
        (Zone.RACE, (0, 10), (10, 0)),
        (Zone.I, (0, 10), (0, 10)),
        (Zone.R, (0, 10), (0, 10)),
        (Zone.WALK, (0, 0), (0, 0)),
    ],
)
def test_race_pace_is_high_for_short_races_and_moderate_for_long_ones(zone, short, long_race):
    run = easy(6, (zone, 10))
    for distance in Distance:
        moderate, high = short if distance in (FIVE_K, TEN_K) else long_race
        assert moderate_minutes(run, distance) == moderate
        assert high_minutes(run, distance) == high
        assert hard_minutes(run, distance) == moderate + high


def test_a_session_without_parts_counts_by_half_or_a_third():
    bare = Structure()
    bare_tempo = replace(tempo(8), structure=bare)
    bare_intervals = replace(intervals(8), structure=bare)
    assert (moderate_minutes(bare_tempo, HALF), high_minutes(bare_tempo, HALF)) == (24, 0)
    assert (moderate_minutes(bare_intervals, HALF), high_minutes(bare_intervals, HALF)) == (0, 16)
    assert hard_minutes(replace(easy(8), structure=bare), HALF) == 0


def test_blocks_are_marathon_pace_or_faster():
    run = long(15, (Zone.M, 5), (Zone.T, 4), (Zone.RACE, 3), (Zone.I, 2), (Zone.R, 1))
    assert block_minutes(run) == 15


@pytest.mark.parametrize(
    ("run", "hard"),
    [
        (tempo(), True),
        (intervals(), True),
        (easy(6), False),
        (easy(6, (Zone.T, 20)), False),
        (long(15, minutes=120), False),
        (long(15, minutes=120.5), False),
        (long(15, minutes=121), True),
        (long(15, (Zone.M, 19)), False),
        (long(15, (Zone.M, 20)), True),
        (easy(6, marker=Marker.TUNE_UP), True),
        (easy(6, marker=Marker.WALK_RUN), False),
        (race_day(HALF), True),
        (rest_day(), False),
        (easy(25, minutes=150), False),
    ],
)
def test_quality_races_and_very_long_or_fast_long_runs_are_hard(run, hard):
    assert is_hard(run) is hard


@pytest.mark.parametrize(
    ("run", "fast"),
    [
        (easy(6), False),
        (tempo(), True),
        (easy(6, (Zone.M, 2)), True),
        (easy(6, (Zone.R, 0.3)), True),
    ],
)
def test_anything_above_easy_is_fast(run, fast):
    assert is_hard_or_fast(run) is fast


def test_the_race_is_no_run_and_no_volume():
    assert not is_run(race_day(HALF))
    assert is_race(race_day(HALF))
    assert not is_race(easy(5))
    assert not is_run(rest_day())
    days = week(0, {TUE: 5, THU: easy(6, minutes=40), SUN: 10}).workouts
    assert (week_km(days), week_minutes(days)) == (21, 130)
    marked = easy(21, marker=Marker.RACE)
    assert (week_km([*days, marked]), week_minutes([*days, marked])) == (21, 130)


def test_the_mix_is_percent_of_all_minutes_and_sums_to_100():
    days = [easy(10, minutes=60), tempo(8, 20), intervals(8, 12)]
    assert intensity_mix(days, HALF) == IntensityMix(79, 13, 8)
    assert intensity_mix([*days, race_day(HALF)], HALF) == IntensityMix(79, 13, 8)
    assert intensity_mix([rest_day()], HALF) == IntensityMix(100, 0, 0)
    assert intensity_mix([easy(1, minutes=0.5)], HALF) == IntensityMix(100, 0, 0)


def test_the_mean_of_nothing_is_0():
    assert mean([]) == 0
    assert mean(iter([1, 2, 6])) == 3


def test_days_include_both_ends():
    first = dt.date(2026, 2, 27)
    assert [d.day for d in days_from(first, dt.date(2026, 3, 2))] == [27, 28, 1, 2]
    assert list(days_from(first, first)) == [first]
