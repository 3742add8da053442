"""Heat and altitude: how much slower the same effort is, and when not to run hard."""

import itertools
import math
from dataclasses import dataclass

from training.errors import ImpossibleValue
from training.sessions import hard_segments
from training.units import render_number
from training.workouts import PaceRange, Segment, Workout, WorkoutType, Zone

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
HOT_FROM = 150.0  # from here on the signs of heat illness are named
SHORT_REPEAT_SHARE = 0.5
SHORT_REPEAT_MINUTES = 3.0  # our decision: what counts as short
ASSUMED_HUMIDITY_PERCENT = 50.0  # where only the temperature is known
MAGNUS_B, MAGNUS_C = 17.62, 243.12  # over water, -45 to 60 C (WMO-No. 8, annex 4.B)
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


@dataclass(frozen=True, slots=True)
class Conditions:
    """Weather and place of one run. dew_point_c: None where only the temperature is known."""

    temperature_c: float | None = None
    dew_point_c: float | None = None
    altitude_m: float | None = None


@dataclass(frozen=True, slots=True)
class Slowing:
    """What conditions ask of a workout: how many percent slower, and words to pass on.

    zone: the intensity whose pace is meant. no_hard: nothing hard should be run.
    """

    zone: Zone
    percent: float
    no_hard: bool
    advice: tuple[str, ...]


def dew_point(temperature_c: float, humidity_percent: float) -> float:
    """Return the dew point in C by the Magnus formula (WMO-No. 8, annex 4.B).

    humidity_percent: relative, over 0 to 100; it holds from -45 to 60 C.
    """
    if not 0 < humidity_percent <= 100:
        raise ImpossibleValue(f"a humidity of {humidity_percent!r} %: it is over 0 and up to 100")
    share = MAGNUS_B * temperature_c / (MAGNUS_C + temperature_c)
    gamma = math.log(humidity_percent / 100) + share
    return MAGNUS_C * gamma / (MAGNUS_B - gamma)


def slowing(workout: Workout, conditions: Conditions) -> Slowing:
    """Return what heat and altitude ask of a workout; nothing of the plan changes by it.

    Raises ImpossibleValue for a dew point over the temperature.
    """
    main = _main(workout)
    zone = Zone.E if main is None else main.zone
    heat, sum_f, advice = 0.0, 0.0, []
    if conditions.temperature_c is not None:
        dew = conditions.dew_point_c
        if dew is None:
            dew = dew_point(conditions.temperature_c, ASSUMED_HUMIDITY_PERCENT)
        elif dew > conditions.temperature_c:
            raise ImpossibleValue(
                f"a dew point of {dew!r} C over the temperature of {conditions.temperature_c!r} C"
            )
        short = main is not None and main.repeats > 1 and main.minutes <= SHORT_REPEAT_MINUTES
        heat = heat_percent(conditions.temperature_c, dew, short_repeats=short)
        sum_f = _fahrenheit(conditions.temperature_c) + _fahrenheit(dew)
        advice += _heat_words(heat, sum_f, is_hard=main is not None)
        if heat and conditions.dew_point_c is None:
            advice.append(
                f"Only the temperature is known, so {ASSUMED_HUMIDITY_PERCENT:.0f} % humidity is "
                "assumed; the damper the air, the slower."
            )
    high = 0.0
    if conditions.altitude_m is not None:
        high = altitude_percent(conditions.altitude_m, zone)
        advice += _altitude_words(conditions.altitude_m, high)
    return Slowing(zone, round(heat + high, 1), sum_f > NO_HARD_ABOVE, tuple(advice))


def _main(workout: Workout) -> Segment | None:
    """Return the faster stretch that a quality session is about; a long run's pace is easy."""
    if workout.type not in (WorkoutType.TEMPO, WorkoutType.INTERVAL):
        return None
    return next(iter(hard_segments(workout)), None)


def _heat_words(percent: float, sum_f: float, *, is_hard: bool) -> list[str]:
    if sum_f > NO_HARD_ABOVE and is_hard:
        words = ["It is too hot for hard running: run easy, early or indoors, or on another day."]
    elif sum_f > NO_HARD_ABOVE:
        words = ["It is very hot: keep it short and easy, in the shade, early or indoors."]
    elif percent:
        words = [
            f"Heat makes the same effort about {render_number(percent)} % slower: go by effort, "
            "seek shade, and drink a little often."
        ]
    else:
        words = ["The temperature asks for no change of pace."]
    if sum_f > HOT_FROM:
        words.append("Stop and cool down at once if you get dizzy, confused, sick or cold.")
    return words


def _altitude_words(metres: float, percent: float) -> list[str]:
    first = arrival(metres)
    words = []
    if percent:
        words.append(
            f"At {render_number(metres)} m this effort is about {render_number(percent)} % slower."
        )
    if first.by_effort:
        words.append(
            f"Above {BY_EFFORT_ABOVE_M:.0f} m go by effort and heart rate, not by the pace."
        )
    if first.quality_free_days:
        words.append(
            f"Above {NO_QUALITY_ABOVE_M:.0f} m nothing fast belongs into the first "
            f"{first.quality_free_days} days, and the first week is "
            f"{100 * (1 - first.first_week_share):.0f} % shorter."
        )
    return words or ["The altitude asks for no change of pace."]


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
