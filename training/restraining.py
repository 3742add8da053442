"""Holding a changed plan inside its limits, by taking away alone: shorter, easier, or rest."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from training import tables, texts
from training.cutting import eased, filled, lighter, relabelled, shortened, softened
from training.events import events_of
from training.history import History, reference_longest, reference_week
from training.kits import Kit, kit_for
from training.ledger import Ledger
from training.library import cap_zone, dose_cap_minutes
from training.limits_of_weeks import UNEVEN_NOTES, is_partial_first
from training.measures import (
    QUALITY_TYPES,
    block_minutes,
    hard_minutes,
    intensity_mix,
    is_event,
    is_hard,
    is_hard_or_fast,
    is_race,
    is_run,
    minutes_in,
    stride_count,
    week_km,
    week_minutes,
)
from training.plans import Phase, Plan, Week
from training.runners import Runner
from training.scheduling import available_minutes, default_availability
from training.sessions import rest_day
from training.units import DAY
from training.workouts import Workout, WorkoutType, Zone

PASSES = 12
ROOM = 0.995
EASY_TYPES = (WorkoutType.EASY, WorkoutType.RECOVERY)
EASY_CUT, EASY_CUT_RUNS = 0.35, 2  # of an easy run, and how many are cut before all of them are
DOSE_SLACK_MINUTES = 0.49  # within what a check allows for
MEAN_SLACK = 0.004  # the same
LEAST_DOSE = 0.2  # of a session: below it easy running is left
SESSION_ZONES = (Zone.T, Zone.I, Zone.R, Zone.M, Zone.RACE)

Days = dict[dt.date, Workout]


@dataclass(slots=True)
class Bounds:
    """What one week is held to: the account so far, and what the plan allows."""

    plan: Plan
    runner: Runner
    history: History
    ledger: Ledger
    kit: Kit
    week: Week
    open_days: tuple[dt.date, ...]
    easy_days: frozenset[dt.date]
    minutes: dict[int, float]
    longest_far_km: float
    last_before_taper: bool
    before: Week | None

    def is_open(self, workout: Workout) -> bool:
        """Whether the entry is a run that may still change."""
        return is_run(workout) and self.history.is_open(workout)

    def out(self, day: dt.date) -> int:
        """Days to the race."""
        return (self.plan.goal_date - day).days

    def done_km(self) -> float:
        """What was run this week already, or is not open any more."""
        return self.history.done_km_in(self.week)


def restrained(history: History, runner: Runner) -> Plan:
    """Return the plan with its open days reduced until the limits hold; nothing grows."""
    plan = history.plan
    kit = kit_for(plan.inputs.baseline_fitness, plan.goal_distance, runner)
    blocks = plan.inputs.availability or default_availability(plan.goal_distance, runner)
    minutes = available_minutes(blocks)
    events = events_of(plan.workouts)
    easy_days = frozenset(day for event in events for day in event.easy_days)
    ledger = _opened(plan, history)
    far = tables.LONGEST_RUN_DAYS_OUT[plan.goal_distance]
    run_far = [
        load.km
        for load in history.loads
        if load.workout is None and (plan.goal_date - load.day).days >= far
    ]
    longest_far = max([*run_far, reference_longest(plan)])
    weeks: list[Week] = []
    for index, week in enumerate(plan.weeks):
        following = plan.weeks[index + 1] if index + 1 < len(plan.weeks) else None
        if history.open_in(week):
            bounds = Bounds(
                plan=plan,
                runner=runner,
                history=history,
                ledger=ledger,
                kit=kit,
                week=week,
                open_days=tuple(w.scheduled_date for w in history.open_in(week)),
                easy_days=easy_days,
                minutes=minutes,
                longest_far_km=longest_far,
                before=weeks[-1] if weeks else None,
                last_before_taper=following is not None and following.phase is Phase.TAPER,
            )
            held = _held(bounds)
            if held != week.workouts:
                week = reweighed(plan, week, held, week.note)
        weeks.append(week)
        for workout in week.workouts:
            if is_run(workout) and history.is_open(workout):
                ledger.add_workouts([workout])
                if (plan.goal_date - workout.scheduled_date).days >= far:
                    longest_far = max(longest_far, workout.planned_km)
        _close(ledger, plan, history, week)
    return _easy_on_average(replace(plan, weeks=tuple(weeks)), history, kit)


def _easy_on_average(plan: Plan, history: History, kit: Kit) -> Plan:
    """Return the plan with its open sessions lightened until enough of the whole is easy."""
    distance, allowed = plan.goal_distance, 1 - tables.LOW_SHARE_MEAN + MEAN_SLACK
    for _ in range(PASSES):
        total = week_minutes(plan.workouts)
        dosed = [w for w in plan.workouts if hard_minutes(w, distance) > 0]
        spare = allowed * total - sum(hard_minutes(w, distance) for w in dosed)
        may_change = [w for w in dosed if history.is_open(w)]
        if spare >= 0 or not may_change:
            return plan
        dose = max(0.0, 1 + spare / sum(hard_minutes(w, distance) for w in may_change))
        plan = _replaced(plan, {w.id: _less_hard(w, kit, ROOM * dose) for w in may_change})
    return plan


def _less_hard(workout: Workout, kit: Kit, dose: float) -> Workout:
    """Return the workout with less of its fast part, easy running in its place."""
    if workout.type not in QUALITY_TYPES or dose < LEAST_DOSE:
        return eased(workout, kit)
    cut = lighter(workout, kit, dose)
    if cut.planned_minutes >= workout.planned_minutes:
        return eased(workout, kit)
    return filled(cut, kit, workout.planned_km, workout.planned_minutes)


def _replaced(plan: Plan, workouts: Mapping[str, Workout]) -> Plan:
    weeks = tuple(
        reweighed(plan, week, [workouts.get(w.id, w) for w in week.workouts], week.note)
        if any(w.id in workouts for w in week.workouts)
        else week
        for week in plan.weeks
    )
    return replace(plan, weeks=weeks)


def reweighed(plan: Plan, week: Week, workouts: Sequence[Workout], note: str | None) -> Week:
    """Return the week with other workouts, its totals and focus made to agree."""
    distance = plan.goal_distance
    return replace(
        week,
        workouts=tuple(workouts),
        target_volume_km=round(week_km(workouts), 2),
        target_intensity_mix=intensity_mix(workouts, distance),
        focus_summary=week.focus_summary
        if note == week.note
        else texts.focus(distance.value, week.phase.value, note),
        note=note,
    )


def _opened(plan: Plan, history: History) -> Ledger:
    ledger = Ledger(plan.inputs.experience_level)
    ledger.weeks = [(reference_week(plan), None)] * 3
    ledger.add_run(plan.start_date - DAY, reference_longest(plan))
    for load in history.loads:
        if load.workout is None:
            ledger.add_run(load.day, load.km)
            if load.hard:
                ledger.hard.add(load.day)
    return ledger


def closed_ledger(plan: Plan, history: History, weeks: Sequence[Week]) -> Ledger:
    """Return the account after some weeks: what was run, and what is still planned in them."""
    ledger = _opened(plan, history)
    for week in weeks:
        ledger.add_workouts(w for w in week.workouts if is_run(w) and history.is_open(w))
        _close(ledger, plan, history, week)
    longest = max((load.km for load in history.loads if load.workout is None), default=0.0)
    ledger.longest_planned = max(ledger.longest_planned, longest)
    return ledger


def _close(ledger: Ledger, plan: Plan, history: History, week: Week) -> None:
    past = history.done_km_in(week)
    planned = sum(w.planned_km for w in week.workouts if history.is_open(w) and not is_race(w))
    partial = is_partial_first(history, week)
    ledger.close_week(past + planned, week.note, began_late=partial)
    if not partial:
        ledger.add_quality(week, plan.goal_distance)


def _held(bounds: Bounds) -> tuple[Workout, ...]:
    days: Days = {w.scheduled_date: w for w in bounds.week.workouts}
    for _ in range(PASSES):
        before = dict(days)
        for rule in RULES:
            rule(bounds, days)
        if days == before:
            break
    return tuple(days.values())


def _open(bounds: Bounds, days: Days) -> list[Workout]:
    return [w for w in map(days.__getitem__, bounds.open_days) if is_run(w)]


def _on_free_days(bounds: Bounds, days: Days) -> None:
    for w in _open(bounds, days):
        limit = bounds.minutes.get(w.scheduled_date.weekday(), 0.0)
        if w.pinned or w.planned_minutes <= limit:
            continue
        cut = shortened(w, bounds.kit, (limit - 1) * bounds.kit.easy_km_per_minute)
        while is_run(cut) and cut.planned_minutes > limit:
            cut = shortened(cut, bounds.kit, 0.95 * cut.planned_km)
        days[w.scheduled_date] = cut if limit else relabelled(rest_day(), w)


def _no_intensity_when_flagged(bounds: Bounds, days: Days) -> None:
    if not bounds.runner.injury_flags:
        return
    for w in _open(bounds, days):
        if w.type in QUALITY_TYPES or block_minutes(w) or stride_count(w):
            days[w.scheduled_date] = eased(w, bounds.kit)


def _held_back(bounds: Bounds, days: Days) -> None:
    hold = bounds.plan.inputs.hold
    if hold is None:
        return
    for w in _open(bounds, days):
        if hold.bars_running(w.scheduled_date):
            days[w.scheduled_date] = relabelled(rest_day(), w)
        elif hold.bars_quality(w.scheduled_date) and is_hard_or_fast(w):
            days[w.scheduled_date] = softened(w, bounds.kit)


def _easy_around_events(bounds: Bounds, days: Days) -> None:
    for w in _open(bounds, days):
        if w.scheduled_date in bounds.easy_days and is_hard(w):
            days[w.scheduled_date] = softened(w, bounds.kit)


def _hard_days_apart(bounds: Bounds, days: Days) -> None:
    for w in _open(bounds, days):
        day = w.scheduled_date
        if not is_hard(w):
            continue
        after = days.get(day + DAY)
        logged_after = day + DAY in bounds.ledger.hard
        if day - DAY in bounds.ledger.hard or logged_after or _is_hard_at(days, day - DAY):
            days[day] = softened(w, bounds.kit)
        elif (
            after is not None
            and is_hard(after)
            and w.type in QUALITY_TYPES
            and (after.type is WorkoutType.LONG or not bounds.is_open(after))
        ):
            days[day] = eased(w, bounds.kit)


def _is_hard_at(days: Days, day: dt.date) -> bool:
    return day in days and is_hard(days[day])


def _rested_before_race(bounds: Bounds, days: Days) -> None:
    plan, kit = bounds.plan, bounds.kit
    for w in _open(bounds, days):
        out = bounds.out(w.scheduled_date)
        if is_hard(w) and out < tables.LAST_HARD_DAYS_OUT[plan.goal_distance]:
            w = softened(w, kit)
        if out == 1:
            w = shortened(w, kit, tables.EVE_MINUTES * kit.easy_km_per_minute)
        if out < tables.LONGEST_RUN_DAYS_OUT[plan.goal_distance]:
            w = shortened(w, kit, bounds.longest_far_km)
        days[w.scheduled_date] = w


def _no_spikes(bounds: Bounds, days: Days) -> None:
    this_week = 0.0
    for w in _open(bounds, days):
        longest = max(bounds.ledger.longest_before(w.scheduled_date), this_week)
        longest = longest or tables.FIRST_RUN_KM[bounds.ledger.level] - 1.0
        cut = shortened(w, bounds.kit, tables.spike_cap_km(longest))
        days[w.scheduled_date] = cut
        this_week = max(this_week, cut.planned_km)


def _one_long(bounds: Bounds, days: Days) -> None:
    long = [w for w in days.values() if w.type is WorkoutType.LONG]
    for extra in [w for w in long[1:] if bounds.is_open(w)]:
        cut = eased(replace(extra, type=WorkoutType.EASY), bounds.kit)
        days[extra.scheduled_date] = cut


def _long_in_proportion(bounds: Bounds, days: Days) -> None:
    plan, kit = bounds.plan, bounds.kit
    level = plan.inputs.experience_level
    long = next((w for w in days.values() if w.type is WorkoutType.LONG), None)
    if long is None or not bounds.is_open(long):
        return
    cap = min(
        tables.LONG_MINUTES[plan.goal_distance][level] * kit.easy_km_per_minute,
        tables.LONG_KM[plan.goal_distance][level],
    )
    total = week_km(days.values())
    if bounds.week.note not in UNEVEN_NOTES:
        runs = sum(is_run(w) for w in days.values())
        share = tables.long_share(plan.goal_distance, runs, total)
        others = total - long.planned_km
        if long.planned_km > share * total * 1.009 and share < 1:
            cap = min(cap, max(share / (1 - share) * others, 0.1))
    days[long.scheduled_date] = long = shortened(long, kit, cap)
    if bounds.week.note == "race" or not is_run(long):
        return
    small = week_km(days.values()) < tables.OTHER_RUN_SMALL_WEEK_KM
    for w in _open(bounds, days):
        if w.type is not WorkoutType.LONG:
            share = 1.0 if small else tables.OTHER_RUN_SHARE
            days[w.scheduled_date] = shortened(w, kit, share * long.planned_km)


def _doses_in_proportion(bounds: Bounds, days: Days) -> None:
    plan, kit = bounds.plan, bounds.kit
    total = week_km(days.values())
    for w in _open(bounds, days):
        for zone in SESSION_ZONES:
            minutes = minutes_in(w, zone)
            if not minutes:
                continue
            cap = dose_cap_minutes(kit, cap_zone(zone, plan.goal_distance), total)
            if w.type is WorkoutType.EASY:
                cap = max(cap, tables.SHARPENING_MINUTES)
            if minutes > cap + DOSE_SLACK_MINUTES:
                days[w.scheduled_date] = w = _less_hard(w, kit, cap / minutes)


def _enough_easy(bounds: Bounds, days: Days) -> None:
    if bounds.week.note in UNEVEN_NOTES:
        return
    plan = bounds.plan
    allowed = 1 - tables.low_share(plan.inputs.experience_level, bounds.week.phase)
    total = week_minutes(days.values())
    hard = sum(hard_minutes(w, plan.goal_distance) for w in days.values())
    if total <= 0 or hard <= (allowed + 0.004) * total:
        return
    for w in _open(bounds, days):
        if hard_minutes(w, plan.goal_distance) > 0:
            days[w.scheduled_date] = _less_hard(w, bounds.kit, 0.9 * allowed * total / hard)


def _few_enough_sessions(bounds: Bounds, days: Days) -> None:
    level = bounds.plan.inputs.experience_level
    sessions = [w for w in days.values() if w.type in QUALITY_TYPES]
    most = tables.QUALITY[bounds.week.phase][level]
    for w in [w for w in sessions[most:] if bounds.is_open(w)]:
        days[w.scheduled_date] = eased(w, bounds.kit)
    hard = [w for w in days.values() if is_hard(w) and is_run(w)]
    room = tables.HARD_DAYS[level] - sum(is_race(w) or is_event(w) for w in days.values())
    for w in [w for w in hard[room:] if bounds.is_open(w)]:
        days[w.scheduled_date] = softened(w, bounds.kit)
    runs = [w for w in days.values() if is_run(w)]
    most = 7 - tables.REST_DAYS[level] - sum(is_event(w) for w in days.values())
    for w in [w for w in runs[most:] if bounds.is_open(w)]:
        days[w.scheduled_date] = relabelled(rest_day(), w)


def _volume_in_bounds(bounds: Bounds, days: Days) -> None:
    """Take what is too much from one or two easy runs, else from every run alike."""
    cap, done = _week_cap_km(bounds), bounds.done_km()
    planned = sum(w.planned_km for w in _open(bounds, days))
    if not planned or done + planned <= cap:
        return
    too_much = done + planned - ROOM * cap
    easy = [w for w in _open(bounds, days) if w.type in EASY_TYPES]
    easy.sort(key=lambda w: -w.planned_km)
    if too_much <= EASY_CUT * sum(w.planned_km for w in easy[:EASY_CUT_RUNS]):
        for w in easy[:EASY_CUT_RUNS]:
            cut = shortened(w, bounds.kit, w.planned_km - min(too_much, EASY_CUT * w.planned_km))
            days[w.scheduled_date] = cut
            too_much -= w.planned_km - cut.planned_km
            if too_much <= 0:
                return
        return
    factor = max(0.0, ROOM * cap - done) / planned
    for w in _open(bounds, days):
        days[w.scheduled_date] = shortened(w, bounds.kit, factor * w.planned_km)


def _week_cap_km(bounds: Bounds) -> float:
    plan, ledger, week = bounds.plan, bounds.ledger, bounds.week
    level = plan.inputs.experience_level
    own = len(ledger.weeks) - 3
    top = ledger.peak_km
    caps = [
        max(
            tables.VOLUME_KM[plan.goal_distance][level][1],
            tables.HISTORY_PEAK * (plan.inputs.weekly_km or 0.0),
        )
    ]
    if is_partial_first(bounds.history, week):
        caps.append(tables.FIRST_WEEK_GROWTH * ledger.weeks[-1][0] * len(week.workouts) / 7)
    elif week.note != "return":
        caps.append(ledger.week_cap_km())
        if own == 0:
            caps.append(tables.FIRST_WEEK_GROWTH * ledger.weeks[-1][0])
        limit = tables.loading_weeks(
            plan.goal_distance, level, plan.inputs.age, bounds.runner.injury_history
        )
        due = ledger.loading >= limit + bounds.last_before_taper
        if due and week.phase is not Phase.TAPER and len(plan.weeks) > 5:
            caps.append(tables.UNLOADING * ledger.weeks[-1][0])
    if bounds.runner.injury_flags and plan.inputs.pre_flag_weekly_km is not None:
        caps.append(tables.INJURY_VOLUME * plan.inputs.pre_flag_weekly_km)
    if week is plan.weeks[-1]:
        caps.append(tables.LAST_TAPER_SHARE[plan.goal_distance] * top)
    before = bounds.before
    if week.phase is Phase.TAPER and before is not None and before.note is None:
        caps.append(max(ledger.weeks[-1][0], week_km(before.workouts)))
    return min(caps)


Rule = Callable[[Bounds, Days], None]
RULES: tuple[Rule, ...] = (
    _on_free_days,
    _held_back,
    _no_intensity_when_flagged,
    _easy_around_events,
    _rested_before_race,
    _hard_days_apart,
    _few_enough_sessions,
    _one_long,
    _no_spikes,
    _volume_in_bounds,
    _long_in_proportion,
    _doses_in_proportion,
    _enough_easy,
)
