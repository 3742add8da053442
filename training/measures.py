"""What a workout or week amounts to: km, minutes, minutes by intensity, hard or not."""

import datetime as dt
from collections.abc import Iterable, Iterator

from training.plans import IntensityMix
from training.runners import Distance
from training.tables import HARD_LONG_BLOCK_MINUTES, HARD_LONG_MINUTES
from training.workouts import Marker, Segment, Workout, WorkoutType, Zone

QUALITY_TYPES = (WorkoutType.TEMPO, WorkoutType.INTERVAL)
MINUTE_SLACK = 0.5
EVENTS = (Marker.TUNE_UP, Marker.TIME_TRIAL)
RACED = (Marker.RACE, *EVENTS)
SHORT_RACES = (Distance.FIVE_K, Distance.TEN_K)  # run in zone 5


def work_minutes(segment: Segment) -> float:
    """Return the minutes of work, recoveries left out."""
    return segment.repeats * segment.minutes


def total_minutes(segments: Iterable[Segment]) -> float:
    """Return the minutes of work and recoveries."""
    return sum(work_minutes(s) + (s.repeats - 1) * s.recovery_minutes for s in segments)


def total_km(segments: Iterable[Segment]) -> float:
    """Return the km of work and recoveries."""
    return sum(s.repeats * s.km + (s.repeats - 1) * s.recovery_km for s in segments)


def minutes_in(workout: Workout, *zones: Zone) -> float:
    """Return the minutes of work in some zones, strides left out."""
    minutes = workout.structure.work_minutes
    return sum([minutes[zone] for zone in zones if zone in minutes])


def km_in(workout: Workout, *zones: Zone) -> float:
    """Return the km of work in some zones, strides left out."""
    km = workout.structure.work_km
    return sum([km[zone] for zone in zones if zone in km])


def stride_count(workout: Workout) -> int:
    """Return how many strides a workout holds."""
    return workout.structure.stride_count


def moderate_minutes(workout: Workout, distance: Distance) -> float:
    """Return the minutes in heart-rate zones 3 and 4."""
    if not workout.structure.main and workout.type is WorkoutType.TEMPO:
        return workout.planned_minutes / 2  # given from outside, without a structure
    steady, _, race = workout.structure.faster_minutes
    return steady if distance in SHORT_RACES else steady + race


def high_minutes(workout: Workout, distance: Distance) -> float:
    """Return the minutes in heart-rate zone 5."""
    if not workout.structure.main and workout.type is WorkoutType.INTERVAL:
        return workout.planned_minutes / 3  # given from outside, without a structure
    _, fast, race = workout.structure.faster_minutes
    return fast + race if distance in SHORT_RACES else fast


def hard_minutes(workout: Workout, distance: Distance) -> float:
    """Return the minutes at moderate and high intensity."""
    structure = workout.structure
    if not structure.main and workout.type in QUALITY_TYPES:
        return moderate_minutes(workout, distance) + high_minutes(workout, distance)
    return sum(structure.faster_minutes)


def block_minutes(workout: Workout) -> float:
    """Return the minutes at marathon pace or faster inside a run."""
    return sum(workout.structure.faster_minutes)


def is_run(workout: Workout) -> bool:
    """Say whether the entry is a run (the race itself is not one)."""
    return workout.type is not WorkoutType.REST


def is_race(workout: Workout) -> bool:
    """Say whether the entry is the goal race."""
    return workout.marker is Marker.RACE


def is_event(workout: Workout) -> bool:
    """Say whether the entry is a tune-up race or a test run; its km are no training volume."""
    return workout.marker in EVENTS


def is_hard(workout: Workout) -> bool:
    """Say whether the entry is hard: quality, a race, or a long run that is long or fast.

    Long runs are hard above 120 minutes or with 20 minutes and more at marathon pace or faster.
    """
    if workout.type in QUALITY_TYPES or workout.marker in RACED:
        return True
    if workout.type is not WorkoutType.LONG:
        return False
    return (
        workout.planned_minutes > HARD_LONG_MINUTES + MINUTE_SLACK
        or block_minutes(workout) >= HARD_LONG_BLOCK_MINUTES
    )


def is_hard_or_fast(workout: Workout) -> bool:
    """Say whether the entry is hard, or holds anything faster than easy running."""
    return is_hard(workout) or block_minutes(workout) > 0 or stride_count(workout) > 0


def week_km(workouts: Iterable[Workout]) -> float:
    """Return the planned km, the race left out."""
    return sum(w.planned_km for w in workouts if not is_race(w))


def week_minutes(workouts: Iterable[Workout]) -> float:
    """Return the planned minutes, the race left out."""
    return sum(w.planned_minutes for w in workouts if not is_race(w))


def intensity_mix(workouts: Iterable[Workout], distance: Distance) -> IntensityMix:
    """Return the percent of planned minutes that are low, moderate and high; sums to 100."""
    runs = [w for w in workouts if not is_race(w)]
    total = week_minutes(runs)
    if total <= 0:
        return IntensityMix(100, 0, 0)
    moderate = round(100 * sum(moderate_minutes(w, distance) for w in runs) / total)
    high = round(100 * sum(high_minutes(w, distance) for w in runs) / total)
    return IntensityMix(100 - moderate - high, moderate, high)


def mean(values: Iterable[float]) -> float:
    """Return the mean, 0 of nothing."""
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else 0.0


def days_from(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Yield the dates from start to end, both included."""
    for offset in range((end - start).days + 1):
        yield start + dt.timedelta(days=offset)
