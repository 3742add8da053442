"""A whole plan from a goal, a start and a baseline."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from training.composing import compose_week, finished_week
from training.cutting import shortened
from training.errors import LimitBroken
from training.events import Event, fitting, trial_in
from training.fitness import placeholder
from training.frames import Brief, Frame, week_days
from training.history import history_of
from training.kits import kit_for
from training.ledger import Ledger, open_ledger, reference_week_km
from training.limits import check_plan
from training.phases import Outline, outlines, plan_kind
from training.plans import PersonalizationInputs, Phase, Plan, PlanKind, Week
from training.receipts import Receipt
from training.requests import PlanRequest, refuse_goal, warnings_for
from training.restraining import restrained
from training.runners import Distance, Level
from training.scheduling import default_availability, week_pattern
from training.tables import (
    CUTBACK_DEPTH,
    CUTBACK_TRIES,
    FEWER_DAYS_PEAK,
    FIRST_WEEK_GROWTH,
    HISTORY_PEAK,
    INJURY_VOLUME,
    LEAST_WEEK_KM,
    LONG_KM,
    LONG_MINUTES,
    NO_HISTORY_WEEK_KM,
    OTHER_RUN_SHARE,
    QUALITY,
    RUN_DAYS,
    TAPER_SHARES,
    UNLOADING,
    VOLUME_KM,
    loading_weeks,
)
from training.units import monday_of

SHORT_PLAN_WEEKS = 5  # no cutback is due in it
GROWTH_ROOM = 0.98  # weeks grow a little less than they may
START_BELOW_PEAK = 0.85
WALK_RUN_BELOW_KM = 8.0
PEAK_TRIES = 4  # until the highest week comes late
TRIAL_WEEKS = (1, 2)  # a test run in the second or third
LATE_PHASES = (Phase.BUILD, Phase.PEAK)


@dataclass(frozen=True, slots=True)
class BuiltPlan:
    """A plan that holds its limits, the proof, and what the runner should know."""

    plan: Plan
    receipt: Receipt
    warnings: tuple[str, ...]


def build_plan(request: PlanRequest, *, plan_id: str) -> BuiltPlan:
    """Build the plan from the start date to race day.

    Raises GoalRefused where no responsible plan exists, LimitBroken never knowingly.
    """
    return extend_plan(request, plan_id=plan_id, first_weeks=())


def extend_plan(request: PlanRequest, *, plan_id: str, first_weeks: tuple[Week, ...]) -> BuiltPlan:
    """Build the weeks that follow some given ones, which are kept as they are.

    Raises GoalRefused as build_plan does.
    """
    refuse_goal(request)
    inputs = inputs_of(request)
    kind = plan_kind(request.goal_distance, request.start_date, request.goal_date)
    frame = frame_for(request, inputs, plan_id=plan_id, version=1, kind=kind)
    if not first_weeks and _needs_trial(frame, inputs):
        frame = replace(frame, trial_weeks=TRIAL_WEEKS)
    ceilings = _sound_volumes(request, plan_id, first_weeks)
    for _ in range(PEAK_TRIES):
        ledger = open_ledger(
            inputs, request.goal_distance, request.start_date, frame.kit.paces.easy_s_per_km
        )
        lines = week_outlines(request)
        weeks = fill_weeks(frame, inputs, lines, ledger, first_weeks, ceilings=ceilings)
        plan = Plan(
            id=plan_id,
            goal_distance=request.goal_distance,
            goal_date=request.goal_date,
            phase=weeks[0].phase,
            version=1,
            start_date=request.start_date,
            inputs=inputs,
            weeks=weeks,
            kind=kind,
        )
        receipt = check_plan(plan, request.runner, request.start_date)
        if not any(check.rule == "10" for check in receipt.failures):
            break
        ceilings = _below_late_peak(weeks, ceilings)
    if not receipt.passed:
        plan = _mended(plan, request, first_weeks)
        receipt = check_plan(plan, request.runner, request.start_date)
    if not receipt.passed:
        raise LimitBroken("; ".join(f"{c.rule}: {c.found}" for c in receipt.failures))
    return BuiltPlan(plan, receipt, warnings_for(request, plan))


def _mended(plan: Plan, request: PlanRequest, first_weeks: tuple[Week, ...]) -> Plan:
    """Return the plan cut until its limits hold, where rounding in a small week broke one."""
    mended = restrained(history_of(plan, request.start_date, ()), request.runner)
    return mended if mended.weeks[: len(first_weeks)] == first_weeks else plan


def _needs_trial(frame: Frame, inputs: PersonalizationInputs) -> bool:
    unknown = inputs.baseline_fitness.source == "placeholder"
    return unknown and not (frame.flagged or frame.maintenance or frame.walk_from is not None)


def _sound_volumes(
    request: PlanRequest, plan_id: str, first_weeks: tuple[Week, ...]
) -> dict[dt.date, float]:
    """Return what each week would hold without an injury: more than that is never planned."""
    if not request.runner.injury_flags:
        return {}
    runner = replace(request.runner, injury_flags=())
    sound = extend_plan(replace(request, runner=runner), plan_id=plan_id, first_weeks=first_weeks)
    return {week.week_start_date: week.target_volume_km for week in sound.plan.weeks}


def _below_late_peak(
    weeks: Sequence[Week], ceilings: Mapping[dt.date, float]
) -> dict[dt.date, float]:
    """Hold the early weeks under the highest late one, where little time lets nothing grow."""
    late = [w for i, w in enumerate(weeks) if i >= len(weeks) // 3 and w.phase in LATE_PHASES]
    top = max((week.target_volume_km for week in late), default=0.0)
    if not top:
        return dict(ceilings)
    mondays = [week.week_start_date for week in weeks]
    return {m: min(top, ceilings.get(m, math.inf)) for m in mondays}


def week_outlines(request: PlanRequest) -> tuple[Outline, ...]:
    """Return the phases of a request's weeks."""
    return outlines(
        request.goal_distance,
        request.runner.level,
        request.start_date,
        request.goal_date,
        opening_phase=request.opening_phase,
        weekly_km=request.baseline.weekly_km,
    )


def inputs_of(request: PlanRequest) -> PersonalizationInputs:
    """Return what the plan is made from, as it is stored with the plan."""
    runner, baseline = request.runner, request.baseline
    weekly = baseline.weekly_km or None
    inputs = PersonalizationInputs(
        baseline_fitness=baseline.fitness or placeholder(runner.level),
        availability=default_availability(request.goal_distance, runner),
        experience_level=runner.level,
        injury_flags=runner.injury_flags,
        weekly_km=weekly,
        longest_km=baseline.longest_km or None,
        age=runner.age,
        hold=request.hold if request.hold and request.start_date < request.hold.ends else None,
    )
    if runner.injury_flags:
        before = reference_week_km(inputs, request.goal_distance)
        return replace(inputs, pre_flag_weekly_km=before)
    return inputs


def frame_for(
    request: PlanRequest,
    inputs: PersonalizationInputs,
    *,
    plan_id: str,
    version: int,
    kind: PlanKind,
    known_ids: Mapping[dt.date, str] | None = None,
) -> Frame:
    """Return what holds for all weeks of a request."""
    runner = request.runner
    new_to_running = (
        runner.level is Level.BEGINNER and (inputs.weekly_km or 0.0) < WALK_RUN_BELOW_KM
    )
    sessions = max(QUALITY[phase][runner.level] for phase in Phase)
    hold = inputs.hold
    return Frame(
        plan_id=plan_id,
        version=version,
        distance=request.goal_distance,
        start_date=request.start_date,
        goal_date=request.goal_date,
        runner=runner,
        kit=kit_for(inputs.baseline_fitness, request.goal_distance, runner),
        pattern=week_pattern(request.goal_distance, runner, sessions),
        known_ids=known_ids or {},
        run_from=(hold and hold.no_run_before) or dt.date.min,
        quality_from=(hold and hold.nothing_fast_before) or dt.date.min,
        half_dose_until=(hold and hold.half_dose_before) or dt.date.min,
        walk_from=0 if new_to_running and request.opening_phase is Phase.BASE else None,
        maintenance=kind is PlanKind.MAINTENANCE,
    )


def peak_target_km(frame: Frame, inputs: PersonalizationInputs) -> float:
    """Return the volume to grow towards: table, history, days, blocks of time and long-run caps."""
    distance, level, kit, pattern = frame.distance, frame.level, frame.kit, frame.pattern
    missing = max(0, RUN_DAYS[distance][level] - pattern.run_days)
    peak = VOLUME_KM[distance][level][1] * FEWER_DAYS_PEAK**missing
    peak = max(peak, HISTORY_PEAK * (inputs.weekly_km or 0.0))
    long = min(
        min(LONG_MINUTES[distance][level], pattern.minutes[pattern.long]) * kit.easy_km_per_minute,
        LONG_KM[distance][level],
    )
    others = (
        min(OTHER_RUN_SHARE * long, pattern.minutes[day] * kit.easy_km_per_minute)
        for day in (*pattern.quality, *pattern.easy)
    )
    return min(peak, long + sum(others))


def start_km(inputs: PersonalizationInputs, distance: Distance, peak_km: float) -> float:
    """Return the first week's volume: what the runner does now, or a careful start."""
    level = inputs.experience_level
    table = VOLUME_KM[distance][level][0]
    now = inputs.weekly_km
    if now is None:
        start = min(table, NO_HISTORY_WEEK_KM.get(level, table))
    else:
        now = max(now, LEAST_WEEK_KM)
        start = now if now >= table else min(table, FIRST_WEEK_GROWTH * now)
    return min(start, START_BELOW_PEAK * peak_km)


def fill_weeks(
    frame: Frame,
    inputs: PersonalizationInputs,
    plan_outlines: Sequence[Outline],
    ledger: Ledger,
    given: Sequence[Week] = (),
    *,
    ceilings: Mapping[dt.date, float] | None = None,
    start: float | None = None,
) -> tuple[Week, ...]:
    """Fill the outlined weeks in order, the given ones verbatim.

    ledger: the account before the first of `plan_outlines`. ceilings: a volume that a Monday's week
    must not pass. start: where the ramp begins, where that is not the plan's own start.
    """
    peak = peak_target_km(frame, inputs)
    low = start_km(inputs, frame.distance, peak) if start is None else min(start, peak)
    if frame.flagged and inputs.pre_flag_weekly_km is not None:
        peak = min(peak, INJURY_VOLUME * inputs.pre_flag_weekly_km * 0.99)
        low = min(low, peak)
    verbatim = {week.week_start_date: week for week in given}
    ramp = max(1, sum(o.phase is not Phase.TAPER for o in plan_outlines) - 1)
    limit = loading_weeks(
        frame.distance, frame.level, frame.runner.age, frame.runner.injury_history
    )
    short = len(plan_outlines) + len(ledger.weeks) - 3 <= SHORT_PLAN_WEEKS
    tapers = sum(o.phase is Phase.TAPER for o in plan_outlines)
    weeks: list[Week] = []
    for number, outline in enumerate(plan_outlines):
        week = verbatim.get(outline.monday)
        if week is None:
            wanted = low + (peak - low) * min(1.0, number / ramp)
            if frame.maintenance:
                wanted = low
            ceiling = (ceilings or {}).get(outline.monday, math.inf)
            turn = Turn(
                outline,
                number=number,
                wanted=min(wanted, ceiling),
                ceiling=ceiling,
                cutback_due=not short and ledger.loading >= limit and outline.weeks_left > 0,
                taper_turn=outline.turn + max(0, len(TAPER_SHARES[frame.distance]) - tapers),
            )
            week = _next_week(frame, turn, ledger)
            if number in frame.trial_weeks and (trial := _trial(frame, week, ledger)):
                frame = replace(frame, events=(*frame.events, trial), trial_weeks=())
                week = _next_week(frame, turn, ledger)
        weeks.append(week)
        ledger.add_workouts(week.workouts)
        partial = number == 0 and len(week.workouts) < 7 and week.note != "race"
        ledger.close_week(week.target_volume_km, week.note, began_late=partial)
        if not partial:
            ledger.add_quality(week, frame.distance)
    return tuple(weeks)


def _trial(frame: Frame, week: Week, ledger: Ledger) -> Event | None:
    """Return the week's test run, where one fits: not in a lighter week, and rested for it."""
    trial = trial_in(week.workouts) if week.note is None else None
    if trial is None or any(day in ledger.hard for day in trial.easy_days):
        return None
    return next(iter(fitting([trial], {}, frame.goal_date, frame.distance)), None)


@dataclass(frozen=True, slots=True)
class Turn:
    """What is wanted of the next week: its outline, number in the plan, and volumes in km."""

    outline: Outline
    number: int
    wanted: float
    ceiling: float
    cutback_due: bool
    taper_turn: int


def _next_week(frame: Frame, turn: Turn, ledger: Ledger) -> Week:
    outline, number, wanted = turn.outline, turn.number, turn.wanted
    previous = ledger.weeks[-1][0]
    days = len([d for d in week_days(frame, outline.monday) if d != frame.goal_date])
    if outline.phase is Phase.TAPER:
        shares = TAPER_SHARES[frame.distance]
        share = shares[min(turn.taper_turn, len(shares) - 1)]
        most = min(share * ledger.peak_km, previous * 0.98, turn.ceiling)
        if frame.maintenance:
            most = min(most, wanted)
        days = 7 if days == 6 and number else days
        target = most * days / 7
        return compose_week(frame, Brief(outline, target, None, number), ledger)
    cap = min(wanted, ledger.week_cap_km() * GROWTH_ROOM)
    if number == 0 and len(ledger.weeks) == 3:
        cap = min(cap, FIRST_WEEK_GROWTH * previous)
        return compose_week(frame, Brief(outline, cap * days / 7, None, number), ledger)
    if not turn.cutback_due:
        return compose_week(frame, Brief(outline, cap, None, number), ledger)
    weeks = []
    for share in CUTBACK_TRIES:
        brief = Brief(outline, share * previous, "cutback", number)
        weeks.append(compose_week(frame, brief, ledger))
        depth = 1 - weeks[-1].target_volume_km / previous
        if CUTBACK_DEPTH[0] <= depth <= CUTBACK_DEPTH[1]:
            return weeks[-1]
    brief = Brief(outline, previous, "cutback", number)
    whole = compose_week(frame, brief, ledger)
    for share in CUTBACK_TRIES:
        cut = (shortened(w, frame.kit, share * w.planned_km) for w in whole.workouts)
        weeks.append(finished_week(frame, brief, tuple(cut)))
        depth = 1 - weeks[-1].target_volume_km / previous
        if CUTBACK_DEPTH[0] <= depth <= CUTBACK_DEPTH[1]:
            return weeks[-1]
    light = [w for w in weeks if w.target_volume_km <= UNLOADING * previous]
    if light:
        return max(light, key=lambda week: week.target_volume_km)
    return min(weeks, key=lambda week: week.target_volume_km)


def current_phase(weeks: Sequence[Week], today: dt.date) -> Phase:
    """Return the phase of today's week; the first or last week's outside the plan."""
    monday = monday_of(today)
    held = [week for week in weeks if week.week_start_date <= monday]
    return (held[-1] if held else weeks[0]).phase
