"""Paces: each zone's share of fitness and width, and where the range ends."""

import pytest

from training.errors import ImpossibleValue
from training.fitness import race_minutes, speed_at_cost
from training.paces import middle_s_per_km, race_pace, training_paces
from training.runners import Distance
from training.workouts import PaceRange, Zone


def pace_at(share, fitness=50):
    return 60000 / speed_at_cost(share * fitness)


def test_easy_is_62_to_70_percent_and_recovery_59_to_65():
    paces = training_paces(50.0)
    assert paces.easy == PaceRange(round(pace_at(0.70)), round(pace_at(0.62)))
    assert paces.recovery == PaceRange(round(pace_at(0.65)), round(pace_at(0.59)))
    assert paces.easy_s_per_km == sum((paces.easy.fast_s_per_km, paces.easy.slow_s_per_km)) / 2
    assert paces.fitness == 50


def test_threshold_is_88_percent_within_2_and_interval_97_and_a_half_within_1_and_a_half():
    paces = training_paces(50.0)
    threshold, interval = pace_at(0.88), pace_at(0.975)
    assert paces.threshold == PaceRange(round(0.98 * threshold), round(1.02 * threshold))
    assert paces.interval == PaceRange(round(0.985 * interval), round(1.015 * interval))


def test_repetition_is_six_seconds_a_lap_faster_than_interval():
    pace = pace_at(0.975) - 15
    repetition = training_paces(50.0).repetition
    assert repetition == PaceRange(round(0.985 * pace), round(1.015 * pace))


@pytest.mark.parametrize("distance", Distance)
def test_race_pace_is_the_predicted_one_within_2_percent(distance):
    pace = race_minutes(50, distance.km) * 60 / distance.km
    assert race_pace(50.0, distance) == PaceRange(round(0.98 * pace), round(1.02 * pace))


def test_marathon_pace_is_the_predicted_one():
    assert training_paces(50.0).marathon == race_pace(50.0, Distance.MARATHON)


def test_each_zone_has_its_own_range():
    paces = training_paces(50.0)
    found = {zone: paces.range_of(zone, Distance.TEN_K) for zone in Zone}
    assert found == {
        Zone.WALK: None,
        Zone.E: paces.easy,
        Zone.M: paces.marathon,
        Zone.T: paces.threshold,
        Zone.I: paces.interval,
        Zone.R: paces.repetition,
        Zone.RACE: race_pace(50.0, Distance.TEN_K),
    }


@pytest.mark.parametrize("fitness", [15.0, 90.0])
def test_a_fitness_at_the_ends_has_paces(fitness):
    assert training_paces(fitness).fitness == fitness


@pytest.mark.parametrize("fitness", [14.9, 90.1])
def test_a_fitness_beyond_the_ends_has_none(fitness):
    with pytest.raises(ImpossibleValue, match="15 to 90"):
        training_paces(fitness)


def test_the_middle_of_a_range_is_halfway():
    assert middle_s_per_km(PaceRange(300, 321)) == 310.5
