"""Fitness from races and recorded runs, and race times from fitness.

The fitness number is the Daniels-Gilbert VO2max equivalent in ml/kg/min.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from training.errors import ImpossibleValue
from training.executions import FASTEST_S_PER_KM, SLOWEST_S_PER_KM
from training.plans import Fitness
from training.runners import Distance, Level, Runner

SHORTEST_RACE_KM, LONGEST_RACE_KM = 1.5, 42.195
SHORTEST_RACE_MINUTES, LONGEST_RACE_MINUTES = 3.5, 330.0
LOWEST_FITNESS, HIGHEST_FITNESS = 15.0, 90.0
PLACEHOLDERS = {Level.BEGINNER: 30.0, Level.INTERMEDIATE: 38.0, Level.ADVANCED: 46.0}

RECENT_DAYS, USABLE_DAYS = 84, 364
OLD_RACE_FACTOR, TRIAL_FACTOR = 0.97, 0.99
EASY_SHARE = 0.66
STEADY_DAYS, STEADY_RUNS, STEADY_MINUTES = 42, 3, 20.0
HARD_MINUTES, HARD_RPE, HARD_HR_SHARE = 12.0, 8, 0.88
DRIFT_LIMIT = 5.0

RIEGEL_EXPONENT = 1.06
RIEGEL_MINUTES = (3.5, 230.0)
RIEGEL_MARATHON = ((65.0, 1.06), (40.0, 1.08), (0.0, 1.10))  # mean km/week of 6 weeks, exponent
RIEGEL_MARGIN = 1.03
SHORT_FOR_MARATHON_KM = 10.0


def oxygen_cost(speed_m_per_min: float) -> float:
    """Return the oxygen cost of running, ml/kg/min (Daniels & Gilbert 1979, cost curve)."""
    return -4.60 + 0.182258 * speed_m_per_min + 0.000104 * speed_m_per_min**2


def speed_at_cost(cost: float) -> float:
    """Return the speed in m/min at an oxygen cost: the cost curve's inverse."""
    root = math.sqrt(0.182258**2 + 4 * 0.000104 * (cost + 4.60))
    return (root - 0.182258) / (2 * 0.000104)


def sustainable_share(minutes: float) -> float:
    """Return the share of VO2max held over a race (Daniels & Gilbert 1979, drop-off curve)."""
    return (
        0.8 + 0.1894393 * math.exp(-0.012778 * minutes) + 0.2989558 * math.exp(-0.1932605 * minutes)
    )


def fitness_from_race(distance_km: float, minutes: float) -> float:
    """Return the fitness that an all-out race shows.

    Holds for 1.5 km to the marathon, 3.5 to 330 minutes, and fitness 15 to 90.
    Raises ImpossibleValue outside, rather than extrapolating.
    """
    _check("a race of", distance_km, "km", SHORTEST_RACE_KM, LONGEST_RACE_KM)
    _check("a race time of", minutes, "minutes", SHORTEST_RACE_MINUTES, LONGEST_RACE_MINUTES)
    fitness = oxygen_cost(distance_km * 1000 / minutes) / sustainable_share(minutes)
    if not LOWEST_FITNESS <= fitness <= HIGHEST_FITNESS:
        raise ImpossibleValue(
            f"{distance_km:g} km in {minutes:g} minutes is outside what the equations hold for; "
            "is the distance or the time mistyped?"
        )
    return fitness


def race_minutes(fitness: float, distance_km: float) -> float:
    """Return the race time in minutes that a fitness predicts, by bisection.

    Raises ImpossibleValue where the fitness, distance or time leaves the equations' range.
    """
    _check("a fitness of", fitness, "", LOWEST_FITNESS, HIGHEST_FITNESS)
    _check("a race of", distance_km, "km", SHORTEST_RACE_KM, LONGEST_RACE_KM)
    minutes = solve_race_minutes(fitness, distance_km)
    slack = 1e-6
    _check(
        "a predicted time of",
        minutes,
        "minutes",
        SHORTEST_RACE_MINUTES - slack,
        LONGEST_RACE_MINUTES + slack,
    )
    return minutes


@lru_cache(maxsize=4096)
def solve_race_minutes(fitness: float, distance_km: float) -> float:
    """Return the race time without the range check, for paces below the race tables."""
    metres = distance_km * 1000
    low, high = 1.0, 1500.0
    for _ in range(60):
        middle = (low + high) / 2
        if oxygen_cost(metres / middle) / sustainable_share(middle) > fitness:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@dataclass(frozen=True, slots=True)
class Prediction:
    """A race time in minutes: the likely one, the range, and what to say with it."""

    minutes: float
    fast_minutes: float
    slow_minutes: float
    method: str  # "fitness" or "riegel"
    warnings: tuple[str, ...] = ()


def predict(
    race_km: float, minutes: float, goal: Distance, weekly_km: float | None = None
) -> Prediction:
    """Predict the goal race from another race (Riegel 1981; limits: Vickers & Vertosick 2016).

    weekly_km: mean of the last 6 weeks; it chooses the marathon's exponent.
    Raises ImpossibleValue where the race is outside the equations' range.
    """
    fitness = fitness_from_race(race_km, minutes)
    ratio = goal.km / race_km
    riegel = minutes * ratio**RIEGEL_EXPONENT
    warnings = []
    if not RIEGEL_MINUTES[0] <= minutes <= RIEGEL_MINUTES[1]:
        warnings.append("This race is shorter or longer than the formula was made for.")
    exponent = RIEGEL_EXPONENT
    if goal is Distance.MARATHON:
        exponent = next(e for least, e in RIEGEL_MARATHON if (weekly_km or 0.0) >= least)
        if race_km < SHORT_FOR_MARATHON_KM:
            warnings.append(
                "A marathon predicted from a race under 10 km is a rough guess; "
                "a half marathon would tell far more."
            )
    slow = max(minutes * ratio**exponent * RIEGEL_MARGIN, riegel)
    by_fitness = solve_race_minutes(fitness, goal.km)
    if abs(by_fitness - riegel) / riegel > 0.03:
        warnings.append(
            f"Two formulas differ here: {by_fitness:.0f} and {riegel:.0f} minutes; take the range."
        )
    chosen, method = (by_fitness, "fitness") if ratio <= 2.2 else (riegel, "riegel")
    return Prediction(chosen, min(riegel, chosen), max(slow, chosen), method, tuple(warnings))


@dataclass(frozen=True, slots=True)
class RaceResult:
    """A race or time trial run all out."""

    distance_km: float
    minutes: float
    day: dt.date
    time_trial: bool = False


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One continuous run from a watch or a log; sum_f: air temperature plus dew point in F."""

    distance_km: float
    minutes: float
    day: dt.date
    rpe: int | None = None
    hr_avg: int | None = None
    hr_drift: float | None = None
    sum_f: float | None = None

    @property
    def speed_m_per_min(self) -> float:
        """Mean speed."""
        return self.distance_km * 1000 / self.minutes

    @property
    def possible(self) -> bool:
        """Whether a runner can have run it."""
        if self.minutes <= 0 or self.distance_km <= 0:
            return False
        pace = self.minutes * 60 / self.distance_km
        return FASTEST_S_PER_KM <= pace <= SLOWEST_S_PER_KM and (
            self.hr_avg is None or 60 <= self.hr_avg <= 225
        )


def estimate_fitness(
    runner: Runner,
    today: dt.date,
    *,
    races: Sequence[RaceResult] = (),
    runs: Sequence[RecordedRun] = (),
    goal: Distance | None = None,
) -> Fitness:
    """Estimate fitness from the most trusted evidence there is; a level's placeholder without any.

    Order: races of 12 weeks, hard runs, steady runs with heart rate (Swain 1994), easy runs,
    older races lowered by 3 %. For a marathon, races from 20 km up come first.
    Raises ImpossibleValue where a race cannot have been run.
    """
    usable = [run for run in runs if run.possible and 0 <= (today - run.day).days <= STEADY_DAYS]
    recent = [race for race in races if 0 <= (today - race.day).days <= RECENT_DAYS]
    if goal is Distance.MARATHON and any(race.distance_km >= 20 for race in recent):
        recent = [race for race in recent if race.distance_km >= 20]
    if recent:
        return max((_fitness_of(race) for race in recent), key=lambda fitness: fitness.value)
    return (
        _from_hard_runs(runner, usable)
        or _from_steady_runs(runner, usable)
        or _from_easy_runs(usable)
        or _from_old_races(races, today)
        or placeholder(runner.level)
    )


def placeholder(level: Level) -> Fitness:
    """Return the fitness to start from where nothing is known; effort leads then, not pace."""
    return Fitness(PLACEHOLDERS[level], "placeholder", "low")


def _fitness_of(race: RaceResult) -> Fitness:
    value = fitness_from_race(race.distance_km, race.minutes)
    if race.time_trial:
        return Fitness(round(max(LOWEST_FITNESS, value * TRIAL_FACTOR), 1), "time_trial", "high")
    return Fitness(round(value, 1), "race", "high")


def _from_old_races(races: Sequence[RaceResult], today: dt.date) -> Fitness | None:
    old = [race for race in races if RECENT_DAYS < (today - race.day).days <= USABLE_DAYS]
    values = [fitness_from_race(race.distance_km, race.minutes) for race in old]
    return _bounded(max(values) * OLD_RACE_FACTOR, "race", "low") if values else None


def _from_hard_runs(runner: Runner, runs: Sequence[RecordedRun]) -> Fitness | None:
    hr_limit = runner.hr_max_bpm * HARD_HR_SHARE if runner.hr_max_bpm else math.inf
    values = [
        oxygen_cost(run.speed_m_per_min) / sustainable_share(run.minutes)
        for run in runs
        if run.minutes >= HARD_MINUTES
        and ((run.rpe or 0) >= HARD_RPE or (run.hr_avg or 0) >= hr_limit)
    ]
    return _bounded(max(values), "hard_run", "medium") if values else None


def _from_steady_runs(runner: Runner, runs: Sequence[RecordedRun]) -> Fitness | None:
    if not runner.hr_max_bpm or runner.no_hr_targets:
        return None
    values = []
    for run in runs:
        steady = (run.hr_drift or 0.0) <= DRIFT_LIMIT and (run.sum_f or 0.0) <= 120
        if run.hr_avg is None or run.minutes < STEADY_MINUTES or not steady:
            continue
        share = (100 * run.hr_avg / runner.hr_max_bpm - 37) / 64
        if 0.4 <= share <= 1.0:
            values.append(oxygen_cost(run.speed_m_per_min) / share)
    return _bounded(median(values), "steady_hr", "low") if len(values) >= STEADY_RUNS else None


def _from_easy_runs(runs: Sequence[RecordedRun]) -> Fitness | None:
    values = [
        oxygen_cost(run.speed_m_per_min) / EASY_SHARE
        for run in runs
        if run.rpe is not None and 2 <= run.rpe <= 4
    ]
    return _bounded(median(values), "easy_rpe", "low") if values else None


def _bounded(value: float, source: str, confidence: str) -> Fitness:
    return Fitness(round(min(max(value, LOWEST_FITNESS), HIGHEST_FITNESS), 1), source, confidence)


def _check(what: str, value: float, unit: str, low: float, high: float) -> None:
    if not (math.isfinite(value) and low <= value <= high):
        raise ImpossibleValue(
            f"{what} {value:g} {unit}".rstrip() + f" is out of range: {low:g} to {high:g} can be"
        )
