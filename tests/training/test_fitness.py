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
    oxygen_cost,
    placeholder,
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


# Where each kind of evidence begins and ends.


@pytest.mark.parametrize(("km", "minutes"), [(1.5, 5.0), (42.195, 330.0), (1.5, 3.5)])
def test_a_race_at_the_ends_of_the_equations_counts(km, minutes):
    assert 15 <= fitness_from_race(km, minutes) <= 90


@pytest.mark.parametrize(("km", "minutes"), [(1.49, 5.0), (42.2, 200.0), (1.5, 3.4), (42.0, 331.0)])
def test_a_race_just_beyond_them_does_not(km, minutes):
    with pytest.raises(ImpossibleValue, match="out of range"):
        fitness_from_race(km, minutes)


def test_a_time_that_gives_no_plausible_fitness_is_refused():
    with pytest.raises(ImpossibleValue, match="mistyped"):
        fitness_from_race(5.0, 12.0)
    with pytest.raises(ImpossibleValue, match="mistyped"):
        fitness_from_race(1.5, 18.0)
    with pytest.raises(ImpossibleValue, match="nan"):
        fitness_from_race(float("nan"), 20.0)


def test_predicted_times_end_where_races_do():
    assert race_minutes(fitness_from_race(42.195, 330.0), 42.195) == pytest.approx(330)
    assert race_minutes(fitness_from_race(1.5, 3.5), 1.5) == pytest.approx(3.5)
    with pytest.raises(ImpossibleValue, match="a race of 50 km"):
        race_minutes(50, 50)


@pytest.mark.parametrize(("days", "usable"), [(-1, False), (0, True), (84, True), (85, False)])
def test_a_race_is_recent_for_12_weeks(days, usable):
    race = RaceResult(10, 45, TODAY - dt.timedelta(days=days))
    found = estimate_fitness(INTERMEDIATE, TODAY, races=[race])
    assert (found.source == "race" and found.confidence == "high") is usable


@pytest.mark.parametrize(("days", "source"), [(85, "race"), (364, "race"), (365, "placeholder")])
def test_an_older_race_is_a_weak_sign_for_a_year(days, source):
    race = RaceResult(10, 45, TODAY - dt.timedelta(days=days))
    assert estimate_fitness(INTERMEDIATE, TODAY, races=[race]).source == source


def test_the_best_race_counts():
    races = [RaceResult(10, minutes, TODAY) for minutes in (50, 45, 48)]
    best = round(fitness_from_race(10, 45), 1)
    assert estimate_fitness(INTERMEDIATE, TODAY, races=races).value == best
    old = [RaceResult(10, minutes, TODAY - dt.timedelta(days=200)) for minutes in (50, 45)]
    faded = round(0.97 * fitness_from_race(10, 45), 1)
    assert estimate_fitness(INTERMEDIATE, TODAY, races=old).value == faded


def test_a_trial_counts_one_percent_less_and_never_under_the_lowest():
    trial = RaceResult(5, 22, TODAY, time_trial=True)
    expected = round(0.99 * fitness_from_race(5, 22), 1)
    assert estimate_fitness(INTERMEDIATE, TODAY, races=[trial]).value == expected
    slow = RaceResult(1.5, 14.0, TODAY, time_trial=True)
    assert estimate_fitness(INTERMEDIATE, TODAY, races=[slow]).value >= 15


def test_only_a_marathon_prefers_races_of_20_km_and_more():
    five, twenty = RaceResult(5, 19, TODAY), RaceResult(20, 95, TODAY)
    by_five, by_twenty = (
        round(fitness_from_race(r.distance_km, r.minutes), 1) for r in (five, twenty)
    )

    def found(goal, *races):
        return estimate_fitness(INTERMEDIATE, TODAY, races=races, goal=goal).value

    assert by_five > by_twenty
    assert found(Distance.MARATHON, five, twenty) == by_twenty
    assert found(Distance.HALF, five, twenty) == by_five
    assert found(Distance.MARATHON, five) == by_five
    assert found(Distance.MARATHON, five, RaceResult(19.9, 95, TODAY)) == by_five


def source_of(*runs, **known):
    return estimate_fitness(Runner(Level.INTERMEDIATE, **known), TODAY, runs=runs).source


def run_of(km=5.0, minutes=25.0, days=0, **more):
    return RecordedRun(km, minutes, TODAY - dt.timedelta(days=days), **more)


@pytest.mark.parametrize(
    ("run", "source"),
    [
        (run_of(3, 12, rpe=8), "hard_run"),
        (run_of(3, 11.9, rpe=8), "placeholder"),
        (run_of(rpe=7), "placeholder"),
        (run_of(hr_avg=176), "hard_run"),
        (run_of(hr_avg=175), "placeholder"),
        (run_of(days=42, rpe=8), "hard_run"),
        (run_of(days=43, rpe=8), "placeholder"),
        (run_of(days=-1, rpe=8), "placeholder"),
    ],
)
def test_a_hard_run_takes_12_minutes_at_effort_8_or_at_88_percent(run, source):
    assert source_of(run, hr_max_bpm=200) == source


def test_heart_rate_alone_says_nothing_without_a_maximum():
    assert source_of(run_of(hr_avg=190)) == "placeholder"


def test_a_hard_run_is_read_like_a_race_and_the_best_counts():
    runs = [run_of(5, 25, rpe=9), run_of(5, 27, rpe=9)]
    found = estimate_fitness(INTERMEDIATE, TODAY, runs=runs)
    assert found.value == round(fitness_from_race(5, 25), 1)
    assert found.confidence == "medium"


@pytest.mark.parametrize(
    ("change", "source"),
    [
        ({}, "steady_hr"),
        ({"minutes": 20.0, "km": 3.5}, "steady_hr"),
        ({"minutes": 19.9, "km": 3.5}, "placeholder"),
        ({"hr_drift": 5.0}, "steady_hr"),
        ({"hr_drift": 5.1}, "placeholder"),
        ({"sum_f": 120}, "steady_hr"),
        ({"sum_f": 121}, "placeholder"),
        ({"hr_avg": None}, "placeholder"),
        ({"hr_avg": 126}, "steady_hr"),
        ({"hr_avg": 125}, "placeholder"),
    ],
)
def test_steady_runs_are_twenty_minutes_flat_cool_and_without_drift(change, source):
    # (37 % + 64 % of fitness) of the maximum: at 200 beats, 40 % of fitness are 125.2.
    runs = [run_of(**({"minutes": 30.0, "hr_avg": 150} | change)) for _ in range(3)]
    assert source_of(*runs, hr_max_bpm=200) == source


def test_three_steady_runs_are_needed_and_their_middle_counts():
    runs = [run_of(km, 30.0, hr_avg=150) for km in (5.0, 5.5, 6.5)]
    runner = Runner(Level.INTERMEDIATE, hr_max_bpm=200)
    found = estimate_fitness(runner, TODAY, runs=runs)
    share = (100 * 150 / 200 - 37) / 64
    assert found.value == round(oxygen_cost(5500 / 30) / share, 1)
    assert found.confidence == "low"
    assert source_of(*runs[:2], hr_max_bpm=200) == "placeholder"
    assert source_of(*runs, hr_max_bpm=200, no_hr_targets=True) == "placeholder"


@pytest.mark.parametrize(
    ("rpe", "source"),
    [
        (1, "placeholder"),
        (2, "easy_rpe"),
        (4, "easy_rpe"),
        (5, "placeholder"),
        (None, "placeholder"),
    ],
)
def test_easy_runs_are_those_of_effort_2_to_4(rpe, source):
    assert source_of(run_of(5, 30, rpe=rpe)) == source


def test_easy_runs_are_read_at_66_percent_and_their_middle_counts():
    runs = [run_of(km, 30.0, rpe=3) for km in (4.0, 5.0, 6.5)]
    found = estimate_fitness(INTERMEDIATE, TODAY, runs=runs)
    assert found.value == round(oxygen_cost(5000 / 30) / 0.66, 1)


def test_an_estimate_stays_between_15_and_90():
    assert estimate_fitness(INTERMEDIATE, TODAY, runs=[run_of(2, 30, rpe=3)]).value == 15
    assert estimate_fitness(INTERMEDIATE, TODAY, runs=[run_of(12, 30, rpe=3)]).value == 90


@pytest.mark.parametrize(
    ("change", "possible"),
    [
        ({}, True),
        ({"km": 0.0}, False),
        ({"minutes": 0.0}, False),
        ({"km": 15.0, "minutes": 35.0}, True),
        ({"km": 15.0, "minutes": 34.9}, False),
        ({"km": 4.0, "minutes": 60.0}, True),
        ({"km": 4.0, "minutes": 60.1}, False),
        ({"hr_avg": 60}, True),
        ({"hr_avg": 59}, False),
        ({"hr_avg": 225}, True),
        ({"hr_avg": 226}, False),
    ],
)
def test_a_run_that_nobody_ran_is_left_out(change, possible):
    assert run_of(**change).possible is possible


def test_levels_have_placeholders():
    found = {level: placeholder(level).value for level in Level}
    assert list(found.values()) == [30, 38, 46]
    assert placeholder(Level.BEGINNER).confidence == "low"


# Predictions: Riegel's exponent is 1.06, for a marathon 1.08 under 65 km a week, 1.10 under 40.


@pytest.mark.parametrize(
    ("weekly_km", "exponent"),
    [(65, 1.06), (64, 1.08), (40, 1.08), (39, 1.10), (0, 1.10), (None, 1.10)],
)
def test_a_marathon_on_few_km_is_predicted_slower(weekly_km, exponent):
    found = predict(10, 45, Distance.MARATHON, weekly_km)
    assert found.minutes == found.fast_minutes == pytest.approx(45 * 4.2195**1.06)
    assert found.slow_minutes == pytest.approx(1.03 * 45 * 4.2195**exponent)


def test_other_goals_have_one_exponent():
    found = predict(5, 22, Distance.HALF, 20)
    assert found.minutes == pytest.approx(22 * 4.2195**1.06)
    assert found.slow_minutes == pytest.approx(1.03 * 22 * 4.2195**1.06)


@pytest.mark.parametrize(
    ("km", "method"), [(9.59, "fitness"), (9.58, "riegel"), (21.0975, "fitness")]
)
def test_a_goal_up_to_2_2_times_as_far_is_predicted_by_fitness(km, method):
    found = predict(km, 4.5 * km, Distance.HALF)
    assert found.method == method
    by_fitness = race_minutes(fitness_from_race(km, 4.5 * km), 21.0975)
    riegel = 4.5 * km * (21.0975 / km) ** 1.06
    assert found.minutes == pytest.approx(by_fitness if method == "fitness" else riegel)
    assert found.fast_minutes == pytest.approx(min(riegel, found.minutes))


@pytest.mark.parametrize(("km", "warned"), [(9.9, True), (10, False)])
def test_a_marathon_from_under_10_km_is_a_rough_guess(km, warned):
    warnings = predict(km, 4.5 * km, Distance.MARATHON, 70).warnings
    assert any("rough guess" in warning for warning in warnings) is warned


@pytest.mark.parametrize(("minutes", "warned"), [(229, False), (231, True)])
def test_a_race_longer_than_230_minutes_is_outside_the_formula(minutes, warned):
    warnings = predict(42.195, minutes, Distance.HALF).warnings
    assert any("made for" in warning for warning in warnings) is warned


def test_two_formulas_that_differ_by_more_than_3_percent_are_both_told():
    def told(km, minutes, goal):
        found = predict(km, minutes, goal, 70)
        by_fitness = race_minutes(fitness_from_race(km, minutes), goal.km)
        riegel = minutes * (goal.km / km) ** 1.06
        apart = abs(by_fitness - riegel) / riegel > 0.03
        assert any("Two formulas differ" in warning for warning in found.warnings) is apart
        return apart

    apart = [told(km, minutes, goal) for km, minutes in ((1.5, 5), (10, 45)) for goal in Distance]
    assert set(apart) == {True, False}
