"""Limits on single runs: length, spacing, doses, completeness, days, the last days."""

from itertools import pairwise

from training import tables
from training.checking import Found, at_most, none_of
from training.events import events_of, unfit
from training.history import History, plan_paces, reference_longest
from training.kits import LONG_WITH_BLOCK_RPE, RPE, kit_for
from training.library import cap_zone, dose_cap_minutes
from training.limits_of_weeks import UNEVEN_NOTES, judged
from training.measures import (
    QUALITY_TYPES,
    is_hard,
    is_hard_or_fast,
    is_race,
    is_run,
    minutes_in,
    total_minutes,
)
from training.paces import training_paces
from training.receipts import Check
from training.runners import Runner
from training.scheduling import available_minutes, default_availability
from training.units import DAY
from training.workouts import WorkoutType, Zone

SESSION_ZONES = (Zone.T, Zone.I, Zone.R, Zone.M, Zone.RACE)
PART_TOLERANCE_MINUTES = 1.0


def spike(history: History) -> Check:
    """Check each run against the longest of the 30 days before it."""
    found = [
        (load.km, tables.spike_cap_km(history.longest_before(load.day)), str(load.day))
        for load in history.loads
        if load.workout is not None
    ]
    return at_most("11", "no run beyond 110 % of the longest of 30 days", found)


def long_share(history: History) -> Check:
    """Check the long run's share of its week."""
    found: list[Found] = []
    for week in judged(history):
        total = week.planned_km
        runs = sum(is_run(w) for w in week.workouts)
        if week.note in UNEVEN_NOTES:
            continue
        for workout in history.open_in(week):
            if workout.type is WorkoutType.LONG:
                share = tables.long_share(history.plan.goal_distance, runs, total)
                found.append((workout.planned_km, share * total, str(workout.scheduled_date)))
    return at_most("12", "long run's share of the week", found)


def long_caps(history: History) -> Check:
    """Check the long run against the caps in minutes and km."""
    plan, level = history.plan, history.plan.inputs.experience_level
    easy = plan_paces(plan).easy_s_per_km
    minutes = tables.LONG_MINUTES[plan.goal_distance][level]
    cap = min(minutes * 60 / easy, tables.LONG_KM[plan.goal_distance][level])
    found = [
        (w.planned_km, cap, str(w.scheduled_date))
        for week in judged(history)
        for w in history.open_in(week)
        if w.type is WorkoutType.LONG
    ]
    return at_most("13", "long run's caps in time and distance", found)


def other_runs(history: History) -> Check:
    """Check that the other runs stay well under the long run."""
    found: list[Found] = []
    for week in judged(history):
        long = [w for w in week.workouts if w.type is WorkoutType.LONG]
        small = week.planned_km < tables.OTHER_RUN_SMALL_WEEK_KM
        if not long or small or week.note == "race" or not history.is_open(long[0]):
            continue
        for w in history.open_in(week):
            if w.type is not WorkoutType.LONG:
                allowed = tables.OTHER_RUN_SHARE * long[0].planned_km
                found.append((w.planned_km, allowed, str(w.scheduled_date)))
    return at_most("13-others", "other runs at most 85 % of the long run", found)


def one_long(history: History) -> Check:
    """Check that a week has at most one long run, and that it is the longest."""
    wrong = []
    for week in judged(history):
        long = [w for w in week.workouts if w.type is WorkoutType.LONG]
        if len(long) > 1:
            wrong.append(f"two long runs in the week of {week.week_start_date}")
        if long and week.note != "race" and history.is_open(long[0]):
            top = max((w.planned_km for w in history.open_in(week)), default=0.0)
            if top > long[0].planned_km + tables.TOLERANCE_KM:
                wrong.append(f"a run longer than the long run of {long[0].scheduled_date}")
    return none_of("14", "one long run a week, and it is the longest", wrong)


def hard_spacing(history: History) -> Check:
    """Check that no two hard days follow each other; a race can't be moved away from a run."""
    hard = {load.day for load in history.loads if load.hard}
    open_runs = {load.day for load in history.loads if load.workout and is_run(load.workout)}
    wrong = [
        f"{day} and {day + DAY}"
        for day in sorted(hard)
        if day + DAY in hard and open_runs & {day, day + DAY}
    ]
    return none_of("15", "no two hard days in a row", wrong)


def session_caps(history: History) -> Check:
    """Check the minutes of each session against Daniels' caps."""
    plan = history.plan
    kit = kit_for(plan.inputs.baseline_fitness, plan.goal_distance, _runner_of(history))
    found: list[Found] = []
    for week in judged(history):
        total = week.planned_km
        for workout in history.open_in(week):
            caps: dict[Zone, float] = {}
            for zone in SESSION_ZONES:
                minutes = minutes_in(workout, zone)
                if minutes:
                    kind = cap_zone(zone, plan.goal_distance)
                    caps[kind] = caps.get(kind, 0.0) + minutes
                    sharp = workout.type is WorkoutType.EASY and minutes <= (
                        tables.SHARPENING_MINUTES
                    )
                    cap = dose_cap_minutes(kit, zone, total)
                    allowed = max(cap, tables.SHARPENING_MINUTES) if sharp else cap
                    found.append((caps[kind], allowed, str(workout.scheduled_date)))
    return at_most("19", "session caps", found, "min", slack=0.5)


def complete(history: History) -> Check:
    """Check that every run has length, effort, cues and a reason, and rest has no targets."""
    wrong = []
    for week in judged(history):
        for w in history.open_in(week):
            targets = w.targets
            allowed = [RPE[w.type]]
            if w.type is WorkoutType.LONG:
                allowed.append(LONG_WITH_BLOCK_RPE)
            sized = (targets.duration_minutes or targets.distance_km or 0) > 0
            if not sized or targets.rpe not in allowed or w.planned_km <= 0:
                wrong.append(f"targets of {w.scheduled_date}")
            if not w.rationale or not 2 <= len(w.coach_cues) <= 4:
                wrong.append(f"reason or cues of {w.scheduled_date}")
    for w in history.plan.workouts:
        if w.type is WorkoutType.REST and w.targets.duration_minutes:
            wrong.append(f"a rest day with targets on {w.scheduled_date}")
    return none_of("20", "every run has length, effort, reason and cues", wrong)


def parts(history: History) -> Check:
    """Check that quality has a warmup and cooldown, and that parts sum to the total."""
    wrong = []
    for week in judged(history):
        for w in history.open_in(week):
            structure = w.structure
            if not structure.main:
                continue
            whole = (*structure.warmup, *structure.main, *structure.cooldown)
            if abs(total_minutes(whole) - w.planned_minutes) > PART_TOLERANCE_MINUTES:
                wrong.append(f"parts of {w.scheduled_date}")
            if w.type in QUALITY_TYPES and (
                total_minutes(structure.warmup) < tables.WARMUP_MINUTES
                or total_minutes(structure.cooldown) < tables.COOLDOWN_MINUTES
            ):
                wrong.append(f"warmup or cooldown of {w.scheduled_date}")
    return none_of("21", "parts sum up, quality has warmup and cooldown", wrong)


def pace_order(history: History) -> Check:
    """Check that faster intensities have faster paces."""
    paces = training_paces(history.plan.inputs.baseline_fitness.value)
    ranges = (paces.repetition, paces.interval, paces.threshold, paces.marathon)
    middles = [r.fast_s_per_km + r.slow_s_per_km for r in ranges]
    middles += [2 * paces.easy.fast_s_per_km, 2 * paces.easy.slow_s_per_km]
    wrong = [] if all(a < b for a, b in pairwise(middles)) else ["paces out of order"]
    wrong += [
        f"pace range of {w.scheduled_date}"
        for w in history.plan.workouts
        if (pace := w.targets.pace_range) and pace.fast_s_per_km > pace.slow_s_per_km
    ]
    return none_of("22", "paces in order", wrong)


def availability(history: History, runner: Runner) -> Check:
    """Check that runs are on the runner's days and fit their time, or are there at their word."""
    plan = history.plan
    blocks = plan.inputs.availability or default_availability(plan.goal_distance, runner)
    limits = available_minutes(blocks)
    wrong: list[str] = []
    pinned: list[str] = []
    for week in judged(history):
        for w in history.open_in(week):
            limit = limits.get(w.scheduled_date.weekday(), 0.0)
            if w.planned_minutes > limit + 1:
                (pinned if w.pinned else wrong).append(
                    f"{w.planned_minutes:g} min on {w.scheduled_date}"
                )
    note = f"{'; '.join(pinned)}: at the runner's own word" if pinned else ""
    return none_of("24", "runs on available days, within their time", wrong, note)


def before_race(history: History) -> Check:
    """Check the last hard session and the day before the race."""
    plan = history.plan
    wrong = []
    for w in plan.workouts:
        out = (plan.goal_date - w.scheduled_date).days
        if not history.is_open(w) or is_race(w) or not is_run(w):
            continue
        if is_hard(w) and out < tables.LAST_HARD_DAYS_OUT[plan.goal_distance]:
            wrong.append(f"hard {out} days before the race")
        if out == 1 and w.planned_minutes > tables.EVE_MINUTES:
            wrong.append("a long run on the day before")
    return none_of("26", "rested before the race", wrong)


def events(history: History) -> Check:
    """Check that races on the way fit where they stand, and what is around them is easy."""
    plan = history.plan
    known = events_of(plan.workouts)
    wrong = []
    for event in known:
        if event.day < history.today:
            continue
        week = plan.week_of(event.day)
        phase = None if week is None else week.phase
        reason = unfit(event, known, phase, plan.goal_date, plan.goal_distance)
        if reason is not None:
            wrong.append(f"{event.day}: {reason}")
        near = (plan.on(day) for day in event.easy_days)
        wrong += [
            f"{w.name} on {w.scheduled_date}"
            for w in near
            if w is not None and is_run(w) and history.is_open(w) and is_hard(w)
        ]
    return none_of("2.10", "races on the way fit, with easy days around them", wrong)


def held(history: History) -> Check:
    """Check that no run stands where illness or pain bars it, and nothing hard or fast."""
    hold = history.plan.inputs.hold
    if hold is None:
        return none_of("29", "no running, and nothing fast, while a hold is on", [], "no hold")
    wrong = []
    for w in history.plan.workouts:
        if not is_run(w) or not history.is_open(w):
            continue
        if hold.bars_running(w.scheduled_date):
            wrong.append(f"a run on {w.scheduled_date}, before {hold.no_run_before}")
        elif hold.bars_quality(w.scheduled_date) and is_hard_or_fast(w):
            wrong.append(f"{w.name} on {w.scheduled_date}, before {hold.nothing_fast_before}")
    return none_of("29", "no running, and nothing fast, while a hold is on", wrong)


def longest_run(history: History) -> Check:
    """Check that the longest run is not too near to the race."""
    plan = history.plan
    out = tables.LONGEST_RUN_DAYS_OUT[plan.goal_distance]
    far = [load.km for load in history.loads if (plan.goal_date - load.day).days >= out]
    found: list[Found] = []
    if (plan.goal_date - plan.start_date).days > out and len(plan.weeks) > 2:
        top = max([*far, reference_longest(plan)])
        found = [
            (load.km, top, str(load.day))
            for load in history.loads
            if load.workout is not None and (plan.goal_date - load.day).days < out
        ]
    return at_most("27", "longest run well before the race", found)


def _runner_of(history: History) -> Runner:
    return Runner(history.plan.inputs.experience_level)
