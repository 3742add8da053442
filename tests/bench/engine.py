"""What the training engine costs: `python -m tests.bench.engine` prints medians of CPU time.

A benchmark, not a test: it holds nothing, and machines differ.
"""

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import track
from rich.table import Table

from training.adaptation import adapt
from training.building import Baseline, PlanRequest, build_plan
from training.changes import (
    Availability,
    Change,
    Fatigue,
    FeelingStrong,
    Goal,
    Illness,
    Missed,
    Move,
    Pain,
    Symptoms,
)
from training.errors import ChangeRefused
from training.measures import is_run
from training.plans import Fitness, Plan
from training.runners import Day, DayBlock, Distance, Level, Runner

START = dt.date(2026, 1, 5)
DAY = dt.timedelta(days=1)
RUNNER = Runner(Level.INTERMEDIATE, age=35)
TODAY = START + 36 * DAY
LENGTHS = (14, 20, 26, 40)
TIMES = 31
BUILD_MS, ADAPT_MS = 15.0, 10.0  # what is aimed at, for 20 weeks


def main() -> None:
    """Measure each case and print the table."""
    cases = dict(_cases())
    took = {name: _cpu_ms(case) for name, case in track(cases.items(), description="measuring")}
    table = Table("case", "median ms of CPU", "aim", title=f"{TIMES} times each")
    for name, ms in took.items():
        aim = BUILD_MS if name == "build 20 weeks" else ADAPT_MS if "build" not in name else None
        table.add_row(name, f"{ms:.1f}", "" if aim is None else f"{aim:g}")
    changes = [ms for name, ms in took.items() if "build" not in name]
    table.add_row("a change, median of all", f"{statistics.median(changes):.1f}", f"{ADAPT_MS:g}")
    per_week = [took[f"build {weeks} weeks"] / weeks for weeks in LENGTHS]
    table.add_row("build, ms a week", " ".join(f"{ms:.2f}" for ms in per_week), "even")
    Console().print(table)


def _cases() -> Iterator[tuple[str, Callable[[], object]]]:
    for weeks in LENGTHS:
        request = _request(weeks)
        yield f"build {weeks} weeks", lambda request=request: build_plan(request, plan_id="plan_1")
    plan = build_plan(_request(20), plan_id="plan_1").plan
    for name, change in _changes(plan):
        yield name, lambda change=change: adapt(plan, RUNNER, (), change, TODAY)


def _request(weeks: int) -> PlanRequest:
    goal_date = START + (7 * weeks - 1) * DAY
    return PlanRequest(Distance.MARATHON, goal_date, START, RUNNER, Baseline(None, 45.0, 18.0))


def _changes(plan: Plan) -> Iterator[tuple[str, Change]]:
    run = next(w for w in plan.workouts if is_run(w) and w.scheduled_date > TODAY + 2 * DAY)
    three = tuple(DayBlock(day) for day in (Day.TUE, Day.THU, Day.SUN))
    yield "missed", Missed((run.scheduled_date,))
    yield "gap", Missed(days_off=8)
    yield "pain", Pain("knee", 4)
    yield "fever", Illness(Symptoms.FEVER, 3)
    yield "cold", Illness(Symptoms.ABOVE_NECK, 2)
    yield "tired", Fatigue(8, 8)
    yield "day off", Availability(days_off=(run.scheduled_date,))
    yield "fewer days", Availability(three)
    yield "fewer days for a while", Availability(three, until=TODAY + 20 * DAY)
    yield "goal", Goal(goal_date=plan.goal_date + 14 * DAY)
    yield "race result", FeelingStrong(Fitness(41.0, "race", "high"))
    yield "move", _move(plan)


def _move(plan: Plan) -> Move:
    runs = [w.scheduled_date for w in plan.workouts if is_run(w) and w.scheduled_date > TODAY]
    for day in runs:
        for target in (day + DAY, day - DAY):
            try:
                adapt(plan, RUNNER, (), Move(day, target), TODAY)
            except ChangeRefused:
                continue
            return Move(day, target)
    raise LookupError("no run of the plan can be moved")


def _cpu_ms(case: Callable[[], object]) -> float:
    case()
    took = []
    for _ in range(TIMES):
        before = time.process_time()
        case()
        took.append(time.process_time() - before)
    return 1000 * statistics.median(took)


if __name__ == "__main__":
    main()
