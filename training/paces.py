"""Training paces from fitness."""

from dataclasses import dataclass
from functools import lru_cache

from training.errors import ImpossibleValue
from training.fitness import HIGHEST_FITNESS, LOWEST_FITNESS, solve_race_minutes, speed_at_cost
from training.runners import Distance
from training.workouts import PaceRange, Zone

EASY_SHARES = (0.62, 0.70)
RECOVERY_SHARES = (0.59, 0.65)
THRESHOLD_SHARE, INTERVAL_SHARE = 0.88, 0.975
REPETITION_FASTER_S_PER_KM = 15  # than interval pace: 6 s for 400 m
STEADY_BAND, FAST_BAND = 0.02, 0.015
GUIDE_ONLY_BELOW = 30.0
WALK_S_PER_KM = 660


@dataclass(frozen=True, slots=True)
class Paces:
    """The runner's paces, each a range in s/km.

    easy_s_per_km: the middle of the easy range; distances of easy running are counted with it.
    """

    fitness: float
    easy: PaceRange
    recovery: PaceRange
    marathon: PaceRange
    threshold: PaceRange
    interval: PaceRange
    repetition: PaceRange
    easy_s_per_km: float

    def range_of(self, zone: Zone, distance: Distance) -> PaceRange | None:
        """Return a zone's range; `distance` is the goal, whose race pace Zone.RACE means."""
        match zone:
            case Zone.E:
                return self.easy
            case Zone.M:
                return self.marathon
            case Zone.T:
                return self.threshold
            case Zone.I:
                return self.interval
            case Zone.R:
                return self.repetition
            case Zone.RACE:
                return race_pace(self.fitness, distance)
            case Zone.WALK:
                return None


@lru_cache(maxsize=512)
def training_paces(fitness: float) -> Paces:
    """Return the paces for a fitness of 15-90 (Daniels 2022, shares of VO2max).

    Easy 62-70 %, recovery 59-65 %, threshold 88 %, interval 97.5 %, marathon at the predicted
    race pace, repetition 6 s for 400 m faster than interval. Raises ImpossibleValue outside.
    """
    if not LOWEST_FITNESS <= fitness <= HIGHEST_FITNESS:
        raise ImpossibleValue(f"a fitness of {fitness!r} can't be: 15 to 90 can")
    easy = _between(fitness, *EASY_SHARES)
    interval = _pace(fitness * INTERVAL_SHARE)
    return Paces(
        fitness=fitness,
        easy=easy,
        recovery=_between(fitness, *RECOVERY_SHARES),
        marathon=race_pace(fitness, Distance.MARATHON),
        threshold=_around(_pace(fitness * THRESHOLD_SHARE), STEADY_BAND),
        interval=_around(interval, FAST_BAND),
        repetition=_around(interval - REPETITION_FASTER_S_PER_KM, FAST_BAND),
        easy_s_per_km=(easy.fast_s_per_km + easy.slow_s_per_km) / 2,
    )


@lru_cache(maxsize=2048)
def race_pace(fitness: float, distance: Distance) -> PaceRange:
    """Return the predicted race pace of a distance, plus and minus 2 %."""
    return _around(solve_race_minutes(fitness, distance.km) * 60 / distance.km, STEADY_BAND)


def middle_s_per_km(pace: PaceRange) -> float:
    """Return the middle of a range in s/km."""
    return (pace.fast_s_per_km + pace.slow_s_per_km) / 2


def _pace(cost: float) -> float:
    return 60000 / speed_at_cost(cost)


def _between(fitness: float, low: float, high: float) -> PaceRange:
    return PaceRange(round(_pace(fitness * high)), round(_pace(fitness * low)))


def _around(pace: float, band: float) -> PaceRange:
    return PaceRange(round(pace * (1 - band)), round(pace * (1 + band)))
