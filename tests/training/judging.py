"""The specification's limits, judged from a plan itself: no code of the engine's own limits.

Each function returns what is wrong, in words; an empty list means that the limit holds. What is
past or logged is history: it counts, and is not judged.
"""

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tests.training.strategies import Stage
from training.executions import CompletionStatus
from training.paces import training_paces
from training.plans import Phase, Plan, PlanKind, Week
from training.runners import Distance, Level
from training.workouts import Marker, PaceRange, Segment, Workout, WorkoutType, Zone

DAY = dt.timedelta(days=1)
B, I, A = Level  # noqa: E741 - the level's letter
FIVE_K, TEN_K, HALF, MARATHON = Distance
QUALITY = (WorkoutType.TEMPO, WorkoutType.INTERVAL)
ORDER = list(Phase)

# The specification's tables, written out again so that a slip in the engine's own is found.
PEAK_KM = {
    FIVE_K: {B: 25, I: 45, A: 75},
    TEN_K: {B: 32, I: 55, A: 85},
    HALF: {B: 42, I: 65, A: 95},
    MARATHON: {B: 60, I: 80, A: 115},
}
START_KM = {
    FIVE_K: {B: 10, I: 25, A: 45},
    TEN_K: {B: 15, I: 30, A: 50},
    HALF: {B: 20, I: 35, A: 55},
    MARATHON: {B: 25, I: 45, A: 65},
}
LONG_MINUTES = {
    FIVE_K: {B: 70, I: 75, A: 90},
    TEN_K: {B: 90, I: 90, A: 105},
    HALF: {B: 120, I: 130, A: 140},
    MARATHON: {B: 180, I: 180, A: 180},
}
LONG_SHARE = {1: 1.0, 2: 0.60, 3: 0.50, 4: 0.40, 5: 0.35, 6: 0.30}
REST = {B: 3, I: 2, A: 1}
HARD = {B: 2, I: 3, A: 3}
SESSIONS = {
    Phase.BASE: {B: 0, I: 1, A: 2},
    Phase.BUILD: {B: 1, I: 2, A: 2},
    Phase.PEAK: {B: 1, I: 2, A: 2},
    Phase.TAPER: {B: 1, I: 1, A: 1},
}
FULL_WEEKS = {FIVE_K: 6, TEN_K: 8, HALF: 10, MARATHON: 14}
BUILD_WEEKS = {FIVE_K: 3, TEN_K: 4, HALF: 5, MARATHON: 8}
TAPER_WEEKS = {FIVE_K: 1, TEN_K: 1, HALF: 2, MARATHON: 3}
LAST_HARD = {FIVE_K: 4, TEN_K: 4, HALF: 5, MARATHON: 7}
LONGEST_OUT = {FIVE_K: 7, TEN_K: 8, HALF: 13, MARATHON: 20}
RELIEF = ("cutback", "missed_cutback", "return", "fatigue", "illness", "injury", "tune_up")
EVENTS = (Marker.TUNE_UP, Marker.TIME_TRIAL)
TAKEN_OUT = (
    "return",
    "illness",
    "missed",
    "missed_cutback",
)  # notes of weeks that runs were taken out of
RPE = {
    WorkoutType.EASY: ((3, 4),),
    WorkoutType.RECOVERY: ((2, 3),),
    WorkoutType.LONG: ((4, 5), (5, 6)),
    WorkoutType.TEMPO: ((6, 7),),
    WorkoutType.INTERVAL: ((8, 9),),
}


def is_run(workout: Workout) -> bool:
    return workout.type is not WorkoutType.REST


def is_race(workout: Workout) -> bool:
    return workout.marker is Marker.RACE


def segments(workout: Workout) -> Iterator[Segment]:
    for part in (workout.structure.warmup, workout.structure.main, workout.structure.cooldown):
        yield from part


def minutes_of(parts: Iterable[Segment]) -> float:
    return sum(s.repeats * s.minutes + (s.repeats - 1) * s.recovery_minutes for s in parts)


def work(workout: Workout, *zones: Zone) -> float:
    """Minutes in some zones, strides (half a minute and less at repetition pace) left out."""
    return sum(
        s.repeats * s.minutes
        for s in segments(workout)
        if s.zone in zones and not (s.zone is Zone.R and s.minutes <= 0.5)
    )


def fast(workout: Workout) -> float:
    return work(workout, Zone.M, Zone.T, Zone.RACE, Zone.I, Zone.R)


def is_hard(workout: Workout) -> bool:
    if workout.type in QUALITY or workout.marker in (Marker.RACE, *EVENTS):
        return True
    return workout.type is WorkoutType.LONG and (
        workout.planned_minutes > 120.5 or fast(workout) >= 20
    )


def km(workouts: Iterable[Workout]) -> float:
    return sum(w.planned_km for w in workouts if not is_race(w))


def over(value: float, allowed: float, slack: float = 0.1) -> bool:
    """Whether a value passes what is allowed by more than 1 % or 0.1 km."""
    return value > max(allowed * 1.01, allowed + slack) + 1e-6


@dataclass
class Account:
    """What was and will be run: km and hard days by date, with logs in place of the past."""

    stage: Stage
    km: dict[dt.date, float] = field(default_factory=dict)
    longest: dict[dt.date, float] = field(default_factory=dict)
    hard: set[dt.date] = field(default_factory=set)

    def __post_init__(self) -> None:
        plan = self.plan
        by_id = {w.id: w for w in plan.workouts}
        self.logged = {e.workout_id for e in self.stage.done}
        easy = training_paces(plan.inputs.baseline_fitness.value).easy_s_per_km
        for e in self.stage.done:
            if e.completion_status is CompletionStatus.MISSED:
                continue
            metrics = e.actual_metrics
            ran = metrics.distance_km or (metrics.duration_minutes or 0) * 60 / easy
            held = by_id.get(e.workout_id or "")
            self._add(e.performed_on, ran, held is not None and is_hard(held))
        for w in plan.workouts:
            if w.id not in self.logged and (is_run(w) or is_race(w)):
                self._add(w.scheduled_date, 0.0 if is_race(w) else w.planned_km, is_hard(w))

    def _add(self, day: dt.date, ran: float, hard: bool) -> None:
        self.km[day] = self.km.get(day, 0.0) + ran
        self.longest[day] = max(self.longest.get(day, 0.0), ran)
        if hard:
            self.hard.add(day)

    @property
    def plan(self) -> Plan:
        return self.stage.plan

    def is_open(self, workout: Workout) -> bool:
        return workout.scheduled_date >= self.stage.today and workout.id not in self.logged

    def open_runs(self, week: Week) -> list[Workout]:
        return [w for w in week.workouts if is_run(w) and self.is_open(w)]

    @property
    def open_weeks(self) -> list[Week]:
        return [week for week in self.plan.weeks if self.open_runs(week)]

    def week_km(self, week: Week) -> float:
        return sum(self.km.get(week.week_start_date + i * DAY, 0.0) for i in range(7))

    def is_partial(self, week: Week) -> bool:
        return week.week_start_date < self.plan.start_date

    @property
    def level(self) -> Level:
        return self.plan.inputs.experience_level

    @property
    def before_km(self) -> float:
        """The week before the plan: what the runner said, else the level's first week / 1.1."""
        said = self.plan.inputs.weekly_km
        if said:
            return max(said, 6.0)
        start = START_KM[self.plan.goal_distance][self.level]
        return min(start, 12.0 if self.level is B else start) / 1.10

    @property
    def before_longest(self) -> float:
        said = self.plan.inputs.longest_km
        if said:
            return said
        easy = training_paces(self.plan.inputs.baseline_fitness.value).easy_s_per_km
        first = {B: min(5.0, 30 * 60 / easy), I: 8.0, A: 12.0}[self.level]
        known = first - 1.0 if first <= 10 else first / 1.1
        return max(known, (self.plan.inputs.weekly_km or 0.0) / 4)

    @property
    def weeks(self) -> list[tuple[Week | None, float, str | None]]:
        """Each week's volume, three of the runner's history first; a late start counts as one."""
        rows: list[tuple[Week | None, float, str | None]] = [(None, self.before_km, None)] * 3
        for week in self.plan.weeks:
            volume = self.before_km if self.is_partial(week) else self.week_km(week)
            rows.append((week, volume, week.note))
        return rows


def days_once(stage: Stage) -> list[str]:
    plan = stage.plan
    dates = [w.scheduled_date for w in plan.workouts]
    count = (plan.goal_date - plan.start_date).days + 1
    wrong = []
    if dates != [plan.start_date + i * DAY for i in range(count)]:
        wrong.append("a date is missing, doubled or outside")
    if [w.scheduled_date for w in plan.workouts if is_race(w)] != [plan.goal_date]:
        wrong.append("no race on race day")
    mondays = [week.week_start_date for week in plan.weeks]
    if any(m.weekday() for m in mondays) or any(b - a != 7 * DAY for a, b in pairwise(mondays)):
        wrong.append("weeks are not contiguous Mondays")
    for week in plan.weeks:
        inside = {w.scheduled_date - DAY * w.scheduled_date.weekday() for w in week.workouts}
        if inside != {week.week_start_date}:
            wrong.append(f"{week.week_start_date} holds a day of another week")
        if len(week.workouts) != 7 and week not in (plan.weeks[0], plan.weeks[-1]):
            wrong.append(f"{week.week_start_date} is partial in the middle")
    if len({w.id for w in plan.workouts}) != len(dates):
        wrong.append("an id is used twice")
    return wrong


def kind_by_lead_time(stage: Stage) -> list[str]:
    plan = stage.plan
    weeks = ((plan.goal_date - plan.start_date).days + 1) // 7
    kind = PlanKind.NORMAL
    if weeks < FULL_WEEKS[plan.goal_distance]:
        kind = PlanKind.REDUCED
    if weeks < BUILD_WEEKS[plan.goal_distance]:
        kind = PlanKind.MAINTENANCE
    return [] if plan.kind is kind else [f"{plan.kind} with {weeks} weeks"]


def phases(stage: Stage) -> list[str]:
    plan = stage.plan
    coming = [w for w in plan.weeks if stage.created or w.week_start_date >= stage.today]
    found = [ORDER.index(week.phase) for week in coming]
    wrong = [] if found == sorted(found) else [f"phases {found}"]
    weeks = ((plan.goal_date - plan.start_date).days + 1) // 7
    if weeks >= 3 and plan.weeks[-1].phase is not Phase.TAPER:
        wrong.append("the last phase is no taper")
    taper = [w for w in plan.weeks if w.phase is Phase.TAPER]
    if stage.created and weeks >= 5:
        length = TAPER_WEEKS[plan.goal_distance]
        if plan.goal_distance is MARATHON and (plan.inputs.experience_level is A or weeks < 14):
            length = 2
        days = (plan.goal_date - taper[0].week_start_date).days
        if not 7 * length - 3 <= days <= 7 * length + 3:
            wrong.append(f"the taper takes {days} days, {length} weeks are due")
    if stage.created and plan.kind is PlanKind.NORMAL and set(found) != {0, 1, 2, 3}:
        wrong.append(f"a full plan lacks a phase: {found}")
    return wrong


def sums(stage: Stage) -> list[str]:
    wrong = []
    distance = stage.plan.goal_distance
    short = distance in (FIVE_K, TEN_K)
    for week in stage.plan.weeks:
        total, mix = km(week.workouts), week.target_intensity_mix
        if abs(total - week.target_volume_km) > 0.1:
            wrong.append(f"{week.week_start_date}: {total} km of {week.target_volume_km}")
        if abs(mix.low + mix.moderate + mix.high - 100) > 1:
            wrong.append(f"{week.week_start_date}: {mix}")
        minutes = sum(w.planned_minutes for w in week.workouts)
        if not minutes:
            continue
        high = (Zone.I, Zone.R, Zone.RACE) if short else (Zone.I, Zone.R)
        middle = (Zone.M, Zone.T) if short else (Zone.M, Zone.T, Zone.RACE)
        room = 10 if total < 15 else 5
        for said, zones in ((mix.high, high), (mix.moderate, middle)):
            share = 100 * sum(work(w, *zones) for w in week.workouts) / minutes
            if abs(share - said) > room:
                wrong.append(f"{week.week_start_date}: {said} % said, {share:.0f} % planned")
    return wrong


def first_week(stage: Stage) -> list[str]:
    plan, account = stage.plan, Account(stage)
    week = plan.weeks[0]
    total, days = km(week.workouts), len(week.workouts)
    if account.plan.inputs.weekly_km:
        allowed = 1.10 * account.before_km
    else:
        allowed = {B: 12.0}.get(account.level, START_KM[plan.goal_distance][account.level])
    scaled = allowed * days / 7
    return [f"{total} km in week 1, {scaled:.1f} allowed"] if over(total, scaled) else []


def growth(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    rows = account.weeks
    for i, (week, volume, note) in enumerate(rows):
        if week is None or not account.open_runs(week) or account.is_partial(week):
            continue
        top = max(row[1] for row in rows[i - 3 : i])
        rate = 1.08 if account.level is A and top > 80 else 1.10
        allowed = rate * top if top >= 30 else max(1.10 * top, top + 3)
        if over(volume, allowed) and note != "return":
            wrong.append(f"{week.week_start_date}: {volume:.1f} km, {allowed:.1f} allowed")
    return wrong


def jump(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    rows = account.weeks
    for i, (week, volume, note) in enumerate(rows):
        if week is None or not account.open_runs(week) or account.is_partial(week):
            continue
        _, last, note_last = rows[i - 1]
        if last < 30 or volume < 30 or note_last in RELIEF or note == "return":
            continue
        if over(volume, 1.20 * last):
            wrong.append(f"{week.week_start_date}: {volume:.1f} km after {last:.1f}")
    return wrong


def loading(stage: Stage) -> list[str]:
    account, plan, wrong = Account(stage), stage.plan, []
    if len(plan.weeks) <= 5:
        return []
    careful = (plan.goal_distance is MARATHON and account.level is B) or (
        plan.inputs.age or 0
    ) >= 50
    most, count = (2 if careful else 3), 0
    rows = account.weeks
    for i, (week, volume, note) in enumerate(rows):
        if week is None:
            continue
        count = 0 if volume <= 0.85 * rows[i - 1][1] * 1.01 + 1e-6 else count + 1
        following = rows[i + 1][0] if i + 1 < len(rows) else None
        last = following is not None and following.phase is Phase.TAPER
        judged = account.open_runs(week) and week.phase is not Phase.TAPER and note != "return"
        if judged and count > most + last:
            wrong.append(f"{week.week_start_date}: loading week {count} of {most}")
    return wrong


def cutbacks(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    for before, week in pairwise(stage.plan.weeks):
        first = km(before.workouts)
        if week.note != "cutback" or account.is_partial(before) or first < 15:
            continue
        depth = 1 - km(week.workouts) / first
        if not 0.15 - 0.015 <= depth <= 0.25 + 0.015:
            wrong.append(f"{week.week_start_date}: {depth:.1%}")
        if before.note == "cutback":
            wrong.append(f"{week.week_start_date}: a second cutback in a row")
    return wrong


def peak(stage: Stage) -> list[str]:
    account, plan = Account(stage), stage.plan
    allowed = max(PEAK_KM[plan.goal_distance][account.level], 1.15 * (plan.inputs.weekly_km or 0.0))
    wrong = []
    for week in account.open_weeks:
        if over(km(account.open_runs(week)), allowed):
            wrong.append(f"{week.week_start_date}: {km(week.workouts):.1f} km, {allowed} allowed")
    if stage.created and plan.kind is PlanKind.NORMAL:
        whole = [w for w in plan.weeks if not account.is_partial(w)]
        top = max(km(week.workouts) for week in whole)
        late = [
            km(w.workouts)
            for i, w in enumerate(plan.weeks)
            if w.phase in (Phase.BUILD, Phase.PEAK) and i >= len(plan.weeks) // 3
        ]
        # Under 6 km a week the shortest run of ten minutes is too coarse for a peak.
        if late and top >= 6 and over(0.93 * top, max(late)):
            wrong.append(f"the highest week ({top:.1f}) comes early; later {max(late):.1f}")
    return wrong


def spikes(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    first_day = stage.plan.start_date
    for week in account.open_weeks:
        for w in account.open_runs(week):
            day = w.scheduled_date
            recent = [ran for when, ran in account.longest.items() if day - 30 * DAY <= when < day]
            if first_day - DAY >= day - 30 * DAY:
                recent.append(account.before_longest)
            longest = max(recent, default=0.0) or {B: 4.0, I: 7.0, A: 11.0}[account.level]
            allowed = max(1.10 * longest, longest + 1.0 if longest <= 10 else 0.0)
            if over(w.planned_km, allowed):
                wrong.append(f"{day}: {w.planned_km} km, {allowed:.1f} allowed")
    return wrong


def _long(week: Week) -> list[Workout]:
    return [w for w in week.workouts if w.type is WorkoutType.LONG]


def long_share(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    for week in account.open_weeks:
        total, runs = km(week.workouts), sum(is_run(w) for w in week.workouts)
        share = LONG_SHARE[min(runs, 6)]
        if stage.plan.goal_distance is MARATHON and runs >= 4:
            share += 0.05
        if total < 20:
            share = max(share, 0.60)
        for w in _long(week):
            if (
                account.is_open(w)
                and week.note not in TAKEN_OUT
                and over(w.planned_km, share * total)
            ):
                wrong.append(f"{w.scheduled_date}: {w.planned_km} of {total:.1f} km")
    return wrong


def long_caps(stage: Stage) -> list[str]:
    account, plan, wrong = Account(stage), stage.plan, []
    easy = training_paces(plan.inputs.baseline_fitness.value).easy
    middle = (easy.fast_s_per_km + easy.slow_s_per_km) / 2
    caps = [LONG_MINUTES[plan.goal_distance][account.level] * 60 / middle]
    if plan.goal_distance is HALF:
        caps.append(22.0)
    if plan.goal_distance is MARATHON:
        caps.append(32.0 if account.level is B else 35.0)
    for week in account.open_weeks:
        for w in _long(week):
            if account.is_open(w) and over(w.planned_km, min(caps)):
                wrong.append(f"{w.scheduled_date}: {w.planned_km} km, {min(caps):.1f} allowed")
        long = _long(week)
        if not long or km(week.workouts) < 15 or week.note == "race":
            continue
        if not account.is_open(long[0]):
            continue
        for w in account.open_runs(week):
            if w.type is not WorkoutType.LONG and over(w.planned_km, 0.85 * long[0].planned_km):
                wrong.append(f"{w.scheduled_date}: {w.planned_km} of {long[0].planned_km} km")
    return wrong


def one_long(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    for week in account.open_weeks:
        long = _long(week)
        if len(long) > 1 and any(account.is_open(w) for w in long):
            wrong.append(f"{week.week_start_date}: {len(long)} long runs")
        if long and week.note != "race" and account.is_open(long[0]):
            top = max(w.planned_km for w in account.open_runs(week))
            if top > long[0].planned_km + 0.1:
                wrong.append(f"{week.week_start_date}: {top} km beside {long[0].planned_km}")
    return wrong


def hard_spacing(stage: Stage) -> list[str]:
    account = Account(stage)
    open_days = {w.scheduled_date for w in stage.plan.workouts if account.is_open(w) and is_run(w)}
    return [
        f"{day} and the next"
        for day in sorted(account.hard)
        if day + DAY in account.hard and open_days & {day, day + DAY}
    ]


def hard_days(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    for week in account.open_weeks:
        if not any(is_hard(w) for w in account.open_runs(week)):
            continue
        hard = sum(is_hard(w) for w in week.workouts)
        if hard > HARD[account.level]:
            wrong.append(f"{week.week_start_date}: {hard} hard days")
        if not any(w.type in QUALITY for w in account.open_runs(week)):
            continue
        sessions = sum(w.type in QUALITY for w in week.workouts)
        if sessions > SESSIONS[week.phase][account.level]:
            wrong.append(f"{week.week_start_date}: {sessions} sessions in {week.phase}")
    return wrong


def rest_days(stage: Stage) -> list[str]:
    account = Account(stage)
    return [
        f"{week.week_start_date}: {sum(map(is_run, week.workouts))} runs"
        for week in account.open_weeks
        if sum(map(is_run, week.workouts)) > 7 - REST[account.level]
    ]


def low_share(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    for week in account.open_weeks:
        least = 0.75
        if account.level is B:
            least = 0.95 if week.phase is Phase.BASE else 0.85
        minutes = sum(w.planned_minutes for w in week.workouts)
        fast_minutes = sum(fast(w) for w in week.workouts)
        if week.note in TAKEN_OUT or not any(fast(w) for w in account.open_runs(week)):
            continue
        if fast_minutes > (1 - least) * minutes * 1.01 + 0.005 * minutes:
            wrong.append(f"{week.week_start_date}: {fast_minutes:.0f} of {minutes:.0f} min fast")
    if stage.created:
        minutes = sum(w.planned_minutes for w in stage.plan.workouts)
        fast_minutes = sum(fast(w) for w in stage.plan.workouts)
        if fast_minutes > 0.205 * minutes:
            wrong.append(f"the plan: {fast_minutes:.0f} of {minutes:.0f} min fast")
    return wrong


def _middle(pace: PaceRange) -> float:
    return (pace.fast_s_per_km + pace.slow_s_per_km) / 2


def session_caps(stage: Stage) -> list[str]:
    account, plan, wrong = Account(stage), stage.plan, []
    paces = training_paces(plan.inputs.baseline_fitness.value)
    race = paces.range_of(Zone.RACE, plan.goal_distance)
    beginner = account.level is B
    short = plan.goal_distance in (FIVE_K, TEN_K)
    assert race is not None

    def allowed(share: float, most_km: float, pace: PaceRange) -> float:
        return min(share * total, most_km) * _middle(pace) / 60

    for week in account.open_weeks:
        total = km(week.workouts)
        caps = {
            "T": max(min(allowed(0.10, 999, paces.threshold), 60), 16 if beginner else 24),
            "I": max(allowed(0.08, 10, paces.interval), 8 if beginner else 12),
            "R": max(allowed(0.05, 8, paces.repetition), 4),
            "M": min(allowed(0.20, 29, paces.marathon), 110),
        }
        race_cap = max(allowed(0.08, 10, race), caps["I"]) if short else caps["T"]
        if not short:
            race_cap = max(race_cap, min(allowed(0.10, 999, race), 60))
        for w in account.open_runs(week):
            doses = {
                "T": work(w, Zone.T),
                "I": work(w, Zone.I),
                "R": work(w, Zone.R),
                "M": work(w, Zone.M),
            }
            for zone, dose in doses.items():
                sharp = 10.0 if w.type is WorkoutType.EASY else 0.0
                if over(dose, max(caps[zone], sharp), 0.6):
                    wrong.append(f"{w.scheduled_date}: {dose:.1f} min {zone}, {caps[zone]:.1f}")
            if over(
                work(w, Zone.RACE), max(race_cap, 10 if w.type is WorkoutType.EASY else 0), 0.6
            ):
                wrong.append(f"{w.scheduled_date}: {work(w, Zone.RACE):.1f} min at race pace")
    return wrong


def complete(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    for w in stage.plan.workouts:
        targets = w.targets
        if not is_run(w):
            event_km = targets.distance_km if w.marker in EVENTS else None
            if targets.duration_minutes or targets.distance_km != event_km or targets.rpe:
                wrong.append(f"{w.scheduled_date}: a rest day with targets")
            if targets.pace_range or targets.hr_zone or w.planned_km or w.planned_minutes:
                wrong.append(f"{w.scheduled_date}: a rest day with targets")
            continue
        if not account.is_open(w):
            continue
        rpe = (targets.rpe.low, targets.rpe.high) if targets.rpe else None
        if not (targets.duration_minutes or targets.distance_km or 0) > 0 or w.planned_km <= 0:
            wrong.append(f"{w.scheduled_date}: no length")
        if rpe not in RPE[w.type]:
            wrong.append(f"{w.scheduled_date}: effort {rpe} for {w.type}")
        if targets.hr_zone not in (None, "Z1", "Z2", "Z3", "Z4", "Z5"):
            wrong.append(f"{w.scheduled_date}: {targets.hr_zone}")
        if not w.rationale or not 2 <= len(w.coach_cues) <= 4:
            wrong.append(f"{w.scheduled_date}: reason or cues")
    return wrong


def parts(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    for w in stage.plan.workouts:
        if not is_run(w) or not account.is_open(w):
            continue
        structure = w.structure
        if abs(minutes_of(segments(w)) - w.planned_minutes) > 1:
            wrong.append(f"{w.scheduled_date}: the parts don't sum up")
        if any(s.minutes <= 0 or s.km <= 0 for s in segments(w)):
            wrong.append(f"{w.scheduled_date}: a part without length")
        if w.type in QUALITY and (
            minutes_of(structure.warmup) < 10 - 1e-6 or minutes_of(structure.cooldown) < 5 - 1e-6
        ):
            wrong.append(f"{w.scheduled_date}: warmup or cooldown")
    return wrong


def pace_ranges(stage: Stage) -> list[str]:
    return [
        str(w.scheduled_date)
        for w in stage.plan.workouts
        for pace in (w.targets.pace_range, *(s.pace_range for s in segments(w)))
        if pace and pace.fast_s_per_km > pace.slow_s_per_km
    ]


def on_free_days(stage: Stage) -> list[str]:
    account, wrong = Account(stage), []
    limits: dict[int, float] = {}
    for block in stage.plan.inputs.availability:
        day = block.day.position
        length = float("inf") if block.minutes is None else float(block.minutes)
        limits[day] = max(limits.get(day, 0.0), length)
    for week in account.open_weeks:
        for w in account.open_runs(week):
            limit = limits.get(w.scheduled_date.weekday(), 0.0)
            if w.planned_minutes > limit + 1 and not w.pinned:
                wrong.append(f"{w.scheduled_date}: {w.planned_minutes} of {limit} min")
    return wrong


def taper(stage: Stage) -> list[str]:
    account, plan, wrong = Account(stage), stage.plan, []
    rows = [row for row in account.weeks if row[0] is not None]
    for (before, first, note), (week, second, _) in pairwise(rows):
        assert before is not None
        assert week is not None
        if week.phase is not Phase.TAPER or note is not None or account.is_partial(before):
            continue
        if account.open_runs(week) and over(second, max(first, km(before.workouts))):
            wrong.append(f"{week.week_start_date}: {second:.1f} km after {first:.1f}")
    last = plan.weeks[-1]
    whole = [w for w in plan.weeks[:-1] if not account.is_partial(w)]
    top = max((account.week_km(w) for w in whole), default=account.before_km)
    cap = 0.70 if plan.goal_distance in (FIVE_K, TEN_K) else 0.60
    if account.open_runs(last) and over(account.week_km(last), cap * top):
        wrong.append(f"the last week: {account.week_km(last):.1f} of {top:.1f} km")
    runs = [w for w in last.workouts if is_run(w)]
    if stage.created and plan.kind is PlanKind.NORMAL and len(last.workouts) == 7 and len(runs) > 2:
        room = 0
        for w in runs:
            day = w.scheduled_date.weekday()
            blocks = [b for b in plan.inputs.availability if b.day.position == day]
            eve = plan.goal_date - w.scheduled_date == DAY
            room += min(25 if eve else 75, max(b.minutes or 999 for b in blocks))
        full = sum(w.planned_minutes for w in runs) >= 0.95 * room
        if over(0.30 * top, km(last.workouts)) and not full:
            wrong.append(f"the last week: only {km(last.workouts):.1f} of {top:.1f} km")
        held = [w for week in plan.weeks if week.phase is Phase.TAPER for w in week.workouts]
        roomy = [w for w in held if w.type is WorkoutType.EASY and w.planned_minutes >= 20]
        if (
            roomy
            and not plan.inputs.injury_flags
            and all(w.marker is not Marker.WALK_RUN for w in held)
            and not any(fast(w) for w in held)
        ):
            wrong.append("no race pace in the taper")
    return wrong


def before_race(stage: Stage) -> list[str]:
    account, plan, wrong = Account(stage), stage.plan, []
    for w in plan.workouts:
        out = (plan.goal_date - w.scheduled_date).days
        if not account.is_open(w) or not is_run(w):
            continue
        if is_hard(w) and out < LAST_HARD[plan.goal_distance]:
            wrong.append(f"hard {out} days out")
        if out < LAST_HARD[plan.goal_distance] and fast(w) > 10.1:
            wrong.append(f"{fast(w):.0f} fast minutes {out} days out")
        if out == 1 and w.planned_minutes > 25.5:
            wrong.append(f"{w.planned_minutes} min on the day before")
    return wrong


def longest_run(stage: Stage) -> list[str]:
    account, plan = Account(stage), stage.plan
    out = LONGEST_OUT[plan.goal_distance]
    if (plan.goal_date - plan.start_date).days <= out or len(plan.weeks) <= 2:
        return []
    far = [ran for day, ran in account.longest.items() if (plan.goal_date - day).days >= out]
    top = max([*far, account.before_longest])
    return [
        f"{w.scheduled_date}: {w.planned_km} km, {top:.1f} before"
        for w in plan.workouts
        if is_run(w)
        and account.is_open(w)
        and (plan.goal_date - w.scheduled_date).days < out
        and over(w.planned_km, top)
    ]


def injury(stage: Stage) -> list[str]:
    account, plan, wrong = Account(stage), stage.plan, []
    if not stage.runner.injury_flags:
        return []
    before = plan.inputs.pre_flag_weekly_km
    if before is None:
        return ["no mean from before the flag"]
    for week in account.open_weeks:
        runs = account.open_runs(week)
        for w in runs:
            if w.type in QUALITY or any(s.zone not in (Zone.E, Zone.WALK) for s in segments(w)):
                wrong.append(f"{w.scheduled_date}: {w.name}")
        if over(km(runs), 0.75 * before):
            wrong.append(f"{week.week_start_date}: {km(runs):.1f} km, {before:.1f} before")
    return wrong


def events(stage: Stage) -> list[str]:
    """Judge races on the way: far from the goal and from each other, easy days around them."""
    account, plan, wrong = Account(stage), stage.plan, []
    races = [w for w in plan.workouts if w.marker in EVENTS]
    days = {w.scheduled_date: w for w in plan.workouts}
    for race in races:
        day, raced = race.scheduled_date, race.targets.distance_km or 0
        if day < stage.today:
            continue
        out = 21 if raced > 10 and plan.goal_distance is MARATHON else 10
        if (plan.goal_date - day).days < out:
            wrong.append(f"{day}: {(plan.goal_date - day).days} days before the goal")
        week = next(w for w in plan.weeks if race in w.workouts)
        if race.marker is Marker.TUNE_UP and week.phase not in (Phase.BUILD, Phase.PEAK):
            wrong.append(f"{day}: a race in {week.phase}")
        easy = [
            day - 2 * DAY,
            day - DAY,
            *(day + n * DAY for n in range(1, math.ceil(round(raced) / 3) + 1)),
        ]
        wrong += [
            f"{near}: hard near the race of {day}"
            for near in easy
            if near in days and is_hard(days[near]) and account.is_open(days[near])
        ]
    tune_ups = [w.scheduled_date for w in races if w.marker is Marker.TUNE_UP]
    coming = [(a, b) for a, b in pairwise(tune_ups) if b >= stage.today]
    return wrong + [f"{b}: a race too soon" for a, b in coming if (b - a).days < 21]


AFTER_ANY_CHANGE = (
    events,
    days_once,
    sums,
    growth,
    jump,
    loading,
    spikes,
    long_share,
    long_caps,
    one_long,
    hard_spacing,
    hard_days,
    rest_days,
    session_caps,
    complete,
    parts,
    pace_ranges,
    on_free_days,
    taper,
    before_race,
    longest_run,
    injury,
)
