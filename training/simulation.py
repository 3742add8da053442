"""Whole plans run day by day by made-up runners: what is done, and what the engine makes of it."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from training.adaptation import adapt
from training.adherence import adherence_score
from training.building import build_plan
from training.changes import (
    Change,
    Fatigue,
    FeelingStrong,
    Illness,
    Missed,
    NoChange,
    Pain,
    Symptoms,
)
from training.errors import ChangeRefused, GoalRefused, LimitBroken
from training.executions import (
    ActualMetrics,
    CompletionStatus,
    Execution,
    Feedback,
    check_metrics,
)
from training.measures import is_race, is_run, mean
from training.plans import Fitness, Plan
from training.receipts import Receipt
from training.requests import Baseline, PlanRequest
from training.runners import Day, DayBlock, Distance, Level, Runner
from training.signals import GENTLE, signals_of
from training.tables import LENGTHS, RUN_DAYS, VOLUME_KM
from training.units import DAY, monday_of
from training.workouts import Workout

FIRST_DAY = dt.date(2026, 1, 5)  # a Monday; only weekdays matter
HISTORY = dt.timedelta(days=60)  # the logged runs that the engine is shown, as in the product
ASK_STRONG_DAYS = 28
GAP_DAYS = 6
FITNESS = {Level.BEGINNER: (28, 38), Level.INTERMEDIATE: (36, 50), Level.ADVANCED: (46, 64)}
MISS_SHARE = 1 / 3
SLIP_SHARE = 0.03  # even the willing miss a run now and then


class Behaviour(StrEnum):
    """How a runner trains."""

    AS_PLANNED = "as-planned"
    OVERDOES_EASY = "overdoes-easy"
    MISSES_A_THIRD = "misses-a-third"
    GETS_ILL = "gets-ill"
    GETS_INJURED = "gets-injured"
    NO_STRAP = "no-strap"  # no heart rate is known, measured or estimated


@dataclass(frozen=True, slots=True)
class SimulatedRunner:
    """A made-up runner and the goal; number: the place in the simulation."""

    number: int
    behaviour: Behaviour
    request: PlanRequest
    weeks: int


@dataclass(frozen=True, slots=True)
class SimulatedWeek:
    """One week's km as first planned and as run."""

    planned_km: float
    done_km: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one plan.

    adaptations: how often each rule changed the plan. unchanged: asks that no rule answered.
    refused: codes of refusals, of the goal's too. violations: limits that did not hold.
    """

    runner: SimulatedRunner
    weeks: tuple[SimulatedWeek, ...] = ()
    fitness_first: float = 0.0
    fitness_last: float = 0.0
    adherence: float | None = None
    adaptations: tuple[tuple[str, int], ...] = ()
    unchanged: int = 0
    refused: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    receipts: int = 0

    @property
    def planned_km(self) -> float:
        """The km of the first plan, the race left out."""
        return sum(week.planned_km for week in self.weeks)

    @property
    def done_km(self) -> float:
        """The km that were run, the race left out."""
        return sum(week.done_km for week in self.weeks)


def make_runner(
    number: int, behaviour: Behaviour, weeks: tuple[int, int], rng: random.Random
) -> SimulatedRunner:
    """Draw a distance, level, days and history; weeks: shortest and longest plan."""
    length = rng.randint(*weeks)
    distance = rng.choice([d for d in Distance if LENGTHS[d].maintenance <= length])
    level = rng.choice(list(Level))
    run_days = min(7, max(3, RUN_DAYS[distance][level] + rng.randint(-1, 1)))
    days = sorted(rng.sample(range(7), run_days))
    heart = behaviour is not Behaviour.NO_STRAP
    runner = Runner(
        level,
        tuple(DayBlock(list(Day)[day]) for day in days),
        age=rng.randint(20, 60) if heart else None,
        hr_max_bpm=rng.randint(170, 200) if heart else None,
    )
    weekly_km = round(VOLUME_KM[distance][level][0] * rng.uniform(0.8, 1.3), 1)
    fitness = round(rng.uniform(*FITNESS[level]), 1)
    longest_km = round(weekly_km * rng.uniform(0.28, 0.4), 1)
    baseline = Baseline(Fitness(fitness, "race", "high"), weekly_km, longest_km)
    goal_date = FIRST_DAY + dt.timedelta(days=7 * length - 1)
    request = PlanRequest(distance, goal_date, FIRST_DAY, runner, baseline)
    return SimulatedRunner(number, behaviour, request, length)


def simulate(who: SimulatedRunner, rng: random.Random) -> Outcome:
    """Run a runner's whole plan, asking the engine for each change that the runner would report."""
    try:
        built = build_plan(who.request, plan_id=f"plan_{who.number}")
    except GoalRefused as refusal:
        return Outcome(who, refused=(refusal.code,))
    except LimitBroken as broken:
        return Outcome(who, violations=(f"plan: {broken}",))
    plan = built.plan
    run = _Run(plan, who.request.runner, who.behaviour, rng)
    run.hold("plan", built.receipt)
    while run.today < plan.goal_date:
        run.live_a_day()
        run.today += DAY
    scores = [e.adherence_score for e in run.done if e.adherence_score is not None]
    done_km = {week.week_start_date: 0.0 for week in plan.weeks}
    for execution in run.done:
        km = execution.actual_metrics.distance_km or 0.0
        done_km[monday_of(execution.performed_on)] += km
    return Outcome(
        who,
        tuple(
            SimulatedWeek(w.target_volume_km, round(done_km[w.week_start_date], 2))
            for w in plan.weeks
        ),
        plan.inputs.baseline_fitness.value,
        run.plan.inputs.baseline_fitness.value,
        round(mean(scores), 1) if scores else None,
        tuple(sorted(run.adaptations.items())),
        run.unchanged,
        tuple(run.refused),
        tuple(run.violations),
        run.receipts,
    )


@dataclass(slots=True)
class _Run:
    """A plan under way: the day, what was logged, and the trouble that the behaviour brings."""

    plan: Plan
    runner: Runner
    behaviour: Behaviour
    rng: random.Random
    today: dt.date = field(init=False)
    done: list[Execution] = field(default_factory=list)
    adaptations: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    refused: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    receipts: int = 0
    by_day: dict[dt.date, Workout] = field(init=False)
    trouble: tuple[dt.date, dt.date] | None = None  # first day of it, first day without it
    symptoms: Symptoms = Symptoms.FEVER
    pain: int = 0
    missed: list[dt.date] = field(default_factory=list)  # since the last run

    def __post_init__(self) -> None:
        self.today = self.plan.start_date
        self.by_day = {w.scheduled_date: w for w in self.plan.workouts}
        if self.behaviour in (Behaviour.GETS_ILL, Behaviour.GETS_INJURED):
            length = (self.plan.goal_date - self.plan.start_date).days
            first = self.today + self.rng.randint(7, max(7, length - 10)) * DAY
            ill = self.behaviour is Behaviour.GETS_ILL
            self.trouble = (first, first + self.rng.randint(2, 12 if ill else 28) * DAY)
            self.symptoms = self.rng.choice(list(Symptoms))
            self.pain = self.rng.randint(3, 7)

    def live_a_day(self) -> None:
        """Report what the morning knows, run or miss the day's workout, report how it went."""
        for change in self._morning():
            self.ask(change)
        workout = self.by_day.get(self.today)
        if workout is None or is_race(workout) or not is_run(workout):
            return
        if self._misses(workout):
            self.missed.append(self.today)
            self._log(workout, CompletionStatus.MISSED, ActualMetrics(), Feedback())
            return
        self.missed.clear()
        execution = self._run(workout)
        if signals_of(execution, workout):
            self.ask(Fatigue())

    def ask(self, change: Change) -> None:
        """Put a change to the engine as the product would, and take over what it decides."""
        day = self.today
        recent = [e for e in self.done if e.performed_on > day - HISTORY]
        try:
            answer = adapt(self.plan, self.runner, recent, change, day)
        except ChangeRefused as refusal:
            self.refused.append(refusal.code)
            return
        except LimitBroken as broken:
            self.violations.append(f"{type(change).__name__.lower()}: {broken}")
            return
        if answer.injury_flags is not None:
            self.runner = replace(self.runner, injury_flags=answer.injury_flags)
        if isinstance(answer, NoChange):
            self.unchanged += 1
            return
        self.plan = answer.plan
        self.by_day = {w.scheduled_date: w for w in self.plan.workouts}
        self.adaptations[answer.rule] += 1
        self.hold(answer.rule, answer.receipt)  # what check_plan said of the new plan

    def hold(self, what: str, receipt: Receipt) -> None:
        """Count a receipt, and note each limit in it that did not hold."""
        self.receipts += 1
        self.violations += [f"{what}: {c.rule} {c.found}" for c in receipt.failures]

    def _morning(self) -> Iterator[Change]:
        day = (self.today - self.plan.start_date).days
        if self.trouble is not None:
            yield from self._trouble(*self.trouble)
        elif day and day % ASK_STRONG_DAYS == 0:
            yield FeelingStrong()
        yesterday = self.today - DAY
        if self.missed and self.missed[-1] == yesterday and not self._in_trouble():
            off = (self.today - self.missed[0]).days
            yield Missed(days_off=off) if off >= GAP_DAYS else Missed(tuple(self.missed))

    def _trouble(self, first: dt.date, over: dt.date) -> Iterator[Change]:
        since = (self.today - first).days
        if self.behaviour is Behaviour.GETS_ILL:
            if self.today == over:
                yield Illness(self.symptoms, since, over=True)
            elif first <= self.today < over and since % 2 == 0:
                yield Illness(self.symptoms, since + 1)
        elif self.today == over:
            yield Pain("left knee", cleared=True)
        elif first <= self.today < over and since % 7 == 0:
            yield Pain("left knee", max(1, self.pain - since // 7))

    def _in_trouble(self) -> bool:
        return self.trouble is not None and self.trouble[0] <= self.today < self.trouble[1]

    def _misses(self, workout: Workout) -> bool:
        chance = self.rng.random()
        if self._in_trouble():
            ill = self.behaviour is Behaviour.GETS_ILL
            return self.symptoms is not Symptoms.ABOVE_NECK if ill else self.pain >= 5
        thirds = self.behaviour is Behaviour.MISSES_A_THIRD
        return chance < (MISS_SHARE if thirds else SLIP_SHARE)

    def _run(self, workout: Workout) -> Execution:
        overdone = self.behaviour is Behaviour.OVERDOES_EASY and workout.type in GENTLE
        ratio = self.rng.uniform(1.05, 1.35) if overdone else self.rng.gauss(1.0, 0.03)
        faster = self.rng.uniform(1.04, 1.12) if overdone else self.rng.gauss(1.0, 0.01)
        band = workout.targets.rpe
        rpe = self.rng.randint(band.low, band.high) if band is not None else 4
        if overdone and band is not None:
            rpe = band.high + self.rng.randint(0, 3)
        elif self.rng.random() < 0.04:
            rpe += 2
        minutes = max(5.0, round(workout.planned_minutes * ratio, 1))
        km = round(workout.planned_km * faster * minutes / workout.planned_minutes, 2)
        strap = self.behaviour is not Behaviour.NO_STRAP
        drift = round(self.rng.uniform(1, 9) + (3 if overdone else 0), 1)
        heart = 125 + 5 * min(rpe, 10)
        metrics = ActualMetrics(
            minutes, km, hr_avg=heart if strap else None, hr_drift=drift if strap else None
        )
        check_metrics(metrics)
        feedback = Feedback(min(10, rpe), self.rng.randint(0, 4), self.rng.randint(0, 4))
        whole = abs(ratio - 1) < 0.1
        status = CompletionStatus.COMPLETED if whole else CompletionStatus.MODIFIED
        return self._log(workout, status, metrics, feedback)

    def _log(
        self, workout: Workout, status: CompletionStatus, metrics: ActualMetrics, felt: Feedback
    ) -> Execution:
        execution = Execution(
            f"ex_{len(self.done) + 1}", workout.id, self.today, status, metrics, felt
        )
        score = adherence_score(workout, execution)
        execution = replace(execution, adherence_score=score)
        self.done.append(execution)
        return execution
