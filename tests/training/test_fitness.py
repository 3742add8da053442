"""Fitness and paces against published tables.

Tables: Daniels, Running Formula (3rd ed.), table 5.1 (race times) and 5.2 (training intensities),
as checked by computing the Daniels-Gilbert equations of 1979.
"""

import datetime as dt

import pytest

from training.errors import ImpossibleValue
from training.fitness import (
    RaceResult,
    RecordedRun,
    estimate_fitness,
    fitness_from_race,
    predict,
    race_minutes,
)
from training.heart_rate import heart_rate_zones
from training.paces import training_paces
from training.runners import Distance, Level, Runner
from training.workouts import Zone

TODAY = dt.date(2026, 2, 9)
INTERMEDIATE = Runner(Level.INTERMEDIATE)


@pytest.mark.parametrize(
    ("fitness", "distance_km", "minutes"),
    [
        (30, 5, 30 + 40 / 60),
        (40, 5, 24 + 8 / 60),
        (50, 5, 19 + 57 / 60),
        (50, 10, 41 + 21 / 60),
        (50, 21.0975, 91 + 35 / 60),
        (50, 42.195, 190 + 49 / 60),
        (60, 10, 35 + 22 / 60),
        (60, 42.195, 163 + 25 / 60),
        (70, 5, 14 + 55 / 60),
    ],
)
def test_race_times_agree_with_the_published_tables(fitness, distance_km, minutes):
    assert race_minutes(fitness, distance_km) == pytest.approx(minutes, rel=0.004)
    assert fitness_from_race(distance_km, minutes) == pytest.approx(fitness, abs=0.25)


@pytest.mark.parametrize(("fitness", "threshold"), [(40, 306), (50, 255), (60, 220), (70, 194)])
def test_threshold_pace_agrees_with_the_published_table(fitness, threshold):
    pace = training_paces(float(fitness)).threshold
    assert (pace.fast_s_per_km + pace.slow_s_per_km) / 2 == pytest.approx(threshold, rel=0.015)


@pytest.mark.parametrize(
    ("distance_km", "minutes"),
    [(1.0, 4.0), (50.0, 240.0), (5.0, 3.0), (5.0, 400.0), (5.0, 9.0), (1.5, 30.0)],
)
def test_a_race_outside_the_equations_is_refused(distance_km, minutes):
    with pytest.raises(ImpossibleValue):
        fitness_from_race(distance_km, minutes)


def test_a_prediction_or_pace_outside_the_range_is_refused():
    with pytest.raises(ImpossibleValue):
        race_minutes(16, 42.195)
    with pytest.raises(ImpossibleValue):
        race_minutes(95, 5)
    with pytest.raises(ImpossibleValue):
        training_paces(10.0)


@pytest.mark.parametrize("fitness", range(20, 86))
def test_faster_intensities_have_faster_paces_at_every_fitness(fitness):
    paces = training_paces(float(fitness))
    middles = [
        r.fast_s_per_km + r.slow_s_per_km
        for r in (paces.repetition, paces.interval, paces.threshold, paces.marathon)
    ]
    assert middles == sorted(middles)
    assert middles[-1] < 2 * paces.easy.fast_s_per_km < 2 * paces.easy.slow_s_per_km


def test_each_zone_has_its_range_and_walking_none():
    paces = training_paces(45.0)
    ranges = [paces.range_of(zone, Distance.HALF) for zone in Zone]
    assert sum(pace is None for pace in ranges) == 1
    assert paces.range_of(Zone.WALK, Distance.HALF) is None


def test_a_marathon_from_a_5k_comes_with_a_warning_and_a_range():
    prediction = predict(5, 22, Distance.MARATHON, weekly_km=30)
    assert any("rough guess" in warning for warning in prediction.warnings)
    assert prediction.fast_minutes <= prediction.minutes <= prediction.slow_minutes
    assert prediction.method == "riegel"


def test_a_near_distance_is_predicted_by_fitness():
    prediction = predict(10, 45, Distance.HALF)
    assert prediction.method == "fitness"
    assert prediction.minutes == pytest.approx(99.5, rel=0.01)
    assert predict(42.195, 300, Distance.HALF).warnings


def test_a_recent_race_is_trusted_first_and_an_old_one_last():
    recent = RaceResult(10, 45, dt.date(2026, 1, 20))
    old = RaceResult(10, 40, dt.date(2025, 6, 1))
    assert estimate_fitness(INTERMEDIATE, TODAY, races=[recent, old]).value == pytest.approx(
        fitness_from_race(10, 45), abs=0.1
    )
    faded = estimate_fitness(INTERMEDIATE, TODAY, races=[old])
    assert faded.value == pytest.approx(0.97 * fitness_from_race(10, 40), abs=0.1)
    assert faded.confidence == "low"


def test_a_marathon_prefers_long_races_and_a_trial_counts_a_little_less():
    five = RaceResult(5, 19, TODAY)
    half = RaceResult(21.0975, 100, TODAY)
    found = estimate_fitness(INTERMEDIATE, TODAY, races=[five, half], goal=Distance.MARATHON)
    assert found.value == pytest.approx(fitness_from_race(21.0975, 100), abs=0.1)
    trial = estimate_fitness(INTERMEDIATE, TODAY, races=[RaceResult(3, 12, TODAY, True)])
    assert trial.source == "time_trial"
    assert trial.value < fitness_from_race(3, 12)


def test_recorded_runs_are_used_in_order_of_trust():
    easy = [RecordedRun(6, 36, TODAY, rpe=3)]
    assert estimate_fitness(INTERMEDIATE, TODAY, runs=easy).source == "easy_rpe"
    runner = Runner(Level.INTERMEDIATE, hr_max_bpm=190)
    steady = [RecordedRun(6, 36, TODAY, hr_avg=140, hr_drift=3) for _ in range(3)]
    short = [RecordedRun(2, 12, TODAY, hr_avg=140)]
    assert estimate_fitness(runner, TODAY, runs=[*steady, *short]).source == "steady_hr"
    hard = [RecordedRun(5, 24, TODAY, rpe=9)]
    assert estimate_fitness(runner, TODAY, runs=[*steady, *hard]).source == "hard_run"


def test_impossible_runs_are_left_out_and_a_placeholder_stays():
    wrong = [RecordedRun(400, 20, TODAY, rpe=3), RecordedRun(0, 20, TODAY, rpe=3)]
    assert estimate_fitness(INTERMEDIATE, TODAY, runs=wrong).source == "placeholder"
    assert estimate_fitness(Runner(Level.BEGINNER), TODAY).value == 30


def test_heart_rate_zones_use_the_best_numbers_there_are():
    assert heart_rate_zones(Runner(Level.BEGINNER)) is None
    assert heart_rate_zones(Runner(Level.BEGINNER, age=40, no_hr_targets=True)) is None
    by_age = heart_rate_zones(Runner(Level.BEGINNER, age=40))
    assert by_age is not None
    assert (by_age.scheme, by_age.estimated, by_age.bpm["Z5"][1]) == ("max", True, 180)
    reserve = heart_rate_zones(Runner(Level.BEGINNER, hr_max_bpm=190, hr_rest_bpm=50))
    assert reserve is not None
    assert (reserve.scheme, reserve.bpm["Z2"]) == ("reserve", (134, 154))
    tested = heart_rate_zones(Runner(Level.BEGINNER, lthr_bpm=170, hr_max_bpm=190))
    assert tested is not None
    assert tested.scheme == "lthr"
    assert tested.zone_of(165) == 4
