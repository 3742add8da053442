"""Taking a change back: the former days return where they still can."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace

from training.building import current_phase
from training.changes import Adaptation
from training.drafts import delta_of, differences
from training.errors import ChangeRefused
from training.executions import Execution
from training.history import history_of
from training.limits import check_plan
from training.measures import is_race
from training.plans import Hold, PersonalizationInputs, Plan, Week
from training.restraining import restrained, reweighed
from training.runners import Runner
from training.workouts import Workout


def without_change(plan: Plan, before: Plan, after: Plan) -> Plan:
    """Return the plan as it would be had one change not been made: the change's own days, notes and
    inputs as they were before it, where no later change has touched them.

    before, after: the plan around the change. Raises ChangeRefused for a change of the goal that
    others rest on.
    """
    if same_state(plan, after):
        return before  # the very one, so that callers can tell
    goal_moved = (before.goal_date, before.goal_distance) != (after.goal_date, after.goal_distance)
    if goal_moved or before.start_date != after.start_date:
        raise ChangeRefused(
            "The changes made since rest on that goal, so they have to be taken back first.",
            code="later_changes",
            unlocked_by="undo the latest change first",
        )
    was, became = before.by_day, after.by_day
    days = {
        day: was[day] if was[day] != became[day] and workout == became[day] else workout
        for day, workout in plan.by_day.items()
    }
    days = _without_doubles(days, plan.by_day)
    notes = [_notes(p) for p in (before, after)]
    weeks = []
    for week in plan.weeks:
        monday = week.week_start_date
        note = notes[0].get(monday) if week.note == notes[1].get(monday) else week.note
        workouts = tuple(days[w.scheduled_date] for w in week.workouts)
        if workouts != week.workouts:
            week = reweighed(plan, week, workouts, note)
        weeks.append(week)
    return replace(plan, weeks=tuple(weeks), inputs=_inputs_without(plan, before, after))


def same_state(plan: Plan, other: Plan) -> bool:
    """Whether two plans differ in their version alone."""
    return replace(plan, version=0, phase=other.phase) == replace(other, version=0)


def _inputs_without(plan: Plan, before: Plan, after: Plan) -> PersonalizationInputs:
    changed = {
        name: getattr(before.inputs, name)
        for name in (field.name for field in fields(PersonalizationInputs))
        if getattr(before.inputs, name) != getattr(after.inputs, name)
        and getattr(plan.inputs, name) == getattr(after.inputs, name)
    }
    return replace(plan.inputs, **changed)


def _notes(plan: Plan) -> dict[dt.date, str | None]:
    return {week.week_start_date: week.note for week in plan.weeks}


def revert(
    plan: Plan,
    former: Plan,
    runner: Runner,
    done: Sequence[Execution],
    today: dt.date,
    *,
    what: str = "The latest change",
) -> Adaptation:
    """Bring the former plan's days back where they are still open, as a new version.

    What is past or logged stays; the goal comes back with them. what: the change in words.
    Raises ChangeRefused where nothing can come back, or where it would break a limit.
    """
    history = history_of(plan, today, done)
    if former.goal_date <= today:
        raise ChangeRefused(
            "The former race day has passed, so that plan can't come back.", code="past"
        )
    days = _merged(plan, former, history.is_open)
    weeks = tuple(_week(plan, former, week, days) for week in former.weeks)
    back = replace(
        former,
        version=plan.version + 1,
        weeks=weeks,
        phase=current_phase(weeks, today),
        inputs=replace(
            former.inputs,
            injury_flags=plan.inputs.injury_flags,
            pre_flag_weekly_km=plan.inputs.pre_flag_weekly_km,
            hold=_hold_after(plan, former, runner, today),
        ),
    )
    summary = f"{what} is taken back; what you have run since stays."
    receipt = check_plan(back, runner, today, done)
    if any(check.rule == "28" for check in receipt.failures):
        part = runner.injury_flags[0]
        raise ChangeRefused(
            f"While your {part} is noted as injured, the faster and longer runs can't come back.",
            code="injury",
            unlocked_by=f"tell me when the {_short(part)} has been pain-free",
        )
    if not receipt.passed:
        mended = restrained(history_of(back, today, done), runner)
        receipt = check_plan(mended, runner, today, done)
        if not receipt.passed or not _is_cut_only(back, mended):
            names = "; ".join(check.limit for check in receipt.failures) or "the limits"
            raise ChangeRefused(
                f"That plan doesn't fit what you have run since: {names}.", code="limit"
            )
        back = mended
        summary = (
            f"{what} is taken back, but some runs stay shorter than they were: what you have run "
            "since asks for it."
        )
    changes = differences(plan, back)
    if not changes and back.goal_date == plan.goal_date and back.inputs == plan.inputs:
        raise ChangeRefused(
            "There is nothing left to take back: those days are past, logged or changed again "
            "since.",
            code="past",
        )
    return Adaptation(
        plan=back,
        rule="undo",
        summary=summary,
        reason="You asked for it, and the former plan still holds its limits.",
        changes=changes,
        delta=delta_of(changes, plan, back),
        receipt=receipt,
    )


def _hold_after(plan: Plan, former: Plan, runner: Runner, today: dt.date) -> Hold | None:
    """Return the hold that stays: a report is a slip on its own day, and after that it stands."""
    hold = plan.inputs.hold
    slip = hold is not None and hold.since == today and not runner.injury_flags
    return former.inputs.hold if hold is None or slip or today >= hold.ends else hold


def _is_cut_only(before: Plan, after: Plan) -> bool:
    return all(
        a.planned_km <= b.planned_km + 0.05
        for a, b in zip(after.workouts, before.workouts, strict=True)
    )


def _merged(plan: Plan, former: Plan, is_open: Callable[[Workout], bool]) -> dict[dt.date, Workout]:
    """Return each date's entry: the former one where it may still change, else what is there.

    An id that a closed day holds cannot stand on another day too; such days stay as they are.
    """
    now, then = plan.by_day, former.by_day
    days = {
        day: workout if day not in now or is_open(now[day]) or is_race(workout) else now[day]
        for day, workout in then.items()
    }
    return _without_doubles(days, now)


def _without_doubles(
    days: dict[dt.date, Workout], now: Mapping[dt.date, Workout]
) -> dict[dt.date, Workout]:
    """Return the days with what is there now wherever an id would stand on two of them."""
    days = dict(days)
    while True:
        holders: dict[str, list[dt.date]] = {}
        for day, workout in days.items():
            holders.setdefault(workout.id, []).append(day)
        doubled = [d for held in holders.values() if len(held) > 1 for d in held]
        back = [d for d in doubled if d in now and days[d] != now[d]]
        if not back:
            return days
        for day in back:
            days[day] = now[day]


def _week(plan: Plan, former: Plan, week: Week, days: dict[dt.date, Workout]) -> Week:
    workouts = tuple(days[w.scheduled_date] for w in week.workouts)
    if workouts == week.workouts:
        return week
    current = plan.week_of(week.week_start_date)
    same = current is not None and workouts == current.workouts
    return current if same and current else reweighed(former, week, workouts, week.note)


def _short(part: str) -> str:
    return part.removeprefix("left ").removeprefix("right ")
