"""What can and what cannot have been run."""

import pytest

from training.errors import ImpossibleValue
from training.executions import ActualMetrics, check_metrics


def accepted(**metrics):
    try:
        check_metrics(ActualMetrics(**metrics))
    except ImpossibleValue:
        return False
    return True


@pytest.mark.parametrize(
    ("name", "least", "most", "step"),
    [
        ("duration_minutes", 0.1, 1440, 0.1),
        ("distance_km", 0.1, 200, 0.1),
        ("hr_avg", 60, 225, 1),
        ("cadence", 60, 260, 1),
        ("hr_drift", -50, 50, 0.1),
    ],
)
def test_each_measure_has_its_bounds(name, least, most, step):
    assert accepted(**{name: least})
    assert accepted(**{name: most})
    assert not accepted(**{name: least - step})
    assert not accepted(**{name: most + step})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0, -5])
def test_a_length_is_a_number_over_0(value):
    assert not accepted(duration_minutes=value)
    assert not accepted(distance_km=value)


@pytest.mark.parametrize(
    ("pace", "fine"), [("2:20", True), ("2:19", False), ("15:00", True), ("15:01", False)]
)
def test_a_pace_lies_between_2_20_and_15_00(pace, fine):
    assert accepted(avg_pace=pace) is fine


@pytest.mark.parametrize(
    ("km", "minutes", "fine"), [(30, 70, True), (30, 69, False), (4, 60, True), (4, 60.2, False)]
)
def test_the_pace_of_time_and_distance_lies_there_too(km, minutes, fine):
    assert accepted(distance_km=km, duration_minutes=minutes) is fine


# 10 km in 50 minutes are 5:00 a km; 3 % and half a minute of rounding allow 4:48 to 5:12.
@pytest.mark.parametrize(
    ("pace", "fine"),
    [("5:00", True), ("4:49", True), ("5:11", True), ("4:46", False), ("5:14", False)],
)
def test_distance_duration_and_pace_agree_within_3_percent(pace, fine):
    assert accepted(distance_km=10, duration_minutes=50, avg_pace=pace) is fine
    assert accepted(distance_km=10, avg_pace=pace)
    assert accepted(duration_minutes=50, avg_pace=pace)


def test_a_refusal_names_the_value_and_what_can_be():
    with pytest.raises(ImpossibleValue, match="250 km can't be: over 0 and up to 200 can"):
        check_metrics(ActualMetrics(distance_km=250))
    with pytest.raises(ImpossibleValue, match="a pace of 1:40 a km can't be"):
        check_metrics(ActualMetrics(duration_minutes=10, distance_km=6))


def test_the_pace_that_was_said_comes_first():
    assert ActualMetrics(50, 10, "5:10").pace_s_per_km == 310
    assert ActualMetrics(50, 10).pace_s_per_km == 300
    assert ActualMetrics(50).pace_s_per_km is None
    assert ActualMetrics(None, 10).pace_s_per_km is None
    assert ActualMetrics(0, 10).pace_s_per_km is None
