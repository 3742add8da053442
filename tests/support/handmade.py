"""Plans written by hand, a day at a time, to hold single rules against.

Easy running takes six minutes a km, which is what a fitness of 43.6 gives.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from training.executions import ActualMetrics, CompletionStatus, Execution, Feedback
from training.history import History, history_of
from training.kits import RPE
from training.measures import intensity_mix, is_race, week_km
from training.plans import Fitness, PersonalizationInputs, Phase, Plan, Week
from training.runners import Distance, Level
from training.sessions import race_day, rest_day
from training.workouts import Segment, Structure, Targets, Workout, WorkoutType, Zone

MONDAY = dt.date(2026, 2, 9)
DAY = dt.timedelta(days=1)
TUE, WED, THU, FRI, SAT, SUN = 1, 2, 3, 4, 5, 6
QUALITY = (WorkoutType.TEMPO, WorkoutType.INTERVAL)


def entry(
    kind: WorkoutType,
    km: float,
    *blocks: tuple[Zone, float],
    minutes: float | None = None,
    **fields: object,
) -> Workout:
    """Return a run of some km; blocks: (zone, minutes) of its faster parts."""
    minutes = 6 * km if minutes is None else minutes
    easy = minutes - sum(length for _, length in blocks)
    fast = tuple(Segment(zone, length, length / 6) for zone, length in blocks)
    if kind in QUALITY:
        structure = Structure((_easy(10),), fast, (_easy(easy - 10),))
    else:
        structure = Structure(main=(_easy(easy), *fast))
    workout = Workout(
        "",
        dt.date.min,
        kind,
        kind.value,
        structure,
        Targets(duration_minutes=minutes, rpe=RPE[kind]),
        "Because.",
        ("Run by effort.", "Stay relaxed."),
        km,
        minutes,
    )
    return replace(workout, **fields)


def _easy(minutes: float) -> Segment:
    return Segment(Zone.E, minutes, minutes / 6)


def easy(km: float, *blocks: tuple[Zone, float], **fields: object) -> Workout:
    """Return an easy run."""
    return entry(WorkoutType.EASY, km, *blocks, **fields)


def long(km: float, *blocks: tuple[Zone, float], **fields: object) -> Workout:
    """Return a long run."""
    return entry(WorkoutType.LONG, km, *blocks, **fields)


def tempo(km: float = 8.0, minutes: float = 20.0) -> Workout:
    """Return a tempo session with some minutes at threshold."""
    return entry(WorkoutType.TEMPO, km, (Zone.T, minutes))


def intervals(km: float = 8.0, minutes: float = 12.0) -> Workout:
    """Return an interval session with some minutes at interval pace."""
    return entry(WorkoutType.INTERVAL, km, (Zone.I, minutes))


def week(
    number: int,
    runs: Mapping[int, Workout | float],
    phase: Phase = Phase.BUILD,
    note: str | None = None,
    *,
    days: Sequence[int] = tuple(range(7)),
    race_on: int | None = None,
    distance: Distance = Distance.HALF,
) -> Week:
    """Return a week: weekday to run (a number is the km of an easy one), rest on the others."""
    monday = MONDAY + 7 * number * DAY
    workouts = []
    for day in days:
        found = race_day(distance) if day == race_on else runs.get(day, rest_day())
        workout = found if isinstance(found, Workout) else easy(found)
        workouts.append(replace(workout, id=f"w{number}_{day}", scheduled_date=monday + day * DAY))
    return Week(
        f"week_{number}",
        monday,
        phase,
        week_km(workouts),
        intensity_mix(workouts, distance),
        "",
        tuple(workouts),
        note,
    )


def plan(*weeks: Week, distance: Distance = Distance.HALF, **inputs: object) -> Plan:
    """Return a plan of some weeks; its goal is its last day."""
    known = {
        "baseline_fitness": Fitness(43.6, "race", "high"),
        "availability": (),
        "experience_level": Level.INTERMEDIATE,
        "injury_flags": (),
        "weekly_km": 30.0,
        "longest_km": 12.0,
    }
    days = [workout for each in weeks for workout in each.workouts]
    goal = next((day.scheduled_date for day in days if is_race(day)), days[-1].scheduled_date)
    return Plan(
        "plan_1",
        distance,
        goal,
        weeks[0].phase,
        1,
        days[0].scheduled_date,
        PersonalizationInputs(**(known | inputs)),
        weeks,
    )


def seen(of: Plan, today: dt.date = MONDAY, *done: Execution) -> History:
    """Return the plan seen from a day."""
    return history_of(of, today, done)


def logged(
    workout: Workout | None,
    *,
    km: float | None = None,
    minutes: float | None = None,
    on: dt.date | None = None,
    status: CompletionStatus = CompletionStatus.COMPLETED,
    rpe: int | None = None,
    soreness: int | None = None,
    fatigue: int | None = None,
    **metrics: object,
) -> Execution:
    """Return a logged run, of a workout or outside the plan."""
    day = on or (workout.scheduled_date if workout is not None else MONDAY)
    return Execution(
        f"ex_{workout.id if workout is not None else day}",
        workout.id if workout is not None else None,
        day,
        status,
        ActualMetrics(minutes, km, **metrics),
        Feedback(rpe, soreness, fatigue),
    )


def steady(**inputs: object) -> Plan:
    """Return eight weeks of 40 km, the fourth lighter, two of taper; every limit holds."""
    usual = {TUE: easy(8), THU: tempo(8), SAT: easy(8), SUN: long(16)}
    lighter = {TUE: easy(6), THU: tempo(7), SAT: easy(6), SUN: long(12.5)}
    weeks = [week(number, usual) for number in range(6)]
    weeks[3] = week(3, lighter, note="cutback")
    taper = week(6, {TUE: easy(6), THU: tempo(6.5, 12), SAT: easy(6), SUN: long(8)}, Phase.TAPER)
    last = week(7, {TUE: easy(6, (Zone.RACE, 4)), THU: easy(5)}, Phase.TAPER, "race", race_on=SUN)
    known = {"weekly_km": 40.0, "longest_km": 16.0} | inputs
    return plan(*weeks, taper, last, **known)
