"""Heat and altitude: how much slower the same effort is, and when not to run hard."""

import itertools
from dataclasses import dataclass

from training.workouts import PaceRange, Zone

# Sum of air temperature and dew point in F, and the percent slower at that sum (Hadley 2013).
HEAT_STEPS = (
    (100.0, 0.0),
    (110.0, 0.5),
    (120.0, 1.0),
    (130.0, 2.0),
    (140.0, 3.0),
    (150.0, 4.5),
    (160.0, 6.0),
    (170.0, 8.0),
    (180.0, 10.0),
)
NO_HARD_ABOVE = 180.0
SHORT_REPEAT_SHARE = 0.5
ALTITUDE_FROM_M, ALTITUDE_PERCENT_PER_1000_M = 500.0, 3.0
BY_EFFORT_ABOVE_M, NO_QUALITY_ABOVE_M = 1000.0, 1500.0
QUALITY_FREE_DAYS, FIRST_WEEK_SHARE = 3, 0.80
SHIFTED_BY_ALTITUDE = (Zone.M, Zone.T, Zone.I, Zone.RACE)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What altitude asks for: days without quality, the first week's share of volume, effort."""

    quality_free_days: int
    first_week_share: float
    by_effort: bool


def heat_percent(temperature_c: float, dew_point_c: float, *, short_repeats: bool = False) -> float:
    """Return how many percent slower the same effort is in heat (Hadley 2013).

    Between the table's steps the value is read off a straight line; short repeats take half.
    """
    total = _fahrenheit(temperature_c) + _fahrenheit(dew_point_c)
    percent = HEAT_STEPS[-1][1]
    if total <= HEAT_STEPS[0][0]:
        percent = 0.0
    else:
        for (low, first), (high, last) in itertools.pairwise(HEAT_STEPS):
            if low < total <= high:
                percent = first + (last - first) * (total - low) / (high - low)
    return percent * SHORT_REPEAT_SHARE if short_repeats else percent


def too_hot_for_hard(temperature_c: float, dew_point_c: float) -> bool:
    """Say whether no hard running should be done: a sum of more than 180 F (Hadley 2013)."""
    return _fahrenheit(temperature_c) + _fahrenheit(dew_point_c) > NO_HARD_ABOVE


def altitude_percent(metres: float, zone: Zone) -> float:
    """Return how many percent slower a zone is at altitude: 3 a 1000 m above 500 m, for M, T, I."""
    if zone not in SHIFTED_BY_ALTITUDE:
        return 0.0
    return max(0.0, metres - ALTITUDE_FROM_M) / 1000 * ALTITUDE_PERCENT_PER_1000_M


def arrival(metres: float) -> Arrival:
    """Return how to begin at altitude; above 1500 m without quality and with less volume."""
    high = metres > NO_QUALITY_ABOVE_M
    return Arrival(
        quality_free_days=QUALITY_FREE_DAYS if high else 0,
        first_week_share=FIRST_WEEK_SHARE if high else 1.0,
        by_effort=metres > BY_EFFORT_ABOVE_M,
    )


def slowed(pace: PaceRange, percent: float) -> PaceRange:
    """Return a pace range so many percent slower, in whole s/km."""
    factor = 1 + percent / 100
    return PaceRange(round(pace.fast_s_per_km * factor), round(pace.slow_s_per_km * factor))


def _fahrenheit(celsius: float) -> float:
    return celsius * 9 / 5 + 32
