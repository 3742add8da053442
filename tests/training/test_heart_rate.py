"""Heart-rate zones: the three schemes of the rules, and which one is used."""

import pytest

from training.heart_rate import HeartRateZones, heart_rate_zones
from training.runners import Level, Runner


def zones_of(**known):
    return heart_rate_zones(Runner(Level.INTERMEDIATE, **known))


def test_zones_by_maximum_are_its_shares():
    assert zones_of(hr_max_bpm=200) == HeartRateZones(
        "max",
        {"Z1": (120, 140), "Z2": (140, 158), "Z3": (160, 174), "Z4": (176, 184), "Z5": (186, 200)},
    )


def test_zones_by_reserve_are_added_to_the_rest():
    assert zones_of(hr_max_bpm=200, hr_rest_bpm=50) == HeartRateZones(
        "reserve",
        {"Z1": (125, 140), "Z2": (140, 161), "Z3": (161, 176), "Z4": (176, 185), "Z5": (185, 200)},
    )


def test_zones_by_threshold_are_its_shares_and_come_first():
    assert zones_of(lthr_bpm=200, hr_max_bpm=210, hr_rest_bpm=50) == HeartRateZones(
        "lthr",
        {"Z1": (130, 170), "Z2": (170, 178), "Z3": (180, 188), "Z4": (190, 198), "Z5": (200, 212)},
    )


@pytest.mark.parametrize(("age", "top"), [(20, 194), (40, 180), (60, 166)])
def test_a_maximum_from_age_is_208_less_7_tenths_of_it_and_says_so(age, top):
    zones = zones_of(age=age)
    assert (zones.scheme, zones.estimated) == ("max", True)
    assert zones.bpm["Z5"][1] == top
    assert zones_of(age=age, hr_rest_bpm=50).estimated
    assert not zones_of(age=age, hr_max_bpm=190).estimated


def test_a_rest_that_is_no_rest_is_left_out():
    assert zones_of(hr_max_bpm=180, hr_rest_bpm=180).scheme == "max"
    assert zones_of(hr_max_bpm=180, hr_rest_bpm=179).scheme == "reserve"


def test_without_numbers_or_against_advice_there_are_no_zones():
    assert zones_of() is None
    assert zones_of(hr_rest_bpm=50) is None
    assert zones_of(lthr_bpm=170, no_hr_targets=True) is None


@pytest.mark.parametrize(
    ("bpm", "zone"),
    [(119, 0), (120, 1), (139.9, 1), (140, 2), (160, 3), (176, 4), (186, 5), (230, 5)],
)
def test_a_zone_begins_at_its_lower_end(bpm, zone):
    assert zones_of(hr_max_bpm=200).zone_of(bpm) == zone
