"""The numbers of the rules that other modules look up."""

import pytest

from training.plans import Phase
from training.runners import Distance, Level
from training.tables import (
    LONG_KM,
    LONG_MINUTES,
    NEEDED_KM,
    growth_cap_km,
    loading_weeks,
    long_share,
    low_share,
    spike_cap_km,
    taper_weeks,
)

BEGINNER, INTERMEDIATE, ADVANCED = Level
FIVE_K, TEN_K, HALF, MARATHON = Distance


@pytest.mark.parametrize(
    ("distance", "level", "weeks", "taper"),
    [
        (FIVE_K, INTERMEDIATE, 10, 1),
        (TEN_K, ADVANCED, 10, 1),
        (HALF, ADVANCED, 10, 2),
        (MARATHON, INTERMEDIATE, 14, 3),
        (MARATHON, INTERMEDIATE, 13, 2),
        (MARATHON, ADVANCED, 20, 2),
        (MARATHON, BEGINNER, 20, 3),
    ],
)
def test_a_taper_takes_one_to_three_weeks(distance, level, weeks, taper):
    assert taper_weeks(distance, level, weeks) == taper


@pytest.mark.parametrize(
    ("distance", "runs", "km", "share"),
    [
        (HALF, 3, 30, 0.50),
        (HALF, 4, 30, 0.40),
        (HALF, 5, 30, 0.35),
        (HALF, 6, 30, 0.30),
        (HALF, 7, 30, 0.30),
        (HALF, 2, 30, 0.60),
        (MARATHON, 3, 30, 0.50),
        (MARATHON, 4, 30, 0.45),
        (MARATHON, 7, 30, 0.35),
        (HALF, 5, 19.9, 0.60),
        (MARATHON, 5, 19.9, 0.60),
        (HALF, 5, 20, 0.35),
        (HALF, 1, 10, 1.0),
        (HALF, 0, 30, 1.0),
    ],
)
def test_the_long_runs_share_falls_with_the_number_of_runs(distance, runs, km, share):
    assert long_share(distance, runs, km) == pytest.approx(share)


@pytest.mark.parametrize(
    ("longest", "cap"), [(0, 1), (5, 6), (9.9, 10.9), (10, 11), (10.1, 11.11), (20, 22), (30, 33)]
)
def test_a_spike_is_a_tenth_or_one_km_for_short_runs(longest, cap):
    assert spike_cap_km(longest) == pytest.approx(cap)


@pytest.mark.parametrize(
    ("level", "km", "cap"),
    [
        (BEGINNER, 10, 13),
        (BEGINNER, 29.9, 32.9),
        (BEGINNER, 30, 33),
        (INTERMEDIATE, 90, 99),
        (ADVANCED, 80, 88),
        (ADVANCED, 80.1, 80.1 * 1.08),
    ],
)
def test_growth_is_a_tenth_three_km_when_small_and_8_percent_when_very_large(level, km, cap):
    assert growth_cap_km(level, km) == pytest.approx(cap)


@pytest.mark.parametrize(
    ("distance", "level", "age", "injured", "weeks"),
    [
        (HALF, BEGINNER, None, False, 3),
        (MARATHON, BEGINNER, None, False, 2),
        (MARATHON, INTERMEDIATE, 49, False, 3),
        (HALF, ADVANCED, 50, False, 2),
        (HALF, ADVANCED, None, True, 2),
    ],
)
def test_careful_runners_load_for_two_weeks(distance, level, age, injured, weeks):
    assert loading_weeks(distance, level, age, injured) == weeks


@pytest.mark.parametrize(
    ("level", "phase", "share"),
    [
        (BEGINNER, Phase.BASE, 0.95),
        (BEGINNER, Phase.PEAK, 0.85),
        (INTERMEDIATE, Phase.BASE, 0.75),
        (ADVANCED, Phase.BUILD, 0.75),
    ],
)
def test_beginners_run_more_of_it_easy(level, phase, share):
    assert low_share(level, phase) == share


@pytest.mark.parametrize(
    ("distance", "minutes", "km", "needed_km"),
    [  # beginner, intermediate, advanced
        (FIVE_K, (70, 75, 90), (12, 15, 19), (0, 20, 35)),
        (TEN_K, (90, 90, 105), (15, 18, 22), (12, 25, 40)),
        (HALF, (120, 130, 140), (22, 22, 22), (15, 28, 45)),
        (MARATHON, (180, 180, 180), (32, 35, 35), (24, 40, 55)),
    ],
)
def test_the_longest_runs_and_the_volume_before_week_one_are_the_published_ones(
    distance, minutes, km, needed_km
):
    for at, level in enumerate(Level):
        assert LONG_MINUTES[distance][level] == minutes[at]
        assert LONG_KM[distance][level] == km[at]
        assert NEEDED_KM[distance][level] == needed_km[at]
