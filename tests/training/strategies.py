"""Runners, goals and what may happen to a plan, drawn over the whole input space."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from training.adaptation import adapt
from training.building import Baseline, PlanRequest, build_plan
from training.changes import (
    Adaptation,
    Availability,
    Change,
    Fatigue,
    FeelingStrong,
    Goal,
    Illness,
    Missed,
    Move,
    NoChange,
    Pain,
    Swap,
    Symptoms,
    TuneUpRace,
)
from training.errors import ChangeRefused
from training.executions import ActualMetrics, CompletionStatus, Execution, Feedback
from training.plans import Fitness, Plan
from training.runners import Day, DayBlock, Distance, Level, Runner
from training.workouts import Workout, WorkoutType

MONDAY = dt.date(2026, 2, 9)
DAY = dt.timedelta(days=1)
LONG_SEQUENCE = 15


@dataclass(frozen=True)
class Stage:
    """A plan as it was made or changed: before, after, and what had been run until then."""

    request: PlanRequest
    plan: Plan
    runner: Runner
    today: dt.date
    done: tuple[Execution, ...] = ()
    before: Plan | None = None
    change: Change | None = None
    result: Adaptation | NoChange | None = None
    runner_before: Runner | None = None
    step: "Step | None" = None

    @property
    def created(self) -> bool:
        """Whether this is the plan as it was first made."""
        return self.change is None


@dataclass(frozen=True)
class Step:
    """One thing that happens, relative to the plan as it stands: days on, what, and numbers."""

    days_on: int
    what: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Journey:
    """A request and what happens to its plan."""

    request: PlanRequest
    steps: tuple[Step, ...] = field(default=())


def blocks() -> st.SearchStrategy[tuple[DayBlock, ...]]:
    """Two to seven days, each with 20 to 180 minutes or no limit."""
    minutes = st.none() | st.integers(4, 36).map(lambda n: 5 * n)
    days = st.dictionaries(st.sampled_from(Day), minutes, min_size=2)
    return days.map(
        lambda chosen: tuple(DayBlock(day, None, chosen[day]) for day in Day if day in chosen)
    )


@st.composite
def requests(draw: st.DrawFn, *, flags: bool = True, least_weeks: int = 1) -> PlanRequest:
    """A goal that is not refused: every distance, level, week, history and lead time."""
    distance = draw(st.sampled_from(Distance))
    ages = (None, 30, 55) if distance.km > Distance.TEN_K.km else (None, 15, 30, 55)
    runner = Runner(
        level=draw(st.sampled_from(Level)),
        availability=draw(st.just(()) | blocks()),
        injury_flags=draw(st.sampled_from(((), (), (), ("left knee",)))) if flags else (),
        age=draw(st.sampled_from(ages)),
        injury_history=draw(st.booleans()),
    )
    weekly = draw(st.none() | st.floats(1, 140).map(lambda km: round(km, 1)))
    share = draw(st.none() | st.floats(0.2, 0.6))
    longest = None if weekly is None or share is None else round(min(share * weekly, 42), 1)
    least = least_weeks
    if distance is Distance.MARATHON and (longest or 0) < 16:
        least = max(least, 8)
    start = MONDAY + draw(st.integers(0, 6)) * DAY
    # An even share of short and long lead times, and every weekday to race on.
    weeks = draw(st.one_of(st.integers(least, max(least, 14)), st.integers(least, 60)))
    goal = start + (7 * weeks - 1 + draw(st.integers(0, 6))) * DAY
    fitness = draw(
        st.none() | st.floats(20, 80).map(lambda v: Fitness(round(v, 1), "race", "high"))
    )
    return PlanRequest(distance, goal, start, runner, Baseline(fitness, weekly, longest))


NUMBERS = st.tuples(*[st.integers(0, 1000)] * 4)
STEPS = st.builds(
    Step,
    st.sampled_from((0, 0, 1, 1, 2, 3, 5, 7, 7, 12)),
    st.sampled_from(
        (
            *("log", "log", "log", "log_week", "log_week"),
            *("missed", "missed", "gap", "pain", "cleared", "ill", "tired", "tired"),
            *("days", "days_off", "for_a_while", "move", "swap", "goal", "strong", "race"),
            "tune_up",
        )
    ),
    NUMBERS,
)


def journeys(
    most: int = 6, *, flags: bool = True, least_weeks: int = 1
) -> st.SearchStrategy[Journey]:
    """A plan and up to so many things that happen to it."""
    return st.builds(
        Journey,
        requests(flags=flags, least_weeks=least_weeks),
        st.lists(STEPS, max_size=most).map(tuple),
    )


def doing(*kinds: str, most: int = 3) -> st.SearchStrategy[Journey]:
    """A plan, some logs and changes before, and one of some kinds of change at the end."""
    last = st.builds(Step, st.sampled_from((0, 1, 3, 7, 20, 40)), st.sampled_from(kinds), NUMBERS)
    return st.builds(
        lambda request, before, step: Journey(request, (*before, step)),
        requests(least_weeks=4),
        st.lists(STEPS, max_size=most).map(tuple),
        last,
    )


def stages(journey: Journey) -> Iterator[Stage]:
    """Make the plan, let things happen to it, and yield it whenever it was made or changed."""
    for stage in moments(journey):
        if stage.created or isinstance(stage.result, Adaptation):
            yield stage


def moments(journey: Journey) -> Iterator[Stage]:
    """Make the plan and yield after each change asked for, also where it changed nothing."""
    request = journey.request
    runner, today = request.runner, request.start_date
    plan = build_plan(request, plan_id="plan_1").plan
    runner = replace(runner, injury_flags=plan.inputs.injury_flags)
    done: tuple[Execution, ...] = ()
    yield Stage(request, plan, runner, today)
    for step in journey.steps:
        today += step.days_on * DAY
        if today >= plan.goal_date:
            return
        done += _logged(plan, done, today, step)
        change = _change(plan, done, today, step)
        if change is None:
            continue
        if isinstance(change, Missed) and change.days_off:
            done += _gap(plan, done, today, change.days_off)
        if isinstance(change, Pain) and change.days_out:
            done += _gap(plan, done, today, change.days_out)
        try:
            result = adapt(plan, runner, done, change, today)
        except ChangeRefused:
            continue
        was, runner_was = plan, runner
        if result.injury_flags is not None:
            runner = replace(runner, injury_flags=result.injury_flags)
        if isinstance(result, Adaptation):
            plan = result.plan
            if isinstance(change, Availability) and change.blocks and change.until is None:
                runner = replace(runner, availability=change.blocks)
        yield Stage(request, plan, runner, today, done, was, change, result, runner_was, step)


def _logged(
    plan: Plan, done: tuple[Execution, ...], today: dt.date, step: Step
) -> tuple[Execution, ...]:
    """Log the last open run (or all of the week's) with some effort, length and soreness."""
    if step.what not in ("log", "log_week"):
        return ()
    logged = {execution.workout_id for execution in done}
    waiting = [
        w
        for w in plan.workouts
        if w.type is not WorkoutType.REST
        and w.id not in logged
        and today - 7 * DAY < w.scheduled_date <= today
    ]
    chosen = waiting if step.what == "log_week" else waiting[-1:]
    return tuple(log(workout, *step.numbers) for workout in chosen)


def log(workout: Workout, length: int, effort: int, soreness: int, status: int) -> Execution:
    """Log a run: 50 to 125 % of its length, an effort from below plan to far above, some missed."""
    share = (100, 100, 100, 90, 75, 50, 110, 125)[length % 8] / 100
    missed = status % 10 == 0
    rpe = workout.targets.rpe
    high = rpe.high if rpe is not None else 4
    return Execution(
        id=f"ex_{workout.id}",
        workout_id=workout.id,
        performed_on=workout.scheduled_date,
        completion_status=CompletionStatus.MISSED if missed else CompletionStatus.COMPLETED,
        actual_metrics=ActualMetrics()
        if missed
        else ActualMetrics(
            round(share * workout.planned_minutes, 1), round(share * workout.planned_km, 2)
        ),
        feedback=Feedback()
        if missed
        else Feedback(
            rpe=min(10, high + (0, 0, 0, -1, 1, 2, 3)[effort % 7]),
            soreness=(None, 2, 3, 4, 6, 8)[soreness % 6],
        ),
        adherence_score=0 if missed else (95 if share == 1 else 70),
    )


def _gap(
    plan: Plan, done: tuple[Execution, ...], today: dt.date, days: int
) -> tuple[Execution, ...]:
    logged = {execution.workout_id for execution in done}
    return tuple(
        log(w, 0, 0, 0, 0)
        for w in plan.workouts
        if w.type is not WorkoutType.REST
        and w.id not in logged
        and today - days * DAY <= w.scheduled_date < today
    )


def _change(plan: Plan, done: tuple[Execution, ...], today: dt.date, step: Step) -> Change | None:
    a, b, c, d = step.numbers
    left = (plan.goal_date - today).days
    some, other = today + (a % min(left, 15)) * DAY, today + (b % min(left, 15)) * DAY
    match step.what:
        case "missed":
            days = (some,) if c % 2 else (some, other)
            return (
                Missed(tuple(day - (d % 3) * DAY for day in days))
                if d % 5 == 0 and _inside(plan, *(day - (d % 3) * DAY for day in days))
                else Missed(days)
            )
        case "gap":
            since = _days_since_a_run(plan, done, today)
            return Missed(days_off=min(1 + a % 70, since)) if since >= 1 else None
        case "pain":
            part = (None, "left knee", "shin")[b % 3]
            return Pain(part, a % 11, ("limp",) if c % 7 == 0 else ())
        case "cleared":
            out = min((0, 0, 15, 40)[b % 4], _days_since_a_run(plan, done, today))
            return Pain((None, "left knee", "shin")[a % 3], cleared=True, days_out=out)
        case "ill":
            return Illness(tuple(Symptoms)[a % 3], 1 + b % 14, c % 2 == 0)
        case "tired":
            return Fatigue((None, 3, 6, 8)[a % 4], (None, 4, 7, 9)[b % 4])
        case "days":
            return Availability(_blocks(a, b, c))
        case "days_off":
            return Availability(days_off=(some, other))
        case "for_a_while":
            return Availability(_blocks(a, b, c), until=today + (3 + d % 25) * DAY)
        case "move":
            return Move(some, other)
        case "swap":
            return Swap(some, other)
        case "goal":
            distance = None if c % 3 else tuple(Distance)[b % 4]
            return Goal(today + (1 + a % 250) * DAY if d % 4 else None, distance)
        case "strong":
            return FeelingStrong()
        case "tune_up":
            day = today + (a % max(left, 1)) * DAY
            return TuneUpRace(day, (Distance.FIVE_K, Distance.TEN_K, Distance.HALF)[b % 3])
        case "race":
            old = plan.inputs.baseline_fitness.value
            shown = min(max(round(old * (0.7 + a / 1600), 1), 15.0), 90.0)
            return FeelingStrong(Fitness(shown, "race", "high"))
        case _:
            return None


_MISSED = CompletionStatus.MISSED


def _days_since_a_run(plan: Plan, done: tuple[Execution, ...], today: dt.date) -> int:
    ran = [e.performed_on for e in done if e.completion_status is not _MISSED]
    return (today - max([plan.start_date, *ran])).days


def _inside(plan: Plan, *days: dt.date) -> bool:
    return all(plan.start_date <= day < plan.goal_date for day in days)


def _blocks(a: int, b: int, c: int) -> tuple[DayBlock, ...]:
    days = sorted({a % 7, (a + 2 + b % 3) % 7, *((c >> i) % 7 for i in range(b % 5))})
    minutes = (None, 30, 60, 90, 180)
    return tuple(DayBlock(tuple(Day)[day], None, minutes[(c + day) % 5]) for day in days)
