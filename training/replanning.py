"""Building the rest of a plan again from a Monday on, from what was really run."""

import datetime as dt
import math
from collections.abc import Container, Mapping
from dataclasses import replace

from training.building import fill_weeks, frame_for
from training.drafts import Draft
from training.errors import ChangeRefused, GoalRefused
from training.events import events_of, fitting
from training.frames import new_id
from training.ledger import Ledger
from training.measures import days_from, is_event, is_race, is_run, week_km
from training.phases import Outline, outlines, plan_kind
from training.plans import Hold, PersonalizationInputs, Phase, Plan, PlanKind, Week
from training.requests import Baseline, PlanRequest, refuse_goal
from training.restraining import closed_ledger, reweighed
from training.runners import Distance, Runner
from training.sessions import race_day, rest_day
from training.units import DAY, monday_of


def request_for(
    plan: Plan,
    runner: Runner,
    inputs: PersonalizationInputs,
    *,
    start: dt.date,
    goal_date: dt.date,
    distance: Distance,
) -> PlanRequest:
    """Return the request that the rest of a plan answers."""
    opening = plan.weeks[0].phase
    return PlanRequest(
        goal_distance=distance,
        goal_date=goal_date,
        start_date=start,
        runner=runner,
        baseline=Baseline(inputs.baseline_fitness, inputs.weekly_km, inputs.longest_km),
        opening_phase=Phase.BASE if opening is Phase.BASE else Phase.BUILD,
    )


def refuse_change_of_goal(draft: Draft, goal_date: dt.date, distance: Distance) -> None:
    """Refuse a goal that the rest of the time cannot meet.

    Raises ChangeRefused with the alternatives.
    """
    plan = draft.plan
    inputs = replace(draft.inputs, longest_km=draft.history.longest_before(draft.today))
    request = request_for(
        plan, draft.runner, inputs, start=draft.today, goal_date=goal_date, distance=distance
    )
    try:
        refuse_goal(request)
    except GoalRefused as refusal:
        raise ChangeRefused(
            str(refusal), code=refusal.code, unlocked_by=" ".join(refusal.alternatives) or None
        ) from refusal


def first_free_monday(draft: Draft) -> dt.date:
    """Return the Monday from which whole weeks are still open."""
    monday = monday_of(draft.today)
    week = draft.plan.week_of(draft.today)
    untouched = week is None or all(
        w.scheduled_date >= draft.today and w.id not in draft.history.logged_ids
        for w in week.workouts
    )
    started_late = week is not None and draft.plan.start_date > monday
    return monday if untouched and not started_late and draft.today == monday else monday + 7 * DAY


def rebuilt(
    draft: Draft,
    runner: Runner,
    inputs: PersonalizationInputs,
    *,
    goal_date: dt.date | None = None,
    distance: Distance | None = None,
    ceilings: Mapping[dt.date, float] | None = None,
    run_cap_km: float = math.inf,
    after: dt.date = dt.date.min,
) -> tuple[Week, ...]:
    """Return the plan's weeks with the whole coming ones built again, ids kept by date.

    after: weeks up to this day's are kept as drafted.
    """
    plan = draft.plan
    goal_date = goal_date or plan.goal_date
    distance = distance or plan.goal_distance
    hold = inputs.hold
    version = plan.version + 1
    monday = first_free_monday(draft)
    if after >= monday:
        monday = monday_of(after) + 7 * DAY
    request = request_for(
        plan, runner, inputs, start=plan.start_date, goal_date=goal_date, distance=distance
    )
    lines = outlines(
        distance,
        runner.level,
        plan.start_date,
        goal_date,
        opening_phase=request.opening_phase,
        weekly_km=inputs.weekly_km,
    )
    drafted = {week.week_start_date: week for week in draft.weeks()}
    phases = {line.monday: line.phase for line in lines}
    events = fitting(events_of(draft.days.values()), phases, goal_date, distance)
    races = {event.day for event in events} | {day for day in draft.days if day < draft.today}
    kept = [
        _fitted(draft, drafted.get(line.monday), line, goal_date, distance, races)
        for line in lines
        if line.monday < monday
    ]
    coming = [line for line in lines if line.monday >= monday]
    if not coming:
        return tuple(kept)
    frame = frame_for(
        request,
        inputs,
        plan_id=plan.id,
        version=version,
        kind=kind_from(plan, distance, draft.today, goal_date),
        known_ids={w.scheduled_date: w.id for w in plan.workouts},
    )
    frame = replace(
        frame,
        run_cap_km=run_cap_km,
        walk_from=None if frame.walk_from is None else len(kept),
        events=events,
    )
    ledger = closed_ledger(plan, draft.history, kept)
    if hold is not None:
        ceilings = _not_above(plan, hold, ceilings or {})
    weeks = fill_weeks(
        frame,
        inputs,
        coming,
        ledger,
        ceilings=ceilings,
        start=start_from(ledger),
    )
    ids = {week.week_start_date: week.id for week in plan.weeks}
    return (*kept, *(replace(w, id=ids.get(w.week_start_date, w.id)) for w in weeks))


def _not_above(
    plan: Plan, hold: Hold, ceilings: Mapping[dt.date, float]
) -> Mapping[dt.date, float]:
    """Return ceilings under which the weeks that a hold reaches do not grow."""
    held = {
        week.week_start_date: min(
            week.target_volume_km, ceilings.get(week.week_start_date, math.inf)
        )
        for week in plan.weeks
        if week.week_start_date < hold.ends
    }
    return {**ceilings, **held}


def start_from(ledger: Ledger) -> float:
    """Return the volume from which a rebuilt plan goes on: the highest of the last three weeks."""
    return max(km for km, _ in ledger.weeks[-3:])


def kind_from(plan: Plan, distance: Distance, today: dt.date, goal_date: dt.date) -> PlanKind:
    """Return the kind of plan that the whole time from start to race allows."""
    same = distance is plan.goal_distance
    return plan_kind(distance, plan.start_date if same else today, goal_date)


def _fitted(
    draft: Draft,
    week: Week | None,
    line: Outline,
    goal_date: dt.date,
    distance: Distance,
    races: Container[dt.date],
) -> Week:
    """Return a kept week cut or filled up to the new race day; the current one in its new phase."""
    plan, monday, version = draft.plan, line.monday, draft.plan.version + 1
    first = max(monday, plan.start_date)
    wanted = list(days_from(first, min(monday + 6 * DAY, goal_date)))
    held = {w.scheduled_date: w for w in week.workouts} if week is not None else {}
    workouts = []
    for day in wanted:
        workout = held.get(day)
        if day == goal_date:
            fresh = race_day(distance)
        elif workout is None or is_race(workout) or (is_event(workout) and day not in races):
            fresh = rest_day()
        else:
            workouts.append(workout)
            continue
        known = workout.id if workout is not None else new_id("wk", plan.id, day, version)
        workouts.append(replace(fresh, id=known, scheduled_date=day))
    if week is not None and monday + 7 * DAY > draft.today:
        week = replace(week, phase=line.phase)
    if week is not None and tuple(workouts) == week.workouts:
        return week
    note = week.note if week is not None else None
    if any(is_race(w) for w in workouts):
        note = "race"
    elif note == "race":
        note = None
    base = week or Week(
        id=new_id("week", plan.id, monday, version),
        week_start_date=monday,
        phase=line.phase,
        target_volume_km=0.0,
        target_intensity_mix=plan.weeks[-1].target_intensity_mix,
        focus_summary=plan.weeks[-1].focus_summary,
        workouts=(),
    )
    return reweighed(plan, base, workouts, note)


def longest_run_km(weeks: tuple[Week, ...]) -> float:
    """Return the longest planned run."""
    return max((w.planned_km for week in weeks for w in week.workouts if is_run(w)), default=0.0)


def volumes_by_monday(weeks: tuple[Week, ...]) -> dict[dt.date, float]:
    """Return each week's planned km."""
    return {week.week_start_date: week_km(week.workouts) for week in weeks}
