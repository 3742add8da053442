"""The demo runner's plan, and a short way to build others."""

import datetime as dt
from collections.abc import Callable

import pytest

from training.building import BuiltPlan, build_plan, extend_plan
from training.plans import Fitness, IntensityMix, Phase, Plan, Week
from training.requests import Baseline, PlanRequest
from training.runners import Day, DayBlock, Distance, Level, Runner
from training.workouts import RpeRange, Structure, Targets, Workout, WorkoutType

MONDAY = dt.date(2026, 2, 9)
DAYS = {2: (2, 6), 3: (1, 3, 6), 4: (1, 3, 5, 6), 5: (0, 1, 3, 5, 6), 6: (0, 1, 2, 3, 5, 6)}
DAYS[7] = tuple(range(7))

EASY, LONG, REST, TEMPO = (WorkoutType(kind) for kind in ("easy", "long", "rest", "tempo"))


def _given(
    key: str, offset: int, kind: WorkoutType, name: str, minutes: int, rpe: tuple[int, int]
) -> Workout:
    return Workout(
        key,
        MONDAY + dt.timedelta(days=offset),
        kind,
        name,
        Structure(),
        Targets(duration_minutes=minutes, rpe=RpeRange(*rpe)),
        "Given",
        ("Run by effort.", "Stay relaxed."),
        round(minutes / 6.2, 2),
        minutes,
    )


def _rest(key: str, offset: int) -> Workout:
    return Workout(key, MONDAY + dt.timedelta(days=offset), REST, "Rest")


@pytest.fixture(scope="session")
def demo_runner() -> Runner:
    return Runner(Level.INTERMEDIATE, tuple(DayBlock(day) for day in (Day.TUE, Day.THU, Day.SUN)))


@pytest.fixture(scope="session")
def demo(demo_runner: Runner) -> Plan:
    """A half on Monday 2026-05-18 under way since 2026-02-09, its first week given."""
    workouts = (
        _rest("wk_986", 0),
        _given("wk_987", 1, EASY, "40 min easy", 40, (3, 4)),
        _rest("wk_988", 2),
        _given("wk_989", 3, TEMPO, "Tempo 3 x 8 min", 45, (6, 7)),
        _rest("wk_990", 4),
        _rest("wk_991", 5),
        _given("wk_992", 6, LONG, "Long run 75 min", 75, (4, 5)),
    )
    week = Week(
        "week_1",
        MONDAY,
        Phase.BUILD,
        round(sum(w.planned_km for w in workouts), 2),
        IntensityMix(86, 14, 0),
        "Aerobic efficiency + pacing control",
        workouts,
    )
    request = PlanRequest(
        Distance.HALF,
        dt.date(2026, 5, 18),
        MONDAY,
        demo_runner,
        Baseline(None, 26.0, 12.0),
        Phase.BUILD,
    )
    return extend_plan(request, plan_id="plan_123", first_weeks=(week,)).plan


@pytest.fixture(scope="session")
def plan_of() -> Callable[..., tuple[BuiltPlan, Runner]]:
    def build(
        distance: Distance,
        level: Level,
        days: int,
        weeks: int,
        *,
        fitness: float | None = 42.0,
        weekly_km: float | None = 30.0,
        longest_km: float | None = 12.0,
        flags: tuple[str, ...] = (),
        age: int | None = None,
    ) -> tuple[BuiltPlan, Runner]:
        blocks = tuple(DayBlock(list(Day)[i]) for i in DAYS[days])
        runner = Runner(level, blocks, flags, age)
        known = None if fitness is None else Fitness(fitness, "race", "high")
        request = PlanRequest(
            distance,
            MONDAY + dt.timedelta(days=7 * weeks - 1),
            MONDAY,
            runner,
            Baseline(known, weekly_km, longest_km),
        )
        return build_plan(request, plan_id="plan_1"), runner

    return build
